"""Lists of records and of what is in them as papers and spreadsheets: one table each, with the columns of NĐ 30/2020
App. V."""

from collections.abc import Iterable, Sequence

from lienthong.documents.models import Disposal, HandOver, Record, RecordItem, RecordLine, RecordList
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import code_of, retention_names
from lienthong.documents.records.counting import Counts, together
from lienthong.documents.records.rules import sheet_spans
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.tables import Listing, Row
from lienthong.foundation.papers.wording import day_in_words


def year_list(found: RecordList, lines: Iterable[RecordLine]) -> Listing:
    """Danh mục hồ sơ."""
    retention, agencies = retention_names(), tree()
    rows: list[Row] = []
    for line in lines:
        post = agencies.posts.get(line.post_id or 0)
        unit = agencies[line.unit_id].name
        maker = f"{post.title}, {unit}" if post else unit
        note = "; ".join(filter(None, (line.note, f"Bổ sung: {line.reason}" if line.reason else "")))
        rows.append((line.notation, line.title, retention.get(line.retention, line.retention), maker, note))
    return Listing(
        agency=agencies[found.organisation_id].key,
        title="Danh mục hồ sơ",
        subject=f"Năm {found.year}",
        facts=("Dự thảo, chưa được phê duyệt",) if found.approved_at is None else (),
        columns=("Số và ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Thời hạn bảo quản", "Người lập hồ sơ", "Ghi chú"),
        widths=(16, 46, 16, 30, 22),
        rows=tuple(rows),
        closing=f"Danh mục này có {len(rows)} hồ sơ.",
        sign=(("Văn thư cơ quan", ""), ("Người đứng đầu cơ quan", "")),
        at=found.approved_at,
    )


def record_contents(record: Record, items: Sequence[RecordItem]) -> Listing:
    """Mục lục văn bản trong hồ sơ: 7 columns."""
    spans = sheet_spans(item.sheets for item in items)
    rows: tuple[Row, ...] = tuple(
        (n, item.code, item.dated, ". ".join(filter(None, (item.kind, item.title))), item.issuer, span, item.note)
        for n, (item, span) in enumerate(zip(items, spans, strict=True), start=1)
    )
    people = holders_of([record.maker_id]).get(record.maker_id, [])
    return Listing(
        agency=_agency(record.organisation_id),
        title="Mục lục văn bản",
        subject=record.title,
        facts=(
            f"Mã hồ sơ: {code_of(record)}",
            f"Thời hạn bảo quản: {retention_names().get(record.retention, record.retention)}",
        ),
        columns=(
            "STT", "Số, ký hiệu văn bản", "Ngày tháng năm văn bản", "Tên loại và trích yếu nội dung văn bản",
            "Tác giả văn bản", "Tờ số/Trang số", "Ghi chú",
        ),
        widths=(6, 18, 14, 50, 24, 11, 15),
        rows=rows,
        closing=f"Mục lục này gồm {len(rows)} văn bản.",
        sign=(("", ""), ("Người lập hồ sơ", ", ".join(name for _id, name in people[:1]))),
    )  # fmt: skip


_INVENTORY = (
    "TT", "Số, ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Thời gian tài liệu", "Thời hạn bảo quản", "Số tờ/Số trang", "Ghi chú",
)  # fmt: skip


def _inventory_rows(records: Iterable[Record]) -> tuple[Row, ...]:
    retention = retention_names()
    return tuple(
        (n, record.notation, _title(record), _span(record), retention.get(record.retention, record.retention),
         record.sheets, record.description)
        for n, record in enumerate(records, start=1)
    )  # fmt: skip


def _title(record: Record) -> str:
    """`queries.hide_titles` has taken it from who may not see it."""
    return record.title or "Hồ sơ hạn chế"


def _span(record: Record) -> str:
    ended = f"{record.ended_on:%d/%m/%Y}" if record.ended_on else ""
    return " - ".join(filter(None, (f"{record.started_on:%d/%m/%Y}", ended)))


def inventory(given: HandOver, records: Sequence[Record]) -> Listing:
    """Mục lục hồ sơ, tài liệu nộp lưu: 7 columns."""
    rows = _inventory_rows(records)
    return Listing(
        agency=_agency(given.organisation_id),
        title="Mục lục hồ sơ, tài liệu nộp lưu",
        subject=tree()[given.unit_id].name,
        facts=(f"Năm {given.year}",),
        columns=_INVENTORY,
        widths=(6, 16, 50, 24, 16, 11, 18),
        rows=rows,
        closing=f"Mục lục này gồm {len(rows)} hồ sơ (đơn vị bảo quản).",
        sign=(("", ""), ("Người lập", given.given_by.full_name)),
        at=given.given_at,
    )


