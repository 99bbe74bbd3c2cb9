"""What a line of the follow-up register says, on paper and in a spreadsheet."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from lienthong.cases.definition import RULE_SET, PrescribedForm, RuleSetBody
from lienthong.cases.models import Dossier
from lienthong.cases.papers import shapes
from lienthong.cases.papers.control import timeliness
from lienthong.cases.papers.filling import in_sentence, letterhead
from lienthong.cases.queries.register import Filters, Line
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import day, moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.procedures.definition import PROCEDURE

COLUMNS = (
    "TT",
    "Mã hồ sơ",
    "Tên thủ tục hành chính",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Trả kết quả",
    "Phương thức nhận kết quả",
    "Ký nhận",
    "Ghi chú",
)
"""The columns of form 06 of TT 01/2018/TT-VPCP (07 of TT 03/2025), which are not translated."""

_WIDTHS = (7, 28, 44, 9, 32, 48, 32, 17, 17, 17, 13, 12, 30)
"""Of the spreadsheet, in characters."""

_TIMELINESS = {"early": "trước hạn", "on-time": "đúng hạn", "late": "quá hạn"}
_WAYS = {
    Dossier.Channel.DIRECT: "Trực tiếp",
    Dossier.Channel.ONLINE: "Trực tuyến",
    Dossier.Channel.POST: "Bưu chính",
}

Value = str | int | datetime | None


def values_of(line: Line) -> tuple[Value, ...]:
    """One value for each of COLUMNS. A dossier is one set of papers until it says otherwise."""
    dossier = line.dossier
    contact = (in_sentence(dossier.applicant_address), dossier.applicant_phone)
    return (
        int(line.number) if line.number else None,
        dossier.code,
        PROCEDURE.pinned(dossier.procedure_id).name,
        1,
        dossier.applicant_name,
        "; ".join(filter(None, contact)),
        tree()[dossier.competent_id].name,
        dossier.received_at,
        dossier.due_at,
        dossier.returned_at,
        _WAYS[Dossier.Channel(dossier.channel)],
        "",
        note(dossier),
    )


def note(dossier: Dossier) -> str:
    """Its status, and once it is settled whether that was in time; while it is open, whether it is late."""
    status = RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status)
    if dossier.finished_at:
        return f"{status}, {_TIMELINESS[timeliness(dossier.due_at, dossier.finished_at)]}"
    now = dossier.paused_at or clock.now()
    return f"{status}, quá hạn" if dossier.due_at and dossier.due_at < now else status


def period(filters: Filters) -> str:
    return f"từ ngày {day(filters.first_day)} đến ngày {day(filters.last_day)}"


def printed(
    lines: Iterable[Line],
    *,
    shop: Node,
    filters: Filters,
    narrowed: str,
    rule_set: RuleSetBody,
    printed_by: str,
    at: datetime,
) -> shapes.Register:
    """The register as its form. `narrowed` says in words what was left out."""
    form: PrescribedForm = rule_set.form("register")
    return shapes.Register(
        form=shapes.Form(number=form.number, source=rule_set.forms_of),
        letterhead=letterhead(shop, at),
        shop=shop.name,
        period=period(filters),
        rows=tuple(tuple(_text(value) for value in values_of(line)) for line in lines),
        printed_by=printed_by,
        printed_at=at,
        narrowed=narrowed,
    )


def _text(value: Value) -> str:
    if value is None:
        return ""
    return moment(value) if isinstance(value, datetime) else str(value)


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
