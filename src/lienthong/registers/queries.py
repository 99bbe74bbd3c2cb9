"""Reads of registers, each limited to the entries and the fields that are somebody's to read.

The rights stand in the SQL: a column that may be read of some entries only comes empty of the others. Every read can be
of a day and of what was known at a moment; then the past is looked at as well.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.data import Values
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.geometry.shape import Box, Position
from lienthong.foundation.statements import run
from lienthong.registers import titles
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.places import Places, exactly

PAGE = 50
PIECE = 2_000
"""Entries that are fetched at once where all are wanted."""
NEAR = 4_000
"""How many of the first entries of a list words are looked for in before the index of words is asked."""


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


@dataclass(frozen=True, slots=True)
class Filters:
    """How a list is narrowed. By the keys of fields, values as they stand in the first column of the field: to some
    (`among`), from one to another (`between`; None for no end). `text`: words in any order, accents or not. Entries
    that ended are left out unless asked for. By the keys of geometries: `box` what lies in it or touches it, `point`
    (longitude, latitude) what it lies in or on. `during`: what was so at any time from the first day on and up to the
    last, to our present knowledge and as far as it was not changed since."""

    text: str = ""
    among: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    between: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    ended: bool = False
    box: Mapping[str, Box] = field(default_factory=dict)
    point: Mapping[str, Position] = field(default_factory=dict)
    during: tuple[date | None, date | None] | None = None

    @property
    def places(self) -> Places:
        return Places(self.box, self.point)

    @property
    def keys(self) -> Sequence[str]:
        return (*self.among, *self.between)


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


def register(key: str) -> RegisterBody:
    """The register as it is in force today. Raises DefinitionNotFound."""
    return REGISTER.current(key).body


def page(
    body: RegisterBody,
    rights: Rights,
    filters: Filters | None = None,
    *,
    sort: Sort | None = None,
    after: Cursor | None = None,
    as_of: AsOf | None = None,
    size: int = PAGE,
) -> list[Entry]:
    """A page of entries, the newest first unless sorted; one more than a page when there is a next. One query, for
    rare words two.

    What somebody may not read of every entry, nobody can narrow or sort the list by: it would tell what stands there.
    """
    wanted, order = filters or Filters(), _order(body, sort)
    asking = _allowed(body, rights, wanted, order)
    if asking is None:
        return []
    if not wanted.places:
        asking.narrow(wanted, as_of)
        return _titled(body, asking.entries(order, after, as_of, size + 1), rights)
    lying = _lying(body, rights, wanted, order, after, as_of, size + 1)
    return _titled(body, list(islice(lying, size + 1)), rights)


def _lying(
    body: RegisterBody,
    rights: Rights,
    wanted: Filters,
    order: Sort | None,
    after: Cursor | None,
    as_of: AsOf | None,
    piece: int,
) -> Iterator[Entry]:
    """Those that lie where they are wanted, exactly: what the boxes offer, a piece after another."""
    near = _Asking(body, rights).near(wanted.places) if as_of is None else None

    def candidates(behind: Cursor | None) -> list[Entry]:
        asking = _Asking(body, rights)
        asking.narrow(wanted, as_of)
        asking.in_boxes(wanted.places, near)
        return asking.entries(order, behind, as_of, piece)

    return exactly(body, wanted.places, candidates, _cursor(body, order), after, piece)


def _cursor(body: RegisterBody, order: Sort | None) -> Callable[[Entry], Cursor]:
    """Where a page goes on behind an entry."""

    def behind(entry: Entry) -> Cursor:
        return Cursor(body.layout.first_of(order.key, entry.values) if order else None, entry.id)

    return behind


def every(
    body: RegisterBody,
    rights: Rights,
    filters: Filters | None = None,
    *,
    sort: Sort | None = None,
    as_of: AsOf | None = None,
) -> Iterator[Entry]:
    """All that `page` would show page after page, as it is at one moment; never more of it in memory than a piece."""
    wanted, order = filters or Filters(), _order(body, sort)
    asking = _allowed(body, rights, wanted, order)
    if asking is None:
        return
    if wanted.places:
        yield from _lying(body, rights, wanted, order, None, as_of, PIECE)
        return
    asking.narrow(wanted, as_of)
    asking.find_words()
    statement, values = asking.statement(order, as_of, None)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(PIECE):
            names = [column.name for column in cursor.description]
            for row in rows:
                yield asking.made_of(dict(zip(names, row, strict=True)))


def _order(body: RegisterBody, sort: Sort | None) -> Sort | None:
    wished = sort or (Sort.parse(body.listing.sort) if body.listing.sort else NEWEST)
    return wished if wished.key else None


def _allowed(body: RegisterBody, rights: Rights, wanted: Filters, order: Sort | None) -> "_Asking | None":
    """None where the answer would tell what stands in fields that are not somebody's to read."""
    sorted_by, searched = ([order.key] if order else []), (body.listing.search if wanted.text else ())
    decided_by = [*wanted.keys, *sorted_by, *searched, *wanted.places.keys]
    return _Asking(body, rights) if rights and all(map(rights.everywhere, decided_by)) else None


