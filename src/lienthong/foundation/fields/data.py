"""The data of a field list as plain values: kept as JSON, read by expressions, started, merged. Pure.

*Values* are nested dicts as the data is, with a key for every field that is asked (None, or the type's own nothing,
where it is empty) and typed values at the leaves: str, int, Decimal, date, datetime, bool, Address, FileRef, tuples of
str; a section is a dict, a table a list of dicts.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.types.numbers import json_number
from lienthong.foundation.fields.types.structure import Computed, Section, Table

Values: TypeAlias = dict[str, Any]


def to_json(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested JSON, fit for a jsonb column: a name for every field that is asked, null where nothing is filled in."""
    json: dict[str, Any] = {}
    for field in fields:
        if field.key not in values:
            continue
        value = values[field.key]
        if value is None:
            json[field.key] = None
        elif isinstance(field, Section):
            json[field.key] = to_json(field.fields, value)
        elif isinstance(field, Table):
            json[field.key] = _rows_to_json(field, value)
        else:
            json[field.key] = field.to_json(value)
    return json


def json_maker(fields: Iterable[Field], keys: Container[str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """`to_json` of the fields with these keys, worked out once for many entries."""
    makers = list(_makers(fields, keys))

    def make(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: value if made is None or value is None else made(value)
            for key, made in makers
            if (value := values.get(key)) is not None or key in values
        }

    return make


def _makers(fields: Iterable[Field], keys: Container[str]) -> Iterator[tuple[str, Callable[[Any], Any] | None]]:
    """None for what is JSON as it is."""
    for field in fields:
        if isinstance(field, Section):
            if any(True for _maker in _makers(field.fields, keys)):
                yield field.key, json_maker(field.fields, keys)
        elif field.key not in keys:
            continue
        elif isinstance(field, Table):
            yield field.key, partial(_rows_to_json, field)
        else:
            yield field.key, None if type(field).to_json is Field.to_json else field.to_json


def _rows_to_json(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [to_json(table.fields, row) for row in rows]


def from_json(fields: Iterable[Field], json: Mapping[str, Any]) -> Values:
    """The values that `to_json` made this of; fields that are not in it are left out.

    Raises ValueError naming the field when the JSON is not of this field list.
    """
    values: Values = {}
    for field in fields:
        if field.key not in json:
            continue
        stored = json[field.key]
        try:
            if stored is None:
                values[field.key] = None
            elif isinstance(field, Section):
                values[field.key] = from_json(field.fields, stored)
            elif isinstance(field, Table):
                values[field.key] = [from_json(field.fields, row) for row in stored]
            else:
                values[field.key] = field.from_json(stored)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"{field.key}: the stored value is not of type {field.type} ({error})") from error
    return values


def merge(fields: Iterable[Field], earlier: Raw, later: Raw) -> Raw:
    """What was kept of a form, with what came now: sections are merged, everything else that came replaces what was.

    So a page that shows a part of the form loses nothing of the rest.
    """
    result = dict(earlier)
    for field in fields:
        if field.key not in later:
            continue
        before, now = earlier.get(field.key), later[field.key]
        both = isinstance(field, Section) and isinstance(before, dict) and isinstance(now, dict)
        result[field.key] = merge(field.fields, before, now) if both else now  # type: ignore[attr-defined, arg-type]
    return result


def start(fields: FieldList, context: Context) -> Raw:
    """The raw data of a form that nobody has touched: the defaults, and the first rows of tables that need rows."""
    return _started(fields, Names(fields, {}, context))


def new_row(table: Table, fields: FieldList, context: Context) -> Raw:
    """A row that was just added to a table of the list."""
    return _started(table.fields, Names(fields, {}, context))


def _started(fields: Iterable[Field], names: "Names") -> Raw:
    raw: Raw = {}
    for field in fields:
        if isinstance(field, Section):
            raw[field.key] = _started(field.fields, names)
        elif isinstance(field, Table):
            rows = max(field.min_rows, 1 if field.required is True else 0)
            raw[field.key] = [_started(field.fields, names) for _row in range(rows)]
        elif (default := _default(field, names)) is not None:
            raw[field.key] = default
    return raw


def _default(field: Field, names: "Names") -> Any:
    default = field.default
    if isinstance(default, str) and "${" in default:
        default = expressions.template(default).value(names)
    match default:
        case Decimal():
            return json_number(default)
        case datetime() | date():
            return default.isoformat()
        case str() | int() | float() | list() | dict():
            return default
        case _:
            return None


class Names(expressions.Parted):
    """What an expression can read: the data (every field known to the list, filled in or not), `today`, the names that
    the context gives, `shown` (the same data as texts for people), and in a table its own `row`."""

    def __init__(
        self,
        fields: FieldList,
        values: Mapping[str, Any],
        context: Context,
        row: tuple[Table, Mapping[str, Any]] | None = None,
    ) -> None:
        self._fields = fields
        self._values = values
        self._context = context
        self._row = row
        self._by_key = {field.key: field for field in fields}

    def __getitem__(self, name: str) -> Any:
        if name in self._by_key:
            field = self._by_key[name]
            return _read(field, self._values.get(name), self._context)
        if name == "today":
            return self._context.at
        if name == "shown":
            return texts(self._fields, self._values, self._context)
        if name == "row" and self._row is not None:
            table, values = self._row
            return _read_all(table.fields, values, self._context)
        return self._beside(name)

    def part(self, name: str, members: frozenset[str]) -> Any:
        field = self._by_key.get(name)
        if not isinstance(field, Section):
            return self[name]
        values = self._values.get(name) or {}
        return {
            inner.key: _read(inner, values.get(inner.key), self._context)
            for inner in field.fields
            if inner.key in members
        }

    def _beside(self, name: str) -> Any:
        known = self._fields.names
        if name not in known and name not in self._context.names:
            raise KeyError(name)
        given, sample = self._context.names.get(name), known.get(name)
        if isinstance(sample, Mapping):
            return {**dict.fromkeys(sample), **(given or {})}
        return given

    def __iter__(self) -> Iterator[str]:
        beside = {*self._fields.names, *self._context.names}
        return iter([*self._by_key, *beside, "today", "shown", *(["row"] if self._row is not None else [])])

    def __len__(self) -> int:
        return len(list(iter(self)))


def evaluate(fields: FieldList, source: str, values: Mapping[str, Any], context: Context) -> Any:
    """The value of an expression over the data; None where it is unknown."""
    return expressions.evaluate(source, Names(fields, values, context))


def holds(fields: FieldList, source: str, values: Mapping[str, Any], context: Context) -> bool:
    """Whether a condition over the data is known to be true."""
    return expressions.holds(source, Names(fields, values, context))


def write(fields: FieldList, text: str, values: Mapping[str, Any], context: Context) -> str:
    """A text with ${expressions} over the data: "Nhà ở tại ${location.text}". What is unknown is left out."""
    return expressions.template(text).render(Names(fields, values, context))


def texts(fields: Iterable[Field], values: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The data as people read it, nested the same; None where nothing is filled in."""
    shown: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.key)
        if isinstance(field, Section):
            shown[field.key] = texts(field.fields, value or {}, context)
        elif isinstance(field, Table):
            shown[field.key] = [texts(field.fields, row, context) for row in value or ()]
        else:
            shown[field.key] = None if is_empty(value) else field.show(value, context)
    return shown


def is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, Sequence) and len(value) == 0)


def _read(field: Field, value: Any, context: Context) -> Any:
    if isinstance(field, Section):
        return _read_all(field.fields, value or {}, context)
    if isinstance(field, Table):
        return [_read_all(field.fields, row, context) for row in value or ()]
    if isinstance(field, Computed):
        return value
    return field.read_by_expressions(field.nothing() if value is None else value, context)


def _read_all(fields: Iterable[Field], values: Mapping[str, Any], context: Context) -> dict[str, Any]:
    return {field.key: _read(field, values.get(field.key), context) for field in fields}
