"""Officers of a simulated province decide on what others propose, on the real services; and what must hold of that."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F

from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import search
from lienthong.registers import queries
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from lienthong.simulation import engine, invariants
from lienthong.work.models import WorkItem
from tests import cast
from tests.registers.conftest import publish as publish_permits
from tests.registers.proposing import ASKED, entered, head, proposed
from tests.simulation.conftest import scenario
from tests.simulation.test_registers import broken, done, publish

pytestmark = pytest.mark.django_db


def test_what_is_proposed_is_decided_by_others_with_a_reason(folder: Path, tmp_path: Path, monkeypatch):
    publish("ho-tich/khai-sinh", "ho-tich/ket-hon", "giao-duc/van-bang-chung-chi", folder=tmp_path / "registers")
    monkeypatch.setattr("lienthong.simulation.scenario.ENTRIES", 40)
    engine.run(scenario(days=28, dossiers=1), folder)
    happened, found = done(folder), list(Proposal.objects.all())
    over = [each for each in found if each.state in ("applied", "refused")]
    assert len(found) == happened["propose"] and happened["approve"] + happened["refuse"] == len(over)
    assert {each.state for each in over} == {"applied", "refused"} and happened["give back"], happened
    for each in over:
        assert each.decided_by_id not in (None, each.account_id)
        assert each.decided_at > each.sent_at and clock.local(each.decided_at).weekday() < 5
        assert each.note or each.state == "applied"
    written = {each.entry_id for each in over if each.state == "applied"}
    recorded = search(kind="registers.proposal_approved", size=500).entries
    assert len(recorded) == len(written) and {each.account_id for each in recorded} == {
        each.decided_by_id for each in over if each.state == "applied"
    }
    assert not Proposal.objects.filter(decided_by=F("account")).exists() and broken() == {}
    assert queries.register("khai-sinh").needs_approval("correct")


@pytest.fixture
def waiting(db) -> Proposal:
    with cast.on_monday():
        publish_permits(ASKED)
        return proposed(entered())


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
