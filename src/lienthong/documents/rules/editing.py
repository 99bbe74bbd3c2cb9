"""Blocks as HTML for an editor in the page, and back. What comes back was written by a browser, or by whoever wants
something of us: of it stay paragraphs, bold, italic, two sorts of headings and tables. Everything else is its words.
"""

import re
from collections.abc import Iterable
from html import escape, unescape
from itertools import groupby
from operator import itemgetter

from lienthong.documents.rules.blocks import (
    MOST_BLOCKS,
    MOST_LETTERS,
    WIDEST_TABLE,
    Article,
    Basis,
    Block,
    Centred,
    Clause,
    Group,
    Heading,
    Level,
    Paragraph,
    Point,
    Run,
    Table,
    clean,
    read_block,
    text_of,
)

LONGEST_HTML = 3 * MOST_LETTERS
"""Characters that are read; the rest is cut off before it is looked at."""

_BOLD, _ITALIC = ("strong", "b"), ("em", "i")
_HEADINGS: dict[str, Heading] = {"h1": "centred", "h2": "centred", "h3": "centred", "h4": "group"}
_PARTS = ("p", "div", "li", "ul", "ol", "br", "hr", "blockquote", "section", "article", "h5", "h6", *_HEADINGS)
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|<[!?][^<>]*>""")
_UNREAD = ("script", "style", "template", "noscript", "title")
"""Their content was written for machines."""


def to_html(blocks: Iterable[Block]) -> str:
    return "\n".join(map(_html, blocks))


def from_html(html: str) -> tuple[Block, ...]:
    """The blocks of what an editor sends. Never refuses: a tag that is not known leaves its words."""
    reader = _Reader()
    reader.feed(html[:LONGEST_HTML])
    return reader.finished()


def _html(block: Block) -> str:
    match block:
        case Centred() | Level():
            return f"<h3>{escape(text_of(block))}</h3>"
        case Group():
            return f"<h4>{escape(text_of(block))}</h4>"
        case Basis():
            return f"<p><em>{escape(block.text)}</em></p>"
        case Table():
            head = "".join(f"<th>{escape(cell)}</th>" for cell in block.columns)
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block.rows)
            return "<table>" + "".join(f"<tr>{row}</tr>" for row in (head, *rows)) + "</table>"
        case Article() if block.runs and all(run.bold for run in block.runs):
            return f"<h4>Điều {block.number}. {_inline(block.runs, bold=False)}</h4>"
        case Clause() if all(run.bold for run in block.runs):
            return f"<h4>{block.number}. {_inline(block.runs, bold=False)}</h4>"
        case Article():
            return f"<p>Điều {block.number}. {_inline(block.runs)}</p>"
        case Clause():
            return f"<p>{block.number}. {_inline(block.runs)}</p>"
        case Point():
            return f"<p>{block.letter}) {_inline(block.runs)}</p>"
        case Paragraph():
            return f"<p>{_inline(block.runs)}</p>"


def _inline(runs: Iterable[Run], *, bold: bool = True) -> str:
    return "".join(map(_styled, runs)) if bold else "".join(_styled(_lighter(run)) for run in runs)


def _lighter(run: Run) -> Run:
    return run.model_copy(update={"bold": False})


def _styled(run: Run) -> str:
    html = escape(run.text)
    if run.italic:
        html = f"<em>{html}</em>"
    return f"<strong>{html}</strong>" if run.bold else html


def _run(text: str, bold: bool, italic: bool) -> Run:
    return Run(text=text, bold=bold, italic=italic)


class _Reader:
    """Gathers runs, and makes a block of them wherever a paragraph ends.

    It reads tags itself: the parser of the standard library takes a time that grows with the square of what was never
    closed, and what comes here comes from anybody.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._said: list[tuple[str, bool, bool]] = []
        self._bold = self._italic = self._unread = 0
        self._heading: Heading = None
        self._rows: list[list[list[str]]] | None = None

    def feed(self, html: str) -> None:
        at = 0
        while at < len(html):
            if html.startswith("<!--", at):
                end = html.find("-->", at)
                at = end + 3 if end >= 0 else len(html)
            elif tag := _TAG.match(html, at):
                self._tag(tag)
                at = tag.end()
            else:
                following = html.find("<", at + 1)
                end = following if following >= 0 else len(html)
                self._words(unescape(html[at:end]))
                at = end

    def _tag(self, found: re.Match[str]) -> None:
        if found[2] is None:
            return
        if found[1]:
            self._end(found[2].lower())
        else:
            self._start(found[2].lower())

    def finished(self) -> tuple[Block, ...]:
        self._end_table()
        self._end_block()
        return tuple(self._blocks)

    def _start(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread += 1
        elif tag in _BOLD:
            self._bold += 1
        elif tag in _ITALIC:
            self._italic += 1
        elif self._rows is not None and tag in ("tr", "td", "th"):
            self._begin_in_table(tag)
        elif tag == "table":
            self._end_block()
            self._rows = [] if self._rows is None else self._rows
        elif tag in _PARTS:
            self._end_block()
            self._heading = _HEADINGS.get(tag)

    def _end(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BOLD:
            self._bold = max(0, self._bold - 1)
        elif tag in _ITALIC:
            self._italic = max(0, self._italic - 1)
        elif tag == "table":
            self._end_table()
        elif tag in _PARTS:
            self._end_block()
            self._heading = None

    def _words(self, data: str) -> None:
        if self._unread:
            return
        if self._rows is not None:
            if data.strip() or self._is_in_row():
                self._cell().append(data)
        else:
            self._said.append((data, self._bold > 0, self._italic > 0))

    def _begin_in_table(self, tag: str) -> None:
        assert self._rows is not None
        if tag == "tr" or not self._rows:
            self._rows.append([])
        if tag != "tr":
            self._rows[-1].append([])

    def _is_in_row(self) -> bool:
        return bool(self._rows and self._rows[-1])

    def _cell(self) -> list[str]:
        """The cell that is open; words that stand beside every cell get one."""
        assert self._rows is not None
        if not self._rows:
            self._rows.append([])
        if not self._rows[-1]:
            self._rows[-1].append([])
        return self._rows[-1][-1]

    def _end_table(self) -> None:
        if self._rows is None:
            return
        rows = [[clean("".join(parts)) for parts in row] for row in self._rows if row]
        self._rows = None
        width = max(map(len, rows), default=0)
        if 0 < width <= WIDEST_TABLE and any(any(row) for row in rows):
            first, *others = (tuple(row + [""] * (width - len(row))) for row in rows)
            self._blocks.append(Table(columns=first, rows=tuple(others)))
        else:
            for row in rows:
                self._add([Run(text=" ".join(row))], None)

    def _end_block(self) -> None:
        if self._rows is not None:
            if self._is_in_row():
                self._cell().append(" ")
            return
        if self._said:
            alike = groupby(self._said, key=itemgetter(1, 2))
            self._add([_run("".join(each[0] for each in same), *style) for style, same in alike], self._heading)
        self._said = []

    def _add(self, runs: Iterable[Run], heading: Heading) -> None:
        block = read_block(runs, heading) if len(self._blocks) < MOST_BLOCKS else None
        if block is not None:
            self._blocks.append(block)
