"""A directive in a real browser, from being given to being found done; no page sticks out and axe finds nothing."""

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from lienthong.directives.models import Directive, Task
from lienthong.directives.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, picture
from tests.directives.conftest import (
    CHAIR,
    CONTENT,
    FINANCE,
    HANDLER,
    HEAD,
    OFFICE,
    WARD,
    accepted,
    given,
    in_days,
    judged,
    part_of,
    reported,
)

pytestmark = pytest.mark.browser

BOARD = "/ban-lam-viec/chi-dao/"


def day(days: int) -> str:
    """By the clock on the wall, which is the server's."""
    return f"{clock.local(timezone.now()) + timedelta(days=days):%Y-%m-%d}"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_directive_goes_from_the_chair_to_the_end(visit: Visit):
    """On the clock of the server, which is today's."""
    found: list[str] = []
    chair = visit(CHAIR, BOARD)
    chair.get_by_role("link", name="Giao nhiệm vụ").click()
    chair.get_by_label("Nội dung nhiệm vụ").fill(CONTENT)
    chair.get_by_label("Sản phẩm cần có").fill("Báo cáo gửi Ủy ban nhân dân thành phố")
    chair.get_by_label("Hạn hoàn thành").fill(day(20))
    chair.get_by_label("Chủ trì").select_option("Phòng Quản lý đô thị thành phố Gia Nghĩa")
    chair.get_by_text("Phối hợp", exact=True).click()
    group = chair.get_by_role("group", name=re.compile("Đơn vị thuộc cơ quan ?: Phối hợp"))
    group.get_by_label("Phòng Tài chính").check()
    chair.get_by_label("Nguồn", exact=True).select_option("kết luận cuộc họp")
    chair.get_by_label("Trích yếu hoặc tên cuộc họp").fill("Họp giao ban tháng 3")
    chair.evaluate("scrollTo(0, 0)")
    picture(chair, "directive-give")
    press(chair, "Giao nhiệm vụ")
    chair.get_by_text("Đã giao nhiệm vụ 1/").wait_for()
    address = chair.url.partition(BOARD)[2]
    found += faults(chair)

    head = visit(HEAD, BOARD + address)
    press(head, "Tiếp nhận")
    head.get_by_role("link", name="Giao việc tiếp").click()
    head.get_by_label("Giao cho").select_option(label="Trần Thị Mai (Chuyên viên)")
    head.get_by_label("Nội dung nhiệm vụ").fill("Tổng hợp số liệu các hộ")
    head.get_by_label("Hạn hoàn thành").fill(day(10))
    press(head, "Giao việc tiếp")

    handler = visit(HANDLER, BOARD + address)
    handler.get_by_role("link", name="Báo cáo tiến độ").click()
    handler.get_by_label("Tiến độ (phần trăm)").fill("60")
    handler.get_by_label("Kết quả thực hiện").fill("Đã rà soát 42/70 hộ")
    press(handler, "Báo cáo tiến độ")
    handler.get_by_role("link", name="Báo cáo hoàn thành").click()
    handler.get_by_label("Tệp", exact=True).set_input_files(
        {"name": "hien-truong.jpg", "mimeType": "image/jpeg", "buffer": cast.photo()}
    )
    press(handler, "Báo cáo hoàn thành")
    handler.get_by_text("Đã gửi báo cáo hoàn thành.").wait_for()

    head.goto(head.url)
    head.get_by_role("link", name="Đánh giá").click()
    head.get_by_label("Mức độ hoàn thành").select_option("hoàn thành tốt")
    press(head, "Đánh giá")
    head.get_by_role("link", name="Xin gia hạn").click()
    head.get_by_label("Hạn mới").fill(day(25))
    head.get_by_label("Lý do xin gia hạn").fill("Chờ kết quả đo đạc")
    press(head, "Xin gia hạn")
    found += faults(head)

    chair.goto(chair.url)
    chair.get_by_role("link", name="Quyết định: xin gia hạn").click()
    found += faults(chair)
    press(chair, "Đồng ý gia hạn")
    chair.get_by_text("được gia hạn đến").wait_for()

    for product, verdict in (("45/BC-QLĐT", "Trả lại báo cáo"), ("46/BC-QLĐT", "Đánh giá")):
        head.goto(BOARD + address)
        head.get_by_role("link", name="Báo cáo hoàn thành").click()
        head.get_by_label("Số, ký hiệu văn bản sản phẩm").fill(product)
        found += faults(head)
        press(head, "Báo cáo hoàn thành")
        head.get_by_text("Đã gửi báo cáo hoàn thành.").wait_for()
        office = visit(OFFICE, BOARD + address)
        if verdict == "Đánh giá":
            picture(office, "directive")
        office.get_by_role("link", name=verdict).click()
        if verdict == "Đánh giá":
            office.get_by_label("Mức độ hoàn thành").select_option("hoàn thành đạt yêu cầu")
        else:
            office.get_by_label("Phần còn thiếu").fill("Bổ sung số liệu hai hộ")
        found += faults(office)
        press(office, verdict)
        office.wait_for_url(f"**{BOARD}{address}")
    assert Task.objects.get(directive=Directive.objects.get(), parent=None, part="lead").stage == Stage.DONE
    assert found == []


