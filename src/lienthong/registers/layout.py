"""Which field of a register lies in which columns of its table, and the way of values there and back."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from psycopg.types.json import Jsonb

from lienthong.foundation.fields.data import Values, from_json, to_json
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.fields.types.structure import Table

OWN_COLUMNS = frozenset(
    [
        "id",
        "entry_id",
        "organisation_id",
        "valid_from",
        "valid_until",
        "recorded_at",
        "recorded_until",
        "revision",
        "origin",
        "search",
        "request",
    ]
)
"""What every register's table has by itself; no field may be called so."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a field; `suffix` tells it from the others of the same field."""

    name: str
    suffix: str
    kind: "models.Field[Any, Any]"

    def read(self, stored: Any) -> Any:
        """JSON comes as text: Django has told the driver to leave it to its fields."""
        is_json = isinstance(stored, str) and isinstance(self.kind, models.JSONField)
        return json.loads(stored) if is_json else stored


def table_of(key: str) -> str:
    """The table of a register's entries."""
    return f"register_{key.replace('-', '_')}"


@dataclass(frozen=True)
class Layout:
    """The tables of one version of a register: in `table` the entries as they are, in `past` as they were.

    `leaves` are its fields by key, `search` the keys of those in which words are looked for.
    """

    key: str
    leaves: Mapping[str, Node]
    search: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return table_of(self.key)

    @property
    def past(self) -> str:
        return f"{self.table}_past"

    @cached_property
    def columns(self) -> dict[str, tuple[Column, ...]]:
        """The columns of each field, by its key."""
        return {
            key: tuple(Column(f"{key}{suffix}", suffix, kind) for suffix, kind in node.field.columns().items())
            for key, node in self.leaves.items()
        }

    @cached_property
    def references(self) -> dict[str, str]:
        """The columns that hold entries of other registers, or of this one, with the register's table."""
        return {
            self.first(key): table_of(node.field.register_key)
            for key, node in self.leaves.items()
            if isinstance(node.field, Reference)
        }

    def names(self, keys: Iterable[str]) -> list[str]:
        """The columns of some fields."""
        return [column.name for key in keys for column in self.columns[key]]

    def box(self, key: str) -> str:
        """The column of a geometry's bounding box."""
        return f"{key}_box"

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The keys of geometries."""
        return tuple(key for key, node in self.leaves.items() if isinstance(node.field, GeometryField))

    def first(self, key: str) -> str:
        """The column that a field is sorted and narrowed by: of an address its unit."""
        return self.columns[key][0].name

    def flat(self, values: Values) -> dict[str, Any]:
        """The values by the keys of their fields, out of their sections."""
        return {key: at(values, node.path) for key, node in self.leaves.items()}

    def only(self, values: Values, keys: Collection[str]) -> Values:
        """The values of some fields, in their sections."""
        kept: Values = {}
        for key in keys:
            path = self.leaves[key].path
            if _has(values, path):
                _put(kept, path, at(values, path))
        return kept

    def first_of(self, key: str, values: Values) -> Any:
        """What stands in that column."""
        node = self.leaves[key]
        return _stored(node, at(values, node.path))[self.columns[key][0].suffix]

    def value(self, key: str, values: Values) -> Any:
        """That of a field, wherever it is in the form."""
        return at(values, self.leaves[key].path)

    def to_row(self, values: Values) -> dict[str, Any]:
        """What stands in every column, from the values of an entry."""
        row: dict[str, Any] = {}
        for key, value in self.flat(values).items():
            stored = _stored(self.leaves[key], value)
            row |= {column.name: stored[column.suffix] for column in self.columns[key]}
        return row

    def from_row(self, row: Mapping[str, Any]) -> Values:
        """The values of the fields whose columns are in the row; the others are left out."""
        values: Values = {}
        for name, columns, node in self._read:
            if name in row:
                found = row[name] if columns is None else _read(node, {c.suffix: c.read(row[c.name]) for c in columns})
                if len(node.path) == 1:
                    values[node.path[0]] = found
                else:
                    _put(values, node.path, found)
        return values

    @cached_property
    def _read(self) -> list[tuple[str, tuple[Column, ...] | None, Node]]:
        """The first column of each field, and all of them where its value is not simply what stands there."""
        return [
            (columns[0].name, None if _is_plain(self.leaves[key], columns) else columns, self.leaves[key])
            for key, columns in self.columns.items()
        ]

    def searched(self, row: Mapping[str, Any], keys: Iterable[str] | None = None) -> str:
        """The words by which an entry is found, without accents; kept beside it. Only those in some fields if said."""
        found = (row[name] for name in self.names(self.search if keys is None else keys))
        return folded(" ".join(str(value) for value in found if value is not None))


def _stored(node: Node, value: Any) -> Mapping[str, Any]:
    if isinstance(node.field, Table):
        return {"": Jsonb([to_json(node.field.fields, row) for row in value]) if value else None}
    return node.field.to_columns(value)


def _is_plain(node: Node, columns: Sequence[Column]) -> bool:
    """Whether the value is what stands in its only column."""
    reads = type(node.field).from_columns is not Field.from_columns
    return not (reads or isinstance(node.field, Table) or isinstance(columns[0].kind, models.JSONField))


def _read(node: Node, stored: Mapping[str, Any]) -> Any:
    if isinstance(node.field, Table):
        return [from_json(node.field.fields, row) for row in stored[""] or ()]
    return node.field.from_columns(stored)


def at(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """What stands at a path of nested values; None where nothing does."""
    found: Any = values
    for step in path:
        found = found.get(step) if found else None
    return found


def _has(values: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """Whether the values say anything of the field, if only that it is empty."""
    holder = at(values, path[:-1])
    return isinstance(holder, Mapping) and path[-1] in holder


def _put(values: Values, path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value
