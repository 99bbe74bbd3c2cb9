"""How a shop's queue went: numbers, waiting and serving, from what really happened. Two looks into two tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from lienthong.foundation import clock
from lienthong.queueing.queries.places import Shop

LONGEST_DAYS = 366

_TAKEN = """
    SELECT coalesce(letter, ''), count(*),
           count(*) FILTER (WHERE state = 'done'),
           count(*) FILTER (WHERE state = 'absent'),
           count(*) FILTER (WHERE state = 'left'),
           count(*) FILTER (WHERE state = 'unserved'),
           count(*) FILTER (WHERE ended_at IS NULL),
           count(*) FILTER (WHERE priority <> ''),
           count(*) FILTER (WHERE channel = 'phone'),
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM called_at - taken_at))
             FILTER (WHERE called_at IS NOT NULL)
      FROM queueing_ticket
     WHERE organisation_id = %s AND day BETWEEN %s AND %s
     GROUP BY GROUPING SETS ((letter), ())"""

_SERVED = """
    SELECT coalesce("group", ''), coalesce(desk, 0), count(*),
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at))
      FROM queueing_call
     WHERE organisation_id = %s AND day BETWEEN %s AND %s AND started_at IS NOT NULL AND outcome IN ('done', 'passed')
     GROUP BY GROUPING SETS (("group"), (desk), ())"""


@dataclass(frozen=True, slots=True)
class Times:
    """Half of the people had at most `half`, nine in ten at most `most`; None where there was nobody."""

    half: timedelta | None = None
    most: timedelta | None = None

    @classmethod
    def of(cls, seconds: Sequence[float] | None) -> "Times":
        if not seconds or seconds[0] is None:
            return cls()
        return cls(timedelta(seconds=float(seconds[0])), timedelta(seconds=float(seconds[1])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A group, or all of them together where the letter is empty."""

    letter: str
    name: str
    taken: int = 0
    done: int = 0
    absent: int = 0
    left: int = 0
    unserved: int = 0
    open: int = 0
    priority: int = 0
    phone: int = 0
    waited: Times = Times()
    served: Times = Times()


@dataclass(frozen=True, slots=True)
class DeskLine:
    number: int
    served: int
    times: Times


@dataclass(frozen=True, slots=True)
class Statistics:
    shop: Shop
    first_day: date
    last_day: date
    groups: list[Line]
    all: Line
    desks: list[DeskLine]


def statistics(shop: Shop, first_day: date, last_day: date) -> Statistics:
    """Of the days from the first to the last, both included. Two queries."""
    taken = {row[0]: row[1:] for row in _asked(_TAKEN, shop, first_day, last_day)}
    served: dict[str, Times] = {}
    desks: list[DeskLine] = []
    for letter, desk, count, seconds in _asked(_SERVED, shop, first_day, last_day):
        if desk:
            desks.append(DeskLine(desk, count, Times.of(seconds)))
        else:
            served[letter] = Times.of(seconds)
    letters = sorted({*shop.body.by_letter, *taken, *served} - {""})
    groups = [_line(letter, shop.group_name(letter), taken, served) for letter in letters]
    return Statistics(
        shop, first_day, last_day, groups, _line("", "", taken, served), sorted(desks, key=lambda line: line.number)
    )


def _asked(statement: str, shop: Shop, first_day: date, last_day: date) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [shop.node.id, first_day, last_day])
        return list(cursor.fetchall())


def _line(letter: str, name: str, taken: Mapping[str, Any], served: Mapping[str, Times]) -> Line:
    if letter not in taken:
        return Line(letter=letter, name=name, served=served.get(letter, Times()))
    count, done, absent, left, unserved, still, priority, phone, seconds = taken[letter]
    return Line(
        letter=letter,
        name=name,
        taken=count,
        done=done,
        absent=absent,
        left=left,
        unserved=unserved,
        open=still,
        priority=priority,
        phone=phone,
        waited=Times.of(seconds),
        served=served.get(letter, Times()),
    )


def period(first: date | None, last: date | None) -> tuple[date, date]:
    """The days somebody asked for, put in order and not more than a year; today where nothing was asked."""
    today = clock.today()
    start = first or last or today
    end = last or start
    start, end = min(start, end), max(start, end)
    return max(start, end - timedelta(days=LONGEST_DAYS)), end
