"""Data for people to read: on pages, in PDFs, in the history of changes. Pure; never raises for values of the list."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.foundation.fields.context import Context, FileRef
from lienthong.foundation.fields.data import is_empty
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.types.structure import Section, Table


@dataclass(frozen=True, slots=True)
class Row:
    """One field. `text` is plain; empty where nothing was filled in. `file` is there for an attached file; `picture`
    makes what is shown instead of the text on a page that has room for it."""

    path: str
    label: str
    text: str
    type: str
    personal: bool
    file: FileRef | None = None
    picture: Callable[[], SafeString | None] = dataclasses.field(default=lambda: None, compare=False)

    @property
    def numeric(self) -> bool:
        return self.type in ("integer", "decimal", "money")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the labels of its columns, and its rows; a cell is None where its field was not asked."""

    path: str
    label: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Row | None]]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading, in the order of the form; "" for what stands under none.

    `level` is 1 for the outermost, 2 for a section in it.
    """

    label: str
    items: Sequence["Row | Grid"]
    level: int = 1


Item: TypeAlias = Row | Grid


def display(fields: Iterable[Field], values: Mapping[str, Any], context: Context) -> Sequence[Part]:
    """What was asked, part by part; what was not asked is left out."""
    return list(_parts(fields, values, context, "", "", 0))


def _parts(
    fields: Iterable[Field], values: Mapping[str, Any], context: Context, below: str, label: str, depth: int
) -> Iterator[Part]:
    items: list[Item] = []
    for field in (f for f in fields if f.key in values):
        path, value = below + field.key, values[field.key]
        if isinstance(field, Section):
            if items or (label and value):
                yield Part(label, items, max(depth, 1))
                items, label = [], ""
            if value:
                yield from _parts(field.fields, value, context, f"{path}.", field.label, depth + 1)
        elif isinstance(field, Table):
            items.append(_grid(field, value or (), context, path))
        else:
            items.append(_row(field, value, context, path))
    if items:
        yield Part(label, items, max(depth, 1))


def _row(field: Field, value: Any, context: Context, path: str) -> Row:
    text = "" if is_empty(value) else field.show(value, context)
    file = value if isinstance(value, FileRef) else None
    if not text:
        return Row(path, field.label, text, field.type, field.personal, file)
    return Row(path, field.label, text, field.type, field.personal, file, partial(field.picture, value, context))


def _grid(table: Table, rows: Sequence[Mapping[str, Any]], context: Context, path: str) -> Grid:
    cells = [
        [
            _row(field, row[field.key], context, f"{path}.{n}.{field.key}") if field.key in row else None
            for field in table.fields
        ]
        for n, row in enumerate(rows)
    ]
    return Grid(path, table.label, [field.label for field in table.fields], cells)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is different. "" stands for nothing. Of an attached file also the files themselves."""

    path: str
    label: str
    before: str
    after: str
    personal: bool
    file_before: FileRef | None = None
    file_after: FileRef | None = None


def diff(
    fields: Sequence[Field], before: Mapping[str, Any], after: Mapping[str, Any], context: Context
) -> Sequence[Change]:
    """What changed between two states of the data, in the order of the form. Rows are compared by their position."""
    old = {label_and_row[1].path: label_and_row for label_and_row in _flat(display(fields, before, context))}
    new = {label_and_row[1].path: label_and_row for label_and_row in _flat(display(fields, after, context))}
    changes = []
    for path in _merged_order(list(old), list(new)):
        label, row = new.get(path) or old[path]
        was, now = (side[path][1].text if path in side else "" for side in (old, new))
        file_was, file_now = (side[path][1].file if path in side else None for side in (old, new))
        if was != now or file_was != file_now:  # another file may be called the same
            changes.append(Change(path, label, was, now, row.personal, file_was, file_now))
    return changes


def _flat(parts: Sequence[Part]) -> Iterator[tuple[str, Row]]:
    """Out of their parts; what is called like another is told apart by the heading it stands under."""
    often = Counter(item.label for part in parts for item in part.items)
    for part in parts:
        for item in part.items:
            apart = often[item.label] > 1 and part.label
            label = f"{item.label} ({part.label})" if apart else item.label
            if isinstance(item, Row):
                yield label, item
                continue
            for n, row in enumerate(item.rows, start=1):
                for cell in filter(None, row):
                    yield (
                        _("%(table)s, row %(number)s: %(field)s")
                        % {
                            "table": label,
                            "number": n,
                            "field": cell.label,
                        },
                        cell,
                    )


def _merged_order(old: Sequence[str], new: Sequence[str]) -> Iterable[str]:
    """Paths of both, the new order first, each that is gone after the one it used to follow."""
    merged = list(new)
    for n, path in enumerate(old):
        if path not in new:
            merged.insert(merged.index(old[n - 1]) + 1 if n else 0, path)
    return merged
