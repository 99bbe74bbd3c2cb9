"""A list as a tree of which one branch is open, line by line: it needs no script and goes by the keyboard. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lienthong.foundation.fields.lists import CodeList, Item

PAGE = 300
"""Lines of a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """`depth` counts from 0; `many` are the items directly below."""

    item: Item
    depth: int
    many: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1."""

    lines: Sequence[Line]
    number: int
    pages: int


def page(codes: CodeList, at: date, *, opened: str = "", number: int | None = None) -> Page:
    """The lines of a page; without a number the one on which the opened item stands."""
    lines = list(_lines(codes, at, "", {item.code for item in codes.chain(opened, at)}, 0))
    pages = max(1, -(-len(lines) // PAGE))
    if number is None:
        place = next((n for n, line in enumerate(lines) if line.item.code == opened), 0)
        number = place // PAGE + 1
    number = min(max(number, 1), pages)
    return Page(lines[(number - 1) * PAGE : number * PAGE], number, pages)


def _lines(codes: CodeList, at: date, above: str, opened: set[str], depth: int) -> Iterator[Line]:
    for item in codes.below(above, at):
        is_open = item.code in opened
        many = len(codes.below(item.code, at))
        yield Line(item, depth, many, is_open and many > 0)
        if is_open and depth < len(opened):
            yield from _lines(codes, at, item.code, opened, depth + 1)
