"""Who is called next, when numbers are given, how long somebody will wait: on plain values."""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Hours

FEWEST_TIMES = 3
"""From so many service times of the day on they say more than what is declared."""

STEP = 5
"""Minutes to which a waiting time is rounded up: nobody can foretell it closer."""

AFTER_CLOSING = timedelta(hours=2)
"""How long after closing a shop may still serve those who waited before its day is over."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Minutes before opening from which numbers are given, and before closing from which none are."""

    before_opening: int
    before_closing: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. `desk` is where a colleague has sent them, if so."""

    id: int
    group: str
    priority: bool
    since: datetime
    desk: int | None = None

    @property
    def rank(self) -> tuple[bool, datetime, int]:
        """Those with a ground for it go first; then whoever came first."""
        return not self.priority, self.since, self.id


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk with somebody behind it, and in how long it will be free."""

    number: int
    groups: frozenset[str]
    free_in: timedelta = timedelta()


def code(letter: str, number: int) -> str:
    """A012, as it is called. After 999 it grows by a digit."""
    return f"{letter}{number:03}"


def read_code(text: str) -> tuple[str, int] | None:
    """The letter and the number that somebody typed: small letters, spaces and missing zeros do no harm."""
    typed = "".join(text[:20].split()).upper()
    letter, digits = typed[:1], typed[1:]
    if not ("A" <= letter <= "Z" and digits.isascii() and digits.isdigit() and len(digits) <= 6):
        return None
    return letter, int(digits)


def giving(hours: Hours, day: date, terms: Terms) -> list[tuple[datetime, datetime]]:
    """The stretches of a day in which numbers are given; a stretch that nothing is left of is none."""
    early, late = timedelta(minutes=terms.before_opening), timedelta(minutes=terms.before_closing)
    stretches = [
        (datetime.combine(day, span.opens, clock.ZONE) - early, datetime.combine(day, span.closes, clock.ZONE) - late)
        for span in hours
    ]
    return [(first, last) for first, last in stretches if first < last]


def is_given(stretches: Iterable[tuple[datetime, datetime]], now: datetime) -> bool:
    return any(first <= now < last for first, last in stretches)


def is_over(day: date, hours: Hours, now: datetime) -> bool:
    """Whether nobody will be served any more on that day."""
    if not hours:
        return day < now.date()
    return now >= datetime.combine(day, hours[-1].closes, clock.ZONE) + AFTER_CLOSING


def may_take(desk: OpenDesk, waiting: Waiting, staffed: Collection[int]) -> bool:
    """Whether the desk may call this one: of its groups, and not sent to another desk that somebody sits at."""
    if waiting.desk == desk.number:
        return True
    return waiting.group in desk.groups and (waiting.desk is None or waiting.desk not in staffed)


def next_for(desk: OpenDesk, queue: Iterable[Waiting], staffed: Collection[int]) -> Waiting | None:
    """Whom the desk calls next: first those who were sent to it, then by rank."""
    mine = [each for each in queue if may_take(desk, each, staffed)]
    return min(mine, key=lambda each: (each.desk != desk.number, *each.rank), default=None)


def expected_wait(
    id: int, queue: Iterable[Waiting], desks: Sequence[OpenDesk], minutes: Mapping[str, float]
) -> timedelta | None:
    """How long this one will wait if everybody takes as long as is usual in their group, by playing the queue through.

    None where no open desk will come to it.
    """
    staffed = {desk.number for desk in desks}
    left = {each.id: each for each in queue}
    free = [(desk.free_in, desk.number, desk) for desk in desks]
    heapq.heapify(free)
    while free and id in left:
        moment, number, desk = heapq.heappop(free)
        called = next_for(desk, left.values(), staffed)
        if called is None:
            continue
        if called.id == id:
            return moment
        del left[called.id]
        heapq.heappush(free, (moment + timedelta(minutes=minutes[called.group]), number, desk))
    return None


def people_before(id: int, queue: Iterable[Waiting]) -> int:
    """How many of the same group are called earlier."""
    waiting = list(queue)
    me = next(each for each in waiting if each.id == id)
    return sum(each.group == me.group and each.rank < me.rank for each in waiting)


def usual_minutes(declared: Mapping[str, int], measured: Mapping[str, Sequence[timedelta]]) -> dict[str, float]:
    """What one person takes in each group: the middle of today's times, or what is declared while there are few."""
    return {
        letter: max(median(time.total_seconds() for time in times) / 60, 0.5)
        if len(times := measured.get(letter, ())) >= FEWEST_TIMES
        else float(minutes)
        for letter, minutes in declared.items()
    }


def free_in(usual: float, busy_for: timedelta) -> timedelta:
    """In how long somebody who is being served will be done; at least a minute, since they are not done yet."""
    return max(timedelta(minutes=usual) - busy_for, timedelta(minutes=1))


def rounded_up(wait: timedelta) -> int:
    """Minutes, in steps of five."""
    return max(-(-int(wait.total_seconds()) // (STEP * 60)), 1) * STEP
