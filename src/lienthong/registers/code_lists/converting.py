"""What codes and names of one day are on another: an old commune and the new one it belongs to. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lienthong.foundation.fields.lists import CodeList, Item
from lienthong.foundation.fields.places import place_named, places_named
from lienthong.foundation.fields.typed import one_line

MOST_LINES = 5_000
"""Lines of one conversion. A province had fewer communes, the country twice as many."""

OFFERED = 5
"""Items that are offered where it is not clear which one is meant."""

MOST_OFFERS = 100
"""Lines for which something is offered: looking for what is like it costs more than all the rest."""

LONGEST_LINE = 500


class Outcome(StrEnum):
    SAME = "same"
    REPLACED = "replaced"
    SEVERAL = "several"
    ENDED = "ended"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Converted:
    """A line, the item it means on the first day, and what that is on the other.

    `offered`: what may be meant, where that is not clear or nothing is called so.
    """

    typed: str
    outcome: Outcome
    item: Item | None = None
    became: Sequence[Item] = ()
    offered: Sequence[Item] = ()


def convert(lines: Sequence[str], codes: CodeList, *, since: date, until: date, near: str = "") -> list[Converted]:
    """One answer for each line, in their order. `near`: of namesakes the one below this code is meant.

    A line is a code, a name, a code and a name (“24611 – Phường Nghĩa Đức”), or names from the lowest to the highest
    (“Xã Quảng Sơn, huyện Đăk Glong, tỉnh Đắk Nông”), with what stands before them in an address. Cells of a
    spreadsheet, which tabs separate, are read together.
    """
    rows = [_cells(line[:LONGEST_LINE]) for line in lines]
    reader = _Reader(codes, since, near, _width(rows, codes, since))
    return [_converted(cells, reader, until) for cells in rows]


def _cells(line: str) -> list[str]:
    return [cell for text in line.split("\t") if (cell := one_line(text))]


def _width(rows: Sequence[Sequence[str]], codes: CodeList, since: date) -> int:
    """How many digits the longest code of the column has: spreadsheets drop the zeros in front of others."""
    cells = (cell for row in rows for cell in row[:1] if cell.isdecimal())
    return max((len(cell) for cell in cells if codes.find(cell, since)), default=0)


def _converted(cells: Sequence[str], reader: "_Reader", until: date) -> Converted:
    typed = ", ".join(cells)
    if not typed:
        return Converted(typed, Outcome.BLANK)
    meant = list({item.code: item for item in reader.meant(cells)}.values())
    if len(meant) != 1:
        outcome = Outcome.UNCLEAR if meant else Outcome.UNKNOWN
        return Converted(typed, outcome, offered=meant[:OFFERED] or reader.alike(typed))
    item = meant[0]
    became = reader.codes.counterparts(item, until)
    return Converted(typed, _outcome(reader.codes, item, became), item, became)


def _outcome(codes: CodeList, item: Item, became: Sequence[Item]) -> Outcome:
    if not became:
        return Outcome.ENDED
    if len(became) > 1:
        return Outcome.SEVERAL
    only = became[0]
    ways = (each for one in (item, only) for each in (codes.was(one), codes.became(one)))
    undivided = only is item or all(len(way) <= 1 for way in ways)
    is_called_so = (only.code, only.name) == (item.code, item.name)
    return Outcome.SAME if undivided and is_called_so else Outcome.REPLACED


class _Reader:
    """Finds what lines mean on a day."""

    def __init__(self, codes: CodeList, day: date, near: str, width: int) -> None:
        self.codes, self._day, self._near, self._width = codes, day, near, width
        self._lengths = sorted({len(item.code) for item in codes.valid(day)}, reverse=True)
        self._offers = 0

    def meant(self, cells: Sequence[str]) -> Iterator[Item]:
        """One item where that is clear, several where it is not, none where nothing is called so."""
        by_code = [item for code in self._codes_in(cells) if (item := self.codes.find(code, self._day))]
        if by_code:
            yield from by_code
            return
        typed = ", ".join(cells)
        called_so = self.codes.namesakes(typed, self._day)
        if len(called_so) == 1:
            yield called_so[0]
            return
        parts = [part.strip() for part in typed.split(",") if part.strip()]
        for digits in sorted({len(item.code) for item in called_so}, reverse=True) or self._lengths:
            found, _before = place_named(self.codes, self._day, parts, digits=digits, near=self._near)
            if several := [found] if found else places_named(self.codes, self._day, parts, digits=digits):
                yield from several
                return

    def _codes_in(self, cells: Sequence[str]) -> Iterator[str]:
        """The code in the first cell as it stands there and, of a column of numbers, as it was before a program took it
        for one."""
        first = cells[0]
        yield first
        if first.isdecimal() and len(first) < self._width:
            yield first.zfill(self._width)
        for line in (" – ", " - "):
            code, found, _name = first.partition(line)
            if found:
                yield code.strip()

    def alike(self, typed: str) -> Sequence[Item]:
        self._offers += 1
        words = typed.partition(",")[0].strip()
        if not words or self._offers > MOST_OFFERS:
            return ()
        return self.codes.search(words, self._day, limit=OFFERED)
