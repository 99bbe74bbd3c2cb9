"""Rows read and written by statements that are built once, for the few that run in every request and every transition.

Django builds each query anew, and that takes it several times as long as PostgreSQL needs to answer it. Here the text
of a statement is built once for a model and a choice of its fields; the values go through the fields as ever, so what
is stored and what comes back is the same. PostgreSQL plans it once as well (`statements.py`). No signals are sent. For
everything else Django's queries are the right tool.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, GeneratedField, Model

from lienthong.foundation.statements import run

Row = TypeVar("Row", bound=Model)


def fetch(model: type[Row], condition: str, *parameters: Any) -> list[Row]:
    """Rows of a model by a condition in SQL with %s, which may end in ORDER BY, LIMIT or FOR UPDATE.

    Generated columns are not read; a row that is asked for one gets it by a query of its own.
    """
    select, names, converters = _reading(model)
    with run(f"{select} {condition}", parameters) as cursor:
        found = cursor.fetchall()
    if converters:
        found = [_converted(row, converters) for row in found]
    return [model.from_db(connection.alias, names, row) for row in found]


def insert(rows: Iterable[Row]) -> list[Row]:
    """Insert new rows of one model in one statement; each gets its id."""
    added = list(rows)
    if not added:
        return added
    model = type(added[0])
    start, places, fields = _inserting(model)
    values = [value for row in added for value in _stored(fields, row)]
    returned = f"RETURNING {_column(model._meta.pk)}"
    with run(f"{start} {', '.join([places] * len(added))} {returned}", values) as cursor:
        ids = cursor.fetchall()
    for row, (id,) in zip(added, ids, strict=True):
        row.pk = id
        row._state.adding, row._state.db = False, connection.alias
    return added


def change(row: Model, *names: str, within: Sequence[str] = ()) -> None:
    """Write these fields of a row. `within` are fields that never change and say in which partition it lies."""
    statement, fields = _changing(type(row), names, tuple(within))
    run(statement, _stored(fields, row)).close()


Converter = tuple[int, Callable[[Any], Any]]


@cache
def _reading(model: type[Model]) -> tuple[str, list[str], list[Converter]]:
    """SELECT … FROM … WHERE, the attributes in their order, and how some of the values are brought into Python."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]
    columns = ", ".join(_column(field) for field in fields)
    converters = [
        (place, _converter(convert, field))
        for place, field in enumerate(fields)
        for convert in (
            *connection.ops.get_db_converters(field.cached_col),
            *field.get_db_converters(connection),
        )
    ]
    return f"SELECT {columns} FROM {_quoted(model._meta.db_table)} WHERE", [f.attname for f in fields], converters  # noqa: S608


def _converter(convert: Callable[[Any, Any, Any], Any], field: "Field[Any, Any]") -> Callable[[Any], Any]:
    return lambda value: convert(value, field.cached_col, connection)


def _converted(row: Sequence[Any], converters: Iterable[Converter]) -> list[Any]:
    values = list(row)
    for place, convert in converters:
        values[place] = convert(values[place])
    return values


@cache
def _inserting(model: type[Model]) -> tuple[str, str, "list[Field[Any, Any]]"]:
    """INSERT INTO … VALUES, the places of one row, and the fields in their order."""
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and not isinstance(f, GeneratedField)]
    columns = ", ".join(_column(field) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES", f"({places})", fields


@cache
def _changing(
    model: type[Model], names: tuple[str, ...], within: tuple[str, ...]
) -> tuple[str, "list[Field[Any, Any]]"]:
    written = [_field(model, name) for name in names]
    known = [model._meta.pk, *(_field(model, name) for name in within)]
    changes = ", ".join(f"{_column(field)} = {_place(field)}" for field in written)
    condition = " AND ".join(f"{_column(field)} = %s" for field in known)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {changes} WHERE {condition}", [*written, *known]  # noqa: S608


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _place(field: "Field[Any, Any]") -> str:
    """Where a value stands in a statement; arrays say their type, because an empty one cannot be told by itself."""
    db_type = field.db_type(connection)
    return f"%s::{db_type}" if db_type and db_type.endswith("[]") else "%s"


def _stored(fields: "Iterable[Field[Any, Any]]", row: Model) -> list[Any]:
    """The values as Django stores them; the connection is looked up once and not for each field."""
    here = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(getattr(row, field.attname), here) for field in fields]


def _column(field: "Field[Any, Any]") -> str:
    return _quoted(field.column or "")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
