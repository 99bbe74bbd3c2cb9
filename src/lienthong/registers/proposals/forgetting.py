"""Letting go of what nobody needs any more: selections that were not sent, and what stood in old proposals."""

from datetime import timedelta

from django.db.models import Q

from lienthong.foundation import clock
from lienthong.registers.proposals.models import Proposal

DRAFT_FOR = timedelta(days=1)
"""How long a selection is kept that nobody sent."""
CONTENTS_FOR = timedelta(days=365)
"""How long it is kept what a proposal said that is over. The history of the entry tells what became of it."""

State = Proposal.State
OVER = (State.APPLIED, State.REFUSED, State.WITHDRAWN)


def forget_drafts() -> int:
    """Says how many."""
    _rows, deleted = Proposal.objects.filter(state=State.DRAFT, made_at__lt=clock.now() - DRAFT_FOR).delete()
    return deleted.get("registers.Proposal", 0)


def forget_contents() -> int:
    """Of proposals that are over for so long only that they were there remains. Says how many."""
    long_ago = clock.now() - CONTENTS_FOR
    ended = Q(decided_at__lt=long_ago) | Q(decided_at=None, sent_at__lt=long_ago)
    old = Proposal.objects.filter(ended, state__in=OVER, emptied_at=None)
    return old.update(values={}, before={}, emptied_at=clock.now())
