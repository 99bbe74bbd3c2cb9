"""Documents in a real browser: the way from the clerk to the handler, on a phone and at the desk."""

from uuid import uuid4

import pytest
from django.db import connection

from lienthong.documents import services
from lienthong.documents.models import Arrival, Task
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.urgency import Urgency
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.conftest import AGENCY, CHAIR, CLERK, FINANCE, HEAD, URBAN, in_days, letter, post, registered
from tests.documents.test_outgoing import PROVINCE_CLERK, issued
from tests.documents.texts import PAGES
from tests.foundation.files import samples

pytestmark = pytest.mark.browser

DESK_OF_DOCUMENTS = "/ban-lam-viec/van-ban/den/"


def on_its_way() -> Arrival:
    """A document that has been handed on twice, with an opinion."""
    long = "Về việc rà soát, điều chỉnh quy hoạch chi tiết tỷ lệ 1/500 khu dân cư phường Nghĩa Đức và các dự án hạ tầng"
    arrival = services.register(
        agency_id=by_key(AGENCY).id,
        document=letter(abstract=long, urgency=Urgency.URGENT, signer_name="Nguyễn Văn Thắng", pages=4),
        officer=cast.actor(CLERK),
        key=uuid4(),
        receiving=services.Receiving(present_to=post(AGENCY, "chu-tich"), words="Kính trình", due_at=in_days(20)),
    )
    first = Task.objects.get(arrival=arrival)
    who = {"arrival_id": arrival.pk, "officer": cast.actor(CHAIR)}
    services.direct(
        **who,
        task_id=first.pk,
        key=uuid4(),
        words="Giao Phòng Quản lý đô thị chủ trì, Phòng Tài chính - Kế hoạch phối hợp, báo cáo trước ngày 10/3.",
        lead=services.Chosen(by_key(URBAN).id),
        cooperate=[services.Chosen(by_key(FINANCE).id)],
        due_at=in_days(7),
    )
    below = Task.objects.filter(parent=first).order_by("id")
    services.finish(
        arrival_id=arrival.pk,
        task_id=below[1].pk,
        officer=cast.actor("hoa.tckh"),
        key=uuid4(),
        words="Nguồn vốn năm nay đã bố trí đủ.",
    )
    services.direct(
        arrival_id=arrival.pk,
        task_id=below[0].pk,
        officer=cast.actor(HEAD),
        key=uuid4(),
        lead=services.Chosen(by_key(URBAN).id, post(URBAN, "chuyen-vien")),
        due_at=in_days(5),
    )
    return arrival


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    arrival = on_its_way()
    for number in range(12):
        registered(mark=Mark(str(number + 1), "BC-STC"), kind="bao-cao", issuer_name="Sở Tài chính")
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for username, path in (
        (CLERK, ""),
        (CLERK, "?tim=khong-co"),
        (CLERK, "dang-ky/"),
        (CHAIR, f"{arrival.pk}/"),
        (HEAD, f"{arrival.pk}/"),
        (CHAIR, f"{arrival.pk}/chuyen/{Task.objects.earliest('id').pk}/"),
        (HEAD, ""),
    ):
        found += faults(visit(username, DESK_OF_DOCUMENTS + path, **look))
    assert found == []


def test_the_register_is_narrowed_by_keyboard_alone(visit: Visit):
    registered(mark=Mark("1", "BC-STC"), abstract="Về thu ngân sách")
    registered(mark=Mark("2", "BC-STC"), abstract="Về cấp nước sạch")
    clerk = visit(CLERK, DESK_OF_DOCUMENTS)
    clerk.keyboard.press("/")
    clerk.keyboard.type("ngân sách")
    clerk.keyboard.press("Enter")
    clerk.get_by_role("link", name="Về cấp nước sạch").wait_for(state="detached")
    assert clerk.get_by_role("link", name="Về thu ngân sách").is_visible()


