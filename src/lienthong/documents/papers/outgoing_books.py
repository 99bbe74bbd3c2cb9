"""What a line of the registers of what goes out says, on the screen, in a spreadsheet and on paper."""

from collections.abc import Sequence

from lienthong.documents.copying.rules import Form as CopyForm
from lienthong.documents.models import Book, Document, OfficialCopy, Posting
from lienthong.documents.papers.forms import Form, Kinds, Value
from lienthong.documents.queries.outgoing_books import CopyLine, OutgoingLine
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import day
from lienthong.foundation.organisations.queries import tree

MOST_NAMES = 30
"""Recipients that are named in a line; a cell of a spreadsheet has an end."""


def _about(document: Document, kinds: Kinds) -> str:
    return f"{kinds.get(document.kind, document.kind)}: {document.abstract}"


def _outgoing(line: OutgoingLine, kinds: Kinds) -> tuple[Value, ...]:
    issue, document = line.issue, line.issue.document
    unit = tree().nodes.get(issue.unit_id) if issue.unit_id else None
    posted = [each.posting for each in line.sendings if hasattr(each, "posting")]
    days_of = [clock.local(issue.issued_at).date()] if line.taken_in[1] else []
    return (
        document.code,
        document.dated,
        _about(document, kinds),
        document.signer_name,
        _recipients(line),
        unit.name if unit else "Văn thư",
        line.copies,
        "; ".join(day(each) for each in sorted({*days_of, *(each.posted_on for each in posted)})),
        "; ".join((*_taken_in(line), *dict.fromkeys(each.signed_for for each in posted if each.signed_for))),
        "; ".join(filter(None, (issue.remark, "đã thu hồi" if issue.recalled_at else "", _ended(line)))),
    )


def _recipients(line: OutgoingLine) -> str:
    """A cell holds so many names as can be read in it."""
    return "; ".join(_shortened([each.name for each in line.sendings]))


def _shortened(names: Sequence[str]) -> list[str]:
    rest = len(names) - MOST_NAMES
    return [*names[:MOST_NAMES], f"và {rest} nơi khác"] if rest > 0 else list(names)


def _taken_in(line: OutgoingLine) -> list[str]:
    """That an agency of the province has registered it stands for the signature."""
    done, sent = line.taken_in
    return [f"{done}/{sent} cơ quan đã tiếp nhận qua hệ thống"] if sent else []


def _ended(line: OutgoingLine) -> str:
    return f"hết hiệu lực theo {line.ended_by}" if line.ended_by else ""


def _posted(posting: Posting, kinds: Kinds) -> tuple[Value, ...]:
    sending = posting.sending
    return (
        posting.posted_on,
        sending.issue.document.code,
        sending.name,
        posting.envelopes,
        posting.signed_for,
        posting.remark,
    )


def _used(line: CopyLine, kinds: Kinds) -> tuple[Value, ...]:
    use, document = line.use, line.use.issue.document
    return (
        use.handed_on,
        use.user,
        f"{document.code}, {day(document.dated)}" if document.dated else document.code,
        _about(document, kinds),
        line.notation,
        use.user,
        use.returned_on,
        use.decided_by.full_name if use.decided_by else "",
        use.remark,
    )


_FORMS_OF_COPIES = {CopyForm.TRUE_COPY: "Sao y", CopyForm.COPY_OF_COPY: "Sao lục", CopyForm.EXTRACT: "Trích sao"}


def _copied(copy: OfficialCopy, kinds: Kinds) -> tuple[Value, ...]:
    document, form = copy.line.document, _FORMS_OF_COPIES[CopyForm(copy.form)]
    names = copy.recipients.splitlines()
    return (
        copy.code,
        clock.local(copy.made_at).date(),
        f"{form}, trang {copy.pages}" if copy.pages else form,
        f"{document.code}, {day(document.dated)}" if document.dated else document.code,
        f"{_about(document, kinds)} ({document.issuer_name})",
        "; ".join(_shortened(names)),
        copy.copies or "Bản điện tử",
        copy.permitted_by,
        copy.remark,
    )


OUTGOING_FORMS = {
    Book.OUTGOING: Form(
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
        (
            ("Số, ký hiệu văn bản", 15),
            ("Ngày tháng văn bản", 11),
            ("Tên loại và trích yếu nội dung văn bản", 38),
            ("Người ký", 16),
            ("Nơi nhận văn bản", 30),
            ("Đơn vị, người nhận bản lưu", 16),
            ("Số lượng bản", 8),
            ("Ngày chuyển", 11),
            ("Ký nhận", 16),
            ("Ghi chú", 12),
        ),
        _outgoing,
        linked="Số, ký hiệu văn bản",
    ),
    Book.POST: Form(
        "SỔ CHUYỂN GIAO VĂN BẢN ĐI CHO BƯU ĐIỆN",
        (
            ("Ngày chuyển", 12),
            ("Số, ký hiệu văn bản", 18),
            ("Nơi nhận văn bản", 50),
            ("Số lượng bì", 8),
            ("Ký nhận và dấu bưu điện", 30),
            ("Ghi chú", 20),
        ),
        _posted,
        linked="Số, ký hiệu văn bản",
        counted="lượt chuyển",
    ),
    Book.COPIES: Form(
        "SỔ SỬ DỤNG BẢN LƯU",
        (
            ("Ngày tháng", 11),
            ("Họ và tên người sử dụng", 18),
            ("Số, ký hiệu, ngày tháng văn bản", 18),
            ("Tên loại và trích yếu nội dung văn bản", 36),
            ("Số và ký hiệu hồ sơ", 12),
            ("Ký nhận", 16),
            ("Ngày trả", 11),
            ("Người cho phép sử dụng", 18),
            ("Ghi chú", 12),
        ),
        _used,
        linked="Số, ký hiệu, ngày tháng văn bản",
        counted="lượt sử dụng",
    ),
    Book.OFFICIAL: Form(
        "SỔ ĐĂNG KÝ BẢN SAO",
        (
            ("Số, ký hiệu bản sao", 12),
            ("Ngày sao", 11),
            ("Hình thức sao", 12),
            ("Số, ký hiệu, ngày tháng văn bản được sao", 18),
            ("Tên loại, trích yếu và tác giả văn bản được sao", 36),
            ("Nơi nhận bản sao", 26),
            ("Số lượng bản", 8),
            ("Người cho phép sao", 18),
            ("Ghi chú", 12),
        ),
        _copied,
        linked="Số, ký hiệu bản sao",
        counted="bản sao",
    ),
}
