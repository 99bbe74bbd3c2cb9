"""What is asked of a register, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.data import Values
from lienthong.foundation.geometry.shape import Box, Position
from lienthong.registers.places import Places

PAGE = 50


class NoSuchEntry(NotFound):
    code = "registers.no_such_entry"


@dataclass(frozen=True, slots=True)
class Entry:
    """A state of an entry: `values` of the fields that may be read, nested as the form is."""

    id: int
    organisation_id: int
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    revision: int
    origin: str
    values: Values


@dataclass(frozen=True, slots=True)
class Slice:
    """A state that an entry was in, or was thought to be in until `recorded_until`."""

    entry: Entry
    recorded_until: datetime | None


@dataclass(frozen=True, slots=True)
class AsOf:
    """How it was on a day, by what was known at a moment."""

    day: date
    known: datetime

    @classmethod
    def of(cls, day: date | None, known: date | None) -> "AsOf | None":
        """On a day (default: today) by what was known at the end of another (default: now); None where neither is
        said."""
        if not day and not known:
            return None
        until = datetime.combine(known + timedelta(days=1), time.min, clock.ZONE) if known else None
        return cls(day or clock.today(), min(until, clock.now()) if until else clock.now())

    @property
    def conditions(self) -> tuple[list[str], list[Any]]:
        """In SQL, of a state that was so on the day and known by then, and their values. Whether it was still believed
        is to be asked of the past as well."""
        found = ["recorded_at <= %s", "valid_from <= %s", "(valid_until IS NULL OR valid_until > %s)"]
        return found, [self.known, self.day, self.day]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the entries, as statistics know them: what is true of them in SQL with its values, and the key of the
    field that it tells of ("" for what every entry has)."""

    key: str
    condition: str
    values: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """How a list is narrowed. By the keys of fields, values as they stand in the first column of the field: to some
    (`among`), from one to another (`between`; None for no end). `text`: words in any order, accents or not. Entries
    that ended are left out unless asked for. By the keys of geometries: `box` what lies in it or touches it, `point`
    (longitude, latitude) what it lies in or on. `parts`: those of statistics, of all of which an entry is. `during`:
    what was so at any time from the first day on and up to the last, to our present knowledge and as far as it was not
    changed since."""

    text: str = ""
    among: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    between: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    ended: bool = False
    box: Mapping[str, Box] = field(default_factory=dict)
    point: Mapping[str, Position] = field(default_factory=dict)
    during: tuple[date | None, date | None] | None = None
    parts: Sequence[Part] = ()

    @property
    def places(self) -> Places:
        return Places(self.box, self.point)

    @property
    def keys(self) -> Sequence[str]:
        return (*self.among, *self.between, *(part.key for part in self.parts if part.key))


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry of a page: what it was sorted by, and its id."""

    value: Any
    id: int


@dataclass(frozen=True, slots=True)
class Sort:
    """The field a list is sorted by. What has no value stands last from the highest on, and first from the lowest."""

    key: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "Sort":
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


NEWEST = Sort("")
"""The newest first, however the register's list is sorted."""
