"""The working time of a run of years, laid out for looking up.

Moments are whole microseconds of Vietnam's wall clock since the day before 1 January of year 1 (`date.toordinal`).
Vietnam has kept one offset since 1976, so wall clock differences are true differences.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, time, timedelta

from lienthong.foundation.calendars.rules.days import Hours

DAY = 86_400_000_000


def in_day(clock_time: time) -> int:
    """Microseconds since midnight."""
    seconds = (clock_time.hour * 60 + clock_time.minute) * 60 + clock_time.second
    return seconds * 1_000_000 + clock_time.microsecond


def microseconds(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)


class Table:
    """Every question answers None when the answer lies outside the years that the table covers."""

    __slots__ = ("_before", "_closes", "_days", "_opens", "first_year", "last_year")

    def __init__(self, first_year: int, last_year: int, working_days: Iterable[tuple[date, Hours]]) -> None:
        self.first_year = first_year
        self.last_year = last_year
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before = [0]  # working time before each stretch; at the end, of the whole table
        self._days: list[int] = []
        for day, hours in working_days:
            midnight = day.toordinal() * DAY
            self._days.append(day.toordinal())
            for span in hours:
                self._opens.append(midnight + in_day(span.opens))
                self._closes.append(midnight + in_day(span.closes))
                self._before.append(self._before[-1] + self._closes[-1] - self._opens[-1])

    def first(self, moment: int) -> int | None:
        """The first working moment at or after `moment`."""
        place = bisect_left(self._closes, moment)
        return max(moment, self._opens[place]) if place < len(self._opens) else None

    def last(self, moment: int) -> int | None:
        """The last working moment at or before `moment`."""
        place = bisect_right(self._opens, moment) - 1
        return min(moment, self._closes[place]) if place >= 0 else None

    def worked(self, moment: int) -> int:
        """Working time from the table's beginning to `moment`."""
        place = bisect_right(self._opens, moment) - 1
        return self._before[place] + min(moment, self._closes[place]) - self._opens[place] if place >= 0 else 0

    def after_work(self, moment: int, duration: int) -> int | None:
        """The first moment by which `duration` (more than 0) of working time has passed since `moment`."""
        wanted = self.worked(moment) + duration
        if wanted > self._before[-1]:
            return None
        place = bisect_left(self._before, wanted) - 1
        return self._opens[place] + wanted - self._before[place]

    def before_work(self, moment: int, duration: int) -> int | None:
        """The last moment from which `duration` of working time passes until `moment`."""
        wanted = self.worked(moment) - duration
        if wanted < 0 or not self._opens:
            return None
        place = min(bisect_right(self._before, wanted) - 1, len(self._opens) - 1)
        return self._opens[place] + wanted - self._before[place]

    def nth_working_day(self, day: int, n: int) -> int | None:
        """The n-th working day after `day` (ordinals); for n < 0 the one so many before it."""
        place = bisect_right(self._days, day) - 1 + n if n > 0 else bisect_left(self._days, day) + n
        return self._days[place] if 0 <= place < len(self._days) else None

    def working_days(self, after: int, through: int) -> int:
        """How many working days there are after one day and up to another (ordinals)."""
        return bisect_right(self._days, through) - bisect_right(self._days, after)
