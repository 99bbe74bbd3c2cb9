"""One entry in every register that is published, made of its declaration alone: straight into the tables, so that the
entries may point to each other in circles."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.types.choices import Choices, CodeListField
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.fields.types.structure import Computed, Table
from lienthong.foundation.geometry.shape import TYPES, Geometry
from lienthong.registers import searching
from lienthong.registers.definition import RegisterBody

SINCE = timedelta(days=30)
ENTRY = 1
"""The id of each: given, for a sequence does not go back with the test before that used it."""


def fill(bodies: Sequence[tuple[RegisterBody, int]]) -> None:
    """An entry in each register, kept by an agency, that has been changed once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for body, keeper in bodies:
            now = clock.now()
            row = {
                "id": ENTRY,
                "organisation_id": keeper,
                "origin": "",
                "search": "",
                "revision": 1,
                "valid_from": (now - SINCE).date(),
                "recorded_at": now - SINCE,
                **_stored(body),
            }
            places = ", ".join(["%s"] * len(row))
            cursor.execute(
                f"INSERT INTO {body.layout.table} ({', '.join(row)}) OVERRIDING SYSTEM VALUE VALUES ({places})",
                list(row.values()),
            )
            cursor.execute(
                f"UPDATE {body.layout.table} SET revision = 2, recorded_at = %s, valid_from = %s",
                [now, now.date()],
            )
        for body, _keeper in bodies:
            (text,) = searching.texts(body, [_stored(body)])
            cursor.execute(f"UPDATE {body.layout.table} SET search = %s", [text])


def _stored(body: RegisterBody) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for key, node in body.leaves.items():
        value = _value(node.field)
        columns = {} if isinstance(node.field, Table) else node.field.to_columns(value)
        stored |= {column.name: columns.get(column.suffix) for column in body.layout.columns[key]}
    return stored


def _value(field: Field) -> Any:
    match field:
        case Table() | File():
            return None
        case Computed():
            return {"text": "Mẫu", "date": date(2025, 1, 2), "boolean": True}.get(field.result, 1)
        case Reference():
            return EntryRef(ENTRY, "")
        case CodeListField():
            return _code(field)
        case Choices():
            return (next(iter(field.labels)),)
        case GeometryField():
            return _geometry(field)
        case _:
            return next(iter(field.samples()), None)


def _code(field: CodeListField) -> str:
    codes, today = PUBLISHED.code_list(field.list, clock.today()), clock.today()
    fitting = (item for item in codes.valid(today) if field.level in (None, len(codes.chain(item.code, today))))
    return next(fitting).code


def _geometry(field: GeometryField) -> Geometry:
    ring = [[107.60, 12.00], [107.61, 12.00], [107.61, 12.01], [107.60, 12.01], [107.60, 12.00]]
    shape = field.shapes[0]
    single: Any = {"point": ring[0], "line": ring[:3], "polygon": [ring]}[shape.removeprefix("multi-")]
    return Geometry.of(TYPES[shape], [single] if shape.startswith("multi-") else single)
