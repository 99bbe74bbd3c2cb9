"""Engagements as the table of a week shows them: by day and part of the day, with what is the matter with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lienthong.foundation.fields.formats import day as in_figures
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import tree
from lienthong.meetings.models import Engagement
from lienthong.meetings.queries import Line, collisions, week_days
from lienthong.meetings.rules import IN_ORDER, Access, Collision, Mark, Part, State, When

TONES = {
    State.PROPOSED: "soon",
    State.APPROVED: "ok",
    State.DECLINED: "neutral",
    State.POSTPONED: "soon",
    State.CANCELLED: "late",
}
_MARK_TONES = {Mark.ADDED: "info", Mark.ADJUSTED: "soon", Mark.POSTPONED: "soon", Mark.CANCELLED: "late"}


@dataclass(frozen=True, slots=True)
class Row:
    """An engagement on one day. `warnings` say what it is in the way of."""

    line: Line
    hour: str
    badge: str
    tone: str
    is_private: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """The morning, the afternoon …: what is on in it."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    stretches: tuple[Stretch, ...]
    away: tuple[str, ...]


def table(shown: Sequence[Line], monday: date, absences: Sequence[Absence] = (), *, warned: bool = False) -> list[Day]:
    """The seven days; a Saturday or Sunday without anything is left out. `warned`: with what each is in the way of,
    on its first day."""
    warnings = warnings_of(shown, absences) if warned else {}
    days = []
    for day in week_days(monday):
        on = [line for line in shown if line.when.first_day <= day <= line.when.last_day]
        away = tuple(said_away(absence) for absence in absences if absence.valid_from <= day <= absence.valid_to)
        if on or day.weekday() < 5:
            begun = {line.id for line in on if day in (monday, line.when.first_day)}
            days.append(Day(day, _stretches(on, {pk: told for pk, told in warnings.items() if pk in begun}), away))
    return days


def _stretches(lines: Sequence[Line], warnings: Mapping[int, tuple[str, ...]]) -> tuple[Stretch, ...]:
    found = []
    for part in IN_ORDER:
        rows = tuple(row(line, warnings.get(line.id, ())) for line in lines if line.when.part is part)
        if rows:
            found.append(Stretch(str(Engagement.Part(part.value).label), rows))
    return tuple(found)


def row(line: Line, warnings: tuple[str, ...] = ()) -> Row:
    badge, tone = badge_of(line)
    return Row(line, hour_of(line.when), badge, tone, line.access == Access.PRIVATE, warnings)


def badge_of(line: Line) -> tuple[str, str]:
    """A word about it and its tone; empty for what stands in the calendar as it was."""
    if line.mark:
        return str(Engagement.Mark(line.mark).label), _MARK_TONES[Mark(line.mark)]
    if line.state == State.APPROVED:
        return "", ""
    return str(Engagement.State(line.state).label), TONES[State(line.state)]


def hour_of(when: When) -> str:
    if when.begins and when.ends:
        return f"{when.begins:%H:%M} – {when.ends:%H:%M}"
    if when.begins:
        return f"{when.begins:%H:%M}"
    if when.part is not Part.DAY:
        return _("hour not settled")
    if when.last_day > when.first_day:
        return _("until %(day)s") % {"day": in_figures(when.last_day)}
    return pgettext("engagement", "all day")


def said_away(absence: Absence) -> str:
    """Chủ tịch UBND Võ Tiến Dũng vắng đến 12/11/2025, Hoàng Thị Thanh thay."""
    about = {
        "who": f"{tree().posts[absence.post_id].title} {absence.account.full_name}",
        "day": in_figures(absence.valid_to),
        "substitute": absence.substitute.full_name,
    }
    return _("%(who)s is away until %(day)s; %(substitute)s stands in") % about


def warnings_of(shown: Sequence[Line], absences: Iterable[Absence]) -> dict[int, tuple[str, ...]]:
    """For each engagement with which others it collides, and which of its leaders is away."""
    known, away = {line.id: line for line in shown}, list(absences)
    met = collisions(shown)
    found: dict[int, tuple[str, ...]] = {}
    for line in shown:
        said = [_collision(each, known[each.other]) for each in met.get(line.id, ())]
        said += [] if line.is_over else [said_away(each) for each in away if _is_away(each, line)]
        if said:
            found[line.id] = tuple(said)
    return found


def _collision(collision: Collision, other: Line) -> str:
    titles = ", ".join(tree().posts[post].title for post in sorted(collision.posts))
    about = {"who": titles or other.place, "hour": hour_of(other.when), "what": other.content or _("busy")}
    return _("%(who)s: at the same time as “%(what)s”, %(hour)s") % about


def _is_away(absence: Absence, line: Line) -> bool:
    on = absence.valid_from <= line.when.last_day and line.when.first_day <= absence.valid_to
    return on and absence.post_id in line.leader_ids


def last_day(monday: date) -> date:
    return monday + timedelta(days=6)
