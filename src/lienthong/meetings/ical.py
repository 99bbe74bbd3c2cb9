"""Engagements as iCalendar (RFC 5545): the same engagements give the same bytes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from lienthong.foundation.clock import ZONE
from lienthong.meetings.queries import Line
from lienthong.meetings.rules import Access, Part, State

_PRODUCT = "-//Lien Thong//Working calendar//VI"
_OFTEN = timedelta(hours=1)
"""How often programs are asked to look again."""

_OFFSET = timedelta(hours=7)

_STATES = {State.APPROVED: "CONFIRMED", State.PROPOSED: "TENTATIVE"}
_CLASSES = {Access.PUBLIC: "PUBLIC", Access.INTERNAL: "PRIVATE", Access.PRIVATE: "CONFIDENTIAL"}


def calendar(name: str, lines: Iterable[Line], *, inside: bool) -> bytes:
    """A calendar that programs subscribe to. `inside`: events lead to the desk, where remarks are read too."""
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", _PRODUCT)
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE.key)
    made.add("refresh-interval", _OFTEN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    made.add_component(_zone())
    for line in lines:
        made.add_component(_event(line, inside=inside))
    return bytes(made.to_ical())


@cache
def _zone() -> Timezone:
    """Vietnam has kept UTC+7 without summer time since 13 June 1975."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001  RFC 5545 3.6.5: local time without a zone
    standard.add("tzname", "+07")
    standard.add("tzoffsetfrom", _OFFSET)
    standard.add("tzoffsetto", _OFFSET)
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    zone.add_component(standard)
    return zone


def _event(line: Line, *, inside: bool) -> Event:
    event = Event()
    event.add("uid", f"{line.key}@{_site()}")
    event.add("sequence", line.sequence)
    event.add("dtstamp", line.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", line.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", _summary(line))
    _add_when(event, line)
    event.add("status", _STATES.get(State(line.state), "CANCELLED"))
    event.add("class", _CLASSES[Access(line.access)])
    if line.place:
        event.add("location", line.place)
    if description := "\n".join(_said(line)):
        event.add("description", description)
    event.add("url", _address(line, inside=inside))
    return event


def _add_when(event: Event, line: Line) -> None:
    """An hour, or whole days; the day after the last one is what RFC 5545 calls the end."""
    when = line.when
    if when.begins is None:
        event.add("dtstart", when.first_day)
        event.add("dtend", when.last_day + timedelta(days=1))
        if when.part is not Part.DAY:
            event.add("transp", "TRANSPARENT")
        return
    event.add("dtstart", datetime.combine(when.first_day, when.begins, ZONE))
    if when.ends is not None:
        event.add("dtend", datetime.combine(when.first_day, when.ends, ZONE))


def _summary(line: Line) -> str:
    """Programs show little but this: what is not certain about it comes first."""
    before = {
        State.POSTPONED: pgettext("engagement", "Postponed"),
        State.CANCELLED: pgettext("engagement", "Cancelled"),
    }.get(State(line.state), "")
    if not before and line.when.begins is None and line.when.part is not Part.DAY:
        before = {
            Part.MORNING: _("Morning, hour not settled"),
            Part.AFTERNOON: _("Afternoon, hour not settled"),
            Part.EVENING: _("Evening, hour not settled"),
        }[line.when.part]
    return f"({before}) {line.content}" if before else line.content


def _said(line: Line) -> Iterable[str]:
    if line.leaders:
        yield _("Leaders: %(names)s") % {"names": ", ".join(line.leaders)}
    if line.taking_part or line.others:
        yield _("Taking part: %(names)s") % {"names": ", ".join(filter(None, (*line.taking_part, line.others)))}
    yield _("Prepared by: %(unit)s") % {"unit": line.unit.name}
    if line.remark:
        yield _("Remark: %(text)s") % {"text": line.remark}
    if line.reason:
        yield _("Reason: %(text)s") % {"text": line.reason}


def _site() -> str:
    return settings.ORIGIN.partition("://")[2].partition("/")[0].partition(":")[0]


def _address(line: Line, *, inside: bool) -> str:
    if inside:
        return settings.ORIGIN + reverse("meetings:engagement", args=[line.id])
    day = line.when.first_day.isoformat()
    return f"{settings.ORIGIN}{reverse('meetings:public_week', args=[line.agency.key])}?tuan={day}"
