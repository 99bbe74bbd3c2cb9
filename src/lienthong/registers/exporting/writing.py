"""Entries as rows of a spreadsheet, as CSV, as JSON, as GeoJSON (RFC 7946); written one after the other."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, Protocol

from django.utils.translation import gettext as _

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Values, is_empty, to_json
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.types.structure import Table
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import HEADING, CsvWriter, XlsxWriter
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import Entry

GEOMETRY = "geometry"
"""The type of field that says where something lies."""


class Writer(Protocol):
    def entry(self, entry: Entry) -> None: ...
    def close(self) -> None: ...


def writer(format_key: str, target: IO[bytes], body: RegisterBody, fields: Sequence[str], context: Context) -> Writer:
    """What writes to a target, which stays open. Whoever has it closes it, however it ends (`contextlib.closing`)."""
    nodes = [body.leaves[key] for key in fields]
    match format_key:
        case "xlsx" | "csv":
            return _Rows(format_key, target, body, nodes, context)
        case "geojson":
            return _Features(target, nodes)
        case _:
            return _Objects(target, nodes)


def has_geometry(nodes: Iterable[Node]) -> bool:
    return any(node.field.type == GEOMETRY for node in nodes)


class _Rows:
    """A heading for every field as the form calls it, so that the file can be brought in again."""

    def __init__(
        self, format_key: str, target: IO[bytes], body: RegisterBody, nodes: Sequence[Node], context: Context
    ) -> None:
        self.nodes, self.context = nodes, context
        headings = [*(body.labels[node.field.key] for node in nodes), _("In force from"), _("In force until")]
        self._out: XlsxWriter | CsvWriter
        if format_key == "xlsx":
            widths = [max(12, min(len(h) + 4, 40)) for h in headings]
            self._out = XlsxWriter(target, sheet=body.name, widths=widths, filtered=len(headings))
            self._out.row(headings, style=HEADING)
        else:
            self._out = CsvWriter(target)
            self._out.row(headings)

    def entry(self, entry: Entry) -> None:
        cells = [self._cell(node, _at(entry.values, node.path)) for node in self.nodes]
        self._out.row([*cells, entry.valid_from, entry.valid_until])

    def _cell(self, node: Node, value: Any) -> Cell:
        if is_empty(value):
            return None
        if isinstance(node.field, Table):
            return "\n".join(self._line(node.field, row) for row in value)
        return node.field.to_cell(value, self.context)

    def _line(self, table: Table, row: Values) -> str:
        shown = ((each.label, row.get(each.key)) for each in table.fields)
        said = zip(table.fields, shown, strict=True)
        return "; ".join(
            f"{label}: {each.show(value, self.context)}" for each, (label, value) in said if not is_empty(value)
        )

    def close(self) -> None:
        self._out.close()


class _Objects:
    """One array of objects, one on each line."""

    opening, closing = "[\n", "\n]\n"

    def __init__(self, target: IO[bytes], nodes: Sequence[Node]) -> None:
        self._target, self._nodes, self._any = target, nodes, False
        target.write(self.opening.encode())

    def entry(self, entry: Entry) -> None:
        self._target.write(b",\n" if self._any else b"")
        self._target.write(json.dumps(self.made_of(entry), ensure_ascii=False, separators=(",", ":")).encode())
        self._any = True

    def made_of(self, entry: Entry) -> dict[str, Any]:
        return as_object(entry, self._nodes)

    def close(self) -> None:
        self._target.write(self.closing.encode())


def as_object(entry: Entry, nodes: Iterable[Node]) -> dict[str, Any]:
    """An entry in JSON, out of its sections: what stands in the fields by their keys."""
    return {"id": entry.id, **_times(entry), **{node.field.key: _json(node, entry.values) for node in nodes}}


class _Features(_Objects):
    """The first geometry of the register is that of the feature."""

    opening, closing = '{"type":"FeatureCollection","features":[\n', "\n]}\n"

    def __init__(self, target: IO[bytes], nodes: Sequence[Node]) -> None:
        super().__init__(target, nodes)
        self._geometry = next(node for node in nodes if node.field.type == GEOMETRY)

    def made_of(self, entry: Entry) -> dict[str, Any]:
        properties = super().made_of(entry)
        return {
            "type": "Feature",
            "id": properties.pop("id"),
            "geometry": properties.pop(self._geometry.field.key),
            "properties": properties,
        }


def _times(entry: Entry) -> dict[str, Any]:
    until = entry.valid_until.isoformat() if entry.valid_until else None
    return {"valid_from": entry.valid_from.isoformat(), "valid_until": until}


def _json(node: Node, values: Values) -> Any:
    value = _at(values, node.path)
    if value is None:
        return None
    if isinstance(node.field, Table):
        return [to_json(node.field.fields, row) for row in value]
    return node.field.to_json(value)


def _at(values: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = values
    for step in path:
        found = found.get(step) if found else None
    return found
