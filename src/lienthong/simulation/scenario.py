"""What is to be simulated, as a plain value: the same scenario on the same declarations gives the same history."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Self

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

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
    """`papers` is the share of the dossiers whose papers are made; `limits` are changed limits, for the report only."""

    seed: int
    start: date
    days: int
    dossiers: int
    papers: float = 1.0
    fewer: tuple[Fewer, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        """Tells this scenario from every other; the number of its subject in the ledger."""
        text = f"{self.seed} {self.start} {self.days} {self.dossiers} {self.changes}"
        return int.from_bytes(sha256(text.encode()).digest()[:6])

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.start + timedelta(days=self.days)

    @property
    def changes(self) -> tuple[str, ...]:
        """What is asked "what if" of, as it is written."""
        return (*map(str, self.fewer), *(f"{procedure}={limit}" for procedure, limit in self.limits))

    @property
    def unchanged(self) -> "Scenario":
        """The same without what is asked "what if" of."""
        return replace(self, fewer=(), limits=())

    def calendar_days(self) -> list[date]:
        return [self.start + timedelta(days=number) for number in range(self.days)]
