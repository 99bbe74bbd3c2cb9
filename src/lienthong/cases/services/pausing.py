"""What ends a pause without the applicant's supplement: the payment came, or the time for the supplement passed."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.cases import events, rules
from lienthong.cases.models import Dossier
from lienthong.cases.services.carrying import Doing, Handled, calendar_now, carry_out, lock_dossier
from lienthong.cases.services.handling import open_visit, require_post
from lienthong.identity.actors import Officer

EXPIRED = "expired"
"""Stands in the place of an action where a dossier was stopped because no supplement came."""


@transaction.atomic
def settle(*, dossier_id: int, visit_id: int, officer: Officer, note: str = "") -> Dossier:
    """The applicant has met the financial obligation that the step waits for. Raises NotYourStep, rules.NotWaiting."""
    handled = lock_dossier(dossier_id)
    now = handled.now
    visit = open_visit(handled, visit_id)
    post = require_post(officer, visit, handled.process.step(visit.step))
    transition = rules.settle(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    doing = Doing(note=note.strip(), account_id=officer.account_id, post_id=post.id)
    carry_out(handled, transition, event=events.SETTLED, actor=officer.acting_in(post), doing=doing, now=now)
    return handled.dossier


def waiting_for_supplements() -> Iterator[Dossier]:
    """The dossiers that wait for a supplement, those that have waited longest first."""
    waiting = Dossier.objects.filter(paused_at__isnull=False, status=rules.Status.SUPPLEMENT)
    return waiting.order_by("paused_at").iterator(chunk_size=500)


def supplement_until(dossier: Dossier) -> datetime | None:
    """When the time for the supplement ends that the dossier waits for; None where no limit is declared."""
    limit = Handled(dossier, {}).terms.supplement_limit
    return calendar_now().add(dossier.paused_at, limit) if limit and dossier.paused_at else None


def overdue_supplements(now: datetime) -> list[int]:
    """Ids of the dossiers whose time for the supplement has passed."""
    ends = ((dossier.pk, supplement_until(dossier)) for dossier in waiting_for_supplements())
    return [pk for pk, end in ends if end and end < now]


@transaction.atomic
def expire(*, dossier_id: int) -> bool:
    """Stop a dossier whose applicant let the time for the supplement pass. Says whether it did."""
    handled = lock_dossier(dossier_id)
    now = handled.now
    try:
        transition = rules.expire(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    except rules.NotWaiting:
        return False
    limit = handled.terms.supplement_limit
    why = _("No supplement came within %(limit)s.") % {"limit": limit.text if limit else ""}
    doing = Doing(action=EXPIRED, note=why)
    carry_out(handled, transition, event=events.EXPIRED, actor=None, doing=doing, now=now)
    return True
