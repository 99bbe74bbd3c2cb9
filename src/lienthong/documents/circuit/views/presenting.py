"""The form on which a draft is presented: who checks it, who signs it, in which order."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lienthong.documents.circuit import papers, queries, services
from lienthong.documents.circuit.queries import Page
from lienthong.documents.circuit.rules import MOST_TURNS, NotPresentable, Part
from lienthong.documents.circuit.services import Asked
from lienthong.documents.circuit.views import showing
from lienthong.documents.drafts.carrying import LONGEST_WORDS, no_such_draft
from lienthong.documents.drafts.policy import writes
from lienthong.documents.models import DraftVersion, SigningTurn
from lienthong.documents.rules.contents import Signer
from lienthong.documents.views import refusing
from lienthong.foundation import asked
from lienthong.identity.policy import OfficerRequest, signed_in_officer

SPARE = 2
"""Empty rows below those that are filled."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def present(request: OfficerRequest, draft_id: int) -> HttpResponse:
    found = queries.page(request.officer, draft_id)
    if found is None or not writes(request.officer, found.draft):
        raise no_such_draft()
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    version = found.draft.versions.order_by("-number").select_related("file").first()
    words = asked.paragraphs(request.POST, "loi", LONGEST_WORDS)
    context = {
        **showing.head_of(found.draft),
        **showing.NOTHING_WRONG,
        "key": key,
        "version": version,
        "wanting": papers.wanting(version),
        "rows": _rows(request, found, version),
        "choices": showing.choices_of(found.draft),
        "parts": showing.PARTS.items(),
        "places": range(1, MOST_TURNS + 1),
        "words": words,
        "most": LONGEST_WORDS,
    }
    if request.method == "POST":
        with showing.refused_into(context):
            services.present(
                draft_id=draft_id,
                asked=_asked(request.POST),
                officer=request.officer,
                key=key,
                words=words,
                version=asked.number(request.POST.get("ban", "")),
            )
            messages.success(request, _("The draft was presented; it lies with the first who checks or signs."))
            return redirect("circuit:signing", draft_id)
    return refusing.shown(request, "documents/circuit_present.html", context)


def _asked(given: QueryDict) -> list[Asked]:
    """The rows in which somebody is chosen. What is no place counts as the last one, what is no part as checking."""
    found = []
    for row in range(1, MOST_TURNS + 1):
        post = asked.number(given.get(f"ai-{row}", ""))
        place = asked.number(given.get(f"bac-{row}", ""))
        part = Part.SIGN if given.get(f"viec-{row}") == Part.SIGN else Part.CHECK
        if post is not None:
            found.append(Asked(min(place or MOST_TURNS, MOST_TURNS), part, post))
    return found


def _rows(request: OfficerRequest, found: Page, version: DraftVersion | None) -> list[dict[str, Any]]:
    """What was filled in; else the circuit of the last round; else the usual one. With some empty rows below."""
    if request.method == "POST":
        rows = [_row(each.place, each.part, each.post_id) for each in _asked(request.POST)]
    elif found.current:
        rows = [
            _row(turn.place, turn.part, turn.post_id)
            for turn in found.current
            if turn.outcome != SigningTurn.Outcome.LAPSED or found.round_ended
        ]
    else:
        usual = queries.usual_circuit(found.draft, _signers(version))
        rows = [_row(each.place, each.part, each.desk[2]) for each in usual]
    last = max((row["place"] for row in rows), default=0)
    spare = [_row(last + 1, Part.CHECK, None) for _row_number in range(min(SPARE, MOST_TURNS - len(rows)))]
    return [{**row, "number": number} for number, row in enumerate([*rows, *spare], start=1)]


def _row(place: int, part: str, post_id: int | None) -> dict[str, Any]:
    return {"place": place, "part": str(part), "post_id": post_id}


def _signers(version: DraftVersion | None) -> Sequence[Signer]:
    """None where the file does not tell: then its place of signature is said to be missing when it is presented."""
    try:
        return papers.signers_of(version) if version else ()
    except NotPresentable:
        return ()
