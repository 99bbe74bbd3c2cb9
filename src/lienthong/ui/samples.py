"""What the gallery shows: invented people and dossiers as long and as awkward as real ones. Nothing else uses it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms

from lienthong.foundation import clock
from lienthong.ui import assets, formatting, preferences


@dataclass(frozen=True, slots=True)
class Dossier:
    code: str
    title: str
    applicant: str
    step: str
    tone: formatting.Tone
    icon: str
    due: datetime | None
    fee: int
    done: datetime | None = None
    paused: bool = False


class HouseForm(forms.Form):
    """A form with every kind of control."""

    owner = forms.CharField(
        label="Họ và tên chủ đầu tư", max_length=200, help_text="Như trên thẻ căn cước, ví dụ: Nguyễn Thị Ngọc Huyền"
    )
    person_id = forms.RegexField(
        r"^\d{12}$",
        label="Số định danh cá nhân",
        help_text="Gồm 12 chữ số, ở mặt trước thẻ căn cước",
        error_messages={"invalid": "Số định danh phải có đúng 12 chữ số, bạn đã nhập 11."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "width-20"}),
    )
    email = forms.EmailField(label="Thư điện tử", required=False, help_text="Để nhận thông báo khi hồ sơ chuyển bước")
    kind = forms.ChoiceField(
        label="Loại công trình",
        choices=[
            ("new", "Xây dựng mới nhà ở riêng lẻ"),
            ("repair", "Sửa chữa, cải tạo nhà ở đã có giấy chứng nhận quyền sở hữu"),
            ("move", "Di dời công trình"),
        ],
        widget=forms.RadioSelect,
    )
    commune = forms.ChoiceField(
        label="Xã, phường, thị trấn",
        choices=[("", "Chọn một nơi"), ("a", "Phường Nghĩa Đức"), ("b", "Phường Nghĩa Thành"), ("c", "Xã Quảng Thành")],
        widget=forms.Select(attrs={"class": "width-20"}),
    )
    floors = forms.IntegerField(
        label="Số tầng", min_value=1, max_value=50, widget=forms.NumberInput(attrs={"class": "width-2"})
    )
    attachments = forms.MultipleChoiceField(
        label="Giấy tờ kèm theo",
        required=False,
        choices=[
            ("land", "Bản sao giấy chứng nhận quyền sử dụng đất"),
            ("plan", "Bản vẽ thiết kế"),
            ("deal", "Cam kết liền kề"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Ghi chú cho cán bộ thụ lý", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    drawing = forms.FileField(label="Bản vẽ thiết kế", help_text="Có chữ ký và dấu của đơn vị thiết kế")
    agree = forms.BooleanField(label="Tôi cam đoan những điều khai trên đây là đúng sự thật")


TYPED = {
    "owner": "",
    "person_id": "06709100123",
    "email": "huyen.nguyen@",
    "kind": "new",
    "floors": "0",
    "attachments": ["plan"],
    "note": "Nhà nằm trong hẻm, đề nghị cán bộ gọi điện trước khi đến.",
}


def dossiers(now: datetime) -> list[Dossier]:
    day = timedelta(days=1)
    return [
        Dossier(
            "H16.12.18-251103-0042",
            "Cấp giấy phép xây dựng đối với nhà ở riêng lẻ tại tổ dân phố 4, phường Nghĩa Đức",
            "Nguyễn Thị Ngọc Huyền",
            "Thẩm định hồ sơ",
            "late",
            "exclamation-octagon",
            now - 3 * day,
            75_000,
        ),
        Dossier(
            "H16.12.18-251110-0007",
            "Đăng ký thành lập hộ kinh doanh",
            "Y Bhăm Niê Kdăm",
            "Phân công thụ lý",
            "info",
            "person",
            now + timedelta(hours=3),
            100_000,
        ),
        Dossier(
            "H16.12.18-251112-0019",
            "Cấp giấy phép xây dựng đối với nhà ở riêng lẻ",
            "Trần Văn Bảo Đại",
            "Lấy ý kiến Công an phòng cháy",
            "info",
            "arrow-left-right",
            now + day,
            75_000,
        ),
        Dossier(
            "H16.12.18-251114-0133",
            "Đăng ký thành lập công ty trách nhiệm hữu hạn một thành viên, liên thông thuế và con dấu",
            "Công ty TNHH Một thành viên Thương mại và Dịch vụ Nông sản Cao nguyên Xanh",
            "Chờ bổ sung",
            "soon",
            "pause-circle",
            now + 5 * day,
            1_500_000,
            paused=True,
        ),
        Dossier(
            "H16.12.18-251115-0002", "Đăng ký khai sinh", "Hoàng Mỹ Lệ", "Ký duyệt", "info", "pen", now + 9 * day, 0
        ),
        Dossier(
            "H16.12.18-251028-0088",
            "Cấp giấy phép xây dựng có thời hạn",
            "Lê Ứng",
            "Đã trả kết quả",
            "ok",
            "check-circle",
            now - 2 * day,
            75_000,
            done=now - 4 * day,
        ),
    ]


def week(now: datetime) -> list[dict[str, Any]]:
    monday = now.date() - timedelta(days=now.weekday())
    counts = [(3, "late"), (0, ""), (12, "soon"), (7, "ok"), (1204, "ok"), (0, ""), (0, "")]
    words = {"late": "quá hạn", "soon": "cần xong", "ok": "đến hạn", "": "không có"}
    return [
        {
            "day": monday + timedelta(days=index),
            "count": count,
            "tone": tone,
            "word": "ngày nghỉ" if index > 4 else words[tone],
            "off": index > 4,
        }
        for index, (count, tone) in enumerate(counts)
    ]


def context() -> dict[str, Any]:
    now = clock.now()
    return {
        "now": now,
        "dossiers": dossiers(now),
        "week": week(now),
        "empty_form": HouseForm(prefix="a", use_required_attribute=False),
        "wrong_form": HouseForm(TYPED, prefix=None, use_required_attribute=False),
        "trend": [61, 64, 63, 70, 72, 71, 78, 84, 83, 91],
        "steps": ["Chủ đầu tư", "Công trình", "Giấy tờ", "Kiểm tra và nộp"],
        "later": {
            "soon": now + timedelta(days=1, hours=4),
            "ok": now + timedelta(days=12),
            "late": now - timedelta(days=2, hours=5),
        },
        "earlier": [now - timedelta(days=days, hours=2) for days in (1, 4, 6, 6)],
        "colours": COLOURS,
        "themes": preferences.THEMES,
        "icons": assets.ICONS,
    }


COLOURS = [
    ("Nền và mực", ["paper", "surface", "sunken", "ink", "ink-soft", "ink-muted", "hairline", "edge"]),
    ("Nhận diện và thao tác", ["brand", "gold", "action", "action-hover", "action-soft", "selected", "focus"]),
    ("Trạng thái", ["ok", "ok-soft", "soon", "soon-soft", "late", "late-soft", "neutral", "neutral-soft"]),
]
