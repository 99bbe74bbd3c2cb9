"""The only source of time. Nothing else in the house may ask the system what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_set_time: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware, in Vietnam's time zone; the moment set by `at` while one is set."""
    return _set_time.get() or datetime.now(UTC).astimezone(ZONE)


def is_held() -> bool:
    """Whether `at` holds the clock: what happens now belongs to another time than the host's."""
    return _set_time.get() is not None


def today() -> date:
    """The calendar day in Vietnam."""
    return now().date()


def local(moment: datetime) -> datetime:
    """The same moment as Vietnam's wall clock shows it."""
    return moment.astimezone(ZONE)


def day_start(day: date) -> datetime:
    """The first moment of a calendar day in Vietnam."""
    return datetime.combine(day, time(), ZONE)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware) for tests, simulation and demonstration data."""
    if moment.tzinfo is None:
        raise ValueError("the clock is set to aware moments only")
    token = _set_time.set(moment.astimezone(ZONE))
    try:
        yield
    finally:
        _set_time.reset(token)
