"""Deadline arithmetic: when a limit ends, what a pause does to it, how much of it is left.

The rules, with what they rest on:

- **Working time** is closed at both ends: the moment of closing still counts. A working day is a day with working
  hours, however few; a limit counts it as one. Eight working hours make a day only where a part of a day is counted.
- **A limit starts** at the first working moment at or after the reception: what comes in after hours, on a day off or
  during the lunch break starts at the next opening.
- **Working hours** run through the lunch break and over nights and days off. A limit that is used up at closing time
  ends then, not at the next opening.
- **Working days** are counted from the day after, and keep the hour of reception; where the last day does not work at
  that hour (a half day) the limit ends at the next working moment. A part of a day follows the whole ones as working
  hours, and never lasts longer than a whole day.
- **Days** (calendar days) are all counted; the limit ends with the last of them, at its closing time, or with the
  next working day where that is a day off (Civil Code 2015 art. 147 and 148).
- **A pause** moves the due moment by its length, then to a working moment, as provincial systems do; and by at least
  the working time that it took, so that nobody has less time to work after it than before.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules.days import Day, Week
from lienthong.foundation.calendars.rules.limits import Limit, Unit
from lienthong.foundation.calendars.rules.table import DAY, Table, microseconds
from lienthong.foundation.errors import DomainError

FIRST_YEAR, LAST_YEAR = 1976, 2100

_MIDNIGHT = datetime.min.replace(tzinfo=clock.ZONE)


class OutsideTheCalendar(DomainError):
    """A moment, or the end of a limit, lies in a year that no calendar knows."""

    code = "calendars.outside_the_calendar"


class Calendar:
    """When an agency works: an ordinary week and the days that differ from it. Never changes.

    Moments may be aware in any zone and come back in Vietnam's; a naive one raises ValueError. Precise to the
    microsecond. Everything raises OutsideTheCalendar beyond the years 1976 to 2100.
    """

    __slots__ = ("_special", "_tables", "_years", "week")

    def __init__(self, week: Week, special: Mapping[date, Day] | Callable[[int], Mapping[date, Day]]) -> None:
        """`special`: the days that differ from their weekday; or a function that gives those of a year when asked."""
        if not any(week):
            raise ValueError("a calendar needs a weekday with working hours")
        self.week: Final = week
        self._special = special if callable(special) else _by_year(special)
        self._years: dict[int, Mapping[date, Day]] = {}
        self._tables: list[Table] = []

    def day(self, day: date) -> Day:
        """What that day is, and why if it differs."""
        _known(day.year)
        return self._special_days(day.year).get(day) or Day(self.week[day.weekday()])

    def is_working_day(self, day: date) -> bool:
        return self.day(day).is_working

    def is_working(self, moment: datetime) -> bool:
        """Whether the moment lies in working hours; the moments of opening and of closing do."""
        wall = _wall(moment)
        return self._first(wall) == wall

    def first_working_moment(self, moment: datetime) -> datetime:
        """The first at or after `moment`."""
        return _moment(self._first(_wall(moment)))

    def last_working_moment(self, moment: datetime) -> datetime:
        """The last at or before `moment`."""
        return _moment(self._last(_wall(moment)))

    def next_working_day(self, day: date, n: int = 1) -> date:
        """The n-th working day after `day`, or before it where n is negative; `day` itself is never counted."""
        return date.fromordinal(self._nth_working_day(day.toordinal(), n)) if n else day

    def opening(self, day: date) -> datetime | None:
        """When work begins on that day; None on a day off."""
        hours = self.day(day).hours
        return datetime.combine(day, hours[0].opens, clock.ZONE) if hours else None

    def closing(self, day: date) -> datetime | None:
        """When work ends on that day; None on a day off."""
        hours = self.day(day).hours
        return datetime.combine(day, hours[-1].closes, clock.ZONE) if hours else None

    def next_opening(self, moment: datetime) -> datetime:
        """When the first working day after the day of `moment` opens."""
        day = self._nth_working_day(_wall(moment) // DAY, 1)
        return _moment(self._first(day * DAY))

    def add(self, moment: datetime, limit: Limit) -> datetime:
        """The due moment of a limit that begins at `moment`: always a working moment, by the rules above.

        A later beginning or a longer limit of the same unit never ends earlier.
        """
        start = self._first(_wall(moment))
        match limit.unit:
            case Unit.WORKING_HOUR:
                return _moment(self._after_work(start, limit.hours_beyond))
            case Unit.WORKING_DAY:
                return _moment(self._after_working_days(start, limit))
            case Unit.DAY:
                day = self._first((start // DAY + limit.whole_days) * DAY) // DAY
                return _moment(self._last((day + 1) * DAY - 1))

    def before(self, moment: datetime, limit: Limit) -> datetime:
        """The last working moment that is at least `limit` before `moment`: "one day before it expires".

        For working days and hours, `limit` added to it ends at `moment` at the latest.
        """
        end = self._last(_wall(moment))
        match limit.unit:
            case Unit.WORKING_HOUR:
                return _moment(self._before_work(end, limit.hours_beyond))
            case Unit.WORKING_DAY:
                return _moment(self._before_working_days(end, limit))
            case Unit.DAY:
                return _moment(self._last(_wall(moment) - limit.whole_days * DAY))

    def resume(self, due: datetime, paused_at: datetime, resumed_at: datetime) -> datetime:
        """The new due moment after the clock stood still from `paused_at` to `resumed_at`.

        Never before `due`, and later for a longer pause; leaves at least as much working time after the pause as there
        was before it. Raises ValueError when it ends before it begins.
        """
        if resumed_at < paused_at:
            raise ValueError("a pause ends after it begins")
        old_due, paused, resumed = _wall(due), _wall(paused_at), _wall(resumed_at)
        by_length = self._first(old_due + resumed - paused)
        worked = self.working_time(paused_at, resumed_at)
        return _moment(max(by_length, self._after_work(self._first(old_due), worked)))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments; negative when `end` is the earlier."""
        first, last = _wall(start), _wall(end)
        table = self._table(min(_year(first), _year(last)), max(_year(first), _year(last)))
        return timedelta(microseconds=table.worked(last) - table.worked(first))

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days there are after `start` up to and with `end`; negative when `end` is the earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return self._table(start.year, end.year).working_days(start.toordinal(), end.toordinal())

    def _after_work(self, start: int, duration: timedelta) -> int:
        work = microseconds(duration)
        return self._seek(start, lambda table: table.after_work(start, work)) if work else start

    def _before_work(self, end: int, duration: timedelta) -> int:
        work = microseconds(duration)
        return self._seek(end, lambda table: table.before_work(end, work)) if work else end

    def _after_working_days(self, start: int, limit: Limit) -> int:
        whole = self._first(self._same_hour(start, limit.whole_days))
        if not limit.hours_beyond:
            return whole
        one_more = self._first(self._same_hour(start, limit.whole_days + 1))
        return min(self._after_work(whole, limit.hours_beyond), one_more)

    def _before_working_days(self, end: int, limit: Limit) -> int:
        whole = self._last(self._same_hour(end, -limit.whole_days))
        if not limit.hours_beyond:
            return whole
        one_more = self._last(self._same_hour(end, -limit.whole_days - 1))
        moment = max(self._before_work(whole, limit.hours_beyond), one_more)
        if self._after_working_days(moment, limit) <= end:
            return moment
        return self._latest_before(moment, lambda start: self._after_working_days(start, limit) <= end)

    def _latest_before(self, moment: int, fits: Callable[[int], bool]) -> int:
        """The last working moment before one that does not fit. What fits, fits earlier too.

        Needed where days are of different lengths: the hour counted back from may be past the closing of the day that
        is counted forward to.
        """
        back = DAY
        while not fits(early := self._last(moment - back)):
            back *= 2
        late = moment
        while late - early > 1:
            middle = (early + late) // 2
            early, late = (middle, late) if fits(self._last(middle)) else (early, middle)
        return self._last(early)

    def _same_hour(self, moment: int, working_days: int) -> int:
        """The same hour so many working days later (or earlier), whether there is work at that hour or not."""
        day, hour = divmod(moment, DAY)
        return (self._nth_working_day(day, working_days) if working_days else day) * DAY + hour

    def _nth_working_day(self, day: int, n: int) -> int:
        return self._seek(day * DAY, lambda table: table.nth_working_day(day, n))

    def _first(self, moment: int) -> int:
        return self._seek(moment, lambda table: table.first(moment))

    def _last(self, moment: int) -> int:
        return self._seek(moment, lambda table: table.last(moment))

    def _seek(self, near: int, question: Callable[[Table], int | None]) -> int:
        """The answer from the years around `near`, looking further and further until there is one."""
        first = last = _known(_year(near))
        reach = 1
        while True:
            first, last = max(first - reach, FIRST_YEAR), min(last + reach, LAST_YEAR)
            answer = question(self._table(first, last))
            if answer is not None:
                return answer
            if (first, last) == (FIRST_YEAR, LAST_YEAR):
                raise _outside()
            reach *= 2

    def _table(self, first_year: int, last_year: int) -> Table:
        """One that covers these years. The latest is kept and only ever grows, so that it is soon made once for all."""
        if self._tables:
            kept = self._tables[-1]
            if kept.first_year <= first_year and last_year <= kept.last_year:
                return kept
            first_year, last_year = min(first_year, kept.first_year), max(last_year, kept.last_year)
        _known(first_year)
        _known(last_year)
        days = map(date.fromordinal, range(date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal() + 1))
        working = ((day, known.hours) for day in days if (known := self.day(day)).is_working)
        table = Table(first_year, last_year, working)
        self._tables = [table]
        return table

    def _special_days(self, year: int) -> Mapping[date, Day]:
        if year not in self._years:
            self._years[year] = self._special(year)
        return self._years[year]


def _by_year(special: Mapping[date, Day]) -> Callable[[int], Mapping[date, Day]]:
    return lambda year: {day: known for day, known in special.items() if day.year == year}


def _outside() -> OutsideTheCalendar:
    return OutsideTheCalendar(
        _("The working calendar covers the years %(first)s to %(last)s only."),
        first=str(FIRST_YEAR),
        last=str(LAST_YEAR),
    )


def _known(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _outside()
    return year


def _wall(moment: datetime) -> int:
    """Vietnam's wall clock in whole microseconds, as `Table` counts them."""
    if moment.tzinfo is None:
        raise ValueError("deadlines are reckoned with aware moments only")
    try:
        local = moment.astimezone(clock.ZONE)
    except OverflowError:
        raise _outside() from None
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    return local.toordinal() * DAY + seconds * 1_000_000 + local.microsecond


def _moment(wall: int) -> datetime:
    return _MIDNIGHT + timedelta(microseconds=wall - DAY)


def _year(wall: int) -> int:
    ordinal = wall // DAY
    if not 1 <= ordinal <= date.max.toordinal():
        raise _outside()
    return date.fromordinal(ordinal).year
