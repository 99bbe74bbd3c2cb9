"""What a hand-over list says on paper."""

from collections.abc import Sequence

from lienthong.cases.models import HandOver, HandOverLine
from lienthong.cases.papers import shapes
from lienthong.cases.papers.control import timeliness
from lienthong.cases.queries.handing_over import Item
from lienthong.cases.rules.counter import Counted
from lienthong.cases.values import procedure_of
from lienthong.foundation.fields.formats import moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers.letterheads import letterhead, symbol_of

_RESULTS = {"early": "Trước hạn", "on-time": "Đúng hạn", "late": "Quá hạn"}
_ALL_THERE = "Trọn bộ hồ sơ"


def printed(hand_over: HandOver, items: Sequence[Item]) -> shapes.HandOverList:
    """The list as it stands: who confirmed it is the receiver, while nobody has there is room to sign."""
    agencies = tree()
    giver = agencies[hand_over.giver_id]
    takers = dict.fromkeys(item.line.confirmed_by.full_name for item in items if item.line.confirmed_by)
    return shapes.HandOverList(
        letterhead=letterhead(
            giver, hand_over.made_at, number=str(hand_over.number), symbol=f"DSBG-{symbol_of(giver)}"
        ),
        giver=giver.name,
        giver_person=hand_over.made_by.full_name,
        receiver=agencies[hand_over.receiver_id].name,
        receiver_person=", ".join(takers),
        made_at=hand_over.made_at,
        rows=tuple(_row(hand_over, item) for item in items),
    )


def _row(hand_over: HandOver, item: Item) -> shapes.HandOverRow:
    dossier, line, former = item.dossier, item.line, item.former
    times = [f"Giao: {moment(hand_over.made_at)}"]
    if line.confirmed_at and line.state == HandOverLine.State.RECEIVED:
        times.append(f"Nhận: {moment(line.confirmed_at)}")
    return shapes.HandOverRow(
        code=dossier.code or dossier.tracking,
        content=procedure_of(dossier).full_name,
        owner=dossier.applicant_name,
        papers=_papers(dossier.counted),
        due=moment(dossier.due_at) if dossier.due_at else "",
        result=_RESULTS[timeliness(former.due_at, former.done_at)] if former and former.done_at else "",
        times="\n".join(times),
        note="; ".join(
            filter(None, ("Chưa nhận được" if line.state == HandOverLine.State.MISSING else "", line.remark))
        ),
    )


def _papers(counted: dict[str, object]) -> str:
    """How many sheets of which kind go along, as they were counted at the counter."""
    total = sum((Counted.of(kept) for kept in counted.values()), Counted())
    parts = ((total.originals, "bản chính"), (total.certified, "bản chứng thực"), (total.copies, "bản sao"))
    return ", ".join(f"{count} {name}" for count, name in parts if count) or _ALL_THERE
