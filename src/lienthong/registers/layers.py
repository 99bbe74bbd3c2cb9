"""Registers as layers of a map: one for each of their geometries that somebody may read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.geometry.shape import Geometry
from lienthong.registers import access
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.queries import Entry


@dataclass(frozen=True, slots=True)
class Layer:
    """The geometry `field` of a register, with the fields that may be read beside it."""

    body: RegisterBody
    field: str
    rights: Rights

    @property
    def key(self) -> str:
        """That of the register; with the field behind it where it is not the register's first geometry."""
        first = self.field == self.body.layout.places[0]
        return self.body.key if first else f"{self.body.key}.{self.field}"

    @property
    def name(self) -> str:
        if len(self.body.layout.places) == 1:
            return self.body.name
        return f"{self.body.name}: {self.body.leaves[self.field].field.label}"

    @property
    def filters(self) -> list[str]:
        return narrowing(self.body, self.rights)

    def geometry(self, entry: Entry) -> Geometry | None:
        found = self.body.layout.value(self.field, entry.values)
        return found if isinstance(found, Geometry) else None

    def properties(self, entry: Entry, context: Context) -> dict[str, Any]:
        """Plain values by the keys of their fields: JSON where it is one value, else the text that people read."""
        found: dict[str, Any] = {}
        for key in self.rights.fields:
            node = self.body.leaves.get(key)
            if node is None or isinstance(node.field, GeometryField):
                continue
            value = self.body.layout.value(key, entry.values)
            found[key] = None if value is None or value == () else _plain(node.field, value, context)
        return found


def _plain(field: Any, value: Any, context: Context) -> Any:
    if isinstance(value, list):  # the rows of a table
        return None
    json = field.to_json(value)
    return field.show(value, context) if isinstance(json, Mapping | list | tuple) else json


def narrowing(body: RegisterBody, rights: Rights) -> list[str]:
    """Fields by which programs may narrow entries: of those of the register's list, which have an index, what may be
    read and is one value."""
    columns = body.layout.columns
    return [key for key in body.listing.filters if key in rights.fields and len(columns[key]) == 1]


def public() -> Iterator[Layer]:
    """What anybody may read, of all registers."""
    for published in REGISTER.all():
        yield from of(published.body, access.public(published.body))


def of(body: RegisterBody, rights: Rights) -> Iterator[Layer]:
    """The layers of a register for somebody."""
    return (Layer(body, key, rights) for key in body.layout.places if key in rights.fields)
