"""The pages that need no account: kiosk, telephone, own number, screen, how crowded a shop is."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from lienthong.foundation import clock
from lienthong.queueing import services
from lienthong.queueing.models import Ticket
from tests import cast
from tests.browsing import queries_of
from tests.queueing.conftest import LAN, SHOP, at, key_of, page, seated, served, take, text

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def press_on(shown: str) -> str:
    found = re.search(r'name="lan" value="([0-9a-f-]{36})"', shown)
    assert found
    return found[1]


def test_the_kiosk_offers_every_group_and_gives_a_paper_with_all_that_matters():
    take("A"), take("A")
    kiosk, there = Client(), page("kiosk", key_of("kiosk"))
    shown = text(kiosk.get(there))
    assert all(name in shown for name in ("Xây dựng, đất đai", "Hộ kinh doanh", "Việc khác", "Nhận kết quả"))
    answer = kiosk.post(there, {"nhom": "A", "lan": press_on(shown)}, follow=True)
    paper = text(answer)
    for part in ("A003", "Xây dựng, đất đai", "Bộ phận Tiếp nhận và Trả kết quả", "03/03/2025 08:30", "<svg"):
        assert part in paper
    assert re.search(r"Trước bạn: <strong>2</strong>", paper)
    assert "data-print" in paper and "80mm" not in paper


def test_pressed_twice_or_sent_again_it_is_one_number():
    kiosk, there = Client(), page("kiosk", key_of("kiosk"))
    press = press_on(text(kiosk.get(there)))
    first, second = (kiosk.post(there, {"nhom": "B", "lan": press}) for _time in range(2))
    assert first["Location"] == second["Location"] and Ticket.objects.count() == 1


def test_a_ground_for_going_first_is_chosen_before_the_group():
    kiosk, there = Client(), page("kiosk", key_of("kiosk"))
    assert "Phụ nữ có thai" in text(kiosk.get(there + "?uu-tien="))
    shown = text(kiosk.get(there + "?uu-tien=pregnant"))
    assert 'name="uu-tien" value="pregnant"' in shown and "Lấy số thường" in shown
    paper = text(kiosk.post(there, {"nhom": "A", "uu-tien": "pregnant", "lan": press_on(shown)}, follow=True))
    assert "Bạn được ưu tiên: Phụ nữ có thai" in paper
    assert Ticket.objects.get().priority == "pregnant"


@pytest.mark.parametrize("sent", [{}, {"nhom": "Z"}, {"nhom": "A", "uu-tien": "vip"}, {"nhom": "<script>"}])
def test_wrong_input_is_answered_on_the_page_and_takes_nothing(sent):
    answer = Client().post(page("kiosk", key_of("kiosk")), sent)
    assert answer.status_code == 422 and "Mời bạn chọn lại" in text(answer)
    assert not Ticket.objects.exists()


def test_outside_the_hours_the_kiosk_says_when_numbers_are_given():
    with at(12):
        shown = text(Client().get(page("kiosk", key_of("kiosk"))))
        assert "06:45–11:00, 13:15–16:30" in shown and 'name="nhom"' not in shown
        assert Client().post(page("kiosk", key_of("kiosk")), {"nhom": "A"}).status_code == 422
    with at(9, day=8):
        assert "ngày nghỉ" in text(Client().get(page("kiosk", key_of("kiosk"))))
    assert not Ticket.objects.exists()


def test_a_wrong_key_is_not_there_and_a_paper_of_another_shop_neither():
    other = take("A", shop_key="nghia-trung")
    for name, args in (
        ("kiosk", ["x"]),
        ("phone", [key_of("kiosk")]),
        ("kiosk", [key_of("poster")]),
        ("kiosk_ticket", [key_of("kiosk"), other.secret]),
        ("kiosk_ticket", [key_of("kiosk"), "x"]),
        ("ticket", ["x"]),
        ("place", ["x"]),
        ("screen", ["x"]),
    ):
        assert Client().get(page(name, *args)).status_code == 404, name


def test_a_telephone_waits_with_one_number_at_a_time_and_finds_it_again():
    phone, there = Client(), page("phone", key_of("poster"))
    assert "Cấp giấy phép xây dựng" in text(phone.get(there)), "which procedures a group is for"
    first = phone.post(there, {"nhom": "C"})
    assert first["Location"] == page("ticket", Ticket.objects.get().secret)
    assert phone.post(there, {"nhom": "A"})["Location"] == first["Location"]
    assert "Bạn đang chờ với số C001" in text(phone.get(there))
    assert Ticket.objects.count() == 1
    phone.post(page("give_back", Ticket.objects.get().secret))
    assert phone.post(there, {"nhom": "A"})["Location"] != first["Location"]


def test_a_telephone_that_takes_and_takes_is_told_to_wait():
    phone, there = Client(), page("phone", key_of("poster"))
    for _number in range(5):
        phone.post(phone.post(there, {"nhom": "C"})["Location"] + "tra-lai/")
    answer = phone.post(there, {"nhom": "C"})
    assert answer.status_code == 429 and answer["Retry-After"]
    assert Ticket.objects.count() == 5


def test_who_throws_the_cookies_away_is_stopped_by_the_address():
    there = page("phone", key_of("poster"))
    answers = [Client().post(there, {"nhom": "D"}).status_code for _number in range(42)]
    assert answers == [302] * 40 + [429] * 2


def test_ones_own_page_follows_the_number_to_the_desk_and_to_the_end():
    before, mine = take("A"), take("A")
    there = page("ticket", mine.secret)
    assert "<strong" in text(Client().get(there)) and "chưa có quầy nào" in text(Client().get(there))
    officer = seated(LAN, 1)
    shown = text(Client().get(there))
    assert "khoảng 15 phút" in shown and 'hx-trigger="every 10s"' in shown
    services.finish(officer=officer, call=served(officer).pk)
    call = services.call_next(officer=officer)
    assert "Mời bạn đến quầy 1" in text(Client().get(there))
    assert "Bạn đã được phục vụ" in text(Client().get(page("ticket", before.secret)))
    services.mark_absent(officer=officer, call=call.pk)
    shown = text(Client().get(there))
    assert "không thấy bạn đến" in shown and "hx-get" not in shown


def test_asked_again_the_page_answers_only_when_something_changed():
    mine = take("A")
    there = page("ticket", mine.secret)
    version = re.search(r"\?v=([0-9a-f]+)", text(Client().get(there)))[1]
    assert Client().get(there, {"v": version}, headers=HTMX).status_code == 204
    officer = seated(LAN, 1)
    call = services.call_next(officer=officer)
    answer = Client().get(there, {"v": version}, headers=HTMX)
    assert answer.status_code == 200 and "<html" not in text(answer) and "quầy 1" in text(answer)
    services.mark_absent(officer=officer, call=call.pk)
    assert Client().get(there, {"v": version}, headers=HTMX).status_code == 286, "htmx stops asking"


def test_a_number_is_given_back_only_by_a_press():
    mine = take("A")
    assert Client().get(page("give_back", mine.secret)).status_code == 405
    assert "Số này đã được trả lại" in text(Client().post(page("give_back", mine.secret), follow=True))
    assert Client().post(page("give_back", "x")).status_code == 404


def test_the_screen_shows_calls_the_last_first_and_nothing_of_people():
    officer, other = seated(LAN, 1), seated(cast.TWO_AGENCIES, 2)
    take("A"), take("B")
    assert "Mời quý khách lấy số" in text(Client().get(page("screen", SHOP)))
    services.call_next(officer=officer)
    with clock.at(cast.MONDAY + timedelta(seconds=30)):
        services.call_next(officer=other)
        shown = text(Client().get(page("screen", SHOP)))
    assert shown.index("B001") < shown.index("A001")
    assert re.search(r'class="fresh"><th scope="row">B001</th><td>Quầy 2', shown) and shown.count('class="fresh"') == 1
    assert "Phạm Thị Lan" not in shown and "Vũ Thùy Trang" not in shown


def test_the_screen_is_light_or_dark_by_its_address():
    assert 'data-bs-theme="dark"' in text(Client().get(page("screen", SHOP) + "?nen=toi"))
    assert 'data-bs-theme="light"' in text(Client().get(page("screen", SHOP) + "?nen=sang"))
    assert "data-bs-theme" not in text(Client().get(page("screen", SHOP) + "?nen=x"))


def test_a_screen_that_asks_again_gets_an_answer_when_a_number_is_called_again():
    take("A")
    officer = seated(LAN, 1)
    call = services.call_next(officer=officer)
    version = re.search(r"\?v=([0-9a-f]+)", text(Client().get(page("screen", SHOP))))[1]
    assert Client().get(page("screen", SHOP), {"v": version}, headers=HTMX).status_code == 204
    services.call_again(officer=officer, call=call.pk)
    again = Client().get(page("screen", SHOP), {"v": version}, headers=HTMX)
    assert again.status_code == 200 and f"{call.pk}:2" in text(again)


def test_anybody_sees_how_crowded_a_shop_is_but_takes_no_number_from_afar():
    take("A"), take("A")
    assert "Thành phố Gia Nghĩa" in text(Client().get(page("places")))
    shown = text(Client().get(page("place", SHOP)))
    assert 'name="nhom"' not in shown and "Cấp giấy phép xây dựng" in shown
    for key in (key_of("kiosk"), key_of("poster")):
        assert key not in shown


@pytest.mark.parametrize("waiting", [1, 30])
def test_pages_make_the_same_number_of_queries_however_many_wait(waiting):
    for _person in range(waiting):
        mine = take("D")
    officer = seated(LAN, 1)
    services.call_next(officer=officer)
    client = Client()
    assert queries_of(lambda: client.get(page("place", SHOP))) <= 5
    assert queries_of(lambda: client.get(page("ticket", mine.secret))) <= 7
    assert queries_of(lambda: client.get(page("screen", SHOP))) <= 2
    assert queries_of(lambda: client.get(page("kiosk", key_of("kiosk")))) <= 4
