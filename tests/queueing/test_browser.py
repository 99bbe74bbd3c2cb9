"""The queue in a real browser: kiosk, paper, screen, telephone and panel; by keyboard, without scripts, for all."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser
from pypdf import PdfReader

from lienthong.foundation import clock
from lienthong.queueing import services
from lienthong.queueing.models import Ticket
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, windows
from tests.browsing import served as site_served
from tests.queueing.conftest import LAN, SHOP, TRANG, key_of, now_is, page, seated, served, take

pytestmark = pytest.mark.browser

HALL = {"width": 1920, "height": 1080}


@pytest.fixture
def site(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server works in threads of its own, for which the clock is held too: at night no number is given."""
    monkeypatch.setattr(clock, "now", lambda: cast.MONDAY)
    with site_served() as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """`visit("/lay-so/", viewport=PHONE)`, as a clerk with a user name after the path. No script may complain."""
    script = "window.print = () => { window.printed = (window.printed || 0) + 1 }"
    with windows(browser, site, script=script) as open_window:
        yield open_window


def busy() -> Ticket:
    """A morning with calls, absences, people who wait and one who goes first."""
    lan, trang = seated(LAN, 1), seated(TRANG, 3)
    for letter in "AABACADDCCBA":
        take(letter)
    take("A", priority="elderly")
    call = served(lan)
    with clock.at(cast.MONDAY + timedelta(minutes=5)):
        services.finish(officer=lan, call=call.pk)
    services.mark_absent(officer=lan, call=services.call_next(officer=lan).pk)
    served(trang)
    services.call_next(officer=lan)
    return take("C", purpose="poster")


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit, viewport: dict[str, int], scheme: str):
    mine, gone = busy(), take("A")
    services.give_back(secret=gone.secret)
    kiosk, poster = key_of("kiosk"), key_of("poster")
    window = visit(page("places"), viewport=viewport, color_scheme=scheme)
    found = faults(window)
    for path in (
        page("place", SHOP),
        page("kiosk", kiosk),
        page("kiosk", kiosk) + "?uu-tien=",
        page("kiosk", kiosk) + "?uu-tien=elderly",
        page("kiosk_ticket", kiosk, mine.secret),
        page("phone", poster),
        page("ticket", mine.secret),
        page("ticket", gone.secret),
        page("screen", SHOP) + "?nen=sang",
        page("screen", SHOP) + "?nen=toi",
        page("screen", "nghia-trung"),
    ):
        window.goto(path)
        found += faults(window)
    window = visit(page("panel"), LAN, viewport=viewport, color_scheme=scheme)
    found += faults(window)
    window.locator("[data-press=n]").click()
    window.get_by_text("Đang phục vụ").wait_for()
    for path in (
        page("panel"),
        page("choose"),
        page("statistics", SHOP),
        page("statistics", SHOP) + "?tu=2025-02-01",
        page("devices", SHOP),
        page("poster", SHOP),
    ):
        window.goto(path)
        found += faults(window)
    assert found == []


def test_the_whole_day_of_a_desk_is_one_key(visit):
    first, second = take("A"), take("A")
    seated(LAN, 1)
    window = visit(page("panel"), LAN)
    for after in ("Đã đến, bắt đầu", "Xong, gọi số tiếp theo", "Đã đến, bắt đầu"):
        window.keyboard.press("n")
        window.get_by_role("button", name=after).wait_for()
    assert (now_is(first), now_is(second)) == ("done", "called")
    window.keyboard.press("v")
    window.get_by_text("Đã báo vắng mặt số A002").wait_for()
    window.get_by_role("button", name="Cho chờ lại A002").click()
    window.get_by_text("Số A002 chờ lại, ở đúng vị trí cũ.").wait_for()
    assert now_is(second) == "waiting"


def test_a_key_typed_into_a_field_calls_nobody(visit):
    ticket = take("A")
    seated(LAN, 1)
    window = visit(page("panel"), LAN)
    window.get_by_label("Gọi một số cụ thể").fill("")
    window.keyboard.type("nn")
    assert now_is(ticket) == "waiting"


def test_those_who_come_appear_on_the_panel_by_themselves(visit):
    seated(LAN, 1)
    window = visit(page("panel"), LAN)
    assert window.locator(".queue-mine .queue-figure").inner_text() == "0"
    _elsewhere(lambda: take("A"))
    window.locator(".queue-next").get_by_text("A001").wait_for(timeout=12_000)


def test_the_kiosk_prints_a_paper_of_80_mm_on_one_sheet(visit, tmp_path):
    window = visit(page("kiosk", key_of("kiosk")), viewport=HALL)
    window.get_by_role("button", name="Hộ kinh doanh").click()
    window.get_by_text("B001").wait_for()
    assert window.evaluate("window.printed") == 1
    window.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    paper = PdfReader(tmp_path / "paper.pdf")
    assert len(paper.pages) == 1
    assert abs(float(paper.pages[0].mediabox.width) / 72 * 25.4 - 80) < 1
    assert "B001" in paper.pages[0].extract_text()
    window.get_by_role("link", name="Xong").click()
    window.get_by_text("Bạn đến làm việc gì?").wait_for()


def test_the_poster_is_one_sheet_of_a4(visit, tmp_path):
    window = visit(page("poster", SHOP), LAN)
    window.pdf(path=tmp_path / "poster.pdf", format="A4")
    assert len(PdfReader(tmp_path / "poster.pdf").pages) == 1


def test_the_screen_shows_a_call_by_itself_large_and_with_a_chime(visit):
    take("A")
    seated(LAN, 1)
    window = visit(page("screen", SHOP), viewport=HALL)
    window.get_by_text("Mời quý khách lấy số").wait_for()
    window.evaluate("() => { Audio.prototype.play = async () => { window.chimed = (window.chimed || 0) + 1 } }")
    _elsewhere(lambda: services.call_next(officer=cast.actor(LAN)))
    row = window.get_by_role("row", name="A001 Quầy 1")
    row.wait_for(timeout=8_000)
    assert window.evaluate("window.chimed") == 1
    size = float(row.locator("th").evaluate("cell => getComputedStyle(cell).fontSize").removesuffix("px"))
    assert size >= HALL["height"] * 0.15, "on a screen 53 cm high that is 8 cm, legible at more than 8 m"


def test_on_a_telephone_the_turn_comes_by_itself_and_without_scripts_by_looking_again(visit):
    mine = take("A")
    seated(LAN, 1)
    window = visit(page("ticket", mine.secret), viewport=PHONE)
    plain = visit(page("ticket", mine.secret), viewport=PHONE, java_script_enabled=False)
    assert "0 người" in plain.locator("main").inner_text()
    _elsewhere(lambda: services.call_next(officer=cast.actor(LAN)))
    window.get_by_text("Mời bạn đến quầy 1").wait_for(timeout=15_000)
    plain.get_by_role("link", name="Xem lại").click()
    assert "Mời bạn đến quầy 1" in plain.locator("main").inner_text()


def test_without_scripts_a_number_is_taken_and_given_back(visit):
    window = visit(page("phone", key_of("poster")), viewport=PHONE, java_script_enabled=False)
    window.get_by_role("button", name="Việc khác").click()
    window.get_by_text("C001").wait_for()
    window.get_by_text("Tôi không chờ nữa").click()
    window.get_by_role("button", name="Trả lại số").click()
    assert "Số này đã được trả lại" in window.locator("main").inner_text()


def _elsewhere(act: Any) -> None:
    """Somebody else does it, at another machine."""

    def work() -> None:
        with cast.on_monday():
            act()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
