"""Several people decide on one proposal at once, outside of any test's transaction."""

from functools import partial
from uuid import uuid4

import pytest

from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from tests import cast
from tests.at_once import at_once
from tests.registers.conftest import KEY, publish
from tests.registers.proposing import ASKED, entered, entry_of, handler, head, items, leader, proposed


@pytest.fixture
def proposal(committed):
    publish(ASKED)
    return proposed(entered())


def test_of_two_who_approve_at_once_one_does_and_the_other_is_told(proposal):
    outcomes = at_once(
        partial(proposals.approve, proposal_id=proposal.pk, officer=head()),
        partial(proposals.approve, proposal_id=proposal.pk, officer=leader()),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["GoneOn", "Proposal"]
    with cast.on_monday():
        assert entry_of(proposal.entry_id).revision == 2 and not items(proposal)


def test_of_a_withdrawal_and_an_approval_at_once_one_counts(proposal):
    outcomes = at_once(
        partial(proposals.approve, proposal_id=proposal.pk, officer=head()),
        partial(proposals.withdraw, proposal_id=proposal.pk, officer=handler()),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["GoneOn", "Proposal"]
    proposal.refresh_from_db()
    approved = proposal.state == Proposal.State.APPLIED
    with cast.on_monday():
        assert entry_of(proposal.entry_id).revision == (2 if approved else 1) and not items(proposal)


def test_the_same_proposal_sent_twice_at_once_is_one(committed):
    publish(ASKED)
    entry, key = entered(), uuid4()
    send = partial(proposed, entry, request=key, by=handler())
    first, again = at_once(send, send)
    assert first == again and Proposal.objects.count() == 1 and len(items(first)) == 1
    ids = {"register": KEY, "ids": [entry.id], "values": {"so_tang": 8}, "reason": "Gộp", "officer": handler()}
    many = partial(proposals.propose_together, **ids, request=uuid4())
    outcomes = at_once(many, many)
    assert len({outcome.pk for outcome in outcomes}) == 1