def test_the_board_is_walked_and_opened_by_keyboard_alone(visit: Visit):
    given()
    second = given(content="Báo cáo quyết toán ngân sách quý")
    chair = visit(CHAIR, BOARD)
    row = chair.get_by_role("row", name="Báo cáo quyết toán")
    chair.keyboard.press("j")
    if not row.get_by_role("link").evaluate("each => each === document.activeElement"):
        chair.keyboard.press("j")
    chair.keyboard.press("Enter")
    chair.wait_for_url(f"**{BOARD}{second.pk}/")


def test_what_is_to_be_done_first_stands_first(visit: Visit):
    directive = given()
    head = visit(HEAD, f"{BOARD}{directive.pk}/", viewport=PHONE)
    for name in ("Tiếp nhận", "Báo cáo hoàn thành"):
        first = head.locator(".lt-action-bar .btn").first
        assert (first.inner_text().strip(), "btn-primary" in (first.get_attribute("class") or "")) == (name, True)
        if name == "Tiếp nhận":
            first.click()
            head.get_by_role("link", name="Báo cáo hoàn thành").and_(head.locator(".btn-primary")).wait_for()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    today = clock.local(timezone.now())
    with clock.at(today - timedelta(days=40)):
        late = accepted(due_at=in_days(33), cooperate=[by_key(FINANCE).id], know=[by_key(WARD).id])
        part_of(late)
        judged(reported(accepted()))
    with clock.at(today):
        given(due_at=None, content="Duy trì chế độ báo cáo tuần. " * 60)
        reported(accepted())
        given(lead=by_key(FINANCE).id, content="Báo cáo quyết toán ngân sách quý")
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for username, path in (
        (CHAIR, ""),
        (OFFICE, "?muc=qua-han"),
        (CHAIR, "?muc=da-xong"),
        (CHAIR, "?tim=khong-co"),
        (CHAIR, "giao/"),
        (HANDLER, ""),
        (OFFICE, f"{late.directive_id}/"),
        (HEAD, f"{late.directive_id}/giao-viec/{late.pk}/"),
        (HEAD, f"{late.directive_id}/tien-do/{late.pk}/"),
        (CHAIR, "thang/"),
        (CHAIR, "thang/?thang=2020-01"),
    ):
        page = visit(username, BOARD + path, **look)
        found += faults(page)
        if viewport == DESK and path in ("?muc=qua-han", "thang/"):
            picture(page, "directives-month" if path == "thang/" else "directives-board")
        if folder := os.environ.get("LT_TEST_LOOK"):
            name = f"{username}-{path}".replace("/", "_").replace("?", "_")
            page.screenshot(path=f"{folder}/{name}-{viewport['width']}.png", full_page=True)
    assert found == []
