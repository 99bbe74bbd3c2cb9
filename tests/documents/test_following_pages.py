"""Following up in the browser's eyes."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from lienthong.documents import services
from lienthong.documents.models import MoreTime, Phrase, Task, Urging
from lienthong.documents.services.phrases import own_phrases
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from lienthong.workspace.addresses import address_of
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, FINANCE, HANDLER, HEAD, URBAN, in_days, presented
from tests.documents.test_following import asked, directed, handed_on, mark
from tests.documents.test_incoming import task_of
from tests.documents.test_pages import LIST

pytestmark = pytest.mark.django_db


def press(**other: str) -> dict[str, str]:
    return {"_lan": str(uuid4()), **other}


def test_more_time_is_asked_for_and_granted_through_the_inbox():
    arrival = directed()
    head, leader = client_of(HEAD), client_of(CHAIR)
    ask = f"{LIST}{arrival.pk}/gia-han/{task_of(arrival, HEAD).pk}/"
    assert ask in head.get(f"{LIST}{arrival.pk}/").content.decode()
    assert head.get(ask).status_code == 200
    assert head.post(ask, press(han="2025-03-14", loi="")).status_code == 422
    assert head.post(ask, press(han="2025-03-14", loi="Chờ ý kiến của Sở")).status_code == 302
    assert ask not in head.get(f"{LIST}{arrival.pk}/").content.decode(), "one at a time"

    address = address_of(WorkItem.objects.get(is_open=True, subject_type=MoreTime.subject_type))
    assert address in leader.get("/ban-lam-viec/").content.decode()
    shown = leader.get(address).content.decode()
    assert "Chờ ý kiến của Sở" in shown and 'value="2025-03-14"' in shown
    assert head.get(address).status_code == 302, "who asked is shown the document"
    assert client_of(HANDLER).get(address).status_code == 404
    assert leader.post(address, press(**{"quyet-dinh": "khong", "loi": ""})).status_code == 422
    assert leader.post(address, press(**{"quyet-dinh": "dong-y", "han": "2025-03-13"})).status_code == 302
    page = leader.get(f"{LIST}{arrival.pk}/").content.decode()
    assert "hạn ban đầu" in page and "10/03/2025" in page and "13/03/2025" in page
    assert leader.get(address).status_code == 302, "nothing is to be decided any more"


@pytest.mark.parametrize(
    "wrong",
    [{"han": "x"}, {"han": ""}, {"han": "9" * 40}, {"han": "2025-03-14", "loi": "một\0"}, {"han": "0000-00-00"}],
    ids=str,
)
def test_whatever_is_asked_for_is_answered(wrong: dict[str, str]):
    arrival = directed()
    address = f"{LIST}{arrival.pk}/gia-han/{task_of(arrival, HEAD).pk}/"
    assert client_of(HEAD).post(address, press(**{"loi": "Lý do", **wrong})).status_code in (302, 422)
    request = MoreTime.objects.first() or asked(arrival)
    answer = client_of(CHAIR).post(
        f"{LIST}gia-han/{request.pk}/", press(**{"quyet-dinh": "²", **wrong, "_lan": "không phải khóa"})
    )
    assert answer.status_code in (302, 422)
    assert client_of(CHAIR).get(f"{LIST}gia-han/{10**17}/").status_code == 404


def test_the_tree_says_since_when_until_when_seen_or_not_and_what_is_late():
    arrival = handed_on()
    with clock.at(in_days(6)):
        page = client_of(CHAIR).get(f"{LIST}{arrival.pk}/")
    branches = page.context["who"]
    head, finance = branches[0].below
    handler = head.below[0]
    assert (head.late, handler.late, finance.late) == (False, True, False)
    text = page.content.decode()
    assert text.count("documents-late") == 1 and "chưa xem" in text and "từ" in text
    assert [each.can_be_urged for each in (branches[0], head, handler, finance)] == [False, True, True, True]


def test_one_press_urges_one_and_a_second_says_that_it_was_done():
    arrival = directed()
    task, leader = task_of(arrival, HEAD), client_of(CHAIR)
    form = {"viec": str(task.pk), "van-ban": str(arrival.pk)}
    first = leader.post(f"{LIST}don-doc/", form, follow=True)
    assert first.redirect_chain[-1][0] == f"{LIST}{arrival.pk}/" and "Đã đôn đốc 1 việc" in first.content.decode()
    assert "đã được đôn đốc" in leader.post(f"{LIST}don-doc/", form, follow=True).content.decode()
    assert Urging.objects.count() == 1
    assert client_of(HANDLER).post(f"{LIST}don-doc/", form).status_code == 302 and Urging.objects.count() == 1


@pytest.mark.parametrize(
    "forged", [{}, {"viec": "²"}, {"viec": "9" * 30}, {"viec": "1", "danh-sach": "a=\0&%%"}], ids=str
)
def test_a_forged_urging_is_answered(forged: dict[str, str]):
    assert client_of(CLERK).post(f"{LIST}don-doc/", forged, follow=True).status_code == 200


def test_what_is_late_is_listed_with_who_has_it_and_urged_from_there():
    for number in range(3):
        directed(mark=mark(number))
    clerk = client_of(CLERK)
    with clock.at(in_days(8)):
        page = clerk.get(f"{LIST}qua-han/")
        chosen = re.findall(r'name="viec" value="(\d+)"', page.content.decode())
        assert len(chosen) == 6 and "Phòng Quản lý đô thị" in page.content.decode()
        answer = clerk.post(
            f"{LIST}don-doc/", {"viec": chosen[:2], "loi": "Khẩn trương", "danh-sach": "muc=sap"}, follow=True
        )
        assert answer.redirect_chain[-1][0] == f"{LIST}qua-han/?muc=sap" and Urging.objects.count() == 2
        assert len(re.findall(r'name="viec"', clerk.get(f"{LIST}qua-han/").content.decode())) == 4
        one_unit = clerk.get(f"{LIST}qua-han/", {"don-vi": URBAN}).context["rows"]
        assert {row["task"].organisation_id for row in one_unit} == {by_key(URBAN).id}


def test_pages_of_the_follow_up_ask_a_fixed_number_of_queries():
    clerk, addresses = (
        client_of(CLERK),
        [f"{LIST}{page}" for page in ("qua-han/", "thong-ke/", "so/", "so/?so=settlement")],
    )
    directed(mark=mark(0))
    with clock.at(in_days(8)):
        before = [queries_of(lambda at=address: clerk.get(at)) for address in addresses]
    for number in range(1, 5):
        directed(mark=mark(number))
    with clock.at(in_days(8)):
        assert [queries_of(lambda at=address: clerk.get(at)) for address in addresses] == before


def test_the_late_list_goes_on_where_the_page_ends(monkeypatch):
    monkeypatch.setattr("lienthong.documents.queries.settlement.PAGE", 3)
    monkeypatch.setattr("lienthong.documents.views.following.PAGE", 3)
    for number in range(4):
        directed(mark=mark(number))
    clerk, address, seen = client_of(CLERK), f"{LIST}qua-han/", []
    with clock.at(in_days(8)):
        while address:
            page = clerk.get(address)
            seen += [row["task"].pk for row in page.context["rows"]]
            address = page.context["older"] and f"{LIST}qua-han/{page.context['older']}"
    assert len(seen) == len(set(seen)) == 8


def test_the_statistics_lead_to_the_documents_they_count():
    arrival = directed(2)
    directed(20, mark=mark(5))
    clerk = client_of(CLERK)
    with clock.at(in_days(4)):
        page = clerk.get(f"{LIST}thong-ke/").content.decode()
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*tien-do=open-late[^"]*)"', page)]
        assert len(links) == 2, "of the agency and of the unit"
        for link in links:
            shown = clerk.get(link)
            assert [row["address"] for row in shown.context["rows"]] == [f"{LIST}{arrival.pk}/"], link
        head = client_of(HEAD).get(f"{LIST}thong-ke/")
        assert [row["node"].key for row in head.context["units"]] == [URBAN] and head.context["agencies"] == []
        assert client_of(HANDLER).get(f"{LIST}thong-ke/").status_code == 403


@pytest.mark.parametrize("page", ["qua-han/", "thong-ke/", "so/"])
@pytest.mark.parametrize(
    "query",
    [
        "tu=x&den=9999-99-99", "tu=0001-01-01", "co-quan=²&don-vi=\0", "tien-do=²&so=²",
        "truoc=2025-03-03T00:00:00%2B07:00_²", "truoc=0001-01-01T00:00:00%2B07:00_9", "muc=²&tu=²", "muc=mo",
        "truoc=9999-12-31T23:59:59-07:00_9",
    ],
)  # fmt: skip
def test_whatever_the_address_says_is_answered(page: str, query: str):
    directed()
    assert client_of(CLERK).get(f"{LIST}{page}?{query}").status_code == 200


def test_a_phrase_is_taken_by_one_press_and_nothing_is_handed_on_by_it():
    arrival = presented()
    task, leader = Task.objects.get(), client_of(CHAIR)
    address, choice = f"{LIST}{arrival.pk}/chuyen/{task.pk}/", f"cho-{by_key(URBAN).id}"
    shown = leader.get(address).content.decode()
    declared = re.search(r'name="_cau" value="(c\d+)">([^<]+)<', shown)
    assert declared
    form = press(**{choice: "lead", "loi": "Trước hết", "han": "2025-03-10"})
    taken = leader.post(address, {**form, "_cau": declared[1]}).content.decode()
    assert f"Trước hết\n{declared[2]}" in taken and 'value="lead" checked' in taken and 'value="2025-03-10"' in taken
    leader.post(address, {**form, "loi": "Giao tham mưu, trình tôi", "_luu": "1"})
    own = Phrase.objects.get()
    again = leader.post(address, {**form, "loi": "", "_cau": f"r{own.pk}"}).content.decode()
    assert "\nGiao tham mưu, trình tôi</textarea>" in again
    assert Task.objects.count() == 1
    assert leader.post(address, {**form, "loi": "Giao tham mưu, trình tôi"}).status_code == 302
    own.refresh_from_db()
    assert own.uses == 1 and Task.objects.count() == 2
    other = presented(mark=mark(7))
    address = f"{LIST}{other.pk}/chuyen/{Task.objects.get(arrival=other).pk}/"
    leader.post(address, press(_xoa=str(own.pk)))
    assert not own_phrases(cast.actor(CHAIR)).exists()


@pytest.mark.parametrize(
    "forged",
    [{"_cau": "r²"}, {"_cau": "c999"}, {"_cau": "r" + "9" * 30}, {"_xoa": "²"}, {"_luu": "1", "loi": "x" * 4000},
     {"_cau": ""}, {"_loc": "1", "_tim": "\0%_'"}],
    ids=lambda forged: str(forged)[:30],
)  # fmt: skip
def test_a_forged_step_is_answered(forged: dict[str, str]):
    arrival = presented()
    answer = client_of(CHAIR).post(f"{LIST}{arrival.pk}/chuyen/{Task.objects.get().pk}/", press(**forged))
    assert answer.status_code in (200, 422) and Task.objects.count() == 1


def test_a_unit_is_looked_for_without_scripts_and_those_chosen_stand_on_top():
    arrival = presented()
    address = f"{LIST}{arrival.pk}/chuyen/{Task.objects.get().pk}/"
    finance = by_key(FINANCE)
    leader = client_of(CHAIR)
    every = leader.get(address).context["units"]
    looked = leader.post(address, press(**{f"cho-{finance.id}": "cooperate", "_tim": "do thi", "_loc": "1"}))
    units = [each["unit"] for each in looked.context["units"]]
    assert units[0].id == finance.id and by_key(URBAN) in units and len(units) < len(every)
    assert f'name="cho-{finance.id}" value="cooperate" checked' in looked.content.decode()
    people = leader.post(address, press(_tim="hùng", _loc="1")).context["units"]
    assert all(any("Hùng" in person["label"] for person in each["people"]) for each in people)


def test_strangers_see_no_follow_up():
    arrival = directed()
    request = asked(arrival)
    services.urge(task_ids=[task_of(arrival, HEAD).pk], officer=cast.actor(CLERK))
    handler = client_of(HANDLER)
    assert handler.get(f"{LIST}gia-han/{request.pk}/").status_code == 404
    assert handler.post(f"{LIST}gia-han/{request.pk}/", press(**{"quyet-dinh": "dong-y"})).status_code == 404
    assert handler.get(f"{LIST}so/").status_code == handler.get(f"{LIST}qua-han/").status_code == 403
    other = client_of("vanthu.tinh")
    with clock.at(clock.now() + timedelta(days=30)):
        assert other.get(f"{LIST}qua-han/?co-quan={AGENCY}").context["rows"] == []
