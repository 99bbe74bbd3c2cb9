"""Entries that others may point to, as officers find them: of the newest of a register, those that have to do with what
was chosen already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.address import Address
from lienthong.foundation.fields.types.choices import Choice, CodeListField
from lienthong.foundation.fields.types.entries import Reference
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries
from lienthong.registers.access import Rights
from lienthong.registers.choosing.entries import Choosable
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import NEWEST, Entry
from lienthong.simulation.chance import pick

LOOKED_AT = 30
ORIGIN = "simulation"
"""What simulated entries say of where they came from."""
KNOWN_ORIGINS = (ORIGIN, "import:")
"""Only such entries are pointed to: others come while the parts of a day run beside each other."""

AGREES, IS_CALLED_SO, IS_CLOSE = 2, 3, 1
SHORTEST = 4
"""Letters of an answer that a label may speak of."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    id: int
    organisation_id: int
    values: Mapping[str, Any]
    """By the keys of fields."""


class Known:
    """The entries of a day, asked for once a register."""

    def __init__(self, bodies: Iterable[RegisterBody]) -> None:
        self.bodies = {body.key: body for body in bodies}
        self._found: dict[str, list[Neighbour]] = {}

    def of(self, register: str) -> list[Neighbour]:
        """The oldest first."""
        if register not in self._found:
            body = self.bodies[register]
            everything = Rights(dict.fromkeys(body.leaves))
            newest = queries.page(body, everything, sort=NEWEST, size=LOOKED_AT)
            self._found[register] = [_seen(body, each) for each in reversed(newest) if _counts(each)]
        return self._found[register]

    def add(self, body: RegisterBody, entry: Entry) -> None:
        if body.key in self._found:
            self._found[body.key].append(_seen(body, entry))

    def drop(self, register: str, entry_id: int) -> None:
        """The entry is no more."""
        if register in self._found:
            self._found[register] = [each for each in self._found[register] if each.id != entry_id]


def _counts(entry: Entry) -> bool:
    return entry.origin.startswith(KNOWN_ORIGINS)


def _seen(body: RegisterBody, entry: Entry) -> Neighbour:
    return Neighbour(entry.id, entry.organisation_id, body.layout.flat(entry.values))


class Neighbours:
    """What one officer may point to."""

    def __init__(self, known: Known, officer: Officer) -> None:
        self._known, self._officer = known, officer
        self._choosable = Choosable(lambda body: access.rights_of(officer, body, to="read"), "choosing:for_officer")

    @property
    def bodies(self) -> Mapping[str, RegisterBody]:
        return self._known.bodies

    def there(self, register: str) -> list[Neighbour]:
        """What there is to choose from."""
        if register not in self.bodies or not self._choosable.offers(register):
            return []
        reach = access.rights_of(self._officer, self.bodies[register], to="read").reach
        return [each for each in self._known.of(register) if reach is None or each.organisation_id in reach]

    def choose(
        self, field: Reference, label: str, chosen: Mapping[str, int], unit: str, rng: Random
    ) -> Neighbour | None:
        """One of those that fit best. `chosen`: what was pointed to already, by register; `unit`: where it is."""
        register = field.register_key
        there = self.there(register)
        others = [each for each in there if each.id != chosen.get(register)]
        there = others if others or field.required is False else there
        if not there:
            return None
        marks = [_fit(self.bodies[register], each, label, chosen, unit) for each in there]
        return pick(rng, [each for each, mark in zip(there, marks, strict=True) if mark == max(marks)])


def _fit(body: RegisterBody, there: Neighbour, label: str, chosen: Mapping[str, int], unit: str) -> int:
    """How well an entry fits: to what was chosen, to what the field is called, to where the thing is."""
    mark = 0
    for key, node in body.leaves.items():
        value, field = there.values.get(key), node.field
        if isinstance(field, Reference) and isinstance(value, EntryRef) and field.register_key in chosen:
            mark += AGREES if chosen[field.register_key] == value.id else -AGREES
        elif isinstance(field, Choice) and value:
            mark += IS_CALLED_SO * _speaks_of(label, folded(field.labels.get(value, "")))
        elif isinstance(field, CodeListField) and value:
            mark += IS_CALLED_SO * _speaks_of(label, str(value).replace("-", " "))
        elif isinstance(value, Address) and value.unit == unit:
            mark += IS_CLOSE
    return mark


def _speaks_of(label: str, answer: str) -> bool:
    return len(answer) >= SHORTEST and answer in label
