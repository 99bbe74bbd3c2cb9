"""What the office does: approves, declines, postpones, cancels, publishes the week."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError
from lienthong.foundation.ledger import EventKind
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.meetings import events, policy, rules
from lienthong.meetings.models import Engagement, Week
from lienthong.meetings.rules import Mark, State, monday_of
from lienthong.meetings.services import carrying
from lienthong.meetings.services.registering import enter


class ReasonNeeded(DomainError):
    code = "meetings.reason_needed"


_EVENTS: dict[State, EventKind] = {
    State.DECLINED: events.DECLINED,
    State.POSTPONED: events.POSTPONED,
    State.CANCELLED: events.CANCELLED,
}


@transaction.atomic
def approve(*, engagement_id: int, officer: Officer) -> Engagement:
    """Take what a unit registered into the calendar; a second time it does nothing. Raises NoSuchEngagement,
    NotPossible, MovedOn."""
    engagement, week = carrying.lock(engagement_id)
    _require_office(officer, engagement)
    if engagement.state == State.APPROVED:
        return engagement
    engagement.state = rules.become(State(engagement.state), State.APPROVED)
    event = enter(engagement, week)
    return _save(engagement, officer, event)


@transaction.atomic
def end(*, engagement_id: int, officer: Officer, state: State, reason: str) -> Engagement:
    """Decline, postpone or cancel it, with the reason; a second time it does nothing. The unit that registered it may
    cancel it until it is approved. What was published stays in the table of the week, and says so.

    Raises NoSuchEngagement, NotPossible, ReasonNeeded, MovedOn.
    """
    engagement, _week = carrying.lock(engagement_id)
    if not may_end(officer, engagement, state):
        raise carrying.no_such_engagement()
    if engagement.state == state:
        return engagement
    engagement.state = rules.become(State(engagement.state), state)
    if not reason.strip():
        raise ReasonNeeded(_("Say why: whoever reads the calendar sees it."))
    engagement.reason = reason.strip()[:500]
    if engagement.published_at:
        engagement.mark, engagement.marked_at = Mark(state.value), clock.now()
    return _save(engagement, officer, _EVENTS[state])


def may_end(officer: Officer, engagement: Engagement, state: State) -> bool:
    if policy.arranges(officer, tree()[engagement.organisation_id]):
        return True
    own = carrying.prepares(officer, engagement) and state is State.CANCELLED
    return own and engagement.state in (State.PROPOSED, State.CANCELLED)


def _require_office(officer: Officer, engagement: Engagement) -> None:
    if not policy.arranges(officer, tree()[engagement.organisation_id]):
        raise carrying.no_such_engagement()


def _save(engagement: Engagement, officer: Officer, event: EventKind) -> Engagement:
    now = clock.now()
    carrying.touch(engagement, officer, now)
    engagement.save()
    carrying.no_more_asked(engagement, officer, now)
    carrying.record(event, engagement, officer, {"reason": engagement.reason})
    return engagement


@transaction.atomic
def publish(*, agency_id: int, day: date, officer: Officer) -> Week:
    """Let the agency, and of what is public everybody, read the week of the day. Once; what is taken in afterwards is
    marked as added. Raises NoSuchEngagement, NotAllowed."""
    agency = tree().nodes.get(agency_id)
    if agency is None or not policy.has_calendar(agency):
        raise carrying.no_such_engagement()
    policy.require_arranging(officer, agency)
    week = carrying.lock_week(agency.id, day)
    if week.published_at:
        return week
    now, monday = clock.now(), monday_of(day)
    week.published_at, week.published_by_id = now, officer.account_id
    week.save(update_fields=["published_at", "published_by"])
    standing = Engagement.objects.filter(
        organisation_id=agency.id,
        first_day__gte=monday,
        first_day__lt=monday + rules.WEEK,
        state=State.APPROVED,
        published_at=None,
    )
    standing.update(published_at=now)
    ledger.record(
        events.PUBLISHED,
        subject=(carrying.WEEK, week.pk),
        actor=officer,
        organisation_id=agency.id,
        data={"monday": monday},
    )
    return week
