"""Officers of a simulated province decide on what others propose, on the real services; and what must hold of that."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.ledger.queries import search
from lienthong.foundation.organisations.queries import province
from lienthong.registers import queries, services
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from lienthong.simulation import engine, invariants
from lienthong.simulation.chance import dice
from lienthong.simulation.registers import deciding
from lienthong.simulation.registers.neighbours import Known
from lienthong.simulation.registers.schedule import Schedule
from lienthong.work.models import WorkItem
from tests import cast
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of
from tests.registers.conftest import publish as publish_permits
from tests.registers.proposing import ASKED, entered, head, proposed
from tests.simulation.conftest import scenario
from tests.simulation.test_registers import broken, done, publish

pytestmark = pytest.mark.django_db


def became() -> list[tuple]:
    """What was proposed and what became of it, without the numbers of rows."""
    found = Proposal.objects.order_by("key")
    return list(
        found.values_list("key", "register", "deed", "state", "turn", "decided_by__username", "decided_at", "note")
    )


def test_what_is_proposed_in_a_province_is_decided_by_others_and_so_again(folder: Path, tmp_path: Path, monkeypatch):
    publish("ho-tich/khai-sinh", "ho-tich/ket-hon", folder=tmp_path / "registers")
    monkeypatch.setattr("lienthong.simulation.scenario.ENTRIES", 25)
    before = transaction.savepoint()
    engine.run(scenario(days=20, dossiers=1), tmp_path / "first")
    first = became()
    transaction.savepoint_rollback(before)
    engine.run(scenario(days=20, dossiers=1), folder)
    assert became() == first
    happened, found = done(folder), list(Proposal.objects.all())
    over = [each for each in found if each.state in ("applied", "refused")]
    assert len(found) == happened["propose"] and happened["approve"] + happened["refuse"] == len(over) >= 2, happened
    for each in over:
        assert each.decided_by_id not in (None, each.account_id)
        assert each.decided_at > each.sent_at and clock.local(each.decided_at).weekday() < 5
    recorded = search(kind="registers.proposal_approved", size=500).entries
    applied = {each.pk: each.decided_by_id for each in over if each.state == "applied"}
    assert {each.subject[1]: each.account_id for each in recorded} == applied
    assert broken() == {}


@pytest.fixture
def waiting(db) -> Proposal:
    with cast.on_monday():
        publish_permits(ASKED)
        return proposed(entered())


def dealt_with(proposal: Proposal, *, becomes: str, monkeypatch: pytest.MonkeyPatch) -> "Counter[str]":
    """What one of those who may decide does two days later, where there is only one thing to do."""
    monkeypatch.setattr(deciding, "BECOMES", {becomes: 1})
    happened: Counter[str] = Counter()
    body = queries.register(KEY)
    with clock.at(cast.MONDAY + timedelta(days=2)):
        schedule = Schedule(scenario(), calendar_of(province().calendar))
        one_day = deciding.Deciding(scenario(), schedule, body, Known([body]), happened)
        one_day.deal_with(Proposal.objects.get(pk=proposal.pk), dice(7, "test"))
    proposal.refresh_from_db()
    return happened


@pytest.mark.parametrize(("becomes", "state"), [("approve", "applied"), ("refuse", "refused"), ("return", "returned")])
def test_whoever_may_approves_refuses_or_gives_back_with_a_reason(waiting, becomes, state, monkeypatch):
    dealt_with(waiting, becomes=becomes, monkeypatch=monkeypatch)
    assert (waiting.state, waiting.decided_by_id) == (state, cast.account(cast.HEAD).pk)
    assert waiting.note or state == "applied"
    assert offenders() == []


def test_what_came_back_is_completed_or_withdrawn_and_never_given_back_again(waiting, monkeypatch):
    dealt_with(waiting, becomes="return", monkeypatch=monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(deciding, "WITHDRAWN", 0.0)
        assert dealt_with(waiting, becomes="return", monkeypatch=patch) == {"complete": 1}
    assert (waiting.state, waiting.turn) == ("waiting", 2)
    dealt_with(waiting, becomes="return", monkeypatch=monkeypatch)
    assert waiting.state == "applied" and offenders() == []


def test_what_cannot_be_approved_any_more_is_refused_with_the_reason(waiting, monkeypatch):
    with cast.on_monday():
        services.end(register=KEY, entry_id=waiting.entry_id, revision=1, officer=officer_of("head-of-unit", GIA_NGHIA),
                     reason="Thu hồi", approved=services.Approved())  # fmt: skip
    dealt_with(waiting, becomes="approve", monkeypatch=monkeypatch)
    assert waiting.state == "refused" and "kết thúc" in waiting.note


def offenders() -> list[str]:
    (look,) = (each for each in invariants.INVARIANTS if each.name == "proposals")
    assert look.find(0) == look.find(1)
    return look.find(0)


def test_a_proposal_that_the_services_made_lies_where_it_should(waiting: Proposal):
    assert offenders() == []
    with cast.on_monday():
        proposals.give_back(proposal_id=waiting.pk, officer=head(), note="Thiếu số văn bản")
    assert offenders() == []
    with cast.on_monday():
        other = proposed(entered(so="2/GPXD"))
        proposals.refuse(proposal_id=other.pk, officer=head(), note="Không có căn cứ")
    assert offenders() == []


def test_a_proposal_that_is_decided_and_open_is_found(waiting: Proposal):
    Proposal.objects.filter(pk=waiting.pk).update(
        state="refused", decided_by=cast.account(cast.HEAD), decided_at=waiting.sent_at
    )
    assert offenders() == [f"proposal {waiting.pk} is over and lies with somebody still"]


def test_an_open_proposal_that_lies_with_nobody_or_as_it_was_before_is_found(waiting: Proposal):
    lying = WorkItem.objects.filter(is_open=True, subject_type="register-proposal")
    lying.update(part_id=9)
    assert offenders() == [f"proposal {waiting.pk} lies with somebody as it was sent before"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM work_workitem")
    assert offenders() == [f"proposal {waiting.pk} is to be decided and lies with nobody"]
