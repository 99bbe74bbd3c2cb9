"""What is to be simulated, as a plain value: the same scenario on the same declarations gives the same history."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Self

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError

ENTRIES, DOSSIERS_FOR_ONE_MORE = 5, 500
"""How many entries every register gets at least, and how many dossiers bring one more to each."""

_FEWER = re.compile(r"(?P<role>[a-z0-9-]+)@(?P<agency>[a-z0-9-]+)=(?P<count>[0-9]{1,3})")


class ScenarioUnreadable(DomainError):
    code = "simulation.scenario_unreadable"


@dataclass(frozen=True, slots=True)
class Fewer:
    """So many officers fewer with a role in an agency and what is below it, where most of them are first."""

    role: str
    agency: str
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of one-stop-clerk@thanh-pho-gia-nghia=2. Raises ScenarioUnreadable."""
        found = _FEWER.fullmatch(text.strip())
        if not found:
            raise ScenarioUnreadable(
                _("“%(text)s” does not say where there are fewer officers."),
                way_out=_("Write it as one-stop-clerk@thanh-pho-gia-nghia=2: role, agency, how many fewer."),
                text=text,
            )
        return cls(found["role"], found["agency"], int(found["count"]))

    def __str__(self) -> str:
        return f"{self.role}@{self.agency}=-{self.count}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`papers` is the share of the dossiers whose papers are made; `limits` are changed limits, for the report only.

    `counters` are the one-stop shops to which it is confined, by their keys; none: all of the province. `until` is the
    moment in its last day at which it stops, as a demonstration does at the present. `each_of_cast` is how many of the
    applications everybody of the cast makes. `visitors` is how many people a day take a number at each shop with a
    queue, from a day on where that is said. `rush` is how many times as many come in the end as in the beginning, and
    `pace` how many times as long as usual dossiers lie before somebody begins with them.
    """

    seed: int
    start: date
    days: int
    dossiers: int
    papers: float = 1.0
    fewer: tuple[Fewer, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()
    counters: tuple[str, ...] = ()
    until: datetime | None = None
    each_of_cast: int = 0
    visitors: int = 0
    visitors_from: date | None = None
    rush: float = 1.0
    pace: float = 1.0

    @property
    def number(self) -> int:
        """Tells this scenario from every other; the number of its subject in the ledger. How many of the papers are
        made changes nothing that happens."""
        return int.from_bytes(sha256(repr(replace(self, papers=0.0)).encode()).digest()[:6])

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.start + timedelta(days=self.days)

    @property
    def changes(self) -> tuple[str, ...]:
        """What is asked "what if" of, as it is written."""
        return (*map(str, self.fewer), *(f"{procedure}={limit}" for procedure, limit in self.limits))

    @property
    def entries(self) -> int:
        """How many entries are made in every register."""
        return ENTRIES + self.dossiers // DOSSIERS_FOR_ONE_MORE

    @property
    def unchanged(self) -> "Scenario":
        """The same without what is asked "what if" of."""
        return replace(self, fewer=(), limits=())

    def is_past(self, moment: datetime) -> bool:
        """Whether a moment lies after its end."""
        return self.until is not None and moment > self.until

    def evening(self, day: date) -> datetime:
        """The last moment of a day of it."""
        evening = datetime.combine(day, time(23, 59), clock.ZONE)
        return min(evening, self.until or evening)

    def calendar_days(self) -> list[date]:
        return [self.start + timedelta(days=number) for number in range(self.days)]
