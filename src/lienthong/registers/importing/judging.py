"""What becomes of each row: read, cleaned as the form would be, compared with the register and with the file itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Entries
from lienthong.foundation.fields.data import Values, merge, to_json
from lienthong.foundation.fields.lists import Remembered
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.quick import QuickCleaner
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.statements import run
from lienthong.registers import holding, rules, searching
from lienthong.registers.access import Rights
from lienthong.registers.attaching.services import staying
from lienthong.registers.context import context, keeping
from lienthong.registers.definition import RegisterBody
from lienthong.registers.importing.columns import Target
from lienthong.registers.importing.rows import Problem, Reader, day_problem, labels_of, problems_of
from lienthong.registers.rules import Standing
from lienthong.registers.services.writing import only

Outcome = Literal["new", "changed", "skipped", "same", "wrong"]
Row = tuple[int, Sequence[Cell]]
"""Its number in the file, and what stands in it."""


@dataclass(slots=True)
class Verdict:
    """What becomes of a row. `stored` is what stands in the columns of its fields; `entry_id` and `revision` are of the
    entry that it changes or that is there already, `revision` before the change."""

    number: int
    outcome: Outcome
    problems: list[Problem] = field(default_factory=list)
    stored: Mapping[str, Any] = field(default_factory=dict)
    standing: Standing | None = None
    entry_id: int | None = None
    revision: int | None = None
    holds: Sequence[holding.Held] = ()
    """The entries of other registers that must still be in force when it is entered."""


@dataclass(frozen=True, slots=True)
class _There:
    """An entry in force that is the same thing as a row."""

    id: int
    organisation_id: int
    standing: Standing
    revision: int
    origin: str
    stored: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is to be entered: `rights` of the officer to write, `keeper` the agency that keeps what is new."""

    body: RegisterBody
    rights: Rights
    keeper: int
    mapping: Mapping[int, Target]
    valid_from: date
    changing: bool
    origin: str