def minutes(given: HandOver, records: Sequence[Record]) -> Listing:
    """Biên bản giao nhận hồ sơ, tài liệu."""
    documents = sum(record.documents or 0 for record in records)
    sheets = sum(record.sheets or 0 for record in records)
    receiver = given.decided_by.full_name if given.decided_by else ""
    received = f"; xác nhận nhận {day_in_words(clock.local(given.decided_at).date())}" if given.decided_at else ""
    return Listing(
        agency=_agency(given.organisation_id),
        title="Biên bản giao nhận hồ sơ, tài liệu",
        subject="",
        number=str(given.number),
        facts=(
            f"Bên giao: {tree()[given.unit_id].name}, đại diện: {given.given_by.full_name}",
            f"Bên nhận: Lưu trữ {tree()[given.organisation_id].name}" + (f", đại diện: {receiver}" if receiver else ""),
            f"Giao {day_in_words(clock.local(given.given_at).date())}{received}",
            f"Tổng số: {len(records)} hồ sơ, {documents} văn bản, {sheets} tờ",
        ),
        columns=_INVENTORY,
        widths=(6, 16, 50, 24, 16, 11, 18),
        rows=_inventory_rows(records),
        closing="Biên bản này được lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản.",
        sign=(("Đại diện bên giao", given.given_by.full_name), ("Đại diện bên nhận", receiver)),
        at=given.decided_at or given.given_at,
    )


def disposal_list(found: Disposal, records: Sequence[Record]) -> Listing:
    """Danh mục hồ sơ, tài liệu hết giá trị."""
    retention = retention_names()
    rows: tuple[Row, ...] = tuple(
        (n, code_of(record), _title(record), _span(record), retention.get(record.retention, record.retention),
         record.over_on, record.documents)
        for n, record in enumerate(records, start=1)
    )  # fmt: skip
    decided = found.decided_by.full_name if found.decided_by else ""
    return Listing(
        agency=_agency(found.organisation_id),
        title="Danh mục hồ sơ, tài liệu hết giá trị",
        subject="",
        facts=(f"Lý do: {found.reason}",),
        columns=(
            "TT", "Mã hồ sơ", "Tiêu đề hồ sơ", "Thời gian tài liệu", "Thời hạn bảo quản", "Bảo quản đến hết",
            "Số văn bản",
        ),
        widths=(6, 26, 46, 24, 16, 14, 10),
        rows=rows,
        closing=f"Danh mục này gồm {len(rows)} hồ sơ.",
        sign=(("Người lập", found.proposed_by.full_name), ("Người đứng đầu cơ quan", decided)),
        at=found.decided_at or found.proposed_at,
    )  # fmt: skip


def hand_over_statistics(agency: Node, year: int, counted: Sequence[tuple[str, Counts]]) -> Listing:
    """Thống kê nộp lưu hồ sơ theo đơn vị."""
    every = [*counted, ("Tổng số", together(counts for _unit, counts in counted))]
    rows: tuple[Row, ...] = tuple(
        (n if n <= len(counted) else "", unit, counts.due, counts.in_time, counts.late, counts.under_way,
         counts.to_come, counts.overdue, "" if counts.percent is None else f"{counts.percent}%")
        for n, (unit, counts) in enumerate(every, start=1)
    )  # fmt: skip
    return Listing(
        agency=agency.key,
        title="Thống kê nộp lưu hồ sơ",
        subject=f"Hồ sơ đến hạn nộp lưu năm {year}",
        facts=(),
        columns=(
            "TT", "Đơn vị", "Đến hạn", "Nộp đúng hạn", "Nộp quá hạn", "Đã giao, chờ nhận", "Chưa đến hạn", "Quá hạn",
            "Tỷ lệ đúng hạn",
        ),
        widths=(6, 44, 11, 11, 11, 13, 13, 11, 12),
        rows=rows,
        closing=f"Thống kê này gồm {len(counted)} đơn vị.",
        sign=(("", ""), ("Người lập", "")),
    )  # fmt: skip


def _agency(agency_id: int) -> str:
    return records_policy.agency_of(tree()[agency_id]).key
