"""What was found as a spreadsheet, in the words of official lists."""

from collections.abc import Iterable
from contextlib import closing
from io import BytesIO

from django.utils import translation

from lienthong.documents.definition import kind_names
from lienthong.documents.finding.queries import Hit
from lienthong.documents.models import Record
from lienthong.documents.records.carrying import code_of
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import HEADING, XlsxWriter

COLUMNS = (
    ("Loại", 18),
    ("Ngày", 12),
    ("Số, ký hiệu", 20),
    ("Ngày văn bản", 12),
    ("Tên loại", 18),
    ("Trích yếu, tiêu đề", 60),
    ("Tác giả", 30),
    ("Cơ quan, đơn vị", 36),
)


def xlsx(hits: Iterable[Hit]) -> bytes:
    out, kinds = BytesIO(), kind_names()
    widths = [width for _name, width in COLUMNS]
    with (
        translation.override("vi"),  # whatever the reader has chosen
        closing(XlsxWriter(out, sheet="Kết quả tìm kiếm", widths=widths, filtered=len(COLUMNS))) as writer,
    ):
        writer.row([name for name, _width in COLUMNS], style=HEADING)
        for hit in hits:
            writer.row(_row(hit, kinds))
    return out.getvalue()


def _row(hit: Hit, kinds: dict[str, str]) -> tuple[Cell, ...]:
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
