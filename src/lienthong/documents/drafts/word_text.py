"""The running text of a Word file for the editor: paragraphs with bold and italics, tables, appendices. Head and foot
are left out, which the layout sets itself."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from lienthong.documents.checking.boxes import is_appendix, sort
from lienthong.documents.checking.docx_reader import read_docx
from lienthong.documents.checking.paper import Line, Place
from lienthong.documents.rules.blocks import MOST_BLOCKS, WIDEST_TABLE, Block, Run, Table, clean, read_block
from lienthong.documents.rules.contents import Appendix

MOST_ROWS = 2_000


def text_of_word(content: bytes) -> tuple[tuple[Block, ...], tuple[Appendix, ...]]:
    """The body and the appendices. Raises NotReadable."""
    paper = read_docx(content)
    own = [line.number for line in sort(paper.lines).body]
    first = next((line.number for line in paper.lines if line.place is Place.BODY and is_appendix(line.text)), None)
    lines = [line for line in paper.lines if line.place is Place.BODY]
    wanted = [line for line in lines if line.number in own or (first is not None and line.number >= first)]
    parts: list[list[Block | Line]] = [[]]
    for each in _in_order(wanted, _tables_and_words(content)):
        if isinstance(each, Line) and is_appendix(each.text):
            parts.append([])
        elif sum(map(len, parts)) < MOST_BLOCKS:
            parts[-1].append(each)
    body, *appendices = parts
    return tuple(_blocks(body)), tuple(_appendix(part) for part in appendices[:50])


def _in_order(lines: list[Line], found: Iterable[Table | str]) -> Iterator[Line | Table]:
    """The paragraphs that are wanted, with the tables at their places. No paragraph is left out."""
    waiting = list(lines)
    begun = False
    for each in found:
        if isinstance(each, Table):
            if begun:
                yield each
            continue
        place = next((number for number, line in enumerate(waiting[:40]) if line.text == each), None)
        if place is not None:
            begun = True
            yield from waiting[: place + 1]
            del waiting[: place + 1]
    yield from waiting


def _tables_and_words(content: bytes) -> Iterator[Table | str]:
    """What stands in the file from top to bottom: tables without that of the recipients, and of paragraphs the words,
    by which they are known."""
    for child in docx.Document(io.BytesIO(content)).element.body.iterchildren(qn("w:p"), qn("w:tbl")):
        if child.tag == qn("w:p"):
            yield " ".join(_text(child).split())
        elif "nơi nhận" not in _text(child).lower() and (table := _table(child)):
            yield table


def _text(element: Any) -> str:
    return "".join(each.text or "" for each in element.iter(qn("w:t")))


def _cell(element: Any) -> str:
    return clean(" ".join(_text(paragraph) for paragraph in element.iter(qn("w:p"))))


def _table(element: Any) -> Table | None:
    rows = [
        [_cell(cell) for cell in row.iterchildren(qn("w:tc"))]
        for row in list(element.iterchildren(qn("w:tr")))[:MOST_ROWS]
    ]
    width = max(map(len, rows), default=0)
    if not 0 < width <= WIDEST_TABLE:
        return None
    first, *others = (tuple(row + [""] * (width - len(row))) for row in rows)
    return Table(columns=first, rows=tuple(others))


def _blocks(found: Iterable[Block | Line]) -> Iterator[Block]:
    for each in found:
        block = _block(each) if isinstance(each, Line) else each
        if block is not None:
            yield block


def _block(line: Line) -> Block | None:
    runs = [Run(text=piece.text, bold=bool(piece.bold), italic=bool(piece.italic)) for piece in line.pieces]
    return read_block(runs, "centred" if line.alignment == "center" and line.is_bold else None)


def _appendix(found: list[Block | Line]) -> Appendix:
    """The line below the heading is its title; “(Kèm theo …)” is set by the layout."""
    title = ""
    if found and isinstance(found[0], Line) and not found[0].text.startswith("("):
        title = clean(found[0].text)[:500]
        found = found[1:]
    if found and isinstance(found[0], Line) and found[0].text.startswith("(Kèm theo"):
        found = found[1:]
    return Appendix(title=title, blocks=tuple(_blocks(found)))
