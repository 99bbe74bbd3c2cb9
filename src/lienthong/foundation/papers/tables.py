"""Lists that somebody prints or takes along: one table each, set the same way on paper and in a spreadsheet."""

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from django.utils import translation

from lienthong.foundation import clock
from lienthong.foundation.fields.formats import number
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers import word
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.papers.rendering import render
from lienthong.foundation.papers.shapes import TablePaper
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import HEADING, XlsxWriter

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table that somebody prints or takes along. `widths` are shares of the page; `sign` are the two who sign."""

    agency: str
    title: str
    subject: str
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    closing: str
    sign: tuple[tuple[str, str], ...]
    number: str = ""
    at: datetime | None = None
    """When it was made, where that is not the moment of printing."""
    empty: str = "Không có hồ sơ nào."
    """What stands there where there is no row."""


def pdf(listing: Listing, *, at: datetime) -> bytes:
    with translation.override("vi"):  # official papers are Vietnamese, whatever the reader has chosen
        return render("papers/table", _paper(listing, at).as_data(), at=at)


def docx(listing: Listing, *, at: datetime) -> bytes:
    with translation.override("vi"):
        return word.docx_of(_paper(listing, at))


def _paper(listing: Listing, at: datetime) -> TablePaper:
    agency = tree().by_key(listing.agency)
    assert agency is not None
    (left, left_name), (right, right_name) = listing.sign
    return TablePaper(
        letterhead=letterhead(agency, clock.local(listing.at or at), number=listing.number),
        title=listing.title,
        subject=listing.subject,
        facts=listing.facts,
        columns=listing.columns,
        widths=listing.widths,
        rows=tuple(tuple(map(_text, row)) for row in listing.rows),
        closing=listing.closing,
        left=left,
        left_name=left_name,
        right=right,
        right_name=right_name,
        empty=listing.empty,
    )


def xlsx(listing: Listing) -> bytes:
    out = BytesIO()
    widths = [max(8, 100 * share // sum(listing.widths)) for share in listing.widths]
    with closing(XlsxWriter(out, sheet=listing.title, widths=widths, filtered=len(listing.columns))) as writer:
        writer.row(listing.columns, style=HEADING)
        for row in listing.rows:
            writer.row(row)
    return out.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return number(Decimal(str(cell)))
    return "" if cell is None else str(cell)
