"""A statistic as a table: parts and what is told of them, shares, totals. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lienthong.registers.statistics.dimensions import NOTHING, Dimension, Known

MOST_ROWS, MOST_COLUMNS = 200, 12
"""Parts that are shown; the smaller ones stand together."""

REST = ""
"""The code of what stands together: nothing leads to it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Entries, the sum of what is measured in them, and in how many of them it is known."""

    count: int = 0
    total: Decimal | int | None = 0
    known: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            int(self.count) + int(other.count), (self.total or 0) + (other.total or 0), int(self.known + other.known)
        )

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(
            int(self.count) - int(other.count), (self.total or 0) - (other.total or 0), int(self.known - other.known)
        )

    def value(self, measure: str) -> Decimal | int | None:
        """None where there is nothing that could be told."""
        match measure:
            case "count":
                return int(self.count)
            case "sum":
                return self.total if self.known else None
            case _:
                return Decimal(self.total or 0) / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class PartOf:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """`cells`: one for each column of the table. `share` of the whole (0 to 1) and `length` beside the longest row (0
    to 1); None where there is none."""

    part: PartOf
    cells: Sequence[Sum]
    all: Sum
    share: Decimal | None
    length: Decimal | None


@dataclass(frozen=True, slots=True)
class Figures:
    columns: Sequence[PartOf] = ()
    rows: Sequence[Row] = ()
    below: Sequence[Sum] = ()
    all: Sum = field(default_factory=Sum)


Groups = Mapping[tuple[Any, ...], Sum]


def tabulated(groups: Groups, all_of_it: Sum, dimensions: Sequence[Dimension], measure: str, known: Known) -> Figures:
    """The table of what the database found under stored values; what it left out stands with the rest."""
    if not groups:
        return Figures()
    across = len(dimensions) > 1
    partings = [
        each.parts({values[number] for values in groups}, known.context) for number, each in enumerate(dimensions)
    ]
    cells: defaultdict[tuple[str, str], Sum] = defaultdict(Sum)
    for values, found in groups.items():
        cells[partings[0][values[0]], partings[1][values[1]] if across else REST] += found
    rest = all_of_it - _together(cells.values())
    if rest.count:
        cells[REST, REST] += rest
    rows = _Axis(dimensions[0], _sums(cells, 0), measure, MOST_ROWS, known)
    columns = _Axis(dimensions[1], _sums(cells, 1), measure, MOST_COLUMNS, known) if across else None
    return _table(cells, rows, columns, all_of_it, measure)


class _Axis:
    """The parts of a dimension as they are shown, and among which of them each is."""

    def __init__(self, dimension: Dimension, sums: Mapping[str, Sum], measure: str, most: int, known: Known) -> None:
        by_size = sorted((code for code in sums if code != REST), key=_size(sums, measure), reverse=True)
        shown = by_size if len(by_size) <= most else by_size[: most - 1]
        ordered = dimension.arranged([code for code in shown if code != NOTHING], known.context)
        names = dimension.names(shown, known)
        last = [NOTHING] if NOTHING in shown else []
        self.parts = [PartOf(code, names.get(code, code)) for code in (*ordered, *last)]
        if len(shown) < len(sums):
            self.parts.append(PartOf(REST, _("all others")))
        self._shown = frozenset(shown)

    def among(self, code: str) -> str:
        return code if code in self._shown else REST


def _table(
    cells: Mapping[tuple[str, str], Sum], rows: _Axis, columns: _Axis | None, all_of_it: Sum, measure: str
) -> Figures:
    found: defaultdict[tuple[str, str], Sum] = defaultdict(Sum)
    for (row, column), each in cells.items():
        found[rows.among(row), columns.among(column) if columns else REST] += each
    by_row, by_column = _sums(found, 0), _sums(found, 1)
    shares = _shares(by_row, all_of_it, measure)
    lengths = _lengths(by_row, measure)
    across = columns.parts if columns else []
    return Figures(
        across,
        [
            Row(
                part,
                [found.get((part.code, column.code), Sum()) for column in across],
                by_row[part.code],
                shares.get(part.code),
                lengths.get(part.code),
            )
            for part in rows.parts
        ],
        [by_column[column.code] for column in across],
        all_of_it,
    )


def _sums(cells: Mapping[tuple[str, str], Sum], axis: int) -> dict[str, Sum]:
    found: defaultdict[str, Sum] = defaultdict(Sum)
    for codes, each in cells.items():
        found[codes[axis]] += each
    return found


def _together(sums: Iterable[Sum]) -> Sum:
    found = Sum()
    for each in sums:
        found += each
    return found


def _size(sums: Mapping[str, Sum], measure: str) -> Callable[[str], tuple[Decimal | int, int]]:
    """An average is no size: there the entries count."""

    def size(code: str) -> tuple[Decimal | int, int]:
        each = sums[code]
        return (abs(Decimal(each.total or 0)) if measure == "sum" else 0, each.count)

    return size


def _shares(rows: Mapping[str, Sum], all_of_it: Sum, measure: str) -> dict[str, Decimal]:
    """Parts of a whole, where there is one: not of averages, and not where something is below zero."""
    if measure == "average":
        return {}
    values = {code: Decimal(each.value(measure) or 0) for code, each in rows.items()}
    whole = Decimal(all_of_it.value(measure) or 0)
    if whole <= 0 or any(value < 0 for value in values.values()):
        return {}
    return {code: value / whole for code, value in values.items()}


def _lengths(rows: Mapping[str, Sum], measure: str) -> dict[str, Decimal]:
    values = {code: value for code, each in rows.items() if (value := each.value(measure)) is not None}
    longest = max((abs(Decimal(value)) for value in values.values()), default=Decimal(0))
    return {code: max(Decimal(value), Decimal(0)) / longest for code, value in values.items()} if longest else {}
