"""How a module joins the simulation: a troupe of actors, and a day in which they do things at their moments.

    class Letters(Troupe):
        key = "letters"
        def parts(self) -> Sequence[Part]: ...
        def play(self, day: Day) -> Figures: ...

    register(Letters)

A troupe says into which parts its day falls: parts run beside each other in several processes, so no two parts of a day
may touch the same things; those that are `alone` run afterwards, one by one. What a part does on a day is one
transaction. It must follow from the scenario, the day and what the database holds, and from nothing that a process
remembers: then a run that was killed goes on from its last whole part as if nothing had been.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappop, heappush
from typing import Any, ClassVar

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar
from lienthong.simulation.scenario import Scenario

Figures = Mapping[str, Any]
"""What a part of a day came to, as JSON, for the report."""

Tell = Callable[[int, int, str], None]
"""Told how much of how much is done of what."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    alone: bool = False


@dataclass(slots=True)
class Day:
    """A day of one part: what is to be done at which moment, the earliest first, and nothing after `until`."""

    date: date
    part: Part
    calendar: Calendar
    until: datetime | None = None
    _events: list[tuple[datetime, str, int, Callable[[datetime], None]]] = field(default_factory=list)
    _now: datetime | None = None
    _order: int = 0

    def at(self, moment: datetime, what: str, do: Callable[[datetime], None]) -> None:
        """Do something at a moment, at the earliest now; of two at one moment the first in the alphabet of `what`."""
        self._order += 1
        heappush(self._events, (max(moment, self._now or moment), what, self._order, do))

    @property
    def opening(self) -> datetime | None:
        """When work begins; None on a day off, and where that lies after the end."""
        opening = self.calendar.opening(self.date)
        return None if opening and self.until and opening > self.until else opening

    def run(self) -> None:
        """Let everything happen, also what is only planned meanwhile, each with the clock at its moment."""
        while self._events and not (self.until and self._events[0][0] > self.until):
            self._now, _what, _order, do = heappop(self._events)
            with clock.at(self._now):
                do(self._now)


class Troupe(ABC):
    """The people whom one module adds to a simulated province."""

    key: ClassVar[str]

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def prepare(self, tell: Tell) -> None:  # noqa: B027 - many have nothing to prepare
        """Make what must be there before the first day, through services. Is called again after an interruption."""

    @abstractmethod
    def parts(self) -> Sequence[Part]: ...

    @abstractmethod
    def play(self, day: Day) -> Figures:
        """Let a part of a day happen, inside a transaction."""


_troupes: dict[str, type[Troupe]] = {}


def register(troupe: type[Troupe]) -> type[Troupe]:
    """Make a troupe known; a module calls it when its apps are ready."""
    _troupes[troupe.key] = troupe
    return troupe


def troupes(scenario: Scenario) -> list[Troupe]:
    return [troupe(scenario) for _key, troupe in sorted(_troupes.items())]
