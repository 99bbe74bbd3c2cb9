"""Where forms find entries of registers: the room that keeps registers makes itself known here. Without it there are
none, and no form can point to one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.registry import Kind
from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields.context import Entries, EntryRef, NoEntries
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.types.entries import chosen


class Registers(Protocol):
    """What the room that keeps registers does for forms. `kind` is what registers are declared as."""

    kind: Kind[Any]

    def choosable_by(self, person: object) -> Entries:
        """The entries that somebody may choose: an officer, or None for anybody who applies. Asked for each page anew:
        it may remember what it has found."""
        ...

    def obstacles(self, body: Any, *, anybody: bool) -> Iterable[str]:
        """Why nobody could choose from a register; with `anybody`, why people who apply could not."""
        ...


_keeper: list[Registers] = []


def keep(registers: Registers) -> None:
    """Make the room known. Called from its `AppConfig.ready`."""
    if _keeper and _keeper[0] is not registers:
        raise ImproperlyConfigured("two rooms keep registers")
    _keeper[:] = [registers]


def choosable_by(person: object = None) -> Entries:
    """The entries that an officer may choose; with None, those that anybody may who applies."""
    return _keeper[0].choosable_by(person) if _keeper else NoEntries()


def check_registers(fields: FieldList, catalogue: Catalogue, at: Path, *, anybody: bool = False) -> Iterator[Problem]:
    """Problems for registers that fields point to: nobody declared them, or nothing of them can be chosen. `at` is
    where the field list stands in its body; `anybody` for a form that people fill in who are no officers.

    For the `check` of every kind whose body has fields; such a kind comes `after` register.
    """
    for place, key in fields.registers():
        if not _keeper:
            yield Problem((*at, *place), _("there are no registers in this installation"))
            continue
        unknown = list(catalogue.refers(_keeper[0].kind, key, at=(*at, *place)))
        yield from unknown
        body = None if unknown else catalogue.get(_keeper[0].kind, key)
        for why in _keeper[0].obstacles(body, anybody=anybody) if body else ():
            yield Problem((*at, *place), why)


class Kept:
    """What may be chosen, and what stands in the data already: that stays, ended or not, and is called as it was."""

    def __init__(self, entries: Entries, fields: FieldList, values: Mapping[str, Any]) -> None:
        self.entries = entries
        self.there = {(register, entry.id): entry for register, entry in chosen(fields, values)}

    def find(self, register: str, ids: Collection[int]) -> Mapping[int, EntryRef]:
        kept = {id: self.there[register, id] for id in ids if (register, id) in self.there}
        asked = [id for id in ids if id not in kept]
        return {**(self.entries.find(register, asked) if asked else {}), **kept}

    def search(self, register: str, words: str, at_most: int) -> Sequence[EntryRef]:
        return self.entries.search(register, words, at_most)

    def address(self, register: str) -> str:
        return self.entries.address(register)
