"""What the leaders of simulated agencies give, and what becomes of it: which directive on which day, until when, and
how whoever leads goes about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

from lienthong.foundation.calendars.rules import Calendar
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.sayings import Sayings
from lienthong.simulation.scenario import Scenario
from lienthong.simulation.spread import numbers_at, place_of

LEAST, DOSSIERS_FOR_ONE = 18, 400
"""How many directives there are at least, and how many dossiers bring one more."""
FRIDAY = 4
MONTH = timedelta(days=28)
HANDED_ON = 0.5
"""How often whoever leads hands a part on."""
JUDGED_AFTER = (2, 4, 8, 8)
"""Days that a report lies with the office."""
_SAYINGS = Sayings(Path(__file__).parent / "data" / "orders.toml")
data, words = _SAYINGS.data, _SAYINGS.words


class Fate(Enum):
    """What becomes of a directive."""

    IN_TIME = "in time"
    LATE = "late"
    VERY_LATE = "very late"
    RETURNED = "returned once"
    MORE_TIME = "more time granted"
    NO_MORE_TIME = "more time refused"
    CANCELLED = "cancelled"

    @property
    def is_late(self) -> bool:
        return self in (Fate.LATE, Fate.VERY_LATE, Fate.NO_MORE_TIME)

    @property
    def asks(self) -> bool:
        return self in (Fate.MORE_TIME, Fate.NO_MORE_TIME)


FATES = (
    Fate.IN_TIME, Fate.NO_MORE_TIME, Fate.VERY_LATE, Fate.IN_TIME, Fate.RETURNED, Fate.VERY_LATE,
    Fate.MORE_TIME, Fate.VERY_LATE, Fate.IN_TIME, Fate.CANCELLED, Fate.LATE, Fate.LATE,
    Fate.LATE, Fate.IN_TIME, Fate.MORE_TIME, Fate.VERY_LATE, Fate.RETURNED, Fate.LATE,
)  # fmt: skip
"""In turn, not by chance: so a few directives already show all that can become of one."""


@dataclass(frozen=True, slots=True)
class Order:
    """A directive and the days of what becomes of it. `due` is None where there is no time limit; `again` is when the
    completion is reported a second time. What happens on a day off, or while somebody is away, happens the next day."""

    number: int
    said: dict[str, Any]
    fate: Fate
    given: date
    due: date | None
    accepted: date
    reported: date
    again: date
    judged: date
    hands_on: bool

    @property
    def is_of_province(self) -> bool:
        return bool(self.said["by"] == "province")

    def share(self, part: float) -> date:
        """When a part of the time is over in which it is done; without a time limit that is counted as a month."""
        return self.given + ((self.reported if self.due else self.given + MONTH) - self.given) * part


def how_many(scenario: Scenario) -> int:
    return LEAST + scenario.dossiers // DOSSIERS_FOR_ONE


def numbers_until(scenario: Scenario, day: date, days: Sequence[date]) -> range:
    """The directives of the working days before a day."""
    passed = sum(each < day for each in days)
    return range(numbers_at(passed, how_many(scenario), len(days)).start if passed < len(days) else how_many(scenario))


def numbers_on(scenario: Scenario, day: date, days: Sequence[date]) -> range:
    place = days.index(day) if day in days else len(days)
    return numbers_at(place, how_many(scenario), len(days))


def order(scenario: Scenario, number: int, days: Sequence[date], calendar: Calendar) -> Order:
    said = data()["orders"][number % len(data()["orders"])]
    fate = FATES[number % len(FATES)]
    rng = dice(scenario.seed, "directive", number)
    given = days[place_of(number, how_many(scenario), len(days))]
    due = _due(given, 1 if fate.is_late else rng.choice((1, 2, 2, 3)), calendar)
    reported = date.max - timedelta(days=99) if said.get("lasting") else _reported(fate, given, due, rng)
    again = reported + timedelta(days=4)
    last = again if fate is Fate.RETURNED else reported
    return Order(
        number=number,
        said=said,
        fate=fate,
        given=given,
        due=None if said.get("lasting") else due,
        accepted=given + timedelta(days=rng.randint(0, 1)),
        reported=reported,
        again=again,
        judged=last + timedelta(days=pick(rng, JUDGED_AFTER)),
        hands_on=rng.random() < HANDED_ON,
    )


def _due(given: date, weeks: int, calendar: Calendar) -> date:
    """The end of a week, as leaders like to say: the last working day until that Friday."""
    friday = given + timedelta(days=FRIDAY - given.weekday(), weeks=weeks)
    return calendar.next_working_day(friday + timedelta(days=1), -1)


def _reported(fate: Fate, given: date, due: date, rng: Random) -> date:
    """When its completion is reported for the first time."""
    match fate:
        case Fate.LATE | Fate.NO_MORE_TIME:
            return due + timedelta(days=rng.randint(3, 5))
        case Fate.VERY_LATE:
            return due + timedelta(days=rng.randint(14, 20))
        case Fate.MORE_TIME:
            return due + timedelta(days=rng.randint(2, 6))
        case Fate.RETURNED:
            return given + (due - given) * 0.5
        case Fate.IN_TIME | Fate.CANCELLED:
            return given + (due - given) * rng.uniform(0.4, 0.9)
