"""How fresh a data set is. Pure."""

from dataclasses import dataclass
from datetime import date

from lienthong.registers.open_data.declared import Frequency

YEAR = 365
"""Days that are looked back on."""

PERIODS: dict[Frequency, int] = {
    "continuous": 1,
    "daily": 1,
    "weekly": 7,
    "monthly": 31,
    "quarterly": 92,
    "half-yearly": 184,
    "yearly": 366,
}
"""Days between two changes, by what was declared; what is irregular is never late."""

GRACE = 3
"""Days that nobody calls a delay: a weekend, or a holiday before it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """When a register changed: the first day and the last, and on how many of the last `YEAR` days."""

    first: date
    last: date
    days: int


def pace(changes: Changes, today: date) -> int | None:
    """Every how many days it changed on average, within the last year, or since it is there. None where it changed on
    one day or none: an average of that says nothing."""
    if changes.days < 2:
        return None
    return max(1, round(min(YEAR, (today - changes.first).days + 1) / changes.days))


def is_late(declared: Frequency | None, last: date, today: date) -> bool:
    """Whether more time has passed since the last change than was declared."""
    period = PERIODS.get(declared) if declared else None
    return period is not None and (today - last).days > period + GRACE
