"""The register of directives and the table of a month, as papers and spreadsheets. Their words are not translated."""

from collections.abc import Sequence
from datetime import date, datetime

from lienthong.directives.models import Task
from lienthong.directives.queries import Filters
from lienthong.directives.rules import Month, Stage, Standing, standing
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import day
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.tables import Listing, Row
from lienthong.identity.actors import Officer

MOST_LINES = 1_000

_STANDINGS = {
    Standing.IN_TIME: "đã hoàn thành đúng hạn",
    Standing.LATE: "đã hoàn thành quá hạn",
    Standing.OPEN_IN_TIME: "đang thực hiện, trong hạn",
    Standing.OPEN_LATE: "đang thực hiện, quá hạn",
}
_SIGN = (("Người lập", ""), ("Thủ trưởng cơ quan", ""))
_EMPTY = "Không có nhiệm vụ nào."


def agency_of(officer: Officer) -> Node:
    """Whose paper it is."""
    agencies, found = tree(), officer.acting.organisation
    while found.kind in {"office", "division", "unit"} and (above := agencies.parent(found)):
        found = above
    return found


def register(agency: Node, tasks: Sequence[Task], filters: Filters, *, now: datetime) -> Listing:
    rows: tuple[Row, ...] = tuple(
        (
            task.directive.code,
            clock.local(task.directive.given_at).date(),
            _source(task),
            task.directive.content,
            tree()[task.organisation_id].name,
            task.directive.product,
            clock.local(task.due_at).date() if task.due_at else "thường xuyên",
            _standing(task, now),
        )
        for task in tasks
    )
    return Listing(
        agency=agency.key,
        title="Sổ theo dõi ý kiến chỉ đạo, nhiệm vụ giao",
        subject=_span(filters),
        facts=(),
        columns=("Số", "Ngày giao", "Nguồn", "Nội dung", "Chủ trì", "Sản phẩm", "Hạn", "Tình trạng"),
        widths=(9, 11, 22, 44, 24, 18, 11, 20),
        rows=rows,
        closing=f"Sổ này có {len(rows)} nhiệm vụ.",
        sign=_SIGN,
        empty=_EMPTY,
    )


def _source(task: Task) -> str:
    directive = task.directive
    dated = f"ngày {day(directive.source_dated)}" if directive.source_dated else ""
    said = " ".join(filter(None, (directive.source_code, dated, directive.source_title)))
    return said or ("Văn bản hạn chế" if directive.source_id else "Chỉ đạo trực tiếp")


def _standing(task: Task, now: datetime) -> str:
    if task.stage in (Stage.CANCELLED, Stage.ENDED):
        return "đã thu hồi"
    word = _STANDINGS[standing(task.due_at, task.finished_at, now=now)]
    if task.stage == Stage.REPORTED:
        return f"đã báo cáo hoàn thành ngày {day(_date(task.finished_at))}, chờ đánh giá"
    return f"{word}, ngày {day(_date(task.finished_at))}" if task.finished_at else word


def _date(moment: datetime | None) -> date:
    assert moment
    return clock.local(moment).date()


def _span(filters: Filters) -> str:
    first = f"từ ngày {day(filters.first)}" if filters.first else ""
    last = f"đến ngày {day(filters.last)}" if filters.last else ""
    return " ".join(filter(None, (first, last)))


def month(agency: Node, first: date, table: Sequence[tuple[Node, Month]]) -> Listing:
    total = sum((counted for _node, counted in table), Month())
    rows = [_line(number, node.name, counted) for number, (node, counted) in enumerate(table, start=1)]
    if table:
        rows.append(_line("", "Tổng cộng", total))
    return Listing(
        agency=agency.key,
        title="Tình hình thực hiện ý kiến chỉ đạo, nhiệm vụ giao",
        subject=f"Tháng {first:%m/%Y}",
        facts=(),
        columns=(
            "TT", "Cơ quan chủ trì", "Kỳ trước chuyển sang", "Giao mới", "Tổng số", "Hoàn thành đúng hạn",
            "Hoàn thành quá hạn", "Đang thực hiện trong hạn", "Đang thực hiện quá hạn", "Tỷ lệ đúng hạn (%)",
        ),
        widths=(6, 44, 14, 10, 10, 14, 14, 16, 16, 14),
        rows=tuple(rows),
        closing="Tỷ lệ đúng hạn tính trên số đã hoàn thành và số đang thực hiện quá hạn.",
        sign=_SIGN,
        empty=_EMPTY,
    )  # fmt: skip


def _line(number: int | str, name: str, counted: Month) -> Row:
    share = "" if counted.share is None else round(counted.share, 1)
    return (
        number, name, counted.carried, counted.new, counted.total, counted.in_time, counted.late,
        counted.open_in_time, counted.open_late, share,
    )  # fmt: skip
