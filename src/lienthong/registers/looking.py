"""How somebody looks at a list of entries: what the address of the page says, read and written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise

from lienthong.foundation import asked, clock
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.typed import forbidden
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.structure import Table
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import AsOf, Cursor, Entry, Filters, Sort
from lienthong.registers.statistics import narrowing
from lienthong.registers.statistics.narrowing import Narrowed

WORDS, ENDED, SORT, COLUMN, DAY, KNOWN, AFTER = "tim", "het", "xep", "cot", "ngay", "biet", "sau"
NARROWED, FIRST, LAST = "l.", ".tu", ".den"
"""Before the key of a field that the list is narrowed by; behind it, where there is a first and a last."""

MOST_COLUMNS = 12


@dataclass(frozen=True)
class Box:
    """What narrows the list by one field: one box or two (`last` as well), or a list to open with `groups`."""

    field: Field
    label: str
    name: str
    value: str
    last: str
    problem: str
    context: Context

    @cached_property
    def groups(self) -> Sequence[Mapping[str, Any]]:
        """Made for whoever shows them: of a long code list there are thousands."""
        return self.field.narrowing(self.context) if self.field.narrows == "chosen" else ()

    @property
    def is_span(self) -> bool:
        return self.field.narrows == "span"

    @property
    def said(self) -> str:
        """What was chosen or typed, as people read it."""
        options = (option for group in self.groups for option in group["options"])
        return next((str(option["label"]) for option in options if str(option["value"]) == self.value), self.value)

    @property
    def input_type(self) -> str:
        return "date" if self.field.input_type in ("date", "datetime-local") else "text"


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a statistic that the list is narrowed to, in words, and the address without it."""

    label: str
    text: str
    without: str


