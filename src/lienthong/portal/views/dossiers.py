"""What somebody has handed in: the list, each dossier, what it lacks, taking it back. Only ever the own ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases import services
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.queries.lists import PAGE, OwnFilters, dossiers_of_applicant, drafts_of
from lienthong.cases.queries.own import is_own
from lienthong.cases.queries.pages import DossierPage, page_of
from lienthong.cases.queries.talk import with_news
from lienthong.cases.queries.todo import todo_of
from lienthong.cases.rules import NotWaiting, Status
from lienthong.cases.services.representing import MandateEnded
from lienthong.cases.services.supplementing import may_withdraw
from lienthong.cases.values import context_of
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.pages import display_html
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.fields.typed import one_line
from lienthong.foundation.files.errors import RefusedFile
from lienthong.foundation.files.serving import serve, serve_made
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.identity.queries import Actor
from lienthong.portal import progress, talk
from lienthong.portal.confirmation import confirmation as confirmation_of
from lienthong.portal.forms import number_of, with_query
from lienthong.portal.journey import Journey, Trouble
from lienthong.portal.pages import page
from lienthong.portal.progress import Look
from lienthong.portal.todo import Task
from lienthong.portal.views import applying

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

LONGEST_WORD = 4000
"""Characters of an answer or a reason."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier in the list."""

    dossier: Dossier
    name: str
    look: Look
    open: bool
    news: bool = False


def own_dossier(applicant: Actor, dossier_id: int) -> Dossier:
    """The one gate to a dossier here: an officer sees others' dossiers at the desk, never as if they were the own."""
    dossier = Dossier.objects.filter(pk=dossier_id).select_related("mandate").first()
    if dossier is None or not is_own(applicant, dossier):
        raise no_such_dossier()
    return dossier


def _own(applicant: Actor, dossier_id: int) -> DossierPage:
    return page_of(own_dossier(applicant, dossier_id))


STATES: dict[str, tuple[Promise, tuple[int, ...]]] = {
    "dang-giai-quyet": (
        gettext_lazy("Being handled"),
        (Status.REGISTERED, Status.RECEIVED, Status.PROCESSING),
    ),
    "cho-ban": (gettext_lazy("Waiting for you"), (Status.SUPPLEMENT, Status.FINANCIAL)),
    "co-ket-qua": (gettext_lazy("With a result"), (Status.FINISHED, Status.RETURNED)),
    "khong-ket-qua": (gettext_lazy("Ended without a result"), (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED)),
}
"""By which the list is narrowed, by their word in the address."""

MANY = 5
"""From so many dossiers on there is a search above the list."""


@require_safe
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """What the person has to do, what was begun, what was handed in."""
    before = number_of(request.GET.get("truoc", ""))
    state, text = request.GET.get("trang-thai", ""), one_line(request.GET.get("tim", "")[:100])
    filters = OwnFilters(STATES[state][1] if state in STATES else (), text)
    rows = dossiers_of_applicant(request.person, filters, before=before)
    first = before is None and not filters.statuses and not filters.text
    return page(
        request,
        "mine",
        "mine",
        private=True,
        todo=[Task.of(each) for each in todo_of(request.person)] if first else [],
        drafts=applying.titles_of(drafts_of(request.person)) if first else [],
        dossiers=_listed(rows[:PAGE]),
        older=with_query(request, truoc=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        continued=before is not None,
        narrowed=bool(filters.statuses or filters.text),
        with_search=not first or len(rows) >= MANY,
        states=[(word, name) for word, (name, _statuses) in STATES.items()],
        state=state,
        text=text,
    )


def _listed(dossiers: Sequence[Dossier]) -> list[Listed]:
    news = with_news(dossiers) if dossiers else set()
    return [_one(dossier, news=dossier.pk in news) for dossier in dossiers]


def _one(dossier: Dossier, *, news: bool = False) -> Listed:
    name = RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status)
    look = progress.look_of(dossier, name)
    return Listed(dossier, progress.title_of(dossier), look, progress.open_now(dossier), news)


def _interlinked(dossier: Dossier) -> dict[str, Any]:
    listed = _one(dossier)
    return {"dossier": dossier, "name": listed.name, "look": listed.look, "agency": tree()[dossier.competent_id].name}


@require_safe
@signed_in
def dossier(request: PersonRequest, dossier_id: int) -> HttpResponse:
    found = _own(request.person, dossier_id)
    return page(
        request,
        "dossier",
        "mine",
        private=True,
        shown=found,
        dossier=found.dossier,
        look=progress.look_of(found.dossier, found.status_name),
        open=progress.open_now(found.dossier),
        stations=progress.stations(found),
        results=progress.results(found),
        timeline=progress.timeline(found),
        reason=progress.reason_of_end(found),
        being_signed=progress.being_signed(found),
        issued=progress.issued(found),
        may_withdraw=may_withdraw(found.dossier),
        former=[asked for asked in found.asked if asked.files],
        declared=_declared(found),
        beneath=[_interlinked(sub) for sub in found.sub_dossiers],
        **talk.shown(found.dossier, found.open_visits),
    )