def entry(body: RegisterBody, rights: Rights, entry_id: int, *, as_of: AsOf | None = None) -> Entry:
    """One entry. Raises NoSuchEntry for what is not there and for what is not to be read, in the same words."""
    asking = _Asking(body, rights)
    asking.where("id", "=", entry_id)
    asking.of(as_of)
    found = asking.entries(None, None, as_of, 1) if rights else []
    if not found:
        raise NoSuchEntry(_("There is no such entry, or it is not for you to see."))
    return _titled(body, found, rights)[0]


def history(body: RegisterBody, rights: Rights, entry_id: int) -> list[Slice]:
    """Every state of an entry, what we know best first: by the day it counts from, then by when we came to know."""
    present = entry(body, rights, entry_id)
    asking = _Asking(body, rights)
    asking.where("entry_id", "=", entry_id)
    rows = asking.rows(
        f"SELECT {asking.columns('entry_id')}, recorded_until FROM {body.layout.past} WHERE {asking.conditions}"
        " ORDER BY valid_from DESC, recorded_at DESC, id DESC"
    )
    past = [Slice(asking.made_of(row), row["recorded_until"]) for row in rows]
    _titled(body, [state.entry for state in past], rights)
    return [Slice(present, None), *past]


@dataclass(frozen=True, slots=True)
class Referring:
    """Entries of a register that point to one entry, by any of `fields`; one more than a page when there are more."""

    body: RegisterBody
    fields: tuple[str, ...]
    entries: Sequence[Entry]


def referring(body: RegisterBody, rights: Rights, entry_id: int, *, size: int = PAGE) -> list[Referring]:
    """Who points to an entry, the newest first, of all registers where that may be read. One query for each register
    (and one for each that those entries point to)."""
    found = []
    for other, fields in pointing_to(body):
        theirs = rights.elsewhere(other) if rights.elsewhere else Rights({})
        asking = _Asking(other, theirs)
        readable = tuple(filter(theirs.everywhere, fields))
        if not readable:
            continue
        asking.found.append(f"({' OR '.join(f'{other.layout.first(key)} = %s' for key in readable)})")
        asking.given += [entry_id] * len(readable)
        asking.found.append("valid_until IS NULL")
        if entries := asking.entries(None, None, None, size + 1):
            found.append(Referring(other, readable, _titled(other, entries, theirs)))
    return found


def pointing_to(body: RegisterBody) -> Iterator[tuple[RegisterBody, tuple[str, ...]]]:
    """The registers whose entries may point to this one's, with the fields that do."""
    for published in REGISTER.all():
        fields = tuple(key for key, field in published.body.references.items() if field.register_key == body.key)
        if fields:
            yield published.body, fields