@dataclass(frozen=True)
class Look:
    """`given` is the query of the address. What it says wrongly is left aside; `boxes` tell what was wrong."""

    body: RegisterBody
    rights: Rights
    given: QueryDict
    context: Context
    today: date = field(default_factory=clock.today)

    @cached_property
    def boxes(self) -> Sequence[Box]:
        """One for each field by which the declaration narrows lists, as far as the person may."""
        fields = (self.body.leaves[key].field for key in self.body.listing.filters)
        return [self._box(field) for field in fields if field.narrows and self.may_order(field.key)]

    @cached_property
    def filters(self) -> Filters:
        among: dict[str, Sequence[Any]] = {}
        between: dict[str, tuple[Any, Any]] = {}
        for box in self.boxes:
            if box.problem or not (box.value or box.last):
                continue
            if box.is_span:
                between[box.field.key] = (
                    self._bound(box.field, box.value, last=False),
                    self._bound(box.field, box.last, last=True),
                )
            else:
                among[box.field.key] = box.field.meant(box.value, self.context)
        parts = [each.part for each in self.narrowed]
        return Filters(self.words, among, between, ended=ENDED in self.given, parts=parts)

    @cached_property
    def narrowed(self) -> Sequence[Narrowed]:
        """Parts of statistics, to which the figure of one leads."""
        return narrowing.narrowed(self.body, self.rights, self.given, self.then)

    @cached_property
    def chips(self) -> Sequence[Chip]:
        return [
            Chip(
                each.dimension.label,
                each.named(self.then, self.rights),
                self.with_changes(**{each.parameter: ""}),
            )
            for each in self.narrowed
        ]

    @property
    def kept(self) -> Sequence[tuple[str, str]]:
        """What a form that narrows the list further sends along."""
        names = dict.fromkeys(each.parameter for each in self.narrowed)
        return [(name, value) for name in names for value in self.given.getlist(name)]

    @property
    def conditions(self) -> Sequence[tuple[str, str]]:
        """How the list is narrowed, in words."""
        said = [(str(box.label), " – ".join(filter(None, [box.said, box.last]))) for box in self.boxes]
        return [each for each in said if each[1]] + [(chip.label, chip.text) for chip in self.chips]

    @cached_property
    def then(self) -> Context:
        """What fields need to know, of the day that is looked at."""
        return replace(self.context, at=self.as_of.day) if self.as_of else self.context

    @property
    def words(self) -> str:
        return asked.words(self.given, WORDS, 200)

    @cached_property
    def sort(self) -> Sort | None:
        """None: the newest first."""
        wanted = Sort.parse(self.given.get(SORT, "") or self.body.listing.sort or "")
        return wanted if wanted.key in self.sortable else None

    @cached_property
    def sortable(self) -> frozenset[str]:
        """Fields with an index to sort by."""
        sort = [Sort.parse(self.body.listing.sort).key] if self.body.listing.sort else []
        ordered = (key for key in [*sort, *self.body.listing.filters] if key not in self.body.references)
        return frozenset(key for key in ordered if self.may_order(key))

    def may_order(self, key: str) -> bool:
        """Whether the field is the person's to read of every entry in sight: else the order would tell it."""
        return self.rights.everywhere(key)

    @cached_property
    def columns(self) -> Sequence[Field]:
        wanted = [key for key in self.given.getlist(COLUMN)[:MOST_COLUMNS] if key in self.possible]
        chosen = wanted or [key for key in self.body.listing.columns if key in self.possible]
        return [self.possible[key] for key in chosen]

    @cached_property
    def possible(self) -> Mapping[str, Field]:
        """The fields that can be columns, in the order of the form. Personal data is left out of lists."""
        fields = {key: node.field for key, node in self.body.leaves.items() if key in self.rights.fields}
        return {
            key: field
            for key, field in fields.items()
            if key not in self.body.personal and not isinstance(field, File | Table)
        }

    @cached_property
    def as_of(self) -> AsOf | None:
        return AsOf.of(asked.day(self.given.get(DAY, "")), asked.day(self.given.get(KNOWN, "")))

    @property
    def after(self) -> Cursor | None:
        """Behind which entry the page begins; None for a place that cannot be read: the top."""
        try:
            stored, entry_id = json.loads(self.given.get(AFTER, ""))
            column = self.body.layout.columns[self.sort.key][0].kind if self.sort else None
            value = column.to_python(stored) if column and stored is not None else None
        except (ValueError, TypeError, ValidationError):
            return None
        readable = not (isinstance(value, str) and forbidden(value))
        return Cursor(value, entry_id) if type(entry_id) is int and readable else None

    @property
    def is_plain(self) -> bool:
        """Whether it is the list as everybody sees it at first."""
        return not tidy(self.given)

    @property
    def is_otherwise(self) -> bool:
        """Whether columns, the day or what is left out are not as at first."""
        usual = [key for key in self.body.listing.columns if key in self.possible]
        other_columns = [field.key for field in self.columns] != usual
        return other_columns or any(self.given.get(name) for name in (DAY, KNOWN, ENDED))

    @property
    def searched(self) -> str:
        """The fields in which words are looked for, as far as the person may read them; "" for none."""
        theirs = (key for key in self.body.listing.search if key in self.rights.fields)
        return ", ".join(self.body.labels[key] for key in theirs)

    @property
    def offered(self) -> Sequence[tuple[str, str]]:
        """The fields that can be columns, with what they are called."""
        return [(key, self.body.labels[key]) for key in self.possible]

    @property
    def today_address(self) -> str:
        return self.with_changes(**{DAY: "", KNOWN: ""})

    @property
    def as_of_query(self) -> str:
        """The query by which the page of an entry shows the same day."""
        query = QueryDict(mutable=True)
        for name in (DAY, KNOWN):
            if given := self.given.get(name):
                query[name] = given
        return f"?{query.urlencode()}" if query else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.narrowed or any(box.value or box.last for box in self.boxes))

    def place_of(self, entry: Entry) -> str:
        """As `after` reads it."""
        name = self.body.layout.first(self.sort.key) if self.sort else ""
        value = self.body.layout.to_row(entry.values)[name] if name else None
        stored = value.isoformat() if isinstance(value, date | datetime) else value
        return json.dumps([stored if stored is None or isinstance(stored, bool | int) else str(stored), entry.id])

    def with_changes(self, **changes: str) -> str:
        """The query of the address with some parts changed, from the first page; what is empty is left out."""
        query = tidy(self.given)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def _box(self, field: Field) -> Box:
        name = f"{NARROWED}{field.key}"
        if field.narrows == "span":
            value, last = (asked.words(self.given, f"{name}{end}", 60) for end in (FIRST, LAST))
        else:
            value, last = asked.words(self.given, name, 200), ""
        problem = str(self._problem(field, value, last))
        return Box(field, self.body.labels[field.key], name, value, last, problem, self.context)

    def _problem(self, field: Field, value: str, last: str) -> str | Promise:
        try:
            if field.narrows == "span":
                self._bound(field, value, last=False), self._bound(field, last, last=True)
            elif value:
                field.meant(value, self.context)
        except Invalid as error:
            return str(next(iter(error.problems.values())))
        return ""

    def _bound(self, field: Field, typed: str, *, last: bool) -> Any:
        return field.bound(typed, self.context, last=last) if typed else None


def tidy(given: QueryDict) -> QueryDict:
    """What the query says of the list as a whole: without the place in it, and what was left empty."""
    said = QueryDict(mutable=True)
    for name, values in given.lists():
        if name != AFTER and any(values):
            said.setlist(name, [value for value in values if value])
    return said
