"""Queues: what waits for me to check or sign, what I presented, what waits for its number."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lienthong.documents import policy
from lienthong.documents.circuit import queries
from lienthong.documents.circuit.queries import PAGE
from lienthong.documents.circuit.rules import Part
from lienthong.documents.circuit.services.carrying import due_of
from lienthong.documents.circuit.views import showing
from lienthong.documents.models import Draft, SigningTurn
from lienthong.foundation import asked
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer

Row = TypeVar("Row", bound=Model)


@require_safe
@signed_in_officer
def waiting(request: OfficerRequest) -> HttpResponse:
    """What waits to be checked or signed by the officer, the longest waiting first."""
    part = request.GET.get("viec", "")
    part = part if part in set(Part) else ""
    found = queries.waiting_for(request.officer, part=part, after=asked.number(request.GET.get("sau", "")))
    rows = [_turn_row(turn) for turn in found[:PAGE]]
    return render(
        request,
        "documents/circuit_waiting.html",
        {
            "rows": rows,
            "part": part,
            "several": sum(row["signs"] for row in rows) > 1,
            "next": _next(request, found),
            "numbers": bool(policy.agencies_of(request.officer)),
        },
    )


def _turn_row(turn: SigningTurn) -> dict[str, Any]:
    assert turn.opened_at is not None
    return {
        **showing.head_of(turn.draft),
        "turn": turn,
        "signs": turn.part == Part.SIGN,
        "part": showing.PARTS[turn.part],
        "due": due_of(turn.draft, now=turn.opened_at),
    }


@require_safe
@signed_in_officer
def presented(request: OfficerRequest) -> HttpResponse:
    """What the officer presented and is not issued yet, each as a line of stations."""
    found = queries.presented_by(request.officer, after=asked.number(request.GET.get("sau", "")))
    people = showing.people_in(turn for _draft, turns in found for turn in turns)
    rows = [{**showing.head_of(draft), "stations": showing.stations_of(turns, people)} for draft, turns in found[:PAGE]]
    drafts = [draft for draft, _turns in found]
    return render(
        request,
        "documents/circuit_presented.html",
        {"rows": rows, "next": _next(request, drafts), "numbers": bool(policy.agencies_of(request.officer))},
    )


@require_safe
@officer_with(policy.REGISTER)
def to_number(request: OfficerRequest) -> HttpResponse:
    """What is signed and waits for its number, the longest waiting first."""
    found = queries.to_number(request.officer, after=asked.number(request.GET.get("sau", "")))
    rows = [_draft_row(draft) for draft in found[:PAGE]]
    context = {"rows": rows, "next": _next(request, found), "numbers": True}
    return render(request, "documents/circuit_to_number.html", context)


def _draft_row(draft: Draft) -> dict[str, Any]:
    return {**showing.head_of(draft), "due": due_of(draft, now=draft.changed_at)}


def _next(request: OfficerRequest, found: Sequence[Row]) -> str:
    """The address of the next page, where there is one."""
    return asked.with_query(request, sau=str(found[PAGE - 1].pk)) if len(found) > PAGE else ""
