"""Where procedures meet the room that keeps registers, and that room meets dossiers: neither imports the other.

The room of registers makes known who receives what results say (`receive_with`), the room of dossiers where a dossier
is seen (`show_with`). Without registers nothing can be declared to enter anywhere.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from lienthong.foundation.definitions.registry import Kind
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.nodes import Node
from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a signed result says to one register. `request` is the same however often it is told.

    `find` and `values` are by the keys of the register's fields, as expressions give values. `number` is as printed;
    `organisation_id` is the agency that issued it.
    """

    request: UUID
    register: str
    does: Literal["enter", "change", "end"]
    find: Mapping[str, Any]
    values: Mapping[str, Any]
    since: date
    dossier_id: int
    dossier_code: str
    paper_id: int
    paper: str
    number: str
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a register says of the entry that was found: its fields with their typed values, by the keys of fields."""

    fields: Mapping[str, Field]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """An officer to whom something is told of an entry while typing an application in, and for which procedure; what is
    personal in it is on record."""

    officer: Officer
    procedure: str


class Registers(Protocol):
    """What the room that keeps registers does for results and for applications. `kind` is what they are declared as."""

    kind: Kind[Any]

    def leaves(self, body: Any) -> Mapping[str, Node]:
        """The fields of a register that hold a value, by key."""
        ...

    def public(self, body: Any) -> Collection[str]:
        """The fields that anybody may read."""
        ...

    def identities(self, body: Any) -> Sequence[Collection[str]]:
        """The lists of fields of which each tells an entry in force from all others."""
        ...

    def receive(self, outcome: Outcome) -> None:
        """Write what a result says, inside the caller's transaction. What is refused is laid before who may write it:
        nothing is raised for that, and nothing is lost."""
        ...

    def known(
        self,
        register: str,
        find: Mapping[str, Any],
        fields: Collection[str],
        *,
        owner: str,
        numbers: Collection[str],
        reading: Reading | None = None,
    ) -> Known | None:
        """The one entry in force that is found so, for whoever applies: with an `owner`, only one in which that field
        has one of the confirmed `numbers`; without, only by what is public. None for all else alike. `reading`: where
        an officer asks for who applies."""
        ...

    def name(self, register: str) -> str:
        """What the register is called; "" where it is no more."""
        ...


class Dossiers(Protocol):
    """What the room of dossiers does for others."""

    def addresses(self, officer: Officer, dossier_ids: Collection[int]) -> Mapping[int, str]:
        """The pages of those that the officer may see. One query."""
        ...


_registers: list[Registers] = []
_dossiers: list[Dossiers] = []


def receive_with(registers: Registers) -> None:
    """Make the room of registers known. Called from its `AppConfig.ready`."""
    _only(_registers, registers)


def show_with(dossiers: Dossiers) -> None:
    """Make the room of dossiers known. Called from its `AppConfig.ready`."""
    _only(_dossiers, dossiers)


def _only(known: list[Any], room: Any) -> None:
    if known and known[0] is not room:
        raise ImproperlyConfigured(f"two rooms say that they are {type(room).__name__}")
    known[:] = [room]


def registers() -> Registers | None:
    """Who keeps registers; None where nobody does."""
    return _registers[0] if _registers else None


def dossier_addresses(officer: Officer, dossier_ids: Collection[int]) -> Mapping[int, str]:
    """Where an officer sees which dossiers; those that are not theirs to see are left out. At most one query."""
    return _dossiers[0].addresses(officer, dossier_ids) if _dossiers and dossier_ids else {}
