"""What one day of an agency is: the hours it works, and why it differs from others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Self

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

_WRITTEN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*[-–]\s*([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class HoursUnreadable(DomainError):
    """A text that is no stretch of working hours, or stretches that do not fit together."""

    code = "calendars.hours_unreadable"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of work on Vietnam's wall clock, both ends included: "07:00-11:30". Raises HoursUnreadable."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise HoursUnreadable(_("Working hours end after they begin: “%(span)s” does not."), span=str(self))

    @classmethod
    def parse(cls, text: str) -> Self:
        written = _WRITTEN.fullmatch(text.strip())
        if not written:
            raise HoursUnreadable(
                _("“%(text)s” is not a stretch of working hours."), way_out=_HOURS_WAY_OUT, text=text.strip()[:60]
            )
        opens_hour, opens_minute, closes_hour, closes_minute = map(int, written.groups())
        return cls(time(opens_hour, opens_minute), time(closes_hour, closes_minute))

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


_HOURS_WAY_OUT = _("Write it as “07:00-11:30”.")

Hours = tuple[Span, ...]
"""The stretches of work in one day, earliest first, with a break between any two. Empty on a day off."""

Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""Monday first."""


def hours_of_day(spans: Iterable[Span]) -> Hours:
    """The stretches in order. Raises HoursUnreadable when two of them touch or overlap."""
    hours = tuple(sorted(spans))
    for earlier, later in pairwise(hours):
        if later.opens <= earlier.closes:
            raise HoursUnreadable(
                _("“%(earlier)s” and “%(later)s” have no break between them."),
                way_out=_("Write them as one stretch."),
                earlier=str(earlier),
                later=str(later),
            )
    return hours


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar. `name` says in Vietnamese why it differs from its weekday; "" on an ordinary one.

    `instead_of` is the day off that a make-up working day (ngày làm bù) stands for.
    """

    hours: Hours = ()
    name: str = ""
    instead_of: date | None = None

    @property
    def is_working(self) -> bool:
        return bool(self.hours)


def special_days(
    week: Week,
    *,
    days_off: Mapping[date, str],
    working_days: Mapping[date, date | None],
    half_days: Mapping[date, Day],
) -> dict[date, Day]:
    """The days that differ from their weekday.

    A make-up working day has the hours of the day it stands for, and that day is off; where it is unknown, those of
    the nearest weekday before that has any. What is named for one day in several ways: half day before working day
    before day off.
    """
    swapped = {off: "" for off in working_days.values() if off is not None}
    off = {day: Day(name=name) for day, name in (swapped | dict(days_off)).items()}
    worked = {
        day: Day(hours=_hours_of_make_up_day(week, day, stands_for), instead_of=stands_for)
        for day, stands_for in working_days.items()
    }
    return off | worked | dict(half_days)


def _hours_of_make_up_day(week: Sequence[Hours], day: date, stands_for: date | None) -> Hours:
    weekdays = [stands_for.weekday()] if stands_for else []
    weekdays += [(day - timedelta(days=back)).weekday() for back in range(1, 8)]
    return next((week[weekday] for weekday in weekdays if week[weekday]), ())
