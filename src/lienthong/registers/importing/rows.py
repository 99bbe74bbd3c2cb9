"""From the cells of a row to what somebody would have filled into the form. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.fields.types.agencies import Organisation
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.foundation.fields.types.times import Date
from lienthong.foundation.sheets.cells import Broken, Cell, as_text, is_empty
from lienthong.registers.definition import RegisterBody
from lienthong.registers.importing.columns import FROM, Target

Problem = tuple[str, int | None, str, str]
"""Target, the column it is of (None: of none alone), what stood there, why it is wrong."""

LOOKED_UP = (AddressField, CodeListField, Organisation)
"""Fields whose cells are looked for in long lists: a million rows say few different things."""

REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class _Filled:
    """A field that is filled, and the columns of each of its parts."""

    path: tuple[str, ...]
    field: Field
    parts: Mapping[str, tuple[int, ...]]
    columns: tuple[int, ...]


class Reader:
    """Reads the rows of one file by its mapping: targets by the place of their column."""

    def __init__(self, mapping: Mapping[int, Target], context: Context) -> None:
        self.context = context
        self._from = next((place for place, target in mapping.items() if target.name == FROM), None)
        self._filled = _filled(mapping)
        self._remembered: dict[tuple[str, tuple[Cell, ...]], Any] = {}
        self._columns = _columns(mapping)

    def raw(self, cells: Sequence[Cell]) -> Raw:
        """As the form would have sent it; what is empty in the row is left out."""
        raw: Raw = {}
        width = len(cells)
        for filled in self._filled:
            if len(filled.columns) == 1:
                place = filled.columns[0]
                cell = cells[place] if place < width else None
                if cell is None or is_empty(cell):
                    continue
                given: tuple[Cell, ...] = (cell,)
            else:
                given = tuple([cells[place] if place < width else None for place in filled.columns])
                if all(map(is_empty, given)):
                    continue
            below = raw
            for step in filled.path[:-1]:
                below = below.setdefault(step, {})
            below[filled.path[-1]] = self._read(filled, given)
        return raw

    def _read(self, filled: _Filled, given: tuple[Cell, ...]) -> Any:
        if not isinstance(filled.field, LOOKED_UP):
            return self._made(filled, given)
        key = filled.field.key, given
        if key not in self._remembered:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = self._made(filled, given)
        return self._remembered[key]

    def _made(self, filled: _Filled, given: tuple[Cell, ...]) -> Any:
        if len(given) == 1 and "" in filled.parts:
            return filled.field.from_cell(given[0], self.context)
        by_column = dict(zip(filled.columns, given, strict=True))
        return filled.field.from_cells(
            {part: [by_column[place] for place in places] for part, places in filled.parts.items()}, self.context
        )

    def since(self, cells: Sequence[Cell]) -> date | None:
        """The day in the column that says since when it is so; None where there is no such column, or nothing in it.

        Raises Invalid.
        """
        if self._from is None or self._from >= len(cells) or is_empty(cells[self._from]):
            return None
        return _DAY.parse(_DAY.from_cell(cells[self._from], self.context), self.context)

    def broken(self, cells: Sequence[Cell]) -> list[tuple[str, int]]:
        """Targets and columns of formulas that gave no value."""
        if not any(type(cell) is Broken for cell in cells):
            return []
        named = self._named
        return [
            (named[place][0], place) for place, cell in enumerate(cells) if isinstance(cell, Broken) and place in named
        ]

    @property
    def _named(self) -> Mapping[int, list[str]]:
        named: dict[int, list[str]] = {}
        for name, place in self._columns.items():
            named.setdefault(place, []).append(name)
        return named

    def problem(self, path: str, why: str, cells: Sequence[Cell]) -> Problem:
        """What the form says of a path, said of the cell that it came from."""
        name = path
        while name and name not in self._columns:
            name = name.rpartition(".")[0]
        place = self._columns.get(name)
        shown = as_text(cells[place])[:200] if place is not None and place < len(cells) else ""
        return path, place, shown, why


_DAY = Date(type="date", key="day", label="-", required=True)


def _filled(mapping: Mapping[int, Target]) -> list[_Filled]:
    by_field: dict[tuple[str, ...], dict[str, tuple[int, ...]]] = {}
    fields: dict[tuple[str, ...], Field] = {}
    for place, target in sorted(mapping.items()):
        if target.field is not None:
            parts = by_field.setdefault(target.path, {})
            parts[target.part] = (*parts.get(target.part, ()), place)
            fields[target.path] = target.field
    return [
        _Filled(path, fields[path], parts, tuple(place for places in parts.values() for place in places))
        for path, parts in by_field.items()
    ]


def _columns(mapping: Mapping[int, Target]) -> dict[str, int]:
    """The first column by the path that a complaint names: the field, or a part of it."""
    columns: dict[str, int] = {}
    for place, target in sorted(mapping.items()):
        path = ".".join(target.path) or target.name
        columns.setdefault(f"{path}.{target.part}" if target.part else path, place)
        columns.setdefault(path, place)
    return columns


def problems_of(
    reader: Reader, errors: Mapping[str, Any], labels: Mapping[str, str], cells: Sequence[Cell]
) -> list[Problem]:
    """What cleaning complains of, by cell; of a field that no column fills, with its name."""
    found = []
    for path, problem in errors.items():
        said = reader.problem(path, str(problem), cells)
        if said[1] is None and path in labels:
            said = (path, None, "", f"{labels[path]}: {problem}")
        found.append(said)
    return found


def day_problem(reader: Reader, error: Invalid, cells: Sequence[Cell]) -> Problem:
    return reader.problem(FROM, "; ".join(map(str, error.problems.values())), cells)


def labels_of(body: RegisterBody) -> dict[str, str]:
    """What fields are called, by the paths that complaints name."""
    below = {".".join(node.path): node.field.label for node in body.fields.nodes.values()}
    return below | {".".join(node.path): body.labels[key] for key, node in body.leaves.items()}
