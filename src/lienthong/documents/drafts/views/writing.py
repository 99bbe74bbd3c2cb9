"""Beginning a draft, and the editor in which its versions are written."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.documents import queries as documents
from lienthong.documents.definition import kind_names
from lienthong.documents.drafts import carrying, comparing, queries, rules, services
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts.queries import DraftPage
from lienthong.documents.drafts.services.writing import TAKEN
from lienthong.documents.drafts.views import forms
from lienthong.documents.drafts.views.differences import shown_differences
from lienthong.documents.drafts.word_text import text_of_word
from lienthong.documents.models import Arrival, Draft, DraftVersion
from lienthong.documents.papers.laying_out import lay_out
from lienthong.documents.rules.contents import Circulation, Contents, from_html, missing, to_html
from lienthong.documents.rules.kinds import KINDS, LETTER
from lienthong.documents.services import Upload
from lienthong.documents.views import days
from lienthong.documents.views.recipients import DEEDS, DRAFTED, Picked, drafted_group, picked
from lienthong.foundation import asked, clock
from lienthong.foundation.definitions.rules import spelled
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files import storage
from lienthong.foundation.files.serving import require_harmless, serve_made
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.settings.environment import environment

ONLY_SHOWN_ANEW = frozenset({"_dien-nguoi-ky", "_them-phu-luc", "_bo-phu-luc"}) | DEEDS
"""Buttons of the editor that save nothing."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def new(request: OfficerRequest) -> HttpResponse:
    """Choose the type; the rest is filled in as far as it is known."""
    given = request.POST if request.method == "POST" else request.GET
    answered = _answered(request, asked.number(given.get("tra-loi", "")))
    desks = [
        (f"{post.id}-{agency.id}", post, agency)
        for post in drafts_policy.drafts_for(request.officer)
        for agency in drafts_policy.agencies_for(post.organisation)
    ]
    if answered:
        desks = [each for each in desks if each[2].id == answered.organisation_id] or desks
    key = asked.key(given.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        _desk, post, agency = next((each for each in desks if each[0] == given.get("soan-cho")), desks[0])
        due, is_wrong = days.asked_for(given, "han")
        try:
            if is_wrong:
                raise carrying.Missing({"due": days.UNREADABLE})
            made = services.open_draft(
                new=services.NewDraft(
                    post_id=post.id,
                    agency_id=agency.id,
                    kind=given.get("loai", ""),
                    abstract=asked.words(given, "trich-yeu", 500),
                    answers=asked.number(given.get("tra-loi", "")),
                    like=asked.number(given.get("nhu", "")),
                    due_at=days.end_of(due),
                ),
                officer=request.officer,
                key=key,
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            context = refusal(refused)
        else:
            return redirect("drafts:edit", made.pk)
    return _show_new(request, context, desks=desks, key=key, answered=answered)


def _answered(request: OfficerRequest, arrival_id: int | None) -> Arrival | None:
    """The document that is to be answered, where the officer may see it."""
    found = documents.visible_to(request.officer).select_related("document").filter(pk=arrival_id or 0)
    return found.first() if arrival_id else None


def _show_new(request: OfficerRequest, context: dict[str, Any], **more: Any) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    like = queries.visible_to(request.officer).filter(pk=asked.number(given.get("nhu", "")) or 0).first()
    kinds = kind_names()
    frequent = [code for code in queries.frequent_kinds(request.officer) if code in kinds]
    context |= {
        "like": like,
        "given": {name.replace("-", "_"): value for name, value in given.items()},
        "kind": given.get("loai", "") or (like.kind if like else LETTER),
        "frequent": [(code, kinds[code]) for code in frequent],
        "kinds": [(code, name) for code, name in kinds.items() if code not in frequent],
        "today": clock.today(),
        **more,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/draft_new.html", context, status=422 if wrong else 200)


def refusal(error: DomainError) -> dict[str, Any]:
    """For a template: what is wrong by field, or what was refused as a whole."""
    if isinstance(error, carrying.Missing):
        return {"errors": {name: str(why) for name, why in error.errors.items()}, "refused": None}
    return {"errors": {}, "refused": error}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def edit(request: OfficerRequest, draft_id: int) -> HttpResponseBase:
    """The editor: head, text, foot; what it sends becomes the next version."""
    page = _page(request, draft_id)
    before = _contents_before(page)
    if request.method != "POST":
        carrying.require_writing(page.draft)
        raw = forms.raw_of(before) | _text_of_file(page, asked.number(request.GET.get("tep", "")))
        return _show(request, page, raw, key=uuid4(), base=page.draft.latest, to=_chosen(request, page))
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    base = asked.number(request.POST.get("_goc", "")) or 0
    ground = page.version(base)
    found = forms.read(request.POST, (carrying.contents_of(ground) if ground else None) or before)
    if "_dien-nguoi-ky" in request.POST:
        _fill_signer(request, page.draft, found.raw)
    to = _chosen(request, page)
    if found.contents is None or found.errors:
        return _show(request, page, found.raw, key=key, base=base, to=to, given=found, errors=found.errors)
    if "_xem" in request.POST:
        return preview(found.contents)
    if not ONLY_SHOWN_ANEW.isdisjoint(request.POST):
        return _show(request, page, found.raw, key=key, base=base, to=to, given=found)
    try:
        version = services.write(
            draft_id=draft_id,
            officer=request.officer,
            key=key,
            base=base,
            contents=found.contents,
            words=asked.words(request.POST, "da-sua", 500),
            recipients=to.recipients,
            due_at=days.end_of(found.due),
        )
    except (NotAllowed, NotFound):
        raise
    except services.Overtaken as refused:
        return _overtaken(request, page, found, refused, key=key, to=to)
    except DomainError as refused:
        context = refusal(refused)
        return _show(request, page, found.raw, key=key, base=base, to=to, given=found, **context)
    if version.number == base:
        messages.info(request, _now("Nothing was changed: there is no new version."))
    else:
        messages.success(request, _now("Saved as version %(number)s.") % {"number": version.number})
    return redirect("drafts:draft", draft_id)


def _chosen(request: OfficerRequest, page: DraftPage) -> Picked:
    """To whom it is to go: first as it was kept, as if that group had been pressed."""
    agency = tree()[page.draft.organisation_id]
    kept = drafted_group(agency, carrying.planned(page.draft), ())
    given = request.POST if request.method == "POST" else QueryDict(f"_nhom={DRAFTED}")
    return picked(given, agency, request.officer, [kept] if kept else [])


def _page(request: OfficerRequest, draft_id: int) -> DraftPage:
    page = queries.draft_page(request.officer, draft_id)
    if page is None:
        raise carrying.no_such_draft()
    if not page.writes:
        raise carrying.not_yours()
    return page


def _contents_before(page: DraftPage) -> Contents:
    """What the last version that was written in the page said: a file has nothing to edit."""
    found = (carrying.contents_of(each) for each in page.versions if each.file_id is None)
    return next(filter(None, found))


def _text_of_file(page: DraftPage, number: int | None) -> dict[str, Any]:
    """The text of a Word file that is a version, for the editor; nothing where no such one is named. Raises
    NotReadable, Infected, NotScannedYet."""
    version = page.version(number)
    if version is None or version.file is None or version.file.format != "docx":
        return {}
    require_harmless(version.file)
    with storage.open_content(version.file.sha256) as content:
        body, appendices = text_of_word(content.read())
    return {"body": body, "appendices": [vars(each) for each in appendices]}


def preview(contents: Contents) -> HttpResponse:
    return serve_made(lay_out(contents, at=clock.now()).pdf, name=_now("Draft"))


def _fill_signer(request: OfficerRequest, draft: Draft, raw: dict[str, Any]) -> None:
    """The lines above the name as the chosen post gives them."""
    wanted = asked.number(request.POST.get("nguoi-ky-chon", ""))
    offered = drafts_policy.signers_for(tree()[draft.organisation_id], tree()[draft.unit_id])
    chosen = next((each for each in offered if each.post.id == wanted), None)
    if chosen:
        raw["signer"] = vars(chosen.signer)


def _overtaken(
    request: OfficerRequest, page: DraftPage, found: forms.Given, refused: services.Overtaken, *, key: UUID, to: Picked
) -> HttpResponse:
    """What was written stays in the form, with what the other changed beside it; saved again it comes after theirs."""
    theirs, mine = carrying.contents_of(refused.latest), found.contents
    differs = comparing.compare(mine, theirs) if mine and theirs else None
    return _show(
        request,
        page,
        found.raw,
        key=key,
        base=refused.latest.number,
        to=to,
        given=found,
        refused=refused,
        theirs=refused.latest,
        differences=shown_differences(differs) if differs else None,
    )


def _show(
    request: OfficerRequest,
    page: DraftPage,
    raw: Mapping[str, Any],
    *,
    key: UUID,
    base: int,
    to: Picked,
    given: forms.Given | None = None,
    errors: Mapping[str, str] | None = None,
    refused: DomainError | None = None,
    theirs: DraftVersion | None = None,
    differences: Mapping[str, Any] | None = None,
) -> HttpResponse:
    draft = page.draft
    agency = tree()[draft.organisation_id]
    due = given.due if given else (clock.local(draft.due_at).date() if draft.due_at else None)
    contents = given.contents if given else forms.contents_of(raw)
    chosen = request.POST if given and "_dien-nguoi-ky" not in request.POST else {}
    context = {
        "draft": draft,
        "agency": agency,
        "key": key,
        "base": base,
        "form": forms.form_of(raw, chosen),
        "kind": KINDS.get(raw["kind"], KINDS[draft.kind]),
        "kinds": kind_names().items(),
        "signers": drafts_policy.signers_for(agency, tree()[draft.unit_id]),
        "urgencies": forms.urgencies(),
        "circulations": [each.value for each in Circulation if each],
        "to": to,
        "choosing": not DEEDS.isdisjoint(request.POST) or "recipients" in (errors or {}),
        "due": due,
        "words": request.POST.get("da-sua", ""),
        "errors": errors or {},
        "missing": missing_by_field(contents) if contents else {},
        "refused": refused,
        "theirs": theirs,
        "differences": differences,
        "typed": given is not None,
    }
    status = 409 if theirs else 422 if errors or refused else 200
    return render(request, "documents/draft_edit.html", context, status=status)


@require_POST
@signed_in_officer
def clean(request: OfficerRequest, draft_id: int) -> HttpResponse:
    """What somebody pastes, as the editor keeps it."""
    _page(request, draft_id)
    return HttpResponse(to_html(from_html(request.POST.get("html", ""))))


def missing_by_field(contents: Contents) -> dict[str, str]:
    """What has to be there before it is presented, by the field of the form."""
    found: dict[str, str] = {}
    for problem in missing(contents, signed=False):
        found.setdefault(forms.field_of(spelled(problem.path)), _first_capital(str(problem.message)))
    for name in rules.blanks(contents):
        found.setdefault(
            forms.field_of(name), _now("Dots are still to be replaced (%(part)s)") % {"part": forms.FIELDS[name]}
        )
    return found


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def upload(request: OfficerRequest, draft_id: int) -> HttpResponse:
    """A file as the next version."""
    page = _page(request, draft_id)
    context: dict[str, Any] = {"errors": {}, "refused": None}
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    if request.method == "POST":
        file = request.FILES.get("tep")
        try:
            if file is None:
                raise carrying.Missing({"file": _("Choose a file.")})
            version = services.write(
                draft_id=draft_id,
                officer=request.officer,
                key=key,
                base=asked.number(request.POST.get("_goc", "")) or 0,
                upload=Upload(file.name or "", file),
                words=asked.words(request.POST, "da-sua", 500),
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            context = refusal(refused)
        else:
            messages.success(request, _now("Saved as version %(number)s.") % {"number": version.number})
            return redirect("drafts:check", draft_id, version.number)
    else:
        carrying.require_writing(page.draft)
    context |= {
        "draft": page.draft,
        "base": page.draft.latest,
        "key": key,
        "words": request.POST.get("da-sua", ""),
        "accept": ",".join(TAKEN.endings),
        "kinds_of_files": TAKEN.words,
        "limit_mb": environment.upload_limit_mb,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/draft_upload.html", context, status=422 if wrong else 200)