def _titled(body: RegisterBody, entries: list[Entry], rights: Rights) -> list[Entry]:
    """With what those are called that they point to."""
    titles.fill_in(body, [entry.values for entry in entries], rights)
    return entries


def was_otherwise(body: RegisterBody, entry_id: int) -> bool:
    """Whether the entry was in another state before the present one, as we know today."""
    statement = f"SELECT EXISTS (SELECT FROM {body.layout.past} WHERE entry_id = %s AND recorded_until IS NULL)"
    with run(statement, [entry_id]) as cursor:
        return bool(cursor.fetchone()[0])


def made_for(body: RegisterBody, request: UUID) -> int | None:
    """The entry that was made when this was asked for."""
    with run(f"SELECT id FROM {body.layout.table} WHERE request = %s", [request]) as cursor:
        found = cursor.fetchone()
    return found[0] if found else None


class _Asking:
    """A question to one register: conditions and their values, and what may be read in the answer."""

    def __init__(self, body: RegisterBody, rights: Rights) -> None:
        self.body, self.rights, self.layout = body, rights, body.layout
        self.reach = rights.reach
        self.given: list[Any] = []
        self.shown: list[Any] = []
        self.found: list[str] = []
        self.words: list[str] = []
        if self.reach is not None:
            self.found.append("organisation_id = ANY(%s)")
            self.given.append(sorted(self.reach))

    @property
    def conditions(self) -> str:
        return " AND ".join(self.found) or "TRUE"

    def where(self, column: str, operator: str, value: Any) -> None:
        self.found.append(f"{column} {operator} %s")
        self.given.append(value)

    def narrow(self, filters: Filters, as_of: AsOf | None) -> None:
        for key, values in filters.among.items():
            if len(values) == 1:
                self.where(self.layout.first(key), "=", values[0])
            else:
                self.found.append(f"{self.layout.first(key)} = ANY(%s)")
                self.given.append(list(values))
        for key, ends in filters.between.items():
            for sign, end in zip((">=", "<="), ends, strict=True):
                if end is not None:
                    self.where(self.layout.first(key), sign, end)
        self.words = [f"%{literally(word)}%" for word in folded(filters.text).split()]
        self.of(as_of)
        if filters.during is not None:
            self._during(*filters.during)
        elif as_of is None and not filters.ended:
            self.found.append("valid_until IS NULL")

    def _during(self, first: date | None, last: date | None) -> None:
        if last:
            self.where("valid_from", "<=", last)
        if first:
            self.found.append("(valid_until IS NULL OR valid_until > %s)")
            self.given.append(first)

    def near(self, places: Places) -> list[int] | None:
        """The entries whose boxes fit, by their index; None when they are too many to be named. An ordered list finds
        its first page quickly where much fits, and the index where little does: PostgreSQL cannot tell which it is."""
        asking = _Asking(self.body, self.rights)
        asking.in_boxes(places, None)
        rows = asking.rows(f"SELECT id FROM {self.layout.table} WHERE {asking.conditions} LIMIT {NEAR}")
        return None if len(rows) == NEAR else [row["id"] for row in rows]

    def in_boxes(self, places: Places, near: list[int] | None) -> None:
        if near is not None:
            self.found.append("id = ANY(%s)")
            self.given.append(near)
            return
        for key, operator, value in places.conditions:
            self.found.append(f"{self.layout.box(key)} {operator}")
            self.given.append(value)

    def of(self, as_of: AsOf | None) -> None:
        if as_of:
            self.found += ["recorded_at <= %s", "valid_from <= %s", "(valid_until IS NULL OR valid_until > %s)"]
            self.given += [as_of.known, as_of.day, as_of.day]

    def columns(self, id: str) -> str:
        """What is selected: of a field that may be read of some entries only, nothing of the others."""
        self.shown = []
        columns = [f"{id} AS id", "organisation_id, valid_from, valid_until, recorded_at, revision, origin"]
        for key, reach in self.rights.fields.items():
            names = self.layout.names([key])
            if self.rights.covers(reach):
                columns += names
            else:
                assert reach is not None
                for name in names:
                    columns.append(f"CASE WHEN organisation_id = ANY(%s) THEN {name} END AS {name}")
                    self.shown.append(sorted(reach))
        return ", ".join(columns)

    def entries(self, sort: Sort | None, after: Cursor | None, as_of: AsOf | None, most: int) -> list[Entry]:
        if after:
            self._behind(after, self._column(sort), sort)
        if self.words and as_of is None and len(near := self._near(self._ordered(sort), most)) == most:
            return near
        self.find_words()
        return [self.made_of(row) for row in _rows(*self.statement(sort, as_of, most))]

    def find_words(self) -> None:
        for word in self.words:
            self.where("search", "LIKE", word)

    def _column(self, sort: Sort | None) -> str:
        return self.layout.first(sort.key) if sort else ""

    def _ordered(self, sort: Sort | None) -> str:
        column = self._column(sort)
        direction = "ASC" if sort and not sort.descending else "DESC"
        nulls = "NULLS FIRST" if direction == "ASC" else "NULLS LAST"
        return f"ORDER BY {column} {direction} {nulls}, id {direction}" if column else "ORDER BY id DESC"

    def statement(self, sort: Sort | None, as_of: AsOf | None, most: int | None) -> tuple[str, list[Any]]:
        """What is sent, and its values. Without `most` it is all there is."""
        end = self._ordered(sort) + (f" LIMIT {int(most)}" if most is not None else "")
        now = f"SELECT {self.columns('id')} FROM {self.layout.table} WHERE {self.conditions}"
        if as_of is None:
            return f"{now} {end}", [*self.shown, *self.given]
        past = (
            f"SELECT {self.columns('entry_id')} FROM {self.layout.past} WHERE {self._in_the_past()}"
            " AND (recorded_until IS NULL OR recorded_until > %s)"
        )
        statement = f"SELECT * FROM (({now} {end}) UNION ALL ({past} {end})) known {end}"
        return statement, [*self.shown, *self.given, *self.shown, *self.given, as_of.known]

    def _near(self, order: str, most: int) -> list[Entry]:
        """Those among the first of the list that have the words. Common words fill a page from there at once; for rare
        ones the index of the words has few to bring. Each way is slow where the other is quick."""
        first = f"SELECT {self.columns('id')}, search FROM {self.layout.table} WHERE {self.conditions} {order}"
        statement = f"SELECT * FROM ({first} LIMIT {NEAR}) near WHERE search LIKE ALL(%s) {order} LIMIT {int(most)}"
        return [self.made_of(row) for row in _rows(statement, [*self.shown, *self.given, self.words])]

    def _in_the_past(self) -> str:
        """The same conditions there, where the number of an entry is called otherwise."""
        return re.sub(r"\bid\b", "entry_id", self.conditions)

    def _behind(self, after: Cursor, column: str, sort: Sort | None) -> None:
        if not column or sort is None:
            self.where("id", "<", after.id)
        elif after.value is None:
            beyond = f"({column} IS NULL AND id < %s)" if sort.descending else f"({column} IS NOT NULL OR id > %s)"
            self.found.append(beyond)
            self.given.append(after.id)
        else:
            sign = "<" if sort.descending else ">"
            empty = f" OR {column} IS NULL" if sort.descending else ""
            self.found.append(f"(({column}, id) {sign} (%s, %s){empty})")
            self.given += [after.value, after.id]

    def rows(self, statement: str) -> list[dict[str, Any]]:
        return _rows(statement, [*self.shown, *self.given])

    def made_of(self, row: Mapping[str, Any]) -> Entry:
        return Entry(
            id=row["id"],
            organisation_id=row["organisation_id"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            recorded_at=clock.local(row["recorded_at"]),
            revision=row["revision"],
            origin=row["origin"],
            values=self.layout.from_row(row),
        )


def _rows(statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    with run(statement, values) as cursor:
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def literally(word: str) -> str:
    """As LIKE takes it for what it is."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
