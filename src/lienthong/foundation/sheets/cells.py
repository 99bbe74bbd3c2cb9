"""What stands in a cell. Pure."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | Decimal | date | datetime | time | None
"""As a spreadsheet knows it; a cell of a CSV is always text. A moment has no zone: it is what the clock on the wall
says."""

MOST_COLUMNS = 200
"""What stands further to the right is not looked at."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a program to a spreadsheet that opens a CSV."""


class Broken(str):
    """What a spreadsheet shows where a formula gave no value: #N/A; "?" where it was never worked out."""

    __slots__ = ()


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Cell) -> str:
    """As a person would have typed it: 24611 and not 24611.0, 15/03/2021."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() | Decimal():
            return str(int(cell)) if cell == int(cell) else str(cell)
        case datetime():
            whole_day = cell.time() == time.min
            return f"{cell:%d/%m/%Y}" if whole_day else f"{cell:%H:%M %d/%m/%Y}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return str(cell)


def column_letter(index: int) -> str:
    """A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
