"""How many entries a register gets in a run, on which of its days, and what becomes of them later. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lienthong.foundation.calendars.rules import Calendar
from lienthong.simulation.chance import dice, one_of
from lienthong.simulation.scenario import Scenario
from lienthong.simulation.spread import numbers_at

FIRST_LOOK, LAST_LOOK = 2, 14
"""Working days after which something becomes of an entry."""
BECOMES: dict["Happening | None", float] = {None: 68, "change": 17, "correct": 10, "end": 5}

Happening = Literal["change", "correct", "end"]


@dataclass(frozen=True, slots=True)
class Later:
    """What becomes of an entry, so many working days after it was made."""

    what: Happening
    days: int


class Schedule:
    """The entries of every register are numbered from 0; number 0 is made on the first working day, so that there is
    something to point to, the others are spread evenly. All registers have the same days: what is looked up on a day is
    looked up for all of them."""

    def __init__(self, scenario: Scenario, calendar: Calendar) -> None:
        self.seed, self.entries = scenario.seed, scenario.entries
        self.days: Sequence[date] = [day for day in scenario.calendar_days() if self._is_open(scenario, calendar, day)]
        self._numbers = {day: number for number, day in enumerate(self.days)}

    @staticmethod
    def _is_open(scenario: Scenario, calendar: Calendar, day: date) -> bool:
        opening: datetime | None = calendar.opening(day)
        return opening is not None and not scenario.is_past(opening)

    def apart(self, earlier: date, later: date) -> int:
        """How many working days lie between two; 0 where one is none."""
        known = earlier in self._numbers and later in self._numbers
        return self._numbers[later] - self._numbers[earlier] if known else 0

    def made_on(self, day: date) -> range:
        """The numbers of the entries that are made on a day."""
        return self._on(self._numbers[day]) if day in self._numbers else range(0)

    def due_on(self, day: date, register: str) -> Iterator[tuple[int, Later]]:
        """The entries of which something becomes on a day."""
        today = self._numbers.get(day)
        if today is None:
            return
        for days in range(FIRST_LOOK, LAST_LOOK + 1):
            for number in self._on(today - days):
                later = self.later(register, number)
                if later and later.days == days:
                    yield number, later

    def filled_on(self, day: date) -> range:
        """The entries whose empty references are looked at again on a day: what they point to may be there by now."""
        return self._on(self._numbers[day] - 1) if day in self._numbers else range(0)

    def later(self, register: str, number: int) -> Later | None:
        rng = dice(self.seed, "register", register, number, "later")
        what = one_of(rng, BECOMES)
        if what is None or (what == "end" and number == 0):  # the first is what others point to
            return None
        return Later(what, rng.randint(FIRST_LOOK, LAST_LOOK))

    def _on(self, day: int) -> range:
        return numbers_at(day, self.entries, len(self.days))
