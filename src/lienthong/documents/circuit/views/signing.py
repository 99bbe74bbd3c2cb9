"""The page of a draft that is being signed: its paper, who had it, what is to be done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents.circuit import papers, policy, queries, services
from lienthong.documents.circuit.queries import Page
from lienthong.documents.circuit.rules import Part
from lienthong.documents.circuit.views import showing
from lienthong.documents.circuit.views.reasons import Deed, with_reason
from lienthong.documents.drafts.carrying import LONGEST_WORDS, no_such_draft
from lienthong.documents.drafts.policy import writes
from lienthong.documents.drafts.queries import shows_answered
from lienthong.documents.models import Draft, SigningTurn
from lienthong.documents.views import refusing
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.serving import serve
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.signing import pins
from lienthong.signing.services import wants_pin

CHECK, SIGN, RETURN = "kiem-tra", "ky", "tra-lai"
SAID: dict[str, str | Promise] = {
    CHECK: _("You have checked the draft; it goes on to the next."),
    SIGN: _("The document is signed."),
    RETURN: _("The draft was returned; whoever wrote it is told."),
}


@require_safe
@signed_in_officer
def page(request: OfficerRequest, draft_id: int) -> HttpResponse:
    found = services.read(draft_id=draft_id, officer=request.officer)
    return render(request, "documents/circuit_signing.html", _context(found, request.officer))


def _context(found: Page, officer: Officer) -> dict[str, Any]:
    draft = found.draft
    people = showing.people_in(found.turns)
    turn = showing.mine(found, officer)
    may_write, open_round = writes(officer, draft), draft.state == Draft.State.SIGNING
    return {
        **showing.head_of(draft),
        **showing.NOTHING_WRONG,
        "answered_seen": shows_answered(officer, draft),
        "round": found.round,
        "file": queries.file_of(found.round, found.current) if found.round else None,
        "stations": showing.stations_of(found.current, people),
        "said": [(showing.desk_name(each, people), each) for each in found.current if each.words],
        "earlier": [
            (each, showing.ROUNDS[each.outcome], showing.stations_of(found.turns_of(each.number), people))
            for each in found.rounds[1:]
        ],
        "differences": showing.changed_since(found),
        "turn": turn,
        "signs": bool(turn and turn.part == Part.SIGN),
        "standing_in": bool(turn and (post := policy.holds(officer, turn)) and post.standing_in),
        "can_take_back": may_write and open_round,
        "can_present": may_write and draft.state == Draft.State.WRITING,
        "can_redirect": policy.arranges(officer, draft) and open_round,
        "can_number": policy.numbers(officer, draft) and _waits_for_number(draft),
        "wants_pin": wants_pin(),
        "most": LONGEST_WORDS,
    }


def _waits_for_number(draft: Draft) -> bool:
    return draft.state == Draft.State.SIGNED and papers.has_number(draft.kind)


@require_safe
@signed_in_officer
def file(request: OfficerRequest, draft_id: int, number: int) -> HttpResponseBase:
    found = services.read_file(draft_id=draft_id, number=number, officer=request.officer)
    return serve(found, as_attachment="tai" in request.GET)


@require_POST
@signed_in_officer
def do(request: OfficerRequest, turn_id: int, deed: str) -> HttpResponse:
    if deed not in SAID:
        raise Http404
    words = asked.paragraphs(request.POST, "loi", LONGEST_WORDS)
    given: dict[str, Any] = {"turn_id": turn_id, "officer": request.officer, "words": words}
    does = {CHECK: services.check, SIGN: services.sign, RETURN: services.return_draft}[deed]
    try:
        with pins.entered(request.POST.get("pin", "")):
            turn = does(**given)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _refused(request, turn_id, refused, words)
    messages.success(request, str(SAID[deed]))
    return redirect("circuit:signing", turn.draft_id)


def _refused(request: OfficerRequest, turn_id: int, refused: DomainError, words: str) -> HttpResponse:
    draft_id = SigningTurn.objects.values_list("draft_id", flat=True).get(pk=turn_id)
    found = queries.page(request.officer, draft_id)
    if found is None:
        raise no_such_draft()
    context = _context(found, request.officer) | showing.refusal(refused) | {"words": words}
    return render(request, "documents/circuit_signing.html", context, status=refused.status)


TAKE_BACK = Deed(
    do=services.take_back,
    heading=_("Take the draft back"),
    lead=_("The round ends and signatures of it are worth nothing; the draft can be written again."),
    button=_("Take it back"),
    done=_("The draft was taken back; those who had it are told."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def take_back(request: OfficerRequest, draft_id: int) -> HttpResponse:
    found = queries.page(request.officer, draft_id)
    if found is None:
        raise no_such_draft()
    return with_reason(request, found, TAKE_BACK, then=redirect("circuit:signing", draft_id))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def redirect_turn(request: OfficerRequest, turn_id: int) -> HttpResponse:
    """Somebody else is asked to check or sign."""
    turn = SigningTurn.objects.filter(pk=turn_id).first()
    found = queries.page(request.officer, turn.draft_id) if turn else None
    if turn is None or found is None:
        raise no_such_draft()
    chosen = asked.number(request.POST.get("ai", ""))
    words = asked.paragraphs(request.POST, "loi", LONGEST_WORDS)
    context = {
        **showing.head_of(found.draft),
        **showing.NOTHING_WRONG,
        "turn": turn,
        "who": showing.desk_name(turn, showing.people_in([turn])),
        "part": showing.PARTS[turn.part],
        "choices": showing.choices_of(found.draft),
        "chosen": chosen,
        "words": words,
        "most": LONGEST_WORDS,
    }
    if request.method == "POST":
        with showing.refused_into(context):
            services.redirect(turn_id=turn_id, post_id=chosen or 0, officer=request.officer, words=words)
            messages.success(request, _("Asked somebody else; it lies with them now."))
            return redirect("circuit:signing", turn.draft_id)
    return refusing.shown(request, "documents/circuit_redirect.html", context)
