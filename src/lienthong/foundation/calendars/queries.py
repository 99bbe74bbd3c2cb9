"""Which calendar counts."""

from datetime import date, datetime

from lienthong.foundation import clock
from lienthong.foundation.calendars.definition import CALENDAR
from lienthong.foundation.calendars.rules import Calendar


def calendar_of(key: str, at: date | datetime | None = None) -> Calendar:
    """The working calendar published under `key` and in force at `at` (default: today). Raises NotFound.

    It answers for every year, by what was known when that version was published. Kept in memory: asking is cheap.
    """
    day = clock.local(at).date() if isinstance(at, datetime) else at
    return CALENDAR.current(key, day).body.calendar
