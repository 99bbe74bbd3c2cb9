"""The follow-up register as a spreadsheet. Loading openpyxl takes a fifth of a second: import this where it is used."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from lienthong.cases.papers.register import COLUMNS, Value, period, values_of
from lienthong.cases.queries.register import Filters, Line
from lienthong.foundation import clock
from lienthong.foundation.organisations.rules import Node

_WIDTHS = (7, 28, 44, 9, 32, 48, 32, 17, 17, 17, 13, 12, 30)
"""Of the columns, in characters."""


def spreadsheet(lines: Iterable[Line], *, shop: Node, filters: Filters, narrowed: str) -> IO[bytes]:
    """The register as XLSX in a temporary file, written row by row; the caller closes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ theo dõi hồ sơ")
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.print_title_rows = "4:4"
    for row in _rows(sheet, lines, shop, "; ".join(filter(None, (period(filters), narrowed)))):
        sheet.append(row)
    out = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer that sends it closes it
    book.save(out)
    out.seek(0)
    return out


def _rows(sheet: Any, lines: Iterable[Line], shop: Node, about: str) -> Iterator[Sequence[Any]]:
    yield [_cell(sheet, "SỔ THEO DÕI HỒ SƠ", font=Font(bold=True, size=14))]
    yield [_cell(sheet, f"{shop.name}, {about}")]
    yield []
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    yield [_cell(sheet, name, font=Font(bold=True), alignment=middle, border=_BORDER) for name in COLUMNS]
    cells = [_cell(sheet, None, alignment=_TOP, border=_BORDER) for _name in COLUMNS]
    for place in _MOMENTS:
        cells[place].number_format = "dd/mm/yyyy hh:mm"
    for line in lines:  # a row is written before the next begins: one set of cells serves all
        for cell, value in zip(cells, values_of(line), strict=True):
            _put(cell, value)
        yield cells


_HAIR = Side(style="thin")
_BORDER = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_TOP = Alignment(vertical="top", wrap_text=True)
_MOMENTS = (7, 8, 9)
"""The columns that hold moments."""


def _cell(sheet: Any, value: Value, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet)
    for name, chosen in style.items():
        setattr(cell, name, chosen)
    _put(cell, value)
    return cell


def _put(cell: Any, value: Value) -> None:
    """What stands there and nothing else: no text becomes a formula, a moment is Vietnam's wall clock."""
    if isinstance(value, datetime):
        cell.value = clock.local(value).replace(tzinfo=None, second=0, microsecond=0)
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
