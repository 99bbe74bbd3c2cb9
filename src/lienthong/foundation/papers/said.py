"""What was filled in, as blocks of a paper."""

from collections.abc import Iterator

from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.display import Grid, Part, Row
from lienthong.foundation.papers.letterheads import in_sentence
from lienthong.foundation.papers.shapes import Block, Heading, Line, Lines, Paragraph, Table

WIDEST_TABLE = 6
"""Columns that a page has room for; the rows of a wider table are set one below the other."""

LONG_SENTENCE = 80
"""Letters from which on the label of a ticked box is a declaration and stands as a sentence of its own."""


def blocks_of(part: Part) -> Iterator[Block]:
    if part.label:
        yield Heading(text=part.label)
    lines: list[Line] = []
    for item in part.items:
        if isinstance(item, Row) and not _is_pledge(item):
            lines.append(Line(label=item.label, value=in_sentence(item.text) or "–"))
        elif isinstance(item, Grid) and not item.rows:
            lines.append(Line(label=item.label, value="–"))
        else:
            yield from _taken(lines)
            if isinstance(item, Row):
                yield Paragraph(text=item.label)
            else:
                yield from _grid_blocks(item, alone=not part.label)
    yield from _taken(lines)


def _taken(lines: list[Line]) -> Iterator[Block]:
    """What was gathered so far, as one block; begins anew."""
    if lines:
        yield Lines(lines=tuple(lines))
        lines.clear()


def _is_pledge(row: Row) -> bool:
    return row.type == "boolean" and len(row.label) >= LONG_SENTENCE and row.text == expressions.written(True)


def _grid_blocks(grid: Grid, *, alone: bool) -> Iterator[Block]:
    """A table; `alone` when it stands under no heading, so that its own label is one."""
    if len(grid.columns) > WIDEST_TABLE:
        for number, row in enumerate(grid.rows, start=1):
            yield Heading(text=f"{grid.label} ({number})" if len(grid.rows) > 1 else grid.label)
            cells = (cell for cell in row if cell)
            yield Lines(lines=tuple(Line(label=cell.label, value=in_sentence(cell.text) or "–") for cell in cells))
        return
    if alone:
        yield Heading(text=grid.label)
    numeric = (all(cell and cell.numeric for cell in column) for column in zip(*grid.rows, strict=True))
    yield Table(
        columns=tuple(grid.columns),
        rows=tuple(tuple(cell.text if cell else "" for cell in row) for row in grid.rows),
        caption="" if alone else grid.label,
        figures=tuple(number for number, is_numeric in enumerate(numeric) if is_numeric),
    )
