"""One dossier's papers, as the tests of papers and signatures print them."""

from datetime import date, datetime

from lienthong.cases.papers.shapes import (
    Application,
    Component,
    Form,
    Opinion,
    Receipt,
    Refusal,
    Result,
    SupplementRequest,
)
from lienthong.foundation.clock import ZONE
from lienthong.foundation.papers.shapes import (
    Basis,
    Centred,
    Heading,
    Letterhead,
    Line,
    Lines,
    Paragraph,
    Party,
    Signature,
    Table,
)

AT = datetime(2025, 3, 5, 8, 30, tzinfo=ZONE)
CODE = "000.12.67.H16-250305-0001"
DESK = "Bộ phận Tiếp nhận và Trả kết quả"

APPLICANT = Party(
    name="Nguyễn Thị Hường",
    identity="067190001234",
    address="Số 12, đường Nguyễn Tất Thành, phường Nghĩa Thành, thành phố Gia Nghĩa, tỉnh Đắk Nông",
    phone="0905 123 456",
    email="huong.nguyen@example.vn",
)

COMPONENTS = (
    Component(name="Đơn đề nghị cấp giấy phép xây dựng", originals=1),
    Component(name="Bản sao một trong những giấy tờ chứng minh quyền sử dụng đất", certified=1),
    Component(name="02 bộ bản vẽ thiết kế xây dựng", originals=2, copies=3),
)


def form(number: str) -> Form:
    return Form(number=number, source="Thông tư số 01/2018/TT-VPCP ngày 23/11/2018 của Văn phòng Chính phủ")


def letterhead(number: int | str = 92, symbol: str = "BPTNTKQ") -> Letterhead:
    return Letterhead(
        parent="UBND thành phố Gia Nghĩa",
        issuer=DESK,
        number=number,
        symbol=symbol,
        place="Gia Nghĩa",
        day=date(2025, 3, 5),
    )


RECEIPT = Receipt(
    form=form("01"),
    letterhead=letterhead(),
    code=CODE,
    unit=f"{DESK} UBND thành phố Gia Nghĩa",
    submitter=APPLICANT,
    owner=Party(name="Lê Văn Hai", address="Thôn Nghĩa Tín, xã Quảng Thành"),
    channel="Trực tuyến",
    request="Cấp giấy phép xây dựng đối với nhà ở riêng lẻ",
    components=COMPONENTS,
    limit="20 ngày làm việc",
    received_at=AT,
    due_at=datetime(2025, 4, 2, 17, 0, tzinfo=ZONE),
    result_at="Trả trực tuyến",
    receiver="Trần Văn Bình",
    register_book="01/2025",
    register_number="0092",
    form_link="https://dichvucong.example.vn/giay-to/7F3A9C1E2B",
    tracking_link="https://dichvucong.example.vn/tra-cuu/" + CODE,
)

SUPPLEMENT_REQUEST = SupplementRequest(
    form=form("02"),
    letterhead=letterhead(7, "HDHS"),
    code=CODE,
    unit=RECEIPT.unit,
    owner=APPLICANT,
    request=RECEIPT.request,
    components=COMPONENTS[1:],
    reason="Bản vẽ chưa thể hiện mặt bằng cấp thoát nước.",
    contact="bà H'Lan Niê",
    contact_phone="0261 3543 210",
    site="dichvucong.example.vn",
    guide="Trần Văn Bình",
    within="30 ngày",
)

REFUSAL = Refusal(
    form=form("03"),
    letterhead=letterhead(""),
    code=CODE,
    unit=RECEIPT.unit,
    owner=APPLICANT,
    request=RECEIPT.request,
    reason="Công trình được miễn giấy phép xây dựng.\nThửa đất không thuộc địa bàn thành phố.",
    contact="bà H'Lan Niê",
    contact_phone="0261 3543 210",
    submitter=APPLICANT.name,
    refuser="Trần Văn Bình",
)

RESULT = Result(
    letterhead=Letterhead(
        parent="Tỉnh Đắk Nông",
        issuer="Ủy ban nhân dân thành phố Gia Nghĩa",
        number=12,
        symbol="GPXD",
        place="Gia Nghĩa",
        day=date(2025, 3, 28),
    ),
    title="Giấy phép xây dựng",
    subject="Sử dụng cho nhà ở riêng lẻ",
    content=(
        Basis(lines=("Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014;", "Xét đơn của bà Nguyễn Thị Hường")),
        Centred(text="CẤP PHÉP:"),
        Heading(text="1. Công trình"),
        Lines(lines=(Line(label="Diện tích xây dựng", value="120,5 m²"),)),
        Table(columns=("Tầng", "Diện tích"), rows=(("1", "120,5"), ("2", "118,0")), figures=(1,), caption="Các tầng"),
        Paragraph(text="Giấy phép có hiệu lực trong 12 tháng.\nQuá thời hạn thì phải gia hạn."),
    ),
    signature=Signature(capacity=("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"), name="Lê Hoàng Nam"),
    recipients=("Như trên", "Lưu: VT, QLĐT"),
    proof_link="https://dichvucong.example.vn/xac-thuc/7F3A9C1E2B",
    proof_code="7F3A-9C1E-2B",
    proof_site="dichvucong.example.vn/xac-thuc",
)

APPLICATION = Application(
    title="Đơn đề nghị cấp giấy phép xây dựng",
    addressee="Ủy ban nhân dân thành phố Gia Nghĩa",
    form_number="Mẫu số 01",
    content=(
        Heading(text="1. Chủ đầu tư"),
        Lines(lines=(Line(label="Họ và tên", value=APPLICANT.name), Line(label="Số CCCD", value=""))),
        Table(columns=("Tầng", "Công năng"), rows=(("1", "Để xe"),)),
        Paragraph(text="Tôi cam đoan những điều khai trên là đúng."),
    ),
    place="Gia Nghĩa",
    day=date(2025, 3, 5),
    signature=Signature(capacity=("Người làm đơn",), note="(Ký và ghi rõ họ tên)", name=APPLICANT.name),
    code=CODE,
    submitted="Nộp trực tuyến lúc 08 giờ 30 phút.",
)

OPINION = Opinion(
    letterhead=Letterhead(
        parent="Công an tỉnh Đắk Nông",
        issuer="Phòng Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ",
        number=5,
        symbol="PC07-CTPC",
        place="Gia Nghĩa",
        day=date(2025, 3, 14),
    ),
    subject="góp ý về phòng cháy",
    addressees=("UBND thành phố Gia Nghĩa", "Phòng Quản lý đô thị"),
    code=CODE,
    request=RECEIPT.request,
    owner=APPLICANT,
    conclusion="Thống nhất, có điều kiện",
    content=(Paragraph(text="Bố trí lối thoát nạn thứ hai từ tầng 3."),),
    signature=Signature(capacity=("Trưởng phòng",), name="Y Thuyên Niê"),
    recipients=("Như trên", "Lưu: VT"),
    answers="Phiếu lấy ý kiến ngày 10/3/2025",
)

PAPERS = {
    "cases/receipt": RECEIPT,
    "cases/supplement_request": SUPPLEMENT_REQUEST,
    "cases/refusal": REFUSAL,
    "cases/result": RESULT,
    "cases/application": APPLICATION,
    "cases/opinion": OPINION,
}