def test_from_the_clerk_to_the_report(visit: Visit):
    clerk = visit(CLERK, DESK_OF_DOCUMENTS)
    clerk.keyboard.press("n")
    clerk.get_by_label("Số, ký hiệu").fill("125/SXD-QH")
    clerk.get_by_label("Nơi ban hành").fill("Sở Xây dựng")
    clerk.get_by_label("Trích yếu").fill("Về việc rà soát quy hoạch")
    clerk.get_by_label("Trình", exact=True).select_option(index=1)
    clerk.get_by_role("button", name="Vào sổ", exact=True).click()
    clerk.get_by_role("heading", level=1).get_by_text("rà soát quy hoạch").wait_for()

    leader = visit(CHAIR, "/ban-lam-viec/", viewport=PHONE)
    leader.get_by_role("link", name="Về việc rà soát quy hoạch").click()
    leader.get_by_role("link", name="Chuyển C").click()
    unit = leader.get_by_role("group", name="Phòng Quản lý đô thị")
    unit.get_by_role("group", name="Cả đơn vị").get_by_label("chủ trì").check()
    leader.get_by_label("Ý kiến chỉ đạo").fill("Tham mưu văn bản trả lời")
    leader.get_by_role("button", name="Chuyển", exact=True).click()
    leader.get_by_text("Đã chuyển văn bản").wait_for()

    head = visit(HEAD, "/ban-lam-viec/")
    head.get_by_role("link", name="Về việc rà soát quy hoạch").click()
    head.get_by_text("Tham mưu văn bản trả lời").wait_for()
    head.get_by_role("link", name="Báo cáo đã giải quyết").click()
    head.get_by_label("Văn bản trả lời").fill("45/UBND-QLĐT")
    head.get_by_role("button", name="Báo cáo").click()
    head.get_by_text("Đã gửi báo cáo").wait_for()
    assert Arrival.objects.get().answer == "45/UBND-QLĐT"


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_what_goes_out_is_followed_to_where_it_arrives(visit: Visit, viewport: dict[str, int], scheme: str) -> None:
    with cast.on_monday():
        issued("huyen-cu-jut", "huyen-dak-mil")
        connection.close()
        look = {"viewport": viewport, "color_scheme": scheme}
        window = visit(PROVINCE_CLERK, "/ban-lam-viec/van-ban/di/", **look)
        found = faults(window)
        window.get_by_role("link", name="Phát hành văn bản").first.click()
        found += faults(window)
        window.get_by_label("Ký hiệu").fill("UBND-KTTH")
        window.get_by_label("Trích yếu").fill("Về việc đẩy nhanh tiến độ giải ngân vốn đầu tư công năm 2025")
        window.get_by_label("Tìm cơ quan").fill("gia nghia thanh pho")
        window.keyboard.press("Enter")
        window.get_by_label("Ủy ban nhân dân thành phố Gia Nghĩa", exact=True).check()
        pdf = {"name": "cong-van.pdf", "mimeType": "application/pdf", "buffer": samples.pdf_saying("Công văn")}
        window.locator("input[type=file]").set_input_files(files=[pdf])
        window.get_by_role("button", name="Cấp số và gửi").click()
        window.get_by_text("Đã phát hành với số").first.wait_for()
        found += faults(window)
        arrival = Arrival.objects.get(organisation=by_key(AGENCY).id)
        connection.close()
        desk = visit(CLERK, f"{DESK_OF_DOCUMENTS}{arrival.pk}/", **look)
        found += faults(desk)
        desk.get_by_role("link", name="Tiếp nhận, vào sổ").click()
        found += faults(desk)
        desk.get_by_role("button", name="Tiếp nhận, vào sổ").click()
        desk.get_by_text("Đã vào sổ").first.wait_for()
        window.reload()
        window.get_by_text("đã vào sổ").first.wait_for()
        found += faults(window)
        assert found == []


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_the_form_reads_the_file_that_was_put_into_it(visit: Visit, viewport: dict[str, int], scheme: str):
    page = visit(CLERK, f"{DESK_OF_DOCUMENTS}dang-ky/", viewport=viewport, color_scheme=scheme)
    text = PAGES["a letter, the columns beside each other"].text
    page.get_by_label("Trích yếu").fill("Tự tay gõ")
    letter_file = {"name": "cong van.docx", "mimeType": "", "buffer": samples.word(*text.splitlines())}
    page.locator("#files").set_input_files([letter_file])  # type: ignore[list-item]
    page.get_by_role("button", name="Đọc từ tệp").click()
    page.get_by_text("Đã đọc “cong van.docx”").wait_for()
    assert page.get_by_label("Số, ký hiệu").input_value() == "125/SXD-QHKT"
    assert page.get_by_label("Trích yếu").input_value() == "Tự tay gõ"
    assert faults(page) == []
    page.get_by_label("Số, ký hiệu").press("Enter")
    page.get_by_role("heading", level=1).get_by_text("Tự tay gõ").wait_for()
    page.get_by_text("cong van.docx").wait_for()
    assert page.get_by_text("Cần trình").is_visible()
    assert faults(page) == []
