"""A list as a Word file, set as it is on paper: for whoever works on with it (NĐ 30/2020 App. VI, III.9)."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lienthong.foundation.papers.shapes import Letterhead, TablePaper
from lienthong.foundation.papers.text import printable

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_ROOM = 257
"""Millimetres between the margins of A4 across, as the paper of lists has them."""
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def docx_of(paper: TablePaper) -> bytes:
    file = docx.Document()
    _lay_across(file, paper.title)
    _head(file, paper.letterhead)
    _line(file.add_paragraph, paper.title.upper(), bold=True, align=_CENTRE, before=12)
    _line(file.add_paragraph, paper.subject, bold=True, align=_CENTRE)
    for fact in ("", *paper.facts):
        _write(file.add_paragraph(), fact)
    _table(file, paper)
    if not paper.rows:
        _line(file.add_paragraph, paper.empty, italic=True, align=_CENTRE)
    _line(file.add_paragraph, paper.closing, before=6)
    _signatures(file, ((paper.left, paper.left_name), (paper.right, paper.right_name)))
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _lay_across(file: Any, title: str) -> None:
    section, style = file.sections[0], file.styles["Normal"]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(20), Mm(15)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(0)
    file.core_properties.title, file.core_properties.author = printable(title), ""


def _head(file: Any, head: Letterhead) -> None:
    data = head.as_data()
    left, right = _beside(file)
    _line(left, data["parent"].upper(), size=12, align=_CENTRE)
    _line(left, data["issuer"].upper(), size=12, bold=True, align=_CENTRE)
    _line(left, data["number"], size=12, align=_CENTRE)
    _line(right, _NATION, size=12, bold=True, align=_CENTRE)
    _line(right, _MOTTO, size=13, bold=True, align=_CENTRE)
    _line(right, data["place_and_day"], size=12, italic=True, align=_CENTRE)


def _table(file: Any, paper: TablePaper) -> None:
    table = file.add_table(rows=0, cols=len(paper.columns), style="Table Grid")
    table.autofit = False
    widths = [Mm(_ROOM * share // sum(paper.widths)) for share in paper.widths]
    for column, width in zip(table.columns, widths, strict=True):  # some programs go by the columns, Word by the cells
        column.width = width
    _row(table, paper.columns, widths, bold=True, align=_CENTRE)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # stands again on every page
    for row in paper.rows:
        _row(table, row, widths)


def _row(table: Any, texts: Sequence[str], widths: Iterable[Any], **looks: Any) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        _write(cell.paragraphs[0], text, size=11, **looks)


def _signatures(file: Any, who: Iterable[tuple[str, str]]) -> None:
    for add, (title, name) in zip(_beside(file), who, strict=True):
        _line(add, title.upper(), size=12, bold=True, align=_CENTRE, before=12)
        _line(add, name, bold=True, align=_CENTRE, before=60)


def _beside(file: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """What adds paragraphs to the left and to the right half of the page."""
    left, right = file.add_table(rows=1, cols=2).rows[0].cells
    return left.add_paragraph, right.add_paragraph


def _line(add: Callable[[], Any], text: str, **looks: Any) -> None:
    """A paragraph of its own; nothing for no text."""
    if text:
        _write(add(), text, **looks)


def _write(
    paragraph: Any,
    text: str,
    *,
    size: int = 13,
    align: Any = None,
    before: int = 0,
    bold: bool = False,
    italic: bool = False,
) -> None:
    """`size` and `before` in points."""
    paragraph.alignment, paragraph.paragraph_format.space_before = align, Pt(before)
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
