"""What a line of the follow-up register says, on paper and in a spreadsheet; the register as its form."""

from collections.abc import Iterable
from datetime import datetime

from lienthong.cases.definition import RULE_SET, PrescribedForm, RuleSetBody
from lienthong.cases.models import Dossier, ReturnWay
from lienthong.cases.papers import shapes
from lienthong.cases.papers.control import timeliness
from lienthong.cases.queries.register import Filters, Line
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import day, moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import in_sentence, letterhead

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

_TIMELINESS = {"early": "trước hạn", "on-time": "đúng hạn", "late": "quá hạn"}
_WAYS = {
    ReturnWay.COUNTER: "Trực tiếp",
    ReturnWay.ONLINE: "Trực tuyến",
    ReturnWay.POST: "Bưu chính",
}

Value = str | int | datetime | None


def values_of(line: Line) -> tuple[Value, ...]:
    """One value for each of COLUMNS. A dossier is one set of papers until it says otherwise."""
    dossier = line.dossier
    contact = (in_sentence(dossier.applicant_address), dossier.applicant_phone)
    return (
        int(line.number) if line.number else None,
        dossier.code,
        procedure_of(dossier).full_name,
        1,
        dossier.applicant_name,
        "; ".join(filter(None, contact)),
        tree()[dossier.competent_id].name,
        dossier.received_at,
        dossier.due_at,
        dossier.returned_at,
        _WAYS[ReturnWay(dossier.return_way)],
        line.taker,
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
