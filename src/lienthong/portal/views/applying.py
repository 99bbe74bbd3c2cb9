"""Writing an application: page after page, saved at each, checked at the end."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases import services
from lienthong.cases.models import Dossier, Draft, ReturnWay
from lienthong.cases.services import documents
from lienthong.cases.services.drafting import NoSuchDraft, NotOffered
from lienthong.cases.services.representing import MandateEnded, require_mandate
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.problems import NotAccepted, Problem
from lienthong.foundation.files.errors import RefusedFile
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.identity.queries import applicant_facts
from lienthong.portal import uploads, wording
from lienthong.portal.agencies import by_district
from lienthong.portal.journey import FormPart, Journey, Page, shown
from lienthong.portal.pages import page
from lienthong.settings.environment import environment

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

LEAVE = "_leave"
REMOVE = "_remove"
REUSE = "_reuse"
FETCH = "_fetch"
"""Name of the buttons that take answers from a register; the value is which of the procedure's."""
FEW = 9
"""So many agencies are shown at once; more are chosen from a list by district."""

DraftView = Callable[..., HttpResponseBase]


def of_draft(view: DraftView) -> DraftView:
    """For the owner of a draft. One that was handed in meanwhile leads to the dossier it has become; one for another
    whose mandate has ended can only be deleted."""

    @signed_in
    @wraps(view)
    def found(request: PersonRequest, key: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            draft = services.draft_of(key, request.person)
        except NoSuchDraft:
            dossier = Dossier.objects.filter(draft_key=key, account_id=request.person.account_id).first()
            if dossier is None:
                raise
            return redirect("portal:dossier", dossier.pk)
        journey = Journey(draft, request.person)
        try:
            require_mandate(draft)
        except MandateEnded as ended:
            if request.resolver_match and request.resolver_match.url_name != "discard":
                shown = {"ended": ended, "draft": draft, "procedure": journey.procedure}
                return page(request, "mandate_ended", "mine", status=ended.status, private=True, **shown)
        return view(request, journey, *args, **kwargs)

    return found


@require_safe
@of_draft
def go_on(request: PersonRequest, journey: Journey) -> HttpResponse:
    """To the first page on which something is missing."""
    return redirect(journey.resume)


@get_or_post
@of_draft
def agency(request: PersonRequest, journey: Journey) -> HttpResponse:
    """To which of several agencies the application goes."""
    chosen, error = str(journey.draft.competent_id or ""), ""
    if request.method == "POST":
        chosen = request.POST.get("competent", "")
        if chosen.isdecimal() and len(chosen) < 12:
            try:
                services.save_draft(key=journey.draft.key, applicant=request.person, competent_id=int(chosen))
            except NotOffered as refusal:
                error = str(refusal)
        elif LEAVE not in request.POST:
            error = _("Choose the agency to which you apply.")
        if not error:
            return _left(request) if LEAVE in request.POST else redirect(journey.after("agency"))
    return _stop(
        request,
        journey,
        "agency",
        status=422 if error else 200,
        chosen=chosen or _likely(journey),
        guessed=not chosen,
        error=error,
        few=len(journey.agencies) <= FEW,
        groups=by_district(journey.agencies),
    )


@get_or_post
@of_draft
def variant(request: PersonRequest, journey: Journey) -> HttpResponse:
    """Which of the procedure's cases applies."""
    if not journey.procedure.variants:
        raise Http404
    chosen, error = journey.draft.variant, ""
    if request.method == "POST":
        chosen = request.POST.get("variant", "")
        if chosen:
            try:
                services.save_draft(key=journey.draft.key, applicant=request.person, variant=chosen)
            except NotOffered as refusal:
                error = str(refusal)
        elif LEAVE not in request.POST:
            error = _("Choose which case applies to you.")
        if not error:
            following = Journey(services.draft_of(journey.draft.key, request.person), request.person)
            return _left(request) if LEAVE in request.POST else redirect(following.after("variant"))
    return _stop(request, journey, "variant", status=422 if error else 200, chosen=chosen, error=error)


@get_or_post
@of_draft
def returning(request: PersonRequest, journey: Journey) -> HttpResponse:
    """How the result is wanted; what is easiest for most is chosen already."""
    errors: dict[str, Problem] = {}
    wanted = journey.returned or _likely_return(journey)
    if request.method == "POST":
        way = request.POST.get("return_way", "")
        wanted = services.Return(
            ReturnWay(way) if way in ReturnWay.values else wanted.way, request.POST.get("return_address", "").strip()
        )
        errors = wanted.problems(journey.procedure)
        if not errors:
            services.save_draft(key=journey.draft.key, applicant=request.person, returned=wanted)
            return _left(request) if LEAVE in request.POST else redirect(journey.after("returning"))
    return _stop(
        request,
        journey,
        "returning",
        status=422 if errors else 200,
        wanted=wanted,
        ways=[(way, *wording.RETURN_WAYS[way]) for way in map(ReturnWay, journey.procedure.return_ways)],
        errors=errors,
        error=bool(errors),
    )


def _likely_return(journey: Journey) -> services.Return:
    """Online where that can be; the post would bring it to the applicant's address."""
    ways = journey.procedure.return_ways
    address = applicant_facts(journey.applicant.account_id)["address"]
    return services.Return(ReturnWay("online" if "online" in ways else ways[0]), address)


def _likely(journey: Journey) -> str:
    """The agency of the area in which the applicant lives, as a first guess."""
    from lienthong.portal.agencies import nearest_to

    unit = journey.mandate.address_unit if journey.mandate else ""
    near = nearest_to(journey.applicant, journey.agencies, unit=unit)
    return str(near.id) if near else ""


@get_or_post
@of_draft
def fill_in(request: PersonRequest, journey: Journey, number: int) -> HttpResponse:
    """One part of the form. Everything typed is kept, right or wrong, before anything is said about it."""
    part = journey.part(number)
    if part is None:
        raise Http404
    if request.method != "POST":
        cleaned = journey.in_full if "sua" in request.GET else journey.so_far
        return _part(request, journey, part, cleaned, told="sua" in request.GET)
    fields = journey.procedure.form
    taken = forms.take(fields, request.POST, journey.context, kept=journey.typed)
    refused = uploads.take_into_form(fields, taken.raw, request.FILES, request.person)
    services.save_draft(key=journey.draft.key, applicant=request.person, raw=taken.raw)
    if taken.action is not None:
        cleaned = clean(fields, taken.raw, journey.context, draft=True)
        if request.headers.get("HX-Request"):
            return HttpResponse(journey.form(part, cleaned).refreshed(taken.action))
        return _part(request, journey, part, cleaned)
    if (wanted := asked.number(request.POST.get(FETCH, ""))) is not None:
        return _fetched(request, journey, part, wanted)
    if LEAVE in request.POST and not refused:
        return _left(request)
    cleaned = clean(fields, taken.raw, journey.context)
    cleaned = replace(cleaned, errors={**cleaned.errors, **refused})
    if any(path.split(".")[0] in part.keys for path in cleaned.errors):
        return _part(request, journey, part, cleaned, told=True, status=422)
    following = Journey(services.draft_of(journey.draft.key, request.person), request.person)
    returns = "ve" in request.GET or following.draft.dossier_id is not None
    return redirect(following.end if returns else following.after("fill_in", number))


def _fetched(request: PersonRequest, journey: Journey, part: FormPart, number: int) -> HttpResponse:
    """The same page with what a register knows. What was typed is kept already."""
    fetched = services.fetch(key=journey.draft.key, applicant=request.person, number=number)
    journey = Journey(services.draft_of(journey.draft.key, request.person), request.person)
    return _part(request, journey, part, journey.so_far, fetched=fetched)


def _part(
    request: HttpRequest,
    journey: Journey,
    part: FormPart,
    cleaned: Cleaned,
    *,
    told: bool = False,
    status: int = 200,
    fetched: services.Fetched | None = None,
) -> HttpResponse:
    form = journey.form(part, cleaned)
    return _stop(
        request,
        journey,
        "fill_in",
        part.number,
        status=status,
        form=form,
        part=part,
        alone=len(part.fields) == 1,
        troubles=form.troubles if told else [],
        offers=journey.known_by_registers(part, cleaned),
        fetched=fetched,
    )


@get_or_post
@of_draft
def attachments(request: PersonRequest, journey: Journey) -> HttpResponse:
    """The papers, each with its files. With htmx one card is sent and comes back."""
    if request.method != "POST":
        return _papers(request, journey, {})
    removed = request.POST.get(REMOVE, "")
    if removed.isdecimal() and len(removed) < 19:
        services.detach(key=journey.draft.key, applicant=request.person, draft_file_id=int(removed))
    refused = take_files(request, journey)
    take_at_hand(request, journey, refused)
    journey = Journey(services.draft_of(journey.draft.key, request.person), request.person)
    if request.headers.get("HX-Request"):
        return one_card(request, journey, refused)
    if LEAVE in request.POST and not refused:
        return _left(request)
    if "_next" in request.POST and not refused:
        missing = {component.key: _("Attach this paper.") for component in journey.missing_papers}
        if not missing:
            return redirect(journey.after("attachments"))
        return _papers(request, journey, {}, missing=missing, status=422)
    return _papers(request, journey, refused, status=422 if refused else 200)


def take_files(request: PersonRequest, journey: Journey) -> dict[str, list[RefusedFile]]:
    """Store everything that came with the page; what was refused, by component."""
    refused = {}
    for component in journey.components:
        sent = [file for file in request.FILES.getlist(f"tep.{component.key}") if isinstance(file, UploadedFile)]
        found = uploads.take(sent, draft=journey.draft, component=component, applicant=request.person)
        if found:
            refused[component.key] = found
    return refused


def take_at_hand(request: PersonRequest, journey: Journey, refused: dict[str, list[RefusedFile]]) -> None:
    """Attach the paper that is here already and was asked for: `<component>:<document>`."""
    component, _colon, document = request.POST.get(REUSE, "").rpartition(":")
    if not component or not document.isdecimal() or len(document) > 18:
        return
    try:
        documents.reuse(key=journey.draft.key, applicant=request.person, component=component, document_id=int(document))
    except DomainError as error:
        refused.setdefault(component, []).append(RefusedFile("", error))


def cards(
    journey: Journey,
    refused: dict[str, list[RefusedFile]],
    missing: dict[str, str] | None = None,
    *,
    to_read: bool = False,
) -> list[dict[str, Any]]:
    """The papers as cards: what may be attached, what was, and what is wrong. Nothing is offered where they are only
    read."""
    at_hand = {} if to_read else journey.at_hand
    return [
        {
            "component": component,
            "label": _("Or attach a file") if at_hand.get(component.key) else component.name,
            "policy": uploads.policy_of(component),
            "accept": ",".join(uploads.policy_of(component).endings),
            "limit": environment.upload_limit_mb,
            "files": journey.files.get(component.key, []),
            "at_hand": at_hand.get(component.key, []),
            "refused": refused.get(component.key, []),
            "error": _said(refused.get(component.key, [])) or (missing or {}).get(component.key, ""),
            "supplement": journey.draft.dossier_id is not None,
        }
        for component in journey.components
    ]


def _said(refused: list[RefusedFile]) -> str:
    return " ".join(each.said for each in refused)


def one_card(request: PersonRequest, journey: Journey, refused: dict[str, list[RefusedFile]]) -> HttpResponse:
    wanted = request.GET.get("giay", "")
    for card in cards(journey, refused):
        if card["component"].key == wanted:
            status = 422 if card["refused"] else 200
            return page(
                request,
                "parts/paper_back",
                status=status,
                private=True,
                card=card,
                draft=journey.draft,
                upload_to=request.path,
            )
    raise Http404


def _papers(
    request: PersonRequest,
    journey: Journey,
    refused: dict[str, list[RefusedFile]],
    *,
    missing: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    return _stop(
        request,
        journey,
        "attachments",
        status=status,
        cards=cards(journey, refused, missing),
        upload_to=request.path,
    )


@require_safe
@of_draft
def draft_file(request: PersonRequest, journey: Journey, file_id: int) -> HttpResponseBase:
    """A file of one's own draft, to be looked at."""
    attached = journey.draft.files.filter(pk=file_id).select_related("file").first()
    if attached is None:
        raise Http404
    return serve(attached.file)


@get_or_post
@of_draft
def review(request: PersonRequest, journey: Journey) -> HttpResponse:
    """Everything as the agency will see it; from here it is handed in, once."""
    if journey.draft.dossier_id is not None:
        return redirect(journey.end)
    unsaid = ""
    troubles = journey.troubles(_wanting(journey)) if request.method != "POST" else []
    if request.method == "POST":
        if not request.POST.get("cam-doan"):
            unsaid = _("Confirm that what you declare is true.")
        else:
            try:
                dossier = services.submit_draft(key=journey.draft.key, applicant=request.person)
            except NotAccepted as refusal:
                troubles = journey.troubles(refusal.errors)
            else:
                return redirect("portal:submitted", dossier.pk)
    asked = [part for part in journey.parts if part.keys & journey.so_far.asked]
    return _stop(
        request,
        journey,
        "review",
        status=422 if request.method == "POST" else 200,
        troubles=troubles,
        refused=request.method == "POST",
        unsaid=unsaid,
        parts=[(part, shown(part, journey.so_far, journey.context)) for part in asked],
        cards=cards(journey, {}, to_read=True),
    )


def _wanting(journey: Journey) -> dict[str, Any]:
    """What a submission would be refused for, told before anybody tries."""
    papers = {f"components.{c.key}": Problem("required", c.name) for c in journey.missing_papers}
    agency = {} if journey.draft.competent_id else {"competent": Problem("required", _("Choose the agency."))}
    return {**_case_missing(journey), **agency, **journey.in_full.errors, **papers, **_return_missing(journey)}


def _case_missing(journey: Journey) -> dict[str, Problem]:
    if journey.procedure.variant or not journey.procedure.variants:
        return {}
    return {"variant": Problem("required", _("Choose which case applies to you."))}


def _return_missing(journey: Journey) -> dict[str, Problem]:
    if journey.returned is None:
        return {"return_way": Problem("required", _("Choose how you want the result."))}
    return journey.returned.problems(journey.procedure)


@get_or_post
@of_draft
def discard(request: PersonRequest, journey: Journey) -> HttpResponse:
    if request.method == "POST":
        services.discard_draft(key=journey.draft.key, applicant=request.person)
        messages.success(request, _("The draft was deleted."))
        return redirect("portal:mine")
    return page(
        request, "discard", "mine", private=True, draft=journey.draft, procedure=journey.procedure, journey=journey
    )


def _left(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Your application is kept. You can go on with it at any time."))
    return redirect("portal:mine")


def _stop(
    request: HttpRequest, journey: Journey, name: Page, number: int = 0, *, status: int = 200, **more: Any
) -> HttpResponse:
    return page(
        request,
        name,
        "mine",
        status=status,
        private=True,
        journey=journey,
        draft=journey.draft,
        procedure=journey.procedure,
        labels=[stop.label for stop in journey.stops],
        step=journey.place(name, number),
        back=journey.before(name, number),
        **more,
    )


def titles_of(drafts: list[Draft]) -> list[tuple[Draft, str]]:
    """Drafts with the names of their procedures; each knows its mandate."""
    return [(draft, procedure_of(draft).full_name) for draft in drafts]
