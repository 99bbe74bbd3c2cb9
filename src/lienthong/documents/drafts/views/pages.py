"""The page of a draft, its versions on paper and as files, what differs between them, what deviates in a file."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents.checking import NotReadable
from lienthong.documents.checking import check as check_layout
from lienthong.documents.circuit.views.showing import circuit_of
from lienthong.documents.definition import kind_names
from lienthong.documents.drafts import carrying, comparing, queries, services
from lienthong.documents.drafts.papers import opinions_listing, pages_of
from lienthong.documents.drafts.queries import DraftPage
from lienthong.documents.drafts.services.asking import VERDICTS as GIVEN
from lienthong.documents.drafts.views.differences import shown_differences
from lienthong.documents.drafts.views.forms import TAKEN, VERDICTS, state_of
from lienthong.documents.drafts.views.writing import missing_by_field, preview
from lienthong.documents.models import Draft, DraftOpinion, DraftVersion
from lienthong.documents.records.views.forms import file_of
from lienthong.documents.rules.editing import to_html
from lienthong.documents.services.reading import NoSuchFile
from lienthong.documents.views.incoming import URGENCIES
from lienthong.foundation import asked
from lienthong.foundation.files import storage
from lienthong.foundation.files.serving import require_harmless, serve
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.identity.timelines import happenings

TOLD = (DraftOpinion.Verdict.REMARKS, DraftOpinion.Verdict.OPPOSED)
"""Who gave such an opinion is to be told what was done with it."""


@require_safe
@signed_in_officer
def draft(request: OfficerRequest, draft_id: int) -> HttpResponse:
    return shown(request, services.read(draft_id=draft_id, officer=request.officer))


def shown(request: OfficerRequest, page: DraftPage) -> HttpResponse:
    found = page.draft
    version = page.version(asked.number(request.GET.get("ban", ""))) or page.latest
    contents = carrying.contents_of(version)
    is_writing = found.state == Draft.State.WRITING
    context = {
        "page": page,
        "draft": found,
        "version": version,
        "is_latest": version.number == found.latest,
        "contents": contents,
        "sheet": sheet_of(version) if contents else None,
        "pages": pages_of(contents) if contents else None,
        "missing": missing_by_field(contents) if contents and page.writes and is_writing else {},
        "kind": kind_names().get(found.kind, found.kind),
        "urgency": URGENCIES.get(found.urgency, ""),
        "agency": tree()[found.organisation_id],
        "unit": tree()[found.unit_id],
        "answered_seen": queries.shows_answered(request.officer, found),
        "post": tree().posts[found.post_id],
        "opinions": [opinion_row(each) for each in page.opinions],
        "waiting": sum(each.given_at is None for each in page.opinions),
        "untold": sum(each.verdict in TOLD and not each.taken for each in page.opinions),
        "mine": page.mine(request.officer),
        "edits": page.writes and is_writing,
        "is_dropped": found.state == Draft.State.DROPPED,
        "events": happenings((carrying.DRAFT, found.pk)) if page.gathers else [],
        "key": uuid4(),
        **state_of(found.state),
        **(circuit_of(request.officer, found) if page.gathers else {}),
    }
    return render(request, "documents/draft.html", context)


def sheet_of(version: DraftVersion) -> dict[str, Any]:
    """A version as the page shows its words; how it comes out on paper shows its PDF."""
    contents = carrying.contents_of(version)
    assert contents is not None
    return {
        "contents": contents,
        "kind": contents.described_kind,
        "body": to_html(contents.body),
        "appendices": [(each, to_html(each.blocks)) for each in contents.appendices],
    }


def opinion_row(opinion: DraftOpinion) -> dict[str, Any]:
    """Who was asked, and what they said."""
    post = tree().posts.get(opinion.post_id or 0)
    unit = tree()[opinion.organisation_id].name
    word, tone, icon = VERDICTS.get(opinion.verdict, ("", "", ""))
    taken, taken_tone, taken_icon = TAKEN.get(opinion.taken, ("", "", ""))
    return {
        "opinion": opinion,
        "desk": f"{post.title}, {unit}" if post else unit,
        "verdict": word,
        "tone": tone,
        "icon": icon,
        "is_given": opinion.verdict in GIVEN,
        "taken": taken,
        "taken_tone": taken_tone,
        "taken_icon": taken_icon,
    }


def _version(request: OfficerRequest, draft_id: int, number: int) -> tuple[DraftPage, DraftVersion]:
    """A version that is opened: on record. Raises NoSuchDraft."""
    page = services.read(draft_id=draft_id, officer=request.officer, version=number)
    version = page.version(number)
    assert version is not None
    return page, version


@require_safe
@signed_in_officer
def paper(request: OfficerRequest, draft_id: int, number: int) -> HttpResponseBase:
    """A version as it comes out on paper, or the file that it is."""
    _found, version = _version(request, draft_id, number)
    contents = carrying.contents_of(version)
    if contents is not None:
        return preview(contents)
    assert version.file is not None
    return serve(version.file)


@require_safe
@signed_in_officer
def check(request: OfficerRequest, draft_id: int, number: int) -> HttpResponse:
    """What of a file's layout is not as the decree wants it, by its paragraphs."""
    page, version = _version(request, draft_id, number)
    if version.file is None:
        return redirect("drafts:draft", draft_id)
    require_harmless(version.file)
    deviations, refused = [], None
    with storage.open_content(version.file.sha256) as content:
        try:
            deviations = list(check_layout(content.read(), "pdf" if version.file.format == "pdf" else "docx"))
        except NotReadable as error:
            refused = error
    context = {
        "draft": page.draft,
        "version": version,
        "deviations": deviations,
        "refused": refused,
        "takes": refused is None
        and version.file.format == "docx"
        and page.writes
        and page.draft.state == Draft.State.WRITING,
    }
    return render(request, "documents/draft_check.html", context)


