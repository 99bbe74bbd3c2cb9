"""What came of a bulk, to take along: as XLSX or as CSV. Loading openpyxl takes long: import this where it is used."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from lienthong.foundation import clock
from lienthong.work.models import Bulk, BulkLine

COLUMNS = ("STT", "Mã hồ sơ", "Hồ sơ", "Kết quả", "Lý do", "Thời điểm")
_WIDTHS = (6, 28, 60, 22, 60, 18)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell of a CSV that begins so is a program to a spreadsheet."""


def _values(lines: Iterable[BulkLine]) -> Iterator[tuple[Any, ...]]:
    for number, line in enumerate(lines, start=1):
        moment = f"{clock.local(line.done_at):%d/%m/%Y %H:%M}" if line.done_at else ""
        yield number, line.code, line.title, str(BulkLine.Outcome(line.outcome).label), line.message, moment


def as_xlsx(bulk: Bulk, lines: Iterable[BulkLine]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kết quả")
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    sheet.append([_cell(sheet, bulk.name, Font(bold=True, size=14))])
    sheet.append([_cell(sheet, name, Font(bold=True)) for name in COLUMNS])
    for row in _values(lines):
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if font:
        cell.font = font
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # no text becomes a formula
    return cell


def as_csv(lines: Iterable[BulkLine]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _values(lines):
        writer.writerow([f"'{value}" if str(value).startswith(_FORMULA) else value for value in row])
    return out.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows UTF-8
