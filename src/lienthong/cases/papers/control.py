"""The control slip of a dossier: every hop from hand to hand, out of the visits of its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import HandOverLine, StepVisit
from lienthong.cases.papers import shapes
from lienthong.cases.papers.filling import owner_of
from lienthong.cases.papers.forms import form_of
from lienthong.cases.queries.handing_over import lines_of
from lienthong.cases.queries.pages import DossierPage
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import moment
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import letterhead, symbol_of
from lienthong.procedures.shapes import StepKind, Verb

Timeliness = Literal["early", "on-time", "late"]

APPLICANT = "Người nộp hồ sơ"


def timeliness(due: datetime | None, done: datetime) -> Timeliness:
    """Whether something was done before its day, on it, or too late; what has no limit is on time."""
    if due is None:
        return "on-time"
    if done > due:
        return "late"
    return "early" if clock.local(done).date() < clock.local(due).date() else "on-time"


@dataclass(frozen=True, slots=True)
class Stay:
    """What finding the giver needs to know of a visit. `asks` are the consultations that its step can open."""

    id: int
    step: str
    opened: datetime
    done: datetime | None
    asks: frozenset[str] = frozenset()


def giver_of(stay: Stay, stays: Sequence[Stay]) -> int | None:
    """The visit from which a dossier came into this one: the one that ended when this began; of a consultation, the
    one that stayed open and asked. None at the beginning, when it came from the applicant."""
    before = [other for other in stays if other.id < stay.id]
    asking = [other.id for other in before if stay.step in other.asks and _open_at(other, stay.opened)]
    ended = [other.id for other in before if other.done == stay.opened]
    return max(asking or ended, default=None)


def _open_at(stay: Stay, moment: datetime) -> bool:
    return stay.opened <= moment and (stay.done is None or stay.done > moment)


def slip(
    page: DossierPage, *, at: datetime, tracking_link: str, link: str = "", number: str = ""
) -> shapes.ControlSlip:
    """Form 06 (05 of TT 01/2018) as things stand at `at`."""
    dossier = page.dossier
    return shapes.ControlSlip(
        form=form_of(dossier, "control"),
        letterhead=letterhead(page.reception, at, number=number, symbol=symbol_of(page.reception)),
        code=dossier.code or dossier.tracking,
        request=page.procedure.full_name,
        owner=owner_of(dossier),
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        solving=page.competent.name,
        coordinating=tuple(dict.fromkeys(agency.name for agency in _coordinating(page))),
        hops=hops(page, at),
        form_link=link,
        tracking_link=tracking_link,
    )


def _coordinating(page: DossierPage) -> Iterable[Node]:
    """The agencies that were asked, and other agencies than the competent one that had a step."""
    own = tree().agency_of(page.competent)
    for visit in page.visits:
        agency = page.agency_of(visit)
        foreign = tree().agency_of(agency) != own and agency != page.reception
        if foreign or page.step_of(visit).kind is StepKind.CONSULTATION:
            yield agency


def hops(page: DossierPage, at: datetime) -> tuple[shapes.Hop, ...]:
    stays = [_stay(page, visit) for visit in page.visits]
    visits = {visit.pk: visit for visit in page.visits}
    holders = holders_of(sorted({visit.post_id for visit in page.visits if visit.post_id and not visit.done_post_id}))
    hands = {visit.pk: _hand(page, visit, holders) for visit in page.visits}
    applicant = shapes.Hand(agency=APPLICANT, person=page.dossier.applicant_name)
    lists = lines_of(page.dossier)
    return tuple(
        _on_paper(
            shapes.Hop(
                step=page.step_of(visit).name,
                giver=hands[giver] if (giver := giver_of(stay, stays)) else applicant,
                receiver=hands[visit.pk],
                given_at=visit.opened_at,
                due=moment(visit.due_at) if visit.due_at else "",
                done=moment(visit.done_at) if visit.done_at else "",
                result=_result(visits[stay.id], at),
                note=_note(page, visit),
            ),
            lists.get(visit.pk),
        )
        for visit, stay in zip(page.visits, stays, strict=True)
    )


def _on_paper(hop: shapes.Hop, line: HandOverLine | None) -> shapes.Hop:
    """A hop whose papers went by a hand-over list: the people who gave and took them, and what was remarked."""
    if line is None:
        return hop
    said = [hop.note, f"Danh sách bàn giao số {line.hand_over.number}/{line.hand_over.year}"]
    if line.state == HandOverLine.State.RECEIVED and line.confirmed_at:
        said.append(f"nhận lúc {moment(line.confirmed_at)}")
    elif line.state == HandOverLine.State.MISSING:
        said.append("chưa nhận được")
    taker = line.confirmed_by.full_name if line.confirmed_by else hop.receiver.person
    return replace(
        hop,
        giver=replace(hop.giver, person=line.hand_over.made_by.full_name),
        receiver=replace(hop.receiver, person=taker),
        given_at=line.hand_over.made_at,
        note="; ".join(filter(None, [*said, line.remark])),
    )


def _stay(page: DossierPage, visit: StepVisit) -> Stay:
    consults = (action for action in page.step_of(visit).actions if action.does is Verb.CONSULT)
    asks = frozenset(opened for action in consults for opened in action.opens)
    return Stay(visit.pk, visit.step, visit.opened_at, visit.done_at, asks)


def _hand(page: DossierPage, visit: StepVisit, holders: dict[int, list[tuple[int, str]]]) -> shapes.Hand:
    """Whoever did it in a post; while nobody has, who holds the post with which it lies."""
    holding = ", ".join(name for _account, name in holders.get(visit.post_id or 0, []))
    person = visit.done_by.full_name if visit.done_by and visit.done_post_id else holding
    return shapes.Hand(agency=page.agency_of(visit).name, person=person)


def _note(page: DossierPage, visit: StepVisit) -> str:
    """What was said; of a dossier elsewhere its code and where it stands."""
    if sub := page.sub_dossier_of(visit):
        status = RULE_SET.pinned(sub.rule_set_id).status_name(sub.status)
        return f"Hồ sơ {sub.code or sub.tracking}: {status}"
    return visit.request if visit.waiting else visit.note


def _result(visit: StepVisit, at: datetime) -> str:
    if visit.done_at is not None:
        return timeliness(visit.due_at, visit.done_at)
    if visit.waiting:
        return "waiting"
    return "late" if visit.due_at and visit.due_at < at else "open"
