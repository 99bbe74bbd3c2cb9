"""The pages of what is over its time: from the inbox to the decision, each confirmed before it is done."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.registers.retention import erasing
from lienthong.registers.retention import services as retention
from lienthong.registers.retention.models import AppraisedEntry
from lienthong.registers.retention.queries import Chosen
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import GIA_NGHIA, officer_of, publish
from tests.registers.test_retention import DECIDED, WHY, appraisal, decisions, ended
from tests.workspace.conftest import desk, messages_on, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(db):
    publish(DECIDED)
    handler = officer_of("case-handler", GIA_NGHIA)
    ids = [ended(handler, f"{n}/GPXD", date(2004, 1, 1) + timedelta(days=n)) for n in range(3)]
    retention.look_through()
    return ids


def at(name="appraisal", **query):
    where = [] if name == "appraisals" else [appraisal().pk]
    return reverse(f"registers:{name}", args=where, query=query) if query else reverse(f"registers:{name}", args=where)


def line(entry_id):
    return AppraisedEntry.objects.get(entry_id=entry_id).pk


def test_who_decides_finds_the_list_in_the_inbox_and_among_the_registers(listed):
    head = desk(cast.HEAD)
    assert at() in text(head.get(reverse("workspace:inbox")))
    assert at("appraisals") in text(head.get(reverse("registers:overview")))
    assert "3" in text(head.get(at("appraisals"))) and at() in text(head.get(at("appraisals")))
    shown = head.get(at())
    assert [row.title for row in shown.context["rows"]] == [
        "2/GPXD – Trần Hưng Đạo",
        "1/GPXD – Trần Hưng Đạo",
        "0/GPXD – Trần Hưng Đạo",
    ]
    handler = desk(cast.HANDLER)
    assert at("appraisals") not in text(handler.get(reverse("registers:overview")))
    for address in (at(), at("appraise", viec="xoa", b=line(listed[0]))):
        assert handler.get(address).status_code == 404 and desk("quantri").get(address).status_code == 404
    assert handler.get(at("appraisals")).status_code == 200


def test_entries_are_chosen_confirmed_and_to_be_erased_and_that_is_taken_back(listed):
    head, one = desk(cast.HEAD), line(listed[0])
    asked = head.get(at("appraise", viec="xoa", b=one))
    assert asked.status_code == 200 and "0/GPXD" in text(asked) and "1/GPXD" not in text(asked)
    assert set(decisions().values()) == {"open"}, "asking does nothing"
    said = {"viec": "xoa", "b": one}
    without = head.post(at("appraise"), said)
    assert without.status_code == 422 and set(decisions().values()) == {"open"}
    done = head.post(at("appraise"), {**said, "ly-do": WHY}, follow=True)
    assert done.redirect_chain[-1][0] == at() and "7 ngày" in messages_on(done)
    assert decisions()[listed[0]] == "erase" and list(decisions().values()).count("open") == 2
    again = head.post(at("appraise"), {**said, "ly-do": WHY}, follow=True)
    assert list(decisions().values()).count("erase") == 1 and again.status_code == 200
    waiting = head.get(at(xem="se-xoa"))
    assert f"{clock.today() + timedelta(days=7):%d/%m/%Y}" in text(waiting) and WHY in text(waiting)
    back = head.get(at("appraise", viec="rut-lai", b=one))
    assert back.status_code == 200 and "ly-do" not in text(back)
    head.post(at("appraise"), {"viec": "rut-lai", "b": one})
    assert set(decisions().values()) == {"open"}


def test_all_of_a_list_are_kept_on_at_once(listed):
    head = desk(cast.HEAD)
    shown = head.get(at())
    everything = {"viec": "giu", "tat-ca": "1", "xem": "", "den": shown.context["up_to"]}
    asked = head.get(at("appraise", **everything))
    assert asked.context["number"] == 3 and asked.context["everything"]
    wrong = head.post(at("appraise"), {**everything, "ly-do": WHY, "den-ngay": "2020-01-01"})
    assert wrong.status_code == 422 and WHY in text(wrong)
    head.post(at("appraise"), {**everything, "ly-do": WHY, "den-ngay": "2030-06-01"})
    assert set(decisions().values()) == {"keep"}
    assert "01/06/2030" in text(head.get(at(xem="giu")))
    assert not head.get(at()).context["rows"] and head.get(at()).status_code == 200


def test_all_to_be_erased_taken_back_leaves_those_that_are_kept(listed):
    head, officer = desk(cast.HEAD), officer_of("head-of-unit", GIA_NGHIA)
    kept = Chosen(frozenset({line(listed[2])}))
    retention.keep(appraisal_id=appraisal().pk, chosen=kept, until=date(2030, 1, 1), reason=WHY, officer=officer)
    retention.erase(appraisal_id=appraisal().pk, chosen=Chosen(None, up_to=10**9), reason=WHY, officer=officer)
    up_to = head.get(at(xem="se-xoa")).context["up_to"]
    head.post(at("appraise"), {"viec": "rut-lai", "tat-ca": "1", "xem": "se-xoa", "den": up_to})
    assert decisions() == {listed[0]: "open", listed[1]: "open", listed[2]: "keep"}


def test_what_was_erased_is_told_without_what_it_said(listed):
    officer = officer_of("head-of-unit", GIA_NGHIA)
    retention.erase(appraisal_id=appraisal().pk, chosen=Chosen(None, up_to=10**9), reason=WHY, officer=officer)
    with clock.at(clock.now() + timedelta(days=8)):
        erasing.erase_due()
        shown = text(desk(cast.HEAD).get(at(xem="da-xoa")))
    assert f"#{listed[0]}" in shown and "GPXD –" not in shown and WHY in shown


@pytest.mark.parametrize(
    "query",
    [
        {"xem": "x"},
        {"sau": "x"},
        {"sau": "9" * 40},
        {"xem": "se-xoa", "sau": "-1"},
    ],
)
def test_an_odd_address_of_a_list_is_no_trouble(listed, query):
    assert desk(cast.HEAD).get(at(**query)).status_code in (200, 404)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"viec": "x"},
        {"viec": "xoa"},
        {"viec": "xoa", "b": "x"},
        {"viec": "xoa", "b": "9" * 30},
        {"viec": "xoa", "tat-ca": "1", "den": "x"},
        {"viec": "xoa", "tat-ca": "1", "xem": "không có"},
    ],
)
def test_an_odd_choice_decides_nothing(listed, query):
    head = desk(cast.HEAD)
    assert head.get(at("appraise", **query)).status_code in (302, 404)
    assert head.post(at("appraise"), {**query, "ly-do": WHY}).status_code in (302, 404)
    assert set(decisions().values()) == {"open"}


def test_a_list_costs_the_same_however_long_it_is(listed):
    head = desk(cast.HEAD)
    few = queries_of(lambda: head.get(at()))
    handler = officer_of("case-handler", GIA_NGHIA)
    for n in range(10, 70):
        ended(handler, f"{n}/GPXD")
    retention.look_through()
    first = head.get(at())
    assert len(first.context["rows"]) == 50 and first.context["many"] == 63
    assert len(head.get(at() + first.context["next"]).context["rows"]) == 13
    assert queries_of(lambda: head.get(at())) == few
