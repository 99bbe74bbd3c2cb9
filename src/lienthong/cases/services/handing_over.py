"""Giving papers from one desk to another by numbered lists, and confirming what arrived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events
from lienthong.cases.models import Dossier, HandOver, HandOverLine
from lienthong.cases.queries.handing_over import (
    SEE,
    Move,
    by_giver,
    by_receiver,
    hand_over_for,
    items_of,
    moves_from,
    moves_to,
    no_such_hand_over,
)
from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import require

HAND_OVER = "hand-over"
"""The type of subject under which the ledger knows lists."""

LONGEST_REMARK = 500


class NothingToHandOver(Conflict):
    code = "cases.nothing_to_hand_over"


class RemarkNeeded(DomainError):
    code = "cases.remark_needed"


@transaction.atomic
def make_lists(*, place_id: int, visit_ids: Iterable[int], officer: Officer) -> list[HandOver]:
    """Put what leaves a place on lists, one for each receiver. What is on a list already is left out, so that pressing
    twice makes no second one. Raises NotAllowed, NothingToHandOver."""
    place = _place(place_id, officer)
    chosen = _chosen(place, set(visit_ids), leaving=True)
    return [_made(place, receiver, moves, officer) for receiver, moves in by_receiver(chosen)]


@transaction.atomic
def take_unlisted(*, place_id: int, visit_ids: Iterable[int], officer: Officer) -> list[HandOver]:
    """Take papers that arrived without a list: the lists are made, one for each giver, and confirmed at once.

    Raises NotAllowed, NothingToHandOver.
    """
    place = _place(place_id, officer)
    chosen = _chosen(place, set(visit_ids), leaving=False)
    groups = sorted(by_giver(chosen), key=lambda group: group[0].key)  # numbers are taken in the order of the books
    made = [_made(giver, place, moves, officer) for giver, moves in groups]
    for hand_over in made:
        confirm(hand_over_id=hand_over.pk, officer=officer)
    return made


def _place(place_id: int, officer: Officer) -> Node:
    place = tree().nodes.get(place_id)
    if place is None:
        raise no_such_hand_over()
    require(officer, SEE, place)
    return place


def _chosen(place: Node, visit_ids: set[int], *, leaving: bool) -> list[Move]:
    """Of what was chosen, what is on no list yet, with its dossiers locked against a second list."""
    read = moves_from if leaving else moves_to
    wanted = [move.dossier.pk for move in read(place) if move.visit_id in visit_ids]
    list(Dossier.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))
    chosen = [move for move in read(place) if move.visit_id in visit_ids]
    if not chosen:
        raise NothingToHandOver(
            _("None of these papers has to be put on a list."), way_out=_("Somebody may have done it already.")
        )
    return chosen


def _made(giver: Node, receiver: Node, moves: list[Move], officer: Officer) -> HandOver:
    now = clock.now()
    hand_over = HandOver.objects.create(
        giver_id=giver.id,
        receiver_id=receiver.id,
        number=take(f"hand-over:{giver.key}", period="year", at=now),
        year=clock.local(now).year,
        made_at=now,
        made_by_id=officer.account_id,
        made_in_id=officer.post_id,
    )
    HandOverLine.objects.bulk_create(
        HandOverLine(hand_over=hand_over, dossier=move.dossier, visit_id=move.visit_id, visit_opened_at=move.opened_at)
        for move in moves
    )
    dossiers = [move.dossier.pk for move in moves]
    _record(events.HANDED_OVER, hand_over, officer, giver, {"number": hand_over.number, "dossiers": dossiers})
    return hand_over


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the receiver says of a line: there, perhaps with a remark; or not there, which needs one."""

    received: bool = True
    remark: str = ""


@transaction.atomic
def confirm(*, hand_over_id: int, officer: Officer, said: Mapping[int, Arrived] | None = None) -> HandOver:
    """Confirm the papers of a list: all that are still open, or the lines in `said` (by id). What was confirmed before
    stays as it was. Papers that did not arrive can be put on another list.

    Raises NoSuchHandOver, NotAllowed, RemarkNeeded.
    """
    hand_over = HandOver.objects.select_for_update().filter(pk=hand_over_for(officer, hand_over_id).pk).get()
    receiver = tree()[hand_over.receiver_id]
    require(officer, SEE, receiver)
    lines = list(hand_over.lines.filter(state=HandOverLine.State.OPEN).order_by("id"))
    told = [line for line in lines if said is None or line.pk in said]
    for line in told:
        _tell(line, said[line.pk] if said else Arrived(), officer)
    HandOverLine.objects.bulk_update(told, ["state", "remark", "confirmed_at", "confirmed_by"])
    if hand_over.is_open and len(told) == len(lines):
        hand_over.is_open = False
        hand_over.save(update_fields=["is_open"])
    if told:
        absent = [line.dossier_id for line in told if line.state == HandOverLine.State.MISSING]
        data = {"received": [line.dossier_id for line in told if line.dossier_id not in absent], "missing": absent}
        _record(events.HAND_OVER_CONFIRMED, hand_over, officer, receiver, data)
    return hand_over


def _tell(line: HandOverLine, arrived: Arrived, officer: Officer) -> None:
    remark = arrived.remark.strip()[:LONGEST_REMARK]
    if not arrived.received and not remark:
        raise RemarkNeeded(_("Say of what did not arrive what is known about it."))
    line.state = HandOverLine.State.RECEIVED if arrived.received else HandOverLine.State.MISSING
    line.remark = remark
    line.confirmed_at, line.confirmed_by_id = clock.now(), officer.account_id


def _record(event: object, hand_over: HandOver, officer: Officer, where: Node, data: Mapping[str, object]) -> None:
    ledger.record(str(event), subject=(HAND_OVER, hand_over.pk), actor=officer, organisation_id=where.id, data=data)


def printed(*, hand_over_id: int, officer: Officer) -> tuple[HandOver, bytes]:
    """A list as PDF. Raises NoSuchHandOver."""
    from lienthong.cases.papers import hand_over as paper
    from lienthong.foundation.papers.rendering import render

    hand_over = hand_over_for(officer, hand_over_id)
    now = clock.now()
    shape = paper.printed(hand_over, items_of(hand_over))
    return hand_over, render("cases/hand_over", shape.as_data(), at=now)
