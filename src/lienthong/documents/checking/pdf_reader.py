"""A PDF as its layout is looked at: words with their fonts and places, lines drawn below them. A scan has neither.

Widths are those of our own face, which are those of Times New Roman. In a justified line the gaps between words are
wider or narrower than measured, so that the right margin is only known to be far too narrow, never too wide.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import hypot, isfinite
from typing import Any

import pypdf
from django.utils.translation import gettext as _
from PIL import ImageFont
from pypdf.errors import PyPdfError

from lienthong.documents.checking.boxes import KIND_NAMES, NATIONAL, is_appendix, is_like
from lienthong.documents.checking.paper import Line, NotReadable, Page, PageNumbers, Paper, Piece, Place
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.papers.text import FONTS

MOST_PAGES = 200
MOST_SPANS = 6_000
MOST_STROKES = 1_000
"""On one page; a page of text has some hundreds, one whose letters stand singly some thousands."""
_MM = 72 / 25.4
_SUBSET = re.compile(r"^/?(?:[A-Z]{6}\+)?")
_FIGURES = re.compile(r"-?\s*[0-9]{1,4}\s*-?")
_SAME_LINE = 2.5
_EM = 2048
"""Units of our face: at this size no width is rounded."""

_NEXT_INDENT = 15
_BROKEN = (PyPdfError, LookupError, AttributeError, TypeError, ValueError, ArithmeticError, RecursionError, EOFError)


@dataclass(frozen=True, slots=True)
class Span:
    """Letters of one font that begin at x on a baseline y, in points from the lower left corner."""

    x: float
    y: float
    text: str
    font: str
    size: float

    @property
    def end(self) -> float:
        return self.x + _length(self.text.rstrip(), self.font) * self.size

    def piece(self) -> Piece:
        name = self.font.lower()
        return Piece(
            text=self.text,
            font=self.font,
            size=round(self.size * 2) / 2,
            bold="bold" in name,
            italic="italic" in name or "oblique" in name,
        )


@dataclass(frozen=True, slots=True)
class Stroke:
    """A level line."""

    x: float
    end: float
    y: float


@dataclass(slots=True)
class Row:
    """Spans of one baseline in one column."""

    page: int
    place: Place
    spans: list[Span]

    @property
    def x(self) -> float:
        return self.spans[0].x

    @property
    def y(self) -> float:
        return self.spans[0].y

    @property
    def end(self) -> float:
        return max(span.end for span in self.spans)

    @property
    def size(self) -> float:
        return max(span.size for span in self.spans)

    @property
    def text(self) -> str:
        return " ".join("".join(span.text for span in self.spans).split())


@dataclass(slots=True)
class Sheet:
    """One page: what stands on it, from the top."""

    number: int
    width: float
    height: float
    rows: list[Row]
    strokes: list[Stroke]
    figure: Row | None = None
    """The number of the page."""


def read_pdf(content: bytes) -> Paper:
    """Raises NotReadable."""
    return _paper(read_sheets(content))


def read_sheets(content: bytes) -> list[Sheet]:
    """Every page with its rows in the columns of head and foot. Raises NotReadable."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
            raise NotReadable(_("it is locked or has too many pages"))
        sheets = [_sheet(page, number) for number, page in enumerate(reader.pages, start=1)]
    except _BROKEN as error:
        raise NotReadable(_("it is no PDF document")) from error
    if not any(sheet.rows for sheet in sheets):
        raise NotReadable(_("it has no text, it is probably a scan"))
    _place_head(sheets[0])
    for sheet in sheets:
        _place_foot(sheet)
    return sheets


def _sheet(page: Any, number: int) -> Sheet:
    spans: list[Span] = []
    strokes: list[Stroke] = []
    at = (0.0, 0.0)

    def text_seen(text: str, outer: Any, inner: Any, font: Any, size: Any) -> None:
        if text.strip() and len(spans) < MOST_SPANS:
            span = _span(text, outer, inner, font, size)
            if span is not None:
                spans.append(span)

    def operator_seen(operator: bytes, operands: Any, matrix: Any, _text_matrix: Any) -> None:
        nonlocal at
        if operator == b"m":
            at = _moved(matrix, operands)
        elif operator == b"l":
            there = _moved(matrix, operands)
            _note(strokes, at, there)
            at = there
        elif operator == b"re" and len(operands) == 4 and abs(float(operands[3])) < 2:
            x, y, width, _height = map(float, operands)
            _note(strokes, _moved(matrix, (x, y)), _moved(matrix, (x + width, y)))

    page.extract_text(visitor_text=text_seen, visitor_operand_before=operator_seen)
    left, bottom, right, top = (float(each) for each in page.mediabox)
    own = Sheet(number, right - left, top - bottom, [], strokes)
    own.rows = _rows(spans, number)
    own.figure = next((row for row in own.rows if _is_figure(row, own)), None)
    own.rows = [row for row in own.rows if row is not own.figure]
    return own


