"""What a line of the registers of documents says, on the screen, in a spreadsheet and on paper.

The columns are those of NĐ 30/2020 App. IV in their order and words, which are not translated.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from lienthong.documents.models import Arrival, Book
from lienthong.documents.papers.forms import Form, Kinds, Value
from lienthong.documents.papers.outgoing_books import OUTGOING_FORMS
from lienthong.documents.queries.books import Filters, Line, Receiver
from lienthong.documents.rules.following import Progress
from lienthong.documents.rules.journey import Status
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import day, moment
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.papers.shapes import Letterhead, Shape
from lienthong.foundation.sheets.writing import HEADING, XlsxWriter


def _incoming(line: Line, kinds: Kinds) -> tuple[Value, ...]:
    arrival, document = line.arrival, line.arrival.document
    return (
        arrival.arrived_on,
        arrival.number,
        document.issuer_name,
        document.code,
        document.dated,
        f"{kinds.get(document.kind, document.kind)}: {document.abstract}",
        _names(line.receivers),
        _each(line.receivers, lambda each: day(clock.local(each.handed_at))),
        _each(line.receivers, _signed),
        _remark(arrival),
    )


def _settlement(line: Line, kinds: Kinds) -> tuple[Value, ...]:
    arrival, document = line.arrival, line.arrival.document
    about = (
        f"{kinds.get(document.kind, document.kind)} {document.code}".strip(),
        f"ngày {day(document.dated)}" if document.dated else "",
        document.issuer_name,
    )
    return (
        arrival.number,
        ", ".join(filter(None, about)),
        _names(line.receivers),
        day(clock.local(line.limit)) if line.limit else "",
        standing(line),
        arrival.answer,
        _remark(arrival),
    )


def _remark(arrival: Arrival) -> str:
    recalled = "nơi gửi đã thu hồi" if arrival.status == Status.RECALLED else ""
    return "; ".join(filter(None, (arrival.remark, recalled)))


FORMS: dict[Book, Form] = {
    Book.INCOMING: Form(
        "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
        (
            ("Ngày đến", 11),
            ("Số đến", 7),
            ("Tác giả", 20),
            ("Số, ký hiệu văn bản", 15),
            ("Ngày tháng văn bản", 11),
            ("Tên loại và trích yếu nội dung văn bản", 40),
            ("Đơn vị hoặc người nhận", 24),
            ("Ngày chuyển", 11),
            ("Ký nhận", 20),
            ("Ghi chú", 12),
        ),
        _incoming,
        linked="Số đến",
    ),
    Book.SETTLEMENT: Form(
        "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
        (
            ("Số đến", 7),
            ("Tên loại, số và ký hiệu, ngày tháng và tác giả văn bản", 44),
            ("Đơn vị hoặc người nhận", 28),
            ("Thời hạn giải quyết", 12),
            ("Tiến độ giải quyết", 20),
            ("Số, ký hiệu văn bản trả lời", 16),
            ("Ghi chú", 16),
        ),
        _settlement,
        linked="Số đến",
    ),
}

FORMS |= OUTGOING_FORMS

_STANDINGS = {
    Progress.IN_TIME: "đã giải quyết đúng hạn",
    Progress.LATE: "đã giải quyết quá hạn",
    Progress.OPEN_IN_TIME: "đang giải quyết, trong hạn",
    Progress.OPEN_LATE: "đang giải quyết, quá hạn",
    Progress.UNLIMITED: "đã giải quyết",
    Progress.UNLIMITED_OPEN: "đang giải quyết",
}


def standing(line: Line) -> str:
    word = _STANDINGS[line.progress]
    return f"{word}, ngày {day(clock.local(line.done_at))}" if line.done_at else word


def _names(receivers: Iterable[Receiver]) -> str:
    return "; ".join(each.name if each.lead else f"{each.name} (phối hợp)" for each in receivers)


def _signed(each: Receiver) -> str:
    """Who saw it first, and when, stands for the signature."""
    return f"{each.seen_by}, {moment(clock.local(each.seen_at))}" if each.seen_by and each.seen_at else ""


def _each(receivers: Iterable[Receiver], said: Callable[[Receiver], str]) -> str:
    """One for each receiver, what is the same said once."""
    return "; ".join(dict.fromkeys(filter(None, map(said, receivers))))


def period(filters: Filters) -> str:
    return f"từ ngày {day(filters.period.first)} đến ngày {day(filters.period.last)}"


def about(agency: Node, filters: Filters) -> str:
    """Whose register it is and what was left out."""
    parts = (
        filters.unit.name if filters.unit else "",
        _STANDINGS[filters.progress] if filters.progress else "",
        period(filters),
    )
    return ", ".join((agency.name, *filter(None, parts)))


def write_sheet(
    target: IO[bytes], lines: Iterable[Any], *, book: Book, agency: Node, filters: Filters, kinds: Kinds
) -> int:
    """As XLSX; how many lines there were."""
    form = FORMS[book]
    sheet = XlsxWriter(target, sheet=form.title.capitalize(), widths=[share for _name, share in form.columns], frozen=3)
    sheet.row([form.title], style=HEADING)
    sheet.row([about(agency, filters)])
    sheet.row(form.names, style=HEADING)
    headed = sheet.rows
    for line in lines:
        sheet.row(form.values(line, kinds))
    sheet.close()
    return sheet.rows - headed


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed(Shape):
    """A register as it is printed, A4 across."""

    letterhead: Letterhead
    title: str
    about: str
    counted: str
    columns: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    printed_by: str
    printed_at: datetime


def printed(
    lines: Iterable[Any],
    *,
    book: Book,
    agency: Node,
    filters: Filters,
    kinds: Kinds,
    printed_by: str,
    at: datetime,
) -> Printed:
    form = FORMS[book]
    return Printed(
        letterhead=letterhead(agency, at),
        title=form.title.capitalize(),
        about=about(agency, filters),
        counted=form.counted,
        columns=form.names,
        shares=tuple(share for _name, share in form.columns),
        rows=tuple(tuple(text_of(value) for value in form.values(line, kinds)) for line in lines),
        printed_by=printed_by,
        printed_at=at,
    )


def text_of(value: Value) -> str:
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else str(value)