@require_safe
@signed_in_officer
def compare(request: OfficerRequest, draft_id: int) -> HttpResponse:
    """What differs between two versions; between the last two where none are named."""
    page = services.read(draft_id=draft_id, officer=request.officer)
    new = page.version(asked.number(request.GET.get("den", ""))) or page.latest
    older = next((each for each in page.versions if each.number < new.number), new)
    old = page.version(asked.number(request.GET.get("tu", ""))) or older
    before, after = carrying.contents_of(old), carrying.contents_of(new)
    differs = comparing.compare(before, after) if before and after else None
    context = {
        "draft": page.draft,
        "page": page,
        "old": old,
        "new": new,
        "is_file": differs is None,
        "differences": shown_differences(differs) if differs and differs.differs else None,
        "edits": page.writes and page.draft.state == Draft.State.WRITING and old.number != page.draft.latest,
        "key": uuid4(),
    }
    return render(request, "documents/draft_compare.html", context)


@require_POST
@signed_in_officer
def restore(request: OfficerRequest, draft_id: int, number: int) -> HttpResponse:
    version = services.restore(
        draft_id=draft_id,
        number=number,
        base=asked.number(request.POST.get("_goc", "")) or 0,
        officer=request.officer,
        key=asked.key(request.POST.get("_lan", "")) or uuid4(),
    )
    said = {"old": number, "number": version.number}
    messages.success(request, _now("Version %(old)s was taken up again as version %(number)s.") % said)
    return redirect("drafts:draft", draft_id)


@require_safe
@signed_in_officer
def opinion_file(request: OfficerRequest, draft_id: int, opinion_id: int) -> HttpResponseBase:
    """The file that somebody gave with an opinion, for whoever sees the opinion."""
    page = services.read(draft_id=draft_id, officer=request.officer)
    found = next((each.file for each in page.opinions if each.pk == opinion_id), None)
    if found is None:
        raise NoSuchFile(_now("The document has no such file."))
    return serve(found)


@require_safe
@signed_in_officer
def opinions(request: OfficerRequest, draft_id: int, format_key: str) -> HttpResponse:
    """All opinions in one table, for whoever gathers them."""
    page = services.read(draft_id=draft_id, officer=request.officer)
    if not page.gathers:
        raise carrying.not_yours()
    rows = [(row["desk"], row["opinion"]) for row in map(opinion_row, page.opinions)]
    return file_of(opinions_listing(page.draft, rows), format_key, f"tong-hop-y-kien-{draft_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def drop(request: OfficerRequest, draft_id: int) -> HttpResponse:
    """Asks whether the draft is to be given up, and gives it up."""
    if request.method == "POST":
        reason = asked.words(request.POST, "ly-do", 500)
        services.drop(draft_id=draft_id, officer=request.officer, reason=reason)
        messages.success(request, _now("The draft was dropped. It can be taken up again on its page."))
        return redirect("drafts:draft", draft_id)
    page = queries.draft_page(request.officer, draft_id)
    if page is None:
        raise carrying.no_such_draft()
    if not page.writes:
        raise carrying.not_yours()
    carrying.require_writing(page.draft)
    waiting = sum(each.given_at is None for each in page.opinions)
    return render(request, "documents/draft_drop.html", {"draft": page.draft, "waiting": waiting})


@require_POST
@signed_in_officer
def reopen(request: OfficerRequest, draft_id: int) -> HttpResponse:
    services.reopen(draft_id=draft_id, officer=request.officer)
    messages.success(request, _now("The draft was taken up again."))
    return redirect("drafts:draft", draft_id)
