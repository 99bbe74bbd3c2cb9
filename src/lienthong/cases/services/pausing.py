"""What ends a pause without the applicant's supplement: the payment came, or the time for the supplement passed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.cases import events, rules
from lienthong.cases.models import Dossier
from lienthong.cases.services.carrying import Doing, calendar_now, carry_out, lock_dossier
from lienthong.cases.services.handling import open_visit, require_post
from lienthong.foundation import clock
from lienthong.identity.actors import Officer

EXPIRED = "expired"
"""Stands in the place of an action where a dossier was stopped because no supplement came."""


@transaction.atomic
def settle(*, dossier_id: int, visit_id: int, officer: Officer, note: str = "") -> Dossier:
    """The applicant has met the financial obligation that the step waits for. Raises NotYourStep, rules.NotWaiting."""
    now = clock.now()
    handled = lock_dossier(dossier_id)
    visit = open_visit(handled, visit_id)
    post = require_post(officer, visit, handled.process.step(visit.step))
    transition = rules.settle(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    doing = Doing(note=note.strip(), account_id=officer.account_id, post_id=post.id)
    carry_out(handled, transition, event=events.SETTLED, actor=officer, doing=doing, now=now)
    return handled.dossier


def waiting_for_supplements(before: datetime) -> list[int]:
    """Ids of the dossiers that have waited for a supplement since before that moment."""
    paused = Dossier.objects.filter(paused_at__lt=before, status=rules.Status.SUPPLEMENT)
    return list(paused.order_by("paused_at").values_list("pk", flat=True))


@transaction.atomic
def expire(*, dossier_id: int) -> bool:
    """Stop a dossier whose applicant let the time for the supplement pass. Says whether it did."""
    now = clock.now()
    handled = lock_dossier(dossier_id)
    try:
        transition = rules.expire(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    except rules.NotWaiting:
        return False
    limit = handled.terms.supplement_limit
    why = _("No supplement came within %(limit)s.") % {"limit": limit.text if limit else ""}
    doing = Doing(action=EXPIRED, note=why)
    carry_out(handled, transition, event=events.EXPIRED, actor=None, doing=doing, now=now)
    return True
