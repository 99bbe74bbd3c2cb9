"""The statistics of the exchange of documents as a spreadsheet and on paper. The words are those of reports, which are
Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from lienthong.documents.papers.books import Printed
from lienthong.documents.papers.forms import Value
from lienthong.documents.queries.exchange import Got, Sent, Trait
from lienthong.documents.queries.settlement import Period
from lienthong.foundation.fields.formats import day
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.sheets.writing import HEADING, XlsxWriter

TITLE = "THỐNG KÊ TRAO ĐỔI VĂN BẢN ĐIỆN TỬ"
COLUMNS = (
    ("Cơ quan, đơn vị", 34),
    ("Văn bản đi", 9),
    ("Gửi điện tử", 9),
    ("Tỷ lệ gửi điện tử (%)", 10),
    ("Chỉ gửi điện tử", 9),
    ("Ký số hợp lệ", 9),
    ("Tỷ lệ ký số (%)", 10),
    ("Có gửi bản giấy", 9),
    ("Văn bản đến", 9),
    ("Đến qua đường điện tử", 10),
    ("Văn bản đến ký số hợp lệ", 10),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`got` is None for a part of an agency: documents come to the agency."""

    node: Node
    sent: Sent
    got: Got | None

    @property
    def values(self) -> tuple[Value, ...]:
        sent, got = self.sent, self.got
        return (
            self.node.name,
            sent.issued,
            sent.electronic,
            _share(sent.share(Trait.ELECTRONIC)),
            sent.only_electronic,
            sent.signed,
            _share(sent.share(Trait.SIGNED)),
            sent.paper,
            got.registered if got else None,
            got.electronic if got else None,
            got.signed if got else None,
        )


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1f}".replace(".", ",")


def _about(period: Period) -> str:
    return f"từ ngày {day(period.first)} đến ngày {day(period.last)}"


def write_sheet(target: IO[bytes], rows: Sequence[Row], period: Period) -> None:
    sheet = XlsxWriter(target, sheet=TITLE.capitalize(), widths=[share for _name, share in COLUMNS], frozen=3)
    sheet.row([TITLE], style=HEADING)
    sheet.row([_about(period)])
    sheet.row([name for name, _share in COLUMNS], style=HEADING)
    for row in rows:
        sheet.row(row.values)
    sheet.close()


def printed(rows: Sequence[Row], period: Period, *, agency: Node, printed_by: str, at: datetime) -> Printed:
    return Printed(
        letterhead=letterhead(agency, at),
        title=TITLE.capitalize(),
        about=_about(period),
        counted="cơ quan, đơn vị",
        columns=tuple(name for name, _share in COLUMNS),
        shares=tuple(share for _name, share in COLUMNS),
        rows=tuple(tuple("" if value is None else str(value) for value in row.values) for row in rows),
        printed_by=printed_by,
        printed_at=at,
    )
