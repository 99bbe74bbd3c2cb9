"""Deadlines per second on one core, beside the bare arithmetic of the moments that go in and come out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

from lienthong.foundation import clock
from lienthong.foundation.calendars.definition import CalendarBody, compile_calendar
from lienthong.foundation.calendars.rules import Calendar, Limit

DEADLINES = 50_000
GOAL = 10_000

Row = tuple[str, float, str, float]
"""What was measured, how much, of what, and the limit beside it."""


def run() -> list[Row]:
    """Receptions every ten minutes, day and night, of nearly a year: Tết, swapped days and nights among them."""
    calendar = _calendar()
    start = datetime(2025, 1, 2, 7, tzinfo=clock.ZONE)
    received = [start + timedelta(minutes=10 * count) for count in range(DEADLINES)]
    limits = {
        "20 working days": Limit.working_days(20),
        "15 calendar days": Limit.days(15),
        "8 working hours": Limit.working_hours(8),
        "a day and a half": Limit.parse("1.5 working days"),
    }
    bare = _per_second(lambda: [moment.astimezone(clock.ZONE) + timedelta(days=28) for moment in received])
    rows: list[Row] = [("bare addition of days", bare, "deadlines/s", bare)]
    for name, limit in limits.items():
        speed = _per_second(lambda limit=limit: [calendar.add(moment, limit) for moment in received])  # type: ignore[misc]
        rows.append((name, speed, "deadlines/s", GOAL))
    paused = timedelta(days=9, hours=5)
    speed = _per_second(lambda: [calendar.resume(moment, moment, moment + paused) for moment in received])
    rows.append(("due date after a pause", speed, "deadlines/s", GOAL))
    rows.append(("a calendar from its declaration to its first deadline", _cold() * 1000, "ms", 100))
    return rows


def _calendar() -> Calendar:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("07:00-11:30", "13:30-17:00"))
    body = {"key": "office", "name": "Office", "effective_from": "2018-06-21", "country": "VN", "hours": week}
    return compile_calendar(CalendarBody.model_validate(body))


def _per_second(work: Callable[[], list[datetime]]) -> float:
    began = perf_counter()
    done = len(work())
    return done / (perf_counter() - began)


def _cold() -> float:
    began = perf_counter()
    _calendar().add(datetime(2025, 1, 24, 9, tzinfo=clock.ZONE), Limit.working_days(3))
    return perf_counter() - began
