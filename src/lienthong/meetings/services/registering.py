"""Registering engagements, writing them anew, taking them over into the next week."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.fields.formats import day
from lienthong.foundation.ledger import EventKind
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.meetings import events, policy, rules
from lienthong.meetings.models import Engagement, Week
from lienthong.meetings.rules import Access, Mark, State, When
from lienthong.meetings.services import carrying
from lienthong.meetings.services.carrying import Missing, NewEngagement

FURTHEST = timedelta(days=366)
"""How far ahead, or behind, engagements are registered."""


class NotYours(NotAllowed):
    code = "meetings.not_yours"


@transaction.atomic
def register(*, agency_id: int, new: NewEngagement, officer: Officer, key: UUID) -> Engagement:
    """Put an engagement into the calendar of an agency, or ask its office to: whoever arranges the calendar needs not
    ask. The same key registers once. Raises NotYours, Missing."""
    agency = tree().nodes.get(agency_id)
    if agency is None or not may_register(officer, agency):
        raise NotYours(_("You register no engagements in this calendar."))
    arranges = policy.arranges(officer, agency)
    _require(officer, agency, new)
    wanted = carrying.attending(agency, new)
    week, now = carrying.lock_week(agency.id, new.when.first_day), clock.now()
    if earlier := Engagement.objects.filter(key=key).first():
        return _own(earlier, officer)
    engagement = Engagement(
        key=key,
        organisation_id=agency.id,
        unit_id=new.unit_id,
        state=State.APPROVED if arranges else State.PROPOSED,
        made_at=now,
        made_by_id=officer.account_id,
        changed_at=now,
        changed_by_id=officer.account_id,
        **carrying.written(new),
    )
    event = enter(engagement, week) if arranges else events.PROPOSED
    engagement.save()
    carrying.put_attending(engagement, wanted)
    if not arranges:
        carrying.ask_to_approve(engagement, agency)
    carrying.record(event, engagement, officer, {"day": new.when.first_day})
    return engagement


def _own(earlier: Engagement, officer: Officer) -> Engagement:
    if earlier.made_by_id != officer.account_id:
        raise NotYours(_("You register no engagements in this calendar."))
    return earlier


def may_register(officer: Officer, agency: Node) -> bool:
    return policy.has_calendar(agency) and (policy.arranges(officer, agency) or bool(policy.units_of(officer, agency)))


def units_for(officer: Officer, agency: Node) -> list[Node]:
    """The units that may be said to prepare an engagement: the own ones; for whoever arranges the calendar all."""
    own = policy.units_of(officer, agency)
    if not policy.arranges(officer, agency):
        return own
    known = {node.id for node in own}
    return [*own, *(node for node in policy.inside(agency) if node.id not in known)]


def _require(officer: Officer, agency: Node, new: NewEngagement, *, kept_unit: int | None = None) -> None:
    if new.unit_id != kept_unit and new.unit_id not in {unit.id for unit in units_for(officer, agency)}:
        raise Missing({"unit": _("Choose the unit that prepares it.")})
    today = clock.today()
    if not today - FURTHEST <= new.when.first_day <= today + FURTHEST:
        raise Missing({"when": _("The day must be within a year from now.")})


def enter(engagement: Engagement, week: Week) -> EventKind:
    """It stands in the calendar now; in a week that was published everybody reads it at once. The event of it."""
    if week.published_at is None or engagement.published_at:
        return events.APPROVED
    now = clock.now()
    engagement.published_at = now
    engagement.mark, engagement.marked_at = Mark.ADDED, now
    return events.ADDED


@transaction.atomic
def change(*, engagement_id: int, new: NewEngagement, officer: Officer, sequence: int) -> Engagement:
    """Write an engagement anew. `sequence` is that of what was read before: of two that change it at once the second
    is told. What is written as it was changes nothing. Of what was published it is said that it was adjusted.

    Raises NoSuchEngagement, NotYours, NotPossible, MovedOn, Missing.
    """
    engagement, week = carrying.lock(engagement_id, and_week_of=new.when.first_day)
    agency = tree()[engagement.organisation_id]
    if not may_change(officer, engagement):
        raise carrying.no_such_engagement()
    state = rules.changed(State(engagement.state))
    _require(officer, agency, new, kept_unit=engagement.unit_id)
    wanted, fields = carrying.attending(agency, new), {**carrying.written(new), "unit_id": new.unit_id}
    same = all(getattr(engagement, name) == value for name, value in fields.items())
    if same and state == engagement.state and wanted == carrying.attended(engagement.pk):
        return engagement
    if engagement.sequence != sequence:
        raise carrying.moved_on()
    before, now = engagement.when, clock.now()
    for name, value in fields.items():
        setattr(engagement, name, value)
    engagement.state = state
    event = events.CHANGED
    if engagement.published_at:
        event = events.ADJUSTED
        engagement.mark, engagement.marked_at, engagement.reason = Mark.ADJUSTED, now, ""
        engagement.was = said(before) if before != new.when else engagement.was
    elif state is State.APPROVED and week.published_at:
        event = enter(engagement, week)
    carrying.touch(engagement, officer, now)
    engagement.save()
    carrying.put_attending(engagement, wanted)
    carrying.still_asked(engagement, now)
    carrying.record(event, engagement, officer, {"was": said(before) if before != new.when else ""})
    return engagement


def may_change(officer: Officer, engagement: Engagement) -> bool:
    """The office always; the unit that registered it until it is approved."""
    if policy.arranges(officer, tree()[engagement.organisation_id]):
        return True
    return engagement.state == State.PROPOSED and carrying.prepares(officer, engagement)


def said(when: When) -> str:
    """When it was, as the calendar goes on saying it: in figures, which need no translation."""
    days = day(when.first_day) if when.first_day == when.last_day else f"{day(when.first_day)} – {day(when.last_day)}"
    return f"{when.begins:%H:%M} {days}" if when.begins else days


@transaction.atomic
def copy(*, engagement_id: int, officer: Officer, key: UUID) -> Engagement:
    """The same a week later. The same key copies once. Raises NoSuchEngagement, NotYours, Missing."""
    found = Engagement.objects.filter(pk=engagement_id).first()
    if found is None or not may_copy(officer, found):
        raise carrying.no_such_engagement()
    agency = tree()[found.organisation_id]
    attended = carrying.attended(found.pk)
    units = {unit.id for unit in units_for(officer, agency)}
    leaders = {post.id for post in policy.leaders_of(agency)}
    posts = {post.id for post in policy.posts_of(policy.inside(agency))}
    organisations = {node.id for node in policy.taking_part(agency)}
    new = NewEngagement(
        when=rules.later_by_a_week(found.when),
        content=found.content,
        unit_id=found.unit_id if found.unit_id in units else min(units, default=0),
        leaders=tuple(post for leads, post, _org in attended if leads and post in leaders),
        whole=(True, None, agency.id) in attended,
        place=found.place,
        others=found.others,
        remark=found.remark,
        access=Access(found.access),
        posts=tuple(post for leads, post, _org in attended if post and not leads and post in posts),
        organisations=tuple(org for leads, _post, org in attended if org and not leads and org in organisations),
    )
    return register(agency_id=agency.id, new=new, officer=officer, key=key)


def may_copy(officer: Officer, engagement: Engagement) -> bool:
    return policy.arranges(officer, tree()[engagement.organisation_id]) or carrying.prepares(officer, engagement)
