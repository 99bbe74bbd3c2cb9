"""The secret address of somebody's own calendar: made, made anew, revoked."""

import secrets

from django.db import transaction

from lienthong.foundation import clock, ledger
from lienthong.identity.actors import Officer
from lienthong.meetings import events
from lienthong.meetings.models import Feed
from lienthong.meetings.rules import digest

LETTERS = 32
"""Random bytes of a token."""


@transaction.atomic
def make_feed(*, officer: Officer) -> str:
    """A new token, told this once: only its digest is kept. One made before reads nothing any more."""
    token, now = secrets.token_urlsafe(LETTERS), clock.now()
    Feed.objects.update_or_create(account_id=officer.account_id, defaults={"digest": digest(token), "made_at": now})
    _record(events.FEED_MADE, officer)
    return token


@transaction.atomic
def revoke_feed(*, officer: Officer) -> None:
    """Whoever has none does nothing."""
    gone, _by_model = Feed.objects.filter(account_id=officer.account_id).delete()
    if gone:
        _record(events.FEED_REVOKED, officer)


def _record(kind: ledger.EventKind, officer: Officer) -> None:
    ledger.record(kind, subject=("account", officer.account_id), actor=officer, organisation_id=None, data={})
