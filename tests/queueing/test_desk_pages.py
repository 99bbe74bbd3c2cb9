"""The clerk's pages: choosing a desk, working through the queue, how the day went, addresses of kiosk and screen."""

from datetime import timedelta

import pytest
from django.test import Client

from lienthong.foundation import clock
from lienthong.queueing import services
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries.places import shop
from lienthong.queueing.queries.statistics import period, statistics
from tests import cast
from tests.browsing import queries_of
from tests.queueing.conftest import LAN, SHOP, TRANG, at, browser_of, key_of, now_is, page, seated, served, take, text

pytestmark = pytest.mark.django_db


def press(client: Client, deed: str, **sent: object) -> str:
    return text(client.post(page("do", deed), sent, follow=True))


def test_the_menu_leads_clerks_to_the_queue_and_nobody_else():
    there = f'href="{page("panel")}" data-go="q"'
    assert there in text(browser_of(LAN).get("/ban-lam-viec/"))
    assert there not in text(browser_of(cast.HANDLER).get("/ban-lam-viec/"))
    assert there not in text(browser_of("quantri").get("/ban-lam-viec/"))


def test_a_clerk_chooses_a_desk_and_works_through_the_queue():
    first, second, third = take("A"), take("A", priority="merit"), take("A")
    lan = browser_of(LAN)
    assert "Hôm nay bạn ngồi quầy nào?" in text(lan.get(page("panel"), follow=True))
    shown = text(lan.post(page("choose"), {"noi": SHOP, "quay": "1"}, follow=True))
    assert "Quầy 1" in shown and "Gọi số tiếp theo" in shown
    shown = press(lan, "goi-tiep")
    assert "A002" in shown and "Người có công với cách mạng" in shown
    call = Call.objects.get()
    assert "2 lần" in press(lan, "goi-lai", goi=call.pk)
    assert "Đang phục vụ" in press(lan, "bat-dau", goi=call.pk)
    assert "A001" in press(lan, "goi-tiep", dang=call.pk)
    call = Call.objects.get(ended_at=None)
    assert "Cho chờ lại" in press(lan, "vang", goi=call.pk)
    assert "chờ lại" in press(lan, "cho-lai", so="A001")
    assert [now_is(each) for each in (first, second, third)] == ["waiting", "done", "waiting"]
    press(lan, "goi-so", so="a3")
    call = Call.objects.get(ended_at=None)
    press(lan, "bat-dau", goi=call.pk)
    assert "Đã chuyển số A003" in press(lan, "chuyen", goi=call.pk, den="3")
    assert Ticket.objects.get(pk=third.pk).desk == 3
    assert "Hôm nay bạn ngồi quầy nào?" in text(lan.post(page("leave"), follow=True))


def test_a_refusal_is_said_on_the_panel_with_the_way_out():
    take("A"), take("A")
    lan, _officer = browser_of(LAN), seated(LAN, 1)
    press(lan, "goi-tiep")
    assert "Quầy của bạn đang gọi số A001" in press(lan, "goi-tiep")
    assert "Số này không còn ở quầy của bạn" in press(lan, "xong", goi="999999")
    assert "Hôm nay không có số “&lt;b&gt;”" in press(lan, "goi-so", so="<b>") or Call.objects.filter(ended_at=None)
    assert "vẫn còn ở quầy" in text(lan.post(page("leave"), follow=True))
    for wrong in ("", "x", "-1", "٣", "9" * 40):
        assert browser_of(LAN).post(page("do", "xong"), {"goi": wrong}).status_code == 302
    assert browser_of(LAN).post(page("do", "nhay-mua")).status_code == 404


def test_with_nobody_waiting_the_panel_says_so():
    seated(LAN, 1)
    assert "Không có ai chờ quầy của bạn" in press(browser_of(LAN), "goi-tiep")


def test_a_desk_of_a_colleague_is_taken_over_knowingly():
    seated(TRANG, 1)
    lan = browser_of(LAN)
    shown = text(lan.get(page("choose")))
    assert "Vũ Thùy Trang" in shown and "Nhận thay" in shown
    assert "đang ngồi quầy 1" in text(lan.post(page("choose"), {"noi": SHOP, "quay": "1"}, follow=True))
    lan.post(page("choose"), {"noi": SHOP, "quay": "1", "thay": "1"})
    assert Seat.objects.get().account == cast.account(LAN)


def test_strangers_citizens_and_officers_of_other_places_stay_outside():
    seated(LAN, 1)
    for name, args in (("panel", []), ("choose", []), ("waiting", []), ("statistics", [SHOP]), ("devices", [SHOP])):
        assert "/dang-nhap/" in Client().get(page(name, *args))["Location"]
        assert browser_of(cast.AN).get(page(name, *args)).status_code == 403
        assert browser_of(cast.HANDLER).get(page(name, *args)).status_code in (403, 404)
    ngoc = browser_of("ngoc.nghiatrung")
    for name in ("statistics", "devices", "poster"):
        assert ngoc.get(page(name, SHOP)).status_code == 404
        assert ngoc.get(page(name, "nghia-trung")).status_code == 200
    old = key_of("kiosk")
    assert ngoc.post(page("devices", SHOP), {"cua": "kiosk"}).status_code == 404 and key_of("kiosk") == old


