"""A question to one register as SQL: conditions and their values, and what may be read in the answer."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lienthong.foundation import clock
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.statements import run
from lienthong.registers import readable, titles
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.places import Places
from lienthong.registers.queries.shapes import AsOf, Cursor, Entry, Filters, Sort

NEAR = 4_000
"""How many of the first entries of a list words are looked for in before the index of words is asked."""


class Asking:
    """Used once. The rights stand in it: a column that may be read of some entries only comes empty of the others."""

    def __init__(self, body: RegisterBody, rights: Rights) -> None:
        self.body, self.rights, self.layout = body, rights, body.layout
        self.shown: list[Any] = []
        self.words: list[str] = []
        self.found, self.given = rights.limits()

    @classmethod
    def allowed(
        cls, body: RegisterBody, rights: Rights, wanted: Filters, order: Sort | None, *more: str
    ) -> "Asking | None":
        """None where the answer would tell what stands in fields that are not somebody's to read; `more` are others
        that it depends on."""
        decided_by = [*wanted.keys, *([order.key] if order else []), *wanted.places.keys, *more]
        if wanted.text and not any(key in rights.fields for key in body.listing.search):
            return None
        return cls(body, rights) if rights and all(map(rights.everywhere, decided_by)) else None

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
        for part in filters.parts:
            self.found.append(part.condition)
            self.given += part.values
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
        asking = Asking(self.body, self.rights)
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
            found, given = as_of.conditions
            self.found += found
            self.given += given

    def columns(self, id: str) -> str:
        """What is selected."""
        columns, self.shown = readable.columns(self.body, self.rights, self.rights.fields)
        own = [f"{id} AS id", "organisation_id, valid_from, valid_until, recorded_at, revision, origin"]
        return ", ".join([*own, *columns])

    def entries(self, sort: Sort | None, after: Cursor | None, as_of: AsOf | None, most: int) -> list[Entry]:
        if after:
            self._behind(after, self._column(sort), sort)
        if self.words and as_of is None and len(near := self._near(self._ordered(sort), most)) == most:
            return near
        self.find_words()
        found = _rows(*self.statement(sort, as_of, most), planned_for_values=bool(self.words or as_of))
        return [self.made_of(row) for row in found]

    def titled(self, entries: list[Entry], as_of: AsOf | None) -> list[Entry]:
        """With what those are called that they point to."""
        titles.fill_in(self.body, [entry.values for entry in entries], self.rights, as_of=as_of)
        return entries

    def find_words(self) -> None:
        """By the index of words; of what it offers, what has them where somebody may read."""
        for word in self.words:
            self.where("search", "LIKE", word)
        text, given = self._looked_into()
        if text != "search":
            for word in self.words:
                self.found.append(f"{text} LIKE %s")
                self.given += [*given, word]

    def _looked_into(self) -> tuple[str, list[Any]]:
        """Words are kept beside the entry for all of its fields: that is for who may read them all."""
        if readable.is_whole(self.body, self.body.listing.search, self.rights):
            return "search", []
        return readable.words(self.body, self.rights, self.layout.table)

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

    def source(self, columns: Sequence[str], as_of: AsOf | None) -> tuple[str, list[Any]]:
        """The table with the conditions; of another day columns of both tables."""
        now = f"{self.layout.table} WHERE {self.conditions}"
        if as_of is None:
            return now, self.given
        past = f"{self.layout.past} WHERE {self._in_the_past()} AND (recorded_until IS NULL OR recorded_until > %s)"
        names = ", ".join(columns)
        both = f"(SELECT {names} FROM {now} UNION ALL SELECT {names} FROM {past}) known"
        return both, [*self.given, *self.given, as_of.known]

    def _near(self, order: str, most: int) -> list[Entry]:
        """Those among the first of the list that have the words. Common words fill a page from there at once; for rare
        ones the index of the words has few to bring. Each way is slow where the other is quick."""
        text, given = self._looked_into()
        columns, table = self.columns("id"), self.layout.table
        first = f"SELECT {columns}, {text} AS search FROM {table} WHERE {self.conditions} {order}"
        statement = f"SELECT * FROM ({first} LIMIT {NEAR}) near WHERE search LIKE ALL(%s) {order} LIMIT {int(most)}"
        found = _rows(statement, [*self.shown, *given, *self.given, self.words], planned_for_values=True)
        return [self.made_of(row) for row in found]

    def _in_the_past(self) -> str:
        """The same conditions there, where the number of an entry is called otherwise."""
        conditions = self.conditions.replace(f"{self.layout.table}.", f"{self.layout.past}.")
        return re.sub(r"(?<![\w.])id\b", "entry_id", conditions)

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


def _rows(statement: str, values: Sequence[Any], *, planned_for_values: bool = False) -> list[dict[str, Any]]:
    with run(statement, values, planned_for_values=planned_for_values) as cursor:
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def literally(word: str) -> str:
    """As LIKE takes it for what it is."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
