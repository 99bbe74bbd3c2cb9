"""Spreadsheets written row by row. Whatever a text begins with, it stays a text."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape

from lienthong.foundation import clock
from lienthong.foundation.sheets.cells import FORMULA, Cell, as_text, column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MOST_ROWS = 1_048_576
"""Of a sheet; a program of spreadsheets opens no more."""
LONGEST = 32_767
"""Letters of a cell."""

PLAIN, HEADING, WRONG, NOTE, DAY, MOMENT, WRONG_DAY = range(7)
"""How a cell looks."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's days have no zone


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell that looks other than the rest."""

    value: Cell
    style: int


class XlsxWriter:
    """A workbook of one sheet, in memory no larger than a row. `frozen` rows at the top stay in sight; `filtered`: so
    many columns can be filtered by what stands in them, below the first row.

    It has to be closed, also where what writes the rows fails: an archive with an open part cannot be let go of.
    """

    def __init__(
        self, target: IO[bytes], *, sheet: str, widths: Sequence[int], frozen: int = 1, filtered: int = 0
    ) -> None:
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        for name, text in _PARTS.items():
            self._archive.writestr(name, text.format(sheet=escape(_sheet_name(sheet), {'"': "&quot;"})))
        self._part = io.TextIOWrapper(
            self._archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True), encoding="utf-8", newline=""
        )
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, start=1)
        )
        pane = f'<pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft" state="frozen"/>'
        views = f'<sheetViews><sheetView workbookViewId="0">{pane if frozen else ""}</sheetView></sheetViews>'
        self._part.write(
            f'{_XML}<worksheet xmlns="{_MAIN}">{views}{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
        )
        self.rows, self._filtered = 0, filtered

    def row(self, cells: Iterable["Cell | Styled"], *, style: int = PLAIN) -> None:
        self.rows += 1
        written = [_cell(cell, style, self.rows, column) for column, cell in enumerate(cells)]
        self._part.write(f'<row r="{self.rows}">{"".join(written)}</row>')

    def close(self) -> None:
        """The target stays open."""
        last = column_letter(self._filtered - 1) if self._filtered else ""
        drop = f'<autoFilter ref="A1:{last}{max(self.rows, 1)}"/>' if self._filtered else ""
        self._part.write(f"</sheetData>{drop}</worksheet>")
        self._part.close()
        self._archive.close()


class CsvWriter:
    """UTF-8 with the mark by which Excel knows it. A text that would be a formula begins with an apostrophe."""

    def __init__(self, target: IO[bytes]) -> None:
        target.write(b"\xef\xbb\xbf")
        self._text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text)

    def row(self, cells: Iterable[Cell]) -> None:
        self._writer.writerow([harmless(cell) for cell in cells])

    def close(self) -> None:
        """The target stays open."""
        self._text.flush()
        self._text.detach()


def harmless(cell: Cell) -> str:
    """As it stands in a CSV. Numbers keep their minus: they are no program."""
    text = as_text(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _cell(given: Cell | Styled, style: int, row: int, column: int) -> str:
    cell: Cell
    if isinstance(given, Styled):
        cell, style = given.value, given.style
    else:
        cell = given
    place = f'r="{column_letter(column)}{row}"'
    match cell:
        case None:
            return f'<c {place} s="{style}"/>' if style != PLAIN else ""
        case bool():
            return f'<c {place} s="{style}" t="b"><v>{int(cell)}</v></c>'
        case int() | float() | Decimal():
            return f'<c {place} s="{style}"><v>{cell}</v></c>'
        case datetime():
            wall = clock.local(cell).replace(tzinfo=None) if cell.tzinfo else cell
            days = (wall - _EPOCH).total_seconds() / 86_400
            return f'<c {place} s="{MOMENT if style == PLAIN else style}"><v>{days!r}</v></c>'
        case date() if cell.year >= 1901:
            days_ = (datetime(cell.year, cell.month, cell.day) - _EPOCH).days  # noqa: DTZ001
            return f'<c {place} s="{_dated(style)}"><v>{days_}</v></c>'
        case _:
            text = escape(_NOT_XML.sub("", as_text(cell))[:LONGEST])
            return f'<c {place} s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _dated(style: int) -> int:
    return {PLAIN: DAY, WRONG: WRONG_DAY}.get(style, style)


def _sheet_name(name: str) -> str:
    """At most 31 letters, without those that sheets may not have."""
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "1"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TOP = '<alignment vertical="top" wrapText="1"/>'
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><color rgb="FF9C0006"/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEDEDED"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7">'
    f'<xf applyAlignment="1">{_TOP}</xf>'
    f'<xf fontId="1" fillId="3" applyFont="1" applyFill="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf fontId="2" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf fontId="2" applyFont="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="164" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="165" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="164" fontId="2" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
    f"{_TOP}</xf></cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
"""All parts but the sheet itself."""