def test_leaders_see_how_it_goes_and_call_nobody():
    leader = browser_of(cast.LEADER)
    assert leader.get(page("panel"))["Location"] == page("statistics", SHOP)
    assert leader.get(page("statistics", SHOP)).status_code == 200
    assert leader.get(page("devices", SHOP)).status_code == 403
    assert leader.post(page("do", "goi-tiep")).status_code == 403
    assert browser_of("kiemsoat").get(page("statistics", "nghia-trung")).status_code == 200


def test_those_who_wait_are_asked_for_again_and_again_without_the_frame():
    seated(LAN, 1)
    take("A"), take("B")
    shown = text(browser_of(LAN).get(page("waiting")))
    assert "A001" in shown and "B001" not in shown and "<html" not in shown
    answer = browser_of(TRANG).get(page("waiting"))
    assert answer.status_code == 204 and answer["HX-Refresh"] == "true"


def test_addresses_are_shown_to_the_shops_clerks_and_changed_by_a_press():
    lan, old = browser_of(LAN), key_of("kiosk")
    assert old in text(lan.get(page("devices", SHOP)))
    lan.post(page("devices", SHOP), {"cua": "window"})
    assert key_of("kiosk") == old
    shown = text(lan.post(page("devices", SHOP), {"cua": "kiosk"}, follow=True))
    assert old not in shown and key_of("kiosk") in shown
    assert Client().get(page("kiosk", old)).status_code == 404
    assert "<svg" in text(lan.get(page("poster", SHOP)))


def worked_day() -> None:
    """Three people in A, served for 2, 4 and 12 minutes after 10 minutes each; one in D does not come; B waits."""
    officer = seated(LAN, 1)
    for minutes in (2, 4, 12):
        take("A")
        with clock.at(clock.now() + timedelta(minutes=10)):
            call = served(officer)
            with clock.at(clock.now() + timedelta(minutes=minutes)):
                services.finish(officer=officer, call=call.pk)
    take("D", purpose="poster")
    services.mark_absent(officer=officer, call=services.call_next(officer=officer).pk)
    take("B", priority="elderly")


def test_the_day_is_counted_from_what_happened():
    worked_day()
    found = statistics(shop(SHOP), cast.MONDAY.date(), cast.MONDAY.date())
    a, b, _c, d = found.groups
    minutes = timedelta(minutes=1)
    assert (a.taken, a.done, a.waited.half, a.served.half) == (3, 3, 10 * minutes, 4 * minutes)
    assert a.served.most == timedelta(minutes=10.4)
    assert (b.taken, b.open, b.priority, b.waited.half, d.absent, d.phone) == (1, 1, 1, None, 1, 1)
    assert (found.all.taken, found.all.done, found.all.absent) == (5, 3, 1)
    assert [(line.number, line.served) for line in found.desks] == [(1, 3)]


def test_what_was_closed_in_the_evening_is_no_time_of_serving():
    take("A")
    served(seated(LAN, 1))
    with at(20):
        services.close_days()
    found = statistics(shop(SHOP), cast.MONDAY.date(), cast.MONDAY.date())
    assert found.all.done == 1 and found.all.served.half is None and found.desks == []


def test_the_page_shows_the_day_asked_for_and_says_when_there_is_nothing():
    worked_day()
    lan = browser_of(LAN)
    shown = text(lan.get(page("statistics", SHOP)))
    assert "Thứ hai, 03/03/2025" in shown and "4 phút" in shown and "Ngày sau" not in shown
    assert "Không có số nào được lấy" in text(lan.get(page("statistics", SHOP) + "?tu=2025-02-28"))
    assert "01/03/2025 – 03/03/2025" in text(lan.get(page("statistics", SHOP) + "?tu=2025-03-01&den=2025-03-03"))
    for wrong in ("?tu=x&den=y", "?tu=0001-01-01", "?tu=2025-13-40", "?tu=9999-12-31"):
        assert lan.get(page("statistics", SHOP) + wrong).status_code == 200


def test_no_more_than_a_year_is_counted_at_once():
    with at(9):
        first, last = period(cast.MONDAY.date().replace(year=2001), cast.MONDAY.date())
        assert (last - first).days == 366
        assert period(None, None) == (cast.MONDAY.date(), cast.MONDAY.date())
        day = cast.MONDAY.date()
        assert period(day, day - timedelta(days=3)) == (day - timedelta(days=3), day)


@pytest.mark.parametrize("waiting", [1, 30])
def test_pages_make_the_same_number_of_queries_however_many_wait(waiting):
    officer = seated(LAN, 1)
    for _person in range(waiting):
        take("D")
    services.call_next(officer=officer)
    lan = browser_of(LAN)
    frame = queries_of(lambda: lan.get("/ban-lam-viec/khai-bao/"))
    assert queries_of(lambda: lan.get(page("panel"))) <= frame + 6
    assert queries_of(lambda: lan.get(page("choose"))) <= frame + 3
    assert queries_of(lambda: lan.get(page("statistics", SHOP))) <= frame + 3