def _moved(matrix: Any, point: Any) -> tuple[float, float]:
    a, b, c, d, e, f = (float(each) for each in matrix)
    x, y = float(point[0]), float(point[1])
    return a * x + c * y + e, b * x + d * y + f


def _note(strokes: list[Stroke], start: tuple[float, float], end: tuple[float, float]) -> None:
    x, far = sorted((start[0], end[0]))
    if abs(start[1] - end[1]) < 1 and far - x > 10 and len(strokes) < MOST_STROKES:
        strokes.append(Stroke(x, far, start[1]))


def _span(text: str, outer: Any, inner: Any, font: Any, size: Any) -> Span | None:
    x, y = _moved(outer, (inner[4], inner[5]))
    across = (float(inner[0]) * float(outer[0]), float(inner[1]) * float(outer[3]))
    real = float(size) * hypot(*across)
    name = _SUBSET.sub("", str((font or {}).get("/BaseFont", "")))
    return Span(x, y, text.replace("\n", " "), name, real) if all(map(isfinite, (x, y, real))) and real > 0 else None


@cache
def _face(bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    style = f"{'Bold' if bold else ''}{'Italic' if italic else ''}" or "Regular"
    return ImageFont.truetype(FONTS / f"LiberationSerif-{style}.ttf", _EM, layout_engine=ImageFont.Layout.BASIC)


def _length(text: str, font: str) -> float:
    """In sizes of the font."""
    name = font.lower()
    return _face("bold" in name, "italic" in name).getlength(text[:2000]) / _EM


def reach_of(row: Row, letters: int) -> float:
    """How far from the left so many letters of a row reach."""
    for span in row.spans:
        if letters <= len(span.text):
            return span.x + _length(span.text[:letters], span.font) * span.size
        letters -= len(span.text)
    return row.end


def start_of(row: Row, letter: int) -> float:
    """How far from the left the letter of a row begins that has so many before it."""
    for span in row.spans:
        if letter < len(span.text):
            return span.x + _length(span.text[:letter], span.font) * span.size
        letter -= len(span.text)
    return row.end


def _rows(spans: list[Span], page: int) -> list[Row]:
    """Every baseline from the top, the spans of each from the left."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda each: (-each.y, each.x)):
        if rows and abs(rows[-1][0].y - span.y) <= _SAME_LINE:
            rows[-1].append(span)
        else:
            rows.append([span])
    return [Row(page, Place.BODY, sorted(each, key=lambda span: span.x)) for each in rows]


def _is_figure(row: Row, sheet: Sheet) -> bool:
    in_margin = row.y > sheet.height - 20 * _MM or row.y < 20 * _MM
    return in_margin and _FIGURES.fullmatch(row.text) is not None


def _paper(sheets: list[Sheet]) -> Paper:
    left = min((row.x for sheet in sheets for row in sheet.rows), default=0)
    return Paper(
        pages=[_page(sheet) for sheet in sheets],
        lines=_lines(sheets, left),
        numbers=_numbers(sheets),
        is_longer=any(sheet.number > 1 and sheet.rows and not is_appendix(sheet.rows[0].text) for sheet in sheets),
        has_paragraphs=False,
    )


def _place_head(sheet: Sheet) -> None:
    """Two columns above the type of the document or “Kính gửi”; the right one begins where the national title does."""
    national = next((span for row in sheet.rows for span in _joined(row.spans) if is_like(span.text, NATIONAL)), None)
    if national is None:
        return
    below = next((row.y for row in sheet.rows if row.y < national.y and _ends_head(row)), None)
    if below is None:
        below = min((row.y for row in sheet.rows if "ngày" in row.text and national.y - row.y < 120), default=0) - 3
    head = [row for row in sheet.rows if row.y > below]
    rest = [row for row in sheet.rows if row.y <= below]
    columns = [*_column(head, Place.HEAD_LEFT, 0, national.x - 8)]
    columns += _column(head, Place.HEAD_RIGHT, national.x - 8, sheet.width)
    sheet.rows = columns + rest


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Spans that follow one another as one: a word processor writes words and even letters one by one."""
    last: Span | None = None
    for span in spans:
        if last and last.font == span.font and span.x - last.end < span.size:
            last = Span(last.x, last.y, last.text + span.text, last.font, last.size)
        else:
            if last:
                yield last
            last = span
    if last:
        yield last


def _ends_head(row: Row) -> bool:
    text = row.text
    return folded(text) in KIND_NAMES or text.lower().startswith("kính gửi") or text.endswith("điện:")


def _column(rows: Iterable[Row], place: Place, least: float, most: float) -> Iterator[Row]:
    for row in rows:
        spans = [span for span in row.spans if least <= span.x < most]
        if spans:
            yield Row(row.page, place, spans)


def _place_foot(sheet: Sheet) -> None:
    start = next((row for row in sheet.rows if folded(row.text).startswith("noi nhan")), None)
    if start is None:
        return
    ruled = [
        each.y for each in sheet.strokes if each.end - each.x > 0.7 * (sheet.width - 45 * _MM) and each.y < start.y
    ]
    floor = max(ruled, default=0)
    top = start.y + 6
    foot = [row for row in sheet.rows if floor < row.y <= top and row.place is Place.BODY]
    taken = set(map(id, foot))
    others = [row for row in sheet.rows if id(row) not in taken and row.y > floor]
    middle = 0.45 * sheet.width
    sheet.rows = [
        *others,
        *_column(foot, Place.FOOT_LEFT, 0, middle),
        *_column(foot, Place.FOOT_RIGHT, middle, sheet.width),
    ]


def _lines(sheets: list[Sheet], left: float) -> list[Line]:
    lines: list[Line] = []
    above: Row | None = None
    for sheet in sheets:
        for row in sheet.rows:
            if above is not None and _continues(row, above, lines[-1].text, left):
                lines[-1].pieces += (Piece(" "), *_pieces(row))
            else:
                lines.append(Line(len(lines) + 1, row.place, _pieces(row), page=sheet.number))
            lines[-1].rule = max(lines[-1].rule, _rule_below(row, sheet, _is_text(row, left)))
            above = row
    return lines


def _is_text(row: Row, left: float) -> bool:
    return row.place is Place.BODY and row.x - left < _NEXT_INDENT


def _continues(row: Row, above: Row, said: str, left: float) -> bool:
    """Whether a row goes on with the paragraph above: it begins at the margin, or below the name of an addressee."""
    if row.place is not Place.BODY or above.place is not Place.BODY:
        return False
    if row.page == above.page and above.y - row.y > 2.2 * row.size:
        return False
    hangs = said.startswith("-") and not said.endswith((";", ".")) and abs(row.x - above.x) < _NEXT_INDENT
    return hangs or row.x - left < _NEXT_INDENT


def _pieces(row: Row) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = row.x
    for span in row.spans:
        if pieces and span.x - end > 0.2 * span.size and not pieces[-1].text.endswith(" "):
            pieces.append(Piece(" "))
        pieces.append(span.piece())
        end = span.end
    return tuple(pieces)


def _rule_below(row: Row, sheet: Sheet, is_text: bool) -> float:
    """The length of a line right below as a share of the row, or of the longest one of a name of several rows."""
    if is_text:
        return 0
    middle = (row.x + row.end) / 2
    for stroke in sheet.strokes:
        if 0.5 < row.y - stroke.y < row.size and abs((stroke.x + stroke.end) / 2 - middle) < 0.5 * row.size:
            own = (stroke.end - stroke.x) / (row.end - row.x)
            if 0.9 <= own <= 1.1:
                return own
            near = [each for each in sheet.rows if each.place is row.place and 0 <= each.y - row.y < 2.6 * row.size]
            like = [each for each in near if each.spans[0].font == row.spans[0].font]
            return (stroke.end - stroke.x) / max(each.end - each.x for each in like)
    return 0


def _page(sheet: Sheet) -> Page:
    size = (sheet.width / _MM, sheet.height / _MM)
    if not sheet.rows or sheet.width > sheet.height:
        return Page(*size)
    first = max(sheet.rows, key=lambda row: row.y)
    last = min(sheet.rows, key=lambda row: row.y)
    return Page(
        *size,
        top=_top((sheet.height - first.y) / _MM, first.size / _MM) if sheet.number == 1 else None,
        bottom=_narrow(last.y / _MM, 20, by=1),
        left=min(row.x for row in sheet.rows) / _MM if len(sheet.rows) > 2 else None,
        right=_narrow((sheet.width - max(row.end for row in sheet.rows)) / _MM, 15, by=4),
    )


def _top(baseline: float, size: float) -> float:
    """Letters reach between 0.66 and 0.92 of their size above the baseline, as the program counts: in its favour."""
    highest, lowest = baseline - 0.92 * size, baseline - 0.66 * size
    return lowest if lowest < 20 else max(highest, 20)


def _narrow(distance: float, least: float, *, by: float) -> float | None:
    return distance if distance < least - by else None


def _numbers(sheets: list[Sheet]) -> PageNumbers | None:
    shown = next((sheet for sheet in sheets[1:] if sheet.figure), None)
    if shown is None or shown.figure is None:
        return None
    row = shown.figure
    from_middle = (row.x + row.end) / 2 - shown.width / 2
    first = sheets[0].figure
    return PageNumbers(
        in_header=row.y > shown.height / 2,
        alignment="center" if abs(from_middle) < 12 * _MM else "right" if from_middle > 0 else "left",
        size=round(row.size * 2) / 2,
        upright=not row.spans[0].piece().italic,
        on_first=first is not None and (first.y > sheets[0].height / 2) == (row.y > shown.height / 2),
    )