class Judge:
    """Judges the rows of one file. It remembers what it has seen, so that the same thing twice in a file is found."""

    def __init__(self, terms: Terms) -> None:
        self.terms, self.body, self.layout = terms, terms.body, terms.body.layout
        here = context()
        self.context = replace(here, lists=Remembered(here.lists))
        self.cleaner = QuickCleaner(terms.body.fields, self.context)
        self.labels = labels_of(self.body)
        self.reader = self._reader()
        self.seen: dict[int, int] = {}
        self.rules = [self.layout.names(keys) for keys in self.body.identity]

    def choose_from(self, entries: Entries) -> None:
        """What the next rows may point to. It remembers what it has found: so not for longer than a chunk."""
        self.context = replace(self.context, entries=entries)
        self.cleaner = QuickCleaner(self.body.fields, self.context)
        self.reader = self._reader()

    def go_on(self, rights: Rights) -> None:
        """With the next rows, of a file whose rows so far are in the register or refused."""
        self.seen.clear()
        if rights != self.terms.rights:
            self.terms = replace(self.terms, rights=rights)
            self.reader = self._reader()

    def _reader(self) -> Reader:
        """Of the columns of fields that the officer may write for the agency that keeps what is new."""
        writable = self.terms.rights.fields_at(self.terms.keeper)
        columns = self.terms.mapping.items()
        theirs = {place: each for place, each in columns if each.field is None or each.field.key in writable}
        return Reader(theirs, self.context)

    def judge(self, rows: Sequence[Row], *, lock: bool = False) -> list[Verdict]:
        """In the order of the rows. A handful of queries, however many rows. `lock`: the entries that are there already
        are locked until the end of the transaction."""
        read = [(number, cells, self.reader.raw(cells)) for number, cells in rows]
        verdicts = [self._as_new(number, cells, raw) for number, cells, raw in read]
        there = self._there(verdicts, lock)
        for place, (number, cells, raw) in enumerate(read):
            verdict = verdicts[place]
            if found := there.get(number):
                verdict = self._as_known(verdict, found, cells, raw)
            verdicts[place] = self._once(verdict, cells) if verdict.outcome in ("new", "changed") else verdict
        return verdicts

    def _as_new(self, number: int, cells: Sequence[Cell], raw: Mapping[str, Any]) -> Verdict:
        values, errors = self.cleaner.clean(raw)
        problems = problems_of(self.reader, errors, self.labels, cells) if errors else []
        for name, place in self.reader.broken(cells):
            why = _("The spreadsheet shows an error here instead of a value.")
            problems.append((name, place, str(cells[place]), why))
        standing = self._begun(cells, problems)
        stored = self.layout.to_row(values)
        holds = tuple(holding.newly_held(self.body, values, {}))
        return Verdict(number, "wrong" if problems else "new", problems, stored, standing, holds=holds)

    def _begun(self, cells: Sequence[Cell], problems: list[Problem]) -> Standing | None:
        try:
            return rules.begin(self.reader.since(cells) or self.terms.valid_from, today=self.context.at)
        except Invalid as wrong:
            problems.append(day_problem(self.reader, wrong, cells))
        except DomainError as refused:
            problems.append(self.reader.problem("_from", refused.in_full, cells))
        return None

    # what is there already

    def _there(self, verdicts: Sequence[Verdict], lock: bool) -> dict[int, list[_There]]:
        """The entries in force that a row agrees with, by the number of the row. What a row says wrongly is still
        compared: a row that only changes something need not say everything."""
        found: dict[int, set[int]] = {}
        for names in self.rules:
            for number, entry_id in self._agreeing(names, verdicts):
                found.setdefault(number, set()).add(entry_id)
        entries = self._entries(sorted({each for ids in found.values() for each in ids}), lock)
        return {number: [entries[each] for each in sorted(ids) if each in entries] for number, ids in found.items()}

    def _agreeing(self, names: Sequence[str], verdicts: Sequence[Verdict]) -> Iterator[tuple[int, int]]:
        """What is empty agrees with what is empty, where the first field says something: as the table has it. Rows in
        which the same is empty are asked for together, so that the index can answer."""
        alike: dict[tuple[str, ...], list[Verdict]] = {}
        for verdict in verdicts:
            if verdict.stored[names[0]] is not None:
                filled = tuple(name for name in names if verdict.stored[name] is not None)
                alike.setdefault(filled, []).append(verdict)
        for filled, asked in alike.items():
            yield from self._agreeing_in(filled, [name for name in names if name not in filled], asked)

    def _agreeing_in(
        self, names: Sequence[str], empty: Sequence[str], asked: Sequence[Verdict]
    ) -> list[tuple[int, int]]:
        lists = ", ".join(f"%s::{self._types[name]}[]" for name in names)
        equal = [f"entry.{name} = asked.{name}" for name in names]
        agree = " AND ".join([*equal, *(f"entry.{name} IS NULL" for name in empty)])
        statement = (
            f"SELECT asked.number, entry.id FROM unnest(%s::bigint[], {lists}) asked(number, {', '.join(names)})"
            f" JOIN {self.layout.table} entry ON {agree} WHERE entry.valid_until IS NULL"
        )
        columns = [[verdict.stored[name] for verdict in asked] for name in names]
        with run(statement, [[verdict.number for verdict in asked], *columns]) as cursor:
            return list(cursor.fetchall())

    def _entries(self, ids: Sequence[int], lock: bool) -> dict[int, _There]:
        if not ids:
            return {}
        names = self.layout.names(self.layout.leaves) if self.terms.changing else []
        columns = ", ".join(["id", "organisation_id", "valid_from", "valid_until", "revision", "origin", *names])
        end = "ORDER BY id FOR UPDATE" if lock else ""
        statement = f"SELECT {columns} FROM {self.layout.table} WHERE id = ANY(%s) AND valid_until IS NULL {end}"
        with run(statement, [list(ids)]) as cursor:
            return {
                id: _There(id, agency, Standing(begun, ended), revision, origin, dict(zip(names, stored, strict=True)))
                for id, agency, begun, ended, revision, origin, *stored in cursor.fetchall()
            }

    @cached_property
    def _types(self) -> dict[str, str]:
        columns = (column for each in self.layout.columns.values() for column in each)
        return {column.name: str(column.kind.db_type(connection)) for column in columns}

    def _as_known(
        self, verdict: Verdict, found: Sequence[_There], cells: Sequence[Cell], raw: Mapping[str, Any]
    ) -> Verdict:
        if len(found) > 1:
            return self._refused(verdict, cells, _("The row agrees with several entries of the register."))
        (there,) = found
        if there.origin == self.terms.origin:
            return self._refused(verdict, cells, _("A row above says that it is the same thing."))
        known = replace(verdict, entry_id=there.id, revision=there.revision)
        if not self.terms.changing:
            return replace(known, outcome="skipped", problems=[]) if verdict.outcome == "new" else verdict
        writable = self.terms.rights.fields_at(there.organisation_id)
        if not writable:
            return self._refused(
                known, cells, _("The entry that is there is kept by another agency; you cannot change it.")
            )
        before = self.layout.from_row(there.stored)
        whole = merge(self.body.fields, to_json(self.body.fields, before), only(self.body.fields, raw, writable))
        kept = keeping(replace(self.context, files=staying(before)), self.body, before)
        cleaned = clean(self.body.fields, whole, kept)
        if cleaned.errors:
            problems = problems_of(self.reader, cleaned.errors, self.labels, cells)
            return replace(known, outcome="wrong", problems=problems)
        if verdict.standing is None or self.reader.broken(cells):
            return known
        return self._changed(known, there, before, cleaned.values, cells)

    def _changed(
        self, verdict: Verdict, there: _There, before: Values, after: Values, cells: Sequence[Cell]
    ) -> Verdict:
        stored = self.layout.to_row(after)
        if _plain(self.layout.to_row(before)) == _plain(stored):
            return replace(verdict, outcome="same", problems=[])
        assert verdict.standing
        try:
            standing = rules.change(there.standing, verdict.standing.valid_from, today=self.context.at)
        except DomainError as refused:
            return replace(verdict, outcome="wrong", problems=[self.reader.problem("_from", refused.in_full, cells)])
        holds = tuple(holding.newly_held(self.body, after, before))
        return replace(verdict, outcome="changed", problems=[], stored=stored, standing=standing, holds=holds)

    # the same thing twice in the file

    def _once(self, verdict: Verdict, cells: Sequence[Cell]) -> Verdict:
        keys = [hash((place, *values)) for place, values in self._identities(verdict.stored)]
        above = next((self.seen[key] for key in keys if key in self.seen), None)
        if above is not None:
            return self._refused(verdict, cells, _("Row %(row)s says that it is the same thing.") % {"row": above})
        self.seen.update(dict.fromkeys(keys, verdict.number))
        return verdict

    def _identities(self, stored: Mapping[str, Any]) -> Iterable[tuple[int, tuple[Any, ...]]]:
        for place, names in enumerate(self.rules):
            values = tuple(stored[name] for name in names)
            if values[0] is not None:
                yield place, values

    def _refused(self, verdict: Verdict, cells: Sequence[Cell], why: str) -> Verdict:
        """Said of the first field by which things are told apart."""
        path = ".".join(self.body.leaves[self.body.identity[0][0]].path)
        return replace(verdict, outcome="wrong", problems=[self.reader.problem(path, why, cells)])


def request_of(key: UUID, number: int) -> UUID:
    """What makes entering a row a second time harmless; those of one file stand beside each other."""
    return UUID(int=(key.int >> 32 << 32) | number)


def requests_of(key: UUID) -> tuple[UUID, UUID]:
    """The first and the last that a file can have."""
    return request_of(key, 0), request_of(key, 2**32 - 1)


def own_columns(terms: Terms, verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """What stands in the columns of each row, beside those that tell a new entry from a changed one."""
    words = searching.texts(terms.body, [verdict.stored for verdict in verdicts])
    return [_columns(terms, verdict, text) for verdict, text in zip(verdicts, words, strict=True)]


def _columns(terms: Terms, verdict: Verdict, text: str) -> dict[str, Any]:
    assert verdict.standing
    return {
        **verdict.stored,
        "search": text,
        "recorded_at": clock.now(),
        "valid_from": verdict.standing.valid_from,
        "origin": terms.origin,
    }


def _plain(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in columns, to be compared."""
    return {name: value.obj if isinstance(value, Jsonb) else value for name, value in stored.items()}
