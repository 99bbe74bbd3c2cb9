"""What was found as a list on paper, in Word or in a spreadsheet, in the words of official lists."""

from collections.abc import Sequence

from lienthong.documents.definition import kind_names
from lienthong.documents.finding.queries import MOST, Found, Hit
from lienthong.documents.models import Record
from lienthong.documents.records.carrying import code_of
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.tables import Listing, Row

COLUMNS = (
    ("Loại", 15),
    ("Ngày", 17),
    ("Số, ký hiệu", 21),
    ("Ngày văn bản", 17),
    ("Tên loại", 16),
    ("Trích yếu, tiêu đề", 52),
    ("Tác giả", 26),
    ("Cơ quan, đơn vị", 28),
)


def listing(agency: Node, found: Found, *, text: str) -> Listing:
    """`agency`: whose paper it is; `text`: the words that were looked for."""
    rows = _rows(found.hits)
    more = f" Chỉ ghi {MOST:,} kết quả mới nhất.".replace(",", ".") if found.next else ""
    return Listing(
        agency=agency.key,
        title="Kết quả tìm kiếm",
        subject=f"Từ cần tìm: {text}" if text else "",
        facts=(),
        columns=tuple(name for name, _width in COLUMNS),
        widths=tuple(width for _name, width in COLUMNS),
        rows=rows,
        closing=f"Danh sách này có {len(rows)} kết quả.{more}",
        sign=(("", ""), ("Người lập", "")),
        empty="Không tìm thấy văn bản, hồ sơ nào.",
    )


def _rows(hits: Sequence[Hit]) -> tuple[Row, ...]:
    kinds = kind_names()
    return tuple(_row(hit, kinds) for hit in hits)


def _row(hit: Hit, kinds: dict[str, str]) -> Row:
    line = hit.line
    if isinstance(line, Record):
        return (str(hit.what.label), hit.place.day, code_of(line), None, "", line.title, "", tree()[line.unit_id].name)
    document = line.document
    return (
        str(hit.what.label),
        hit.place.day,
        document.code,
        document.dated,
        kinds.get(document.kind, document.kind),
        document.abstract,
        document.issuer_name,
        tree()[line.organisation_id].name,
    )
