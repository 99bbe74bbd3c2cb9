"""What fields need to know of the world around the data."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from lienthong.foundation.fields.lists import NO_LISTS, CodeLists


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file, as a file field holds it. `size` in bytes; `kind` as the files room names kinds (pdf, image …)."""

    id: str
    name: str
    size: int = 0
    kind: str = ""


class StoredFiles(Protocol):
    """Which stored files this person may put into this data. Whoever makes the context decides; fields only ask."""

    def find(self, id: str) -> FileRef | None:
        """The file, or None when there is none or it is not theirs to use."""
        ...


class NoFiles:
    def find(self, id: str) -> FileRef | None:
        return None


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry of a register, as a reference holds it: `title` is what it was called when it was chosen."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency or unit of the tree, as a field holds it: `name` is what it was called when it was chosen."""

    key: str
    name: str


class Entries(Protocol):
    """Which entries of registers this person may choose. Whoever makes the context decides; fields only ask."""

    def find(self, register: str, ids: Collection[int]) -> Mapping[int, EntryRef]:
        """Those of the entries that are in force and theirs to choose."""
        ...

    def search(self, register: str, words: str, at_most: int) -> Sequence[EntryRef]:
        """Entries that have all these words, in any order, with accents or without; the nearest first."""
        ...

    def address(self, register: str) -> str:
        """Where a page asks for what fits while somebody types; "" for nowhere."""
        ...


class NoEntries:
    def find(self, register: str, ids: Collection[int]) -> Mapping[int, EntryRef]:
        return {}

    def search(self, register: str, words: str, at_most: int) -> Sequence[EntryRef]:
        return ()

    def address(self, register: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Context:
    """`at` is the day the data is looked at: `today` in expressions, and the day on which code lists must be valid.

    `names` are what expressions may read beside the data, above all `applicant`. `province` is the administrative code
    of the province that addresses begin with. `agencies` are those that stand in the data already, with what they are
    called there: they may stay, whatever became of them.
    """

    at: date
    lists: CodeLists = NO_LISTS
    files: StoredFiles = field(default_factory=NoFiles)
    entries: Entries = field(default_factory=NoEntries)
    names: Mapping[str, Any] = field(default_factory=dict)
    province: str = ""
    agencies: Mapping[str, str] = field(default_factory=dict)
