"""Records of work: how long they are kept, when the archive gets them, what stands against closing one, and lines of a
yearly list as somebody pastes them (NĐ 30/2020 art. 28-31)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lienthong.foundation.fields.typed import folded

LONGEST_NOTATION, LONGEST_TITLE = 20, 500
"""Letters (FileNotation, Title: NĐ 30/2020 App. VI)."""

HANDED_OVER_FROM = 5
"""Years: records kept so long or longer go to the archive, and their sheets are numbered."""
YEARS_TO_HAND_OVER, YEARS_KEPT_BACK = 1, 2
WARNED = timedelta(days=30)
"""Before a hand-over is due (NĐ 30/2020 App. VI)."""
MOST_LINES = 2000
"""That are pasted at once."""


class Stage(StrEnum):
    """How far a record has come."""

    OPEN = "open"
    CLOSED = "closed"
    HANDED_OVER = "handed-over"
    DESTROYED = "destroyed"


def is_long(years: int | None) -> bool:
    """Whether it is kept so long that the archive gets it. None: for ever."""
    return years is None or years >= HANDED_OVER_FROM


def later(day: date, years: int) -> date:
    """The same day so many years later; the last of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def due_on(ended_on: date, years: int | None) -> date | None:
    """By when the archive has to have it: within a year after the work ended. None where it does not get it."""
    return later(ended_on, YEARS_TO_HAND_OVER) if is_long(years) else None


def kept_back_at_most(due: date) -> date:
    return later(due, YEARS_KEPT_BACK)


def over_on(ended_on: date, years: int | None) -> date | None:
    """The last day on which it is kept: whole years are counted from the year in which the work ended."""
    return date(min(ended_on.year + years, date.max.year), 12, 31) if years is not None else None


def file_code(identifier: str, year: int, notation: str) -> str:
    """By what the whole state knows a record (FileCode: agency, year, notation; NĐ 30/2020 App. VI)."""
    return f"{identifier}.{year}.{notation}"


class Against(StrEnum):
    """What stands against closing a record."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    TWICE = "twice"
    NO_SHEETS = "no-sheets"
    NOT_DESCRIBED = "not-described"


@dataclass(frozen=True, slots=True)
class Item:
    """A filed document; `key` is the same for two that say the same of themselves, empty where that cannot be told."""

    place: int
    key: str
    is_finished: bool
    is_described: bool
    sheets: int | None


def against_closing(items: Sequence[Item], years: int | None) -> list[tuple[Against, tuple[int, ...]]]:
    """What stands against it, each with the places of the documents that it is about; empty where it may be closed."""
    if not items:
        return [(Against.EMPTY, ())]
    first: dict[str, int] = {}
    twice = [item.place for item in items if item.key and first.setdefault(item.key, item.place) != item.place]
    found = [
        (Against.UNFINISHED, [item.place for item in items if not item.is_finished]),
        (Against.TWICE, twice),
        (Against.NO_SHEETS, [item.place for item in items if is_long(years) and not item.sheets]),
        (Against.NOT_DESCRIBED, [item.place for item in items if years is None and not item.is_described]),
    ]
    return [(what, tuple(places)) for what, places in found if places]


def sheet_spans(sheets: Iterable[int | None]) -> list[str]:
    """On which sheets of the record each document stands: 1-4, 5, 6-9; empty from the first that was not counted."""
    spans: list[str] = []
    last: int | None = 0
    for count in sheets:
        if last is None or not count:
            last = None
            spans.append("")
            continue
        spans.append(str(last + 1) if count == 1 else f"{last + 1}-{last + count}")
        last += count
    return spans


# lines that were pasted


class Wrong(StrEnum):
    """What is wrong with a line that was pasted."""

    PARTS = "parts"
    NOTATION = "notation"
    TITLE = "title"
    RETENTION = "retention"
    MAKER = "maker"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the yearly list. `post_id` empty: whoever of the unit."""

    notation: str
    title: str
    retention: str
    unit_id: int
    post_id: int | None = None
    note: str = ""


Maker = tuple[int, int | None]
"""A unit and a post in it."""


def read_lines(
    text: str, *, retentions: Mapping[str, str], makers: Mapping[str, Maker], own: Maker | None
) -> tuple[list[Line], list[tuple[int, Wrong]]]:
    """The lines, and what is wrong by the number of the line: notation, title, retention, maker, note, with tabs or
    bars between them, as a spreadsheet or a table gives them.

    `retentions` and `makers` by their names as `known` writes them; `own` makes what names nobody.
    """
    lines: list[Line] = []
    wrong: list[tuple[int, Wrong]] = []
    seen: set[str] = set()
    for number, written in enumerate(text.split("\n")[:MOST_LINES], start=1):
        if not written.strip():
            continue
        cells = [" ".join(cell.split()) for cell in re.split(r"[\t|]", written.rstrip("\r"))]
        notation, title, kept, maker, note, *more = [*cells, "", "", "", ""][: max(5, len(cells))]
        found = makers.get(known(maker)) if maker else own
        retention = retentions.get(known(kept))
        what = (
            Wrong.PARTS if len(cells) < 3 or any(more)
            else Wrong.NOTATION if not is_notation(notation)
            else Wrong.TITLE if not 0 < len(title) <= LONGEST_TITLE
            else Wrong.RETENTION if retention is None
            else Wrong.MAKER if found is None
            else Wrong.AGAIN if notation in seen
            else None
        )  # fmt: skip
        if what or retention is None or found is None:
            wrong.append((number, what or Wrong.PARTS))
            continue
        seen.add(notation)
        lines.append(Line(notation, title, retention, *found, note=note[:500]))
    return lines, wrong


def known(name: str) -> str:
    """A name as it is compared: small letters without accents, single spaces; a bare number is one of years."""
    plain = folded(name)
    return f"{plain} nam" if plain.isascii() and plain.isdecimal() else plain


def is_notation(text: str) -> bool:
    """Số và ký hiệu hồ sơ, as 01.TCCB: letters, digits, dots, hyphens, slashes."""
    return 0 < len(text) <= LONGEST_NOTATION and re.fullmatch(r"[\w.\-/]+", text) is not None