def _declared(found: DossierPage) -> SafeString:
    form, dossier = found.procedure.form, found.dossier
    return display_html(form, from_json(form, dossier.data), context_of(dossier), heading=3)


@require_safe
@signed_in
def submitted(request: PersonRequest, dossier_id: int) -> HttpResponse:
    """Said once an application was handed in; may be opened again."""
    found = _own(request.person, dossier_id)
    return page(request, "submitted", "mine", private=True, shown=found, dossier=found.dossier)


@require_safe
@signed_in
def confirmation(request: PersonRequest, dossier_id: int) -> HttpResponse:
    found = _own(request.person, dossier_id)
    name = _("Confirmation %(reference)s") % {"reference": found.dossier.tracking}
    return serve_made(confirmation_of(found), name=name)


@require_safe
@signed_in
def component_file(request: PersonRequest, dossier_id: int, component_id: int) -> HttpResponseBase:
    found = _own(request.person, dossier_id)
    file = next((each.file for each in found.components if each.pk == component_id), None)
    if file is None:
        raise Http404
    return serve(file)


@require_safe
@signed_in
def paper_file(request: PersonRequest, dossier_id: int, paper_id: int) -> HttpResponseBase:
    """A paper that was issued to the applicant; `?tai` saves it instead of showing it."""
    found = _own(request.person, dossier_id)
    ready = (each for each in found.papers if each.state == Paper.State.READY and each.kind != progress.INTERNAL)
    paper = next((each for each in ready if each.pk == paper_id), None)
    if paper is None or paper.file is None:
        raise Http404
    return serve(paper.file, as_attachment="tai" in request.GET)


# what was missing


@get_or_post
@signed_in
def supplement(request: PersonRequest, dossier_id: int) -> HttpResponse:
    """What the agency asks for: files, a corrected form, a word with it. Kept until it is sent."""
    found = _own(request.person, dossier_id)
    try:
        draft = services.start_supplement(dossier_id=dossier_id, applicant=request.person)
    except (NotWaiting, MandateEnded) as refusal:
        messages.info(request, str(refusal))
        return redirect("portal:dossier", dossier_id)
    journey = Journey(draft, request.person)
    refused: dict[str, list[RefusedFile]] = {}
    note, problem = request.POST.get("tra-loi", "")[:LONGEST_WORD], ""
    if request.method == "POST":
        removed = request.POST.get(applying.REMOVE, "")
        if removed.isdecimal() and len(removed) < 19:
            services.detach(key=draft.key, applicant=request.person, draft_file_id=int(removed))
        refused = applying.take_files(request, journey)
        applying.take_at_hand(request, journey, refused)
        journey = Journey(services.draft_of(draft.key, request.person), request.person)
        if request.headers.get("HX-Request"):
            return applying.one_card(request, journey, refused)
        if "_send" in request.POST and not refused:
            try:
                services.submit_supplement(dossier_id=dossier_id, applicant=request.person, note=note)
            except NotAccepted as refusal:
                troubles = journey.troubles({p: e for p, e in refusal.errors.items() if p})
                problem = "" if troubles else str(next(iter(refusal.errors.values())))
                return _supplement(request, found, journey, refused, note, problem, troubles)
            messages.success(
                request, _("Thank you. What you sent has arrived, and the agency goes on with your dossier.")
            )
            return redirect("portal:dossier", dossier_id)
    return _supplement(request, found, journey, refused, note, problem, [])


def _supplement(
    request: HttpRequest,
    found: DossierPage,
    journey: Journey,
    refused: dict[str, list[RefusedFile]],
    note: str,
    problem: str,
    troubles: list[Trouble],
) -> HttpResponse:
    requests = [paper for paper in found.papers if paper.kind == "supplement-request" and paper.file_id]
    return page(
        request,
        "supplement",
        "mine",
        status=422 if refused or problem or troubles else 200,
        private=True,
        shown=found,
        dossier=found.dossier,
        waiting=found.waiting,
        paper=requests[-1] if requests else None,
        journey=journey,
        draft=journey.draft,
        corrected=journey.draft.data != found.dossier.data,
        cards=[card for card in applying.cards(journey, refused) if not card["component"].from_form],
        upload_to=request.path,
        note=note,
        problem=problem,
        troubles=troubles,
    )


# taking it back


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you withdraw it?"),
        help_text=gettext_lazy("The agency reads this. A few words are enough."),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a few words why.")},
    )


@get_or_post
@signed_in
def withdraw(request: PersonRequest, dossier_id: int) -> HttpResponse:
    found = _own(request.person, dossier_id)
    if not may_withdraw(found.dossier):
        messages.info(request, _("This dossier can no longer be withdrawn."))
        return redirect("portal:dossier", dossier_id)
    form = WithdrawForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.withdraw(dossier_id=dossier_id, applicant=request.person, reason=reason)
        messages.success(request, _("Your dossier was withdrawn."))
        return redirect("portal:dossier", dossier_id)
    status = 422 if form.errors else 200
    return page(request, "withdraw", "mine", status=status, private=True, form=form, shown=found, dossier=found.dossier)
