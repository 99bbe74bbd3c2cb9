"""Engagements as pure values: when they are, which of them meet, what may become of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.clock import ZONE
from lienthong.foundation.errors import Conflict, DomainError

LONGEST = timedelta(days=31)
SUPPOSED = timedelta(hours=1)
"""How long an engagement is taken to last whose end nobody wrote, when it is asked what it meets."""

_NOON, _EVENING = time(12), time(18)
WEEK = timedelta(days=7)


class Part(StrEnum):
    """The part of the day in which the table of the week shows it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    DAY = "day"


IN_ORDER = (Part.DAY, Part.MORNING, Part.AFTERNOON, Part.EVENING)
"""As the parts of a day stand in the table."""


class Access(StrEnum):
    """Who reads what it is about. Of what is private the others see only that somebody is busy."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVATE = "private"


class State(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Mark(StrEnum):
    """What was done to it after its week was published, as the table of the week says."""

    ADDED = "added"
    ADJUSTED = "adjusted"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class WhenWrong(DomainError):
    code = "meetings.when_wrong"


class NotPossible(Conflict):
    """It has come too far, or not far enough, for this."""

    code = "meetings.not_possible"


@dataclass(frozen=True, slots=True)
class When:
    """`begins` None is an hour that is not settled, or the whole day. Only what lasts whole days has several."""

    first_day: date
    last_day: date
    part: Part
    begins: time | None = None
    ends: time | None = None


def when(
    first_day: date | None,
    last_day: date | None = None,
    part: Part | None = None,
    begins: time | None = None,
    ends: time | None = None,
) -> When:
    """What was filled in, with what follows from it: the hour says the part of the day. Raises WhenWrong."""
    if first_day is None:
        raise WhenWrong(_("Say on which day it is."))
    last_day = last_day or first_day
    if last_day < first_day or last_day - first_day > LONGEST:
        raise WhenWrong(_("The last day must not be before the first; it lasts a month at most."))
    if begins is None and ends is not None:
        raise WhenWrong(_("Say when it begins, too."))
    if last_day > first_day:
        if begins is not None:
            raise WhenWrong(_("What lasts several days has no hours: write them into the content."))
        return When(first_day, last_day, Part.DAY)
    if begins is not None:
        if ends is not None and ends <= begins:
            raise WhenWrong(_("It must end after it begins."))
        return When(first_day, first_day, part_of(begins), begins, ends)
    if part is None:
        raise WhenWrong(_("Say at which hour, or in which part of the day."))
    return When(first_day, first_day, part)


def part_of(hour: time) -> Part:
    if hour < _NOON:
        return Part.MORNING
    return Part.AFTERNOON if hour < _EVENING else Part.EVENING


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    return month_of(month_of(month) + timedelta(days=31))


def month_before(month: date) -> date:
    return month_of(month_of(month) - timedelta(days=1))


def weeks_of(month: date) -> tuple[tuple[date, ...], ...]:
    """The whole weeks, Monday first, in which the days of a month are."""
    mondays, monday = [], monday_of(month_of(month))
    while monday < month_after(month):
        mondays.append(monday)
        monday += WEEK
    return tuple(tuple(monday + timedelta(days=step) for step in range(7)) for monday in mondays)


def later_by_a_week(when: When) -> When:
    return When(when.first_day + WEEK, when.last_day + WEEK, when.part, when.begins, when.ends)


def span(when: When) -> tuple[datetime, datetime] | None:
    """From when to when it keeps people; None while its hour is not settled."""
    if when.begins is None:
        if when.part is not Part.DAY:
            return None
        return _at(when.first_day, time()), _at(when.last_day + timedelta(days=1), time())
    start = _at(when.first_day, when.begins)
    return start, _at(when.first_day, when.ends) if when.ends else start + SUPPOSED


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)


@dataclass(frozen=True, slots=True)
class Held:
    """An engagement as far as it can meet another. `place` is folded, empty where nobody can be in the way."""

    id: int
    when: When
    posts: frozenset[int]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Collision:
    """That two engagements are at the same time, with the same leaders or at the same place."""

    other: int
    posts: frozenset[int]
    same_place: bool


def collisions(held: Iterable[Held]) -> dict[int, list[Collision]]:
    """For each engagement those that it meets; one that meets none is missing."""
    spans = [(span_, each) for each in held if (span_ := span(each.when))]
    spans.sort(key=lambda pair: (pair[0], pair[1].id))
    found: dict[int, list[Collision]] = {}
    for one, other in _at_once(spans):
        posts = one.posts & other.posts
        same_place = bool(one.place) and one.place == other.place
        if posts or same_place:
            found.setdefault(one.id, []).append(Collision(other.id, posts, same_place))
            found.setdefault(other.id, []).append(Collision(one.id, posts, same_place))
    return found


def _at_once(spans: Sequence[tuple[tuple[datetime, datetime], Held]]) -> Iterator[tuple[Held, Held]]:
    for place, ((_start, end), one) in enumerate(spans):
        for (start, _end), other in spans[place + 1 :]:
            if start >= end:
                break
            yield one, other


_MAY_BECOME: dict[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.APPROVED, State.DECLINED, State.CANCELLED}),
    State.APPROVED: frozenset({State.POSTPONED, State.CANCELLED}),
    State.POSTPONED: frozenset({State.CANCELLED}),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset(),
}


def become(state: State, wanted: State) -> State:
    """Raises NotPossible."""
    if wanted not in _MAY_BECOME[state]:
        raise NotPossible(_("This cannot be done with it any more."), way_out=_("Look at it once more."))
    return wanted


def may_become(state: State) -> frozenset[State]:
    return _MAY_BECOME[state]


def changed(state: State) -> State:
    """The state after it was written anew: what was postponed has its new time. Raises NotPossible."""
    if state in (State.DECLINED, State.CANCELLED):
        raise NotPossible(_("It is not in the calendar any more."), way_out=_("Register it anew."))
    return State.APPROVED if state is State.POSTPONED else state


def digest(token: str) -> str:
    """What is kept of a secret address."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
