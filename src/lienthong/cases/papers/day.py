"""The list of a counter's day, on paper and as a spreadsheet."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from lienthong.cases.papers import shapes
from lienthong.cases.queries.counter_day import CounterDay, DayLine
from lienthong.cases.values import procedure_of
from lienthong.foundation.fields.formats import day, moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers.letterheads import letterhead

COLUMNS = ("TT", "Mã hồ sơ", "Thủ tục hành chính", "Chủ hồ sơ", "Cơ quan giải quyết", "Thời điểm", "Hẹn trả", "Người")
TITLE = "Kết quả trong ngày của Bộ phận Một cửa"


def titles(of: CounterDay) -> dict[str, str]:
    return {
        "received": "Đã tiếp nhận",
        "refused": "Từ chối tiếp nhận",
        "supplement": "Yêu cầu bổ sung, hoàn thiện",
        "returned": "Đã trả kết quả",
        "open": "Còn ở bước tiếp nhận",
        "due": f"Hẹn trả đến hết ngày {day(of.next_day)}, chưa xong",
    }


def row(number: int, line: DayLine) -> tuple[str, ...]:
    dossier = line.dossier
    return (
        str(number),
        dossier.code or dossier.tracking,
        procedure_of(dossier).full_name,
        dossier.applicant_name,
        tree()[dossier.competent_id].short_name,
        moment(line.at) if line.at else "",
        moment(dossier.due_at) if dossier.due_at else "",
        line.who,
    )


def printed(of: CounterDay, *, printed_by: str, at: datetime) -> shapes.CounterDay:
    names = titles(of)
    return shapes.CounterDay(
        letterhead=letterhead(of.shop, at),
        shop=of.shop.name,
        day=of.day,
        sections=tuple(
            shapes.DaySection(
                title=names[name], rows=tuple(row(number, line) for number, line in enumerate(lines, start=1))
            )
            for name, lines in of.sections.items()
        ),
        columns=COLUMNS,
        printed_by=printed_by,
        printed_at=at,
    )


def spreadsheet(of: CounterDay) -> IO[bytes]:
    """As XLSX in a temporary file; the caller closes it."""
    from openpyxl import Workbook  # takes long to load, and few ask for it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Trong ngày"
    for place, width in enumerate((6, 28, 44, 32, 26, 17, 17, 28), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for at, (texts, bold) in enumerate(_lines(of), start=1):
        for place, text in enumerate(texts, start=1):
            cell = sheet.cell(at, place)
            cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", text), "s"  # never a formula
            if bold:
                cell.font = Font(bold=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    out = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer that sends it closes it
    book.save(out)
    out.seek(0)
    return out


def _lines(of: CounterDay) -> Iterator[tuple[tuple[str, ...], bool]]:
    yield (TITLE.upper(),), True
    yield (f"{of.shop.name}, ngày {day(of.day)}",), False
    for name, title in titles(of).items():
        lines = of.sections[name]
        yield ("",), False
        yield (f"{title}: {len(lines)} hồ sơ",), True
        if lines:
            yield COLUMNS, True
        for number, line in enumerate(lines, start=1):
            yield row(number, line), False
