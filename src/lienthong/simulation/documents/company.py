"""Those who play a day between agencies, with what they all share: who is there, the days, what was done how often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID, uuid5

from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.simulation.actors import Day
from lienthong.simulation.documents.offices import Office, People
from lienthong.simulation.registers.schedule import Schedule
from lienthong.simulation.scenario import Scenario

KEYS = UUID("6f0f4f6c-3a5b-4a0d-9d0e-3d6a2c4d9b11")


@dataclass(frozen=True)
class Company:
    """`done` counts what was done, and what was refused by its code."""

    scenario: Scenario
    schedule: Schedule
    day: Day
    offices: Sequence[Office]
    people: People
    done: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, scenario: Scenario, schedule: Schedule, day: Day, offices: Sequence[Office]) -> "Company":
        return cls(scenario, schedule, day, offices, People(scenario.seed, day.date))

    @cached_property
    def by_agency(self) -> dict[int, Office]:
        return {office.agency.id: office for office in self.offices}

    def holder(self, post_id: int | None) -> Officer | None:
        """Whoever sits in a post and is there today."""
        post = tree().posts.get(post_id or 0)
        return self.people.in_post(post) if post else None

    def key(self, *what: object) -> UUID:
        """That of a press: the same when a part of a day is played again."""
        return uuid5(KEYS, ":".join(map(str, (self.scenario.number, *what))))
