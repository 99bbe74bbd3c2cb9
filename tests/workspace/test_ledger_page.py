"""The auditor's page: what happened, who did it, who read whose dossier."""

from datetime import timedelta

import pytest
from django.test import Client

from lienthong.foundation import clock
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.workspace.conftest import desk, page, text

pytestmark = pytest.mark.django_db


def entries(query: str = "", username: str = "kiemsoat") -> list[str]:
    answer = desk(username).get(page("ledger") + query)
    assert answer.status_code == 200
    return [row["entry"].kind for row in answer.context["rows"]]


def test_auditors_and_administrators_come_in_and_nobody_else():
    there = page("ledger")
    assert Client().get(there).status_code == 302
    for username, status in (
        ("kiemsoat", 200),
        ("quantri", 200),
        (cast.LEADER, 403),
        (cast.CLERK, 403),
        (cast.AN, 403),
    ):
        assert desk(username).get(there).status_code == status


def test_what_happened_to_a_dossier_is_found_by_its_code():
    dossier, other = dossiers.received(), dossiers.submitted()
    assert entries(f"?ve={dossier.code}") == ["cases.received", "cases.submitted"]
    assert entries(f"?ve={other.tracking.lower()}") == ["cases.submitted"]
    assert entries(f"?ve=dossier+{other.pk}") == ["cases.submitted"]
    assert entries("?ve=khong-co") == []


def test_who_read_a_dossier_is_found_by_its_code_and_the_kind_of_event():
    dossier = dossiers.received()
    desk(cast.HEAD).get(page("dossier", dossier.pk))
    answer = desk("kiemsoat").get(page("ledger") + f"?ve={dossier.code}&loai=cases.seen")
    (row,) = answer.context["rows"]
    assert (row["name"], row["post"]) == ("Nguyễn Mạnh Hùng", "Trưởng phòng")
    assert page("dossier", dossier.pk) in text(answer)


def test_administrators_see_that_something_happened_and_get_no_way_to_the_dossier():
    dossier = dossiers.received()
    shown = text(desk("quantri").get(page("ledger") + f"?ve={dossier.code}"))
    assert dossier.code in shown and page("dossier", dossier.pk) not in shown


@pytest.mark.parametrize("who", ["lan.motcua", "LAN.MOTCUA", "Phạm Thị Lan", "pham thi lan", "lan pham"])
def test_a_person_is_found_by_user_name_or_name(who):
    dossiers.received()
    assert set(entries(f"?nguoi={who}&loai=cases.received")) == {"cases.received"}
    assert entries(f"?nguoi={who}&loai=cases.submitted") == []


def test_of_several_people_who_may_be_meant_one_is_chosen():
    answer = desk("kiemsoat").get(page("ledger") + "?nguoi=nguyen")
    assert answer.context["rows"] == [] and "Bạn muốn tìm ai?" in text(answer)
    assert "?nguoi=hung.qldt" in text(answer)
    assert entries("?nguoi=khong+co+ai") == []


def test_days_are_vietnams_and_both_included():
    with clock.at(cast.MONDAY - timedelta(days=3)):
        dossiers.submitted()
    dossiers.submitted()
    assert len(entries("?loai=cases.submitted&tu=2025-02-28&den=2025-03-03")) == 2
    assert len(entries("?loai=cases.submitted&tu=2025-03-01")) == 1
    assert len(entries("?loai=cases.submitted&den=2025-03-02")) == 1


def test_page_follows_page_without_losing_what_was_asked():
    for _n in range(51):
        desk_entry()
    first = desk("kiemsoat").get(page("ledger") + "?loai=cases.seen")
    older = desk("kiemsoat").get(page("ledger") + first.context["older"])
    assert len(first.context["rows"]) == 50 and len(older.context["rows"]) == 1
    assert older.context["newest"] == "?loai=cases.seen"


def desk_entry() -> None:
    from lienthong.cases import events
    from lienthong.foundation.ledger import services as ledger

    clerk = cast.actor(cast.CLERK)
    where = clerk.acting.organisation.id
    ledger.record(events.SEEN, subject=("dossier-read", 1), actor=clerk, organisation_id=where, data={})


@pytest.mark.parametrize(
    "query",
    [
        "?truoc=" + "9" * 40,
        "?truoc=%00",
        "?tu=0001-01-01&den=9999-12-31",
        "?tu=x&den=2025-02-30",
        "?loai=%00",
        "?ve=dossier+" + "9" * 30,
        "?ve=%00",
        "?ve=__class__+1",
        "?nguoi=%00%25",
        "?nguoi=" + "a" * 4000,
    ],
)
def test_nothing_in_an_address_breaks_the_ledger(query):
    dossiers.submitted()
    assert desk("kiemsoat").get(page("ledger") + query).status_code == 200


def test_the_page_costs_the_same_however_much_happened():
    client = desk("kiemsoat")
    dossiers.received()
    few = queries_of(lambda: client.get(page("ledger")))
    dossiers.drafted()
    assert queries_of(lambda: client.get(page("ledger"))) <= few + 1 <= 11
