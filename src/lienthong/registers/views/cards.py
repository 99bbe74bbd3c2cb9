"""The card of an entry: what it says, today or on another day, and everything that happened to it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.fields.context import Context, FileRef
from lienthong.foundation.fields.pages import display_html
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import access, history, purposes, services
from lienthong.registers.access import Rights
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.extracting.queries import extracts_of
from lienthong.registers.importing.services import origin_named
from lienthong.registers.looking import Look
from lienthong.registers.proposals import reading
from lienthong.registers.queries import Entry
from lienthong.registers.titles import title_of
from lienthong.registers.views import related
from lienthong.registers.views.listing import opened


@require_safe
@signed_in_officer
def card(request: OfficerRequest, register: str, entry_id: int) -> HttpResponse:
    """An entry as it is, or as it was on a day by what was known then (`ngay`, `biet`)."""
    body, rights = opened(request.officer, register)
    look = Look(body, rights, request.GET, context())
    purpose = purposes.stated(request, register)
    try:
        read = services.read(
            register=register, entry_id=entry_id, officer=request.officer, purpose=purpose, as_of=look.as_of
        )
    except services.PurposeNeeded:
        return to_purpose(request, register)
    came = related.came_from(request.officer, register, entry_id)
    return render(
        request,
        "registers/card.html",
        {
            "body": body,
            "entry": read.entry,
            "title": title_of(body, read.entry),
            "agency": tree()[read.entry.organisation_id],
            "shown": _shown(body, read.entry, look.context),
            "history": history.told(body, read.slices, look.context),
            "look": look,
            **_offers(request.officer, body, read.entry, look),
            "purpose": purpose if read.personal else "",
            "origin": "" if came else origin_named(read.entry.origin) or read.entry.origin,
            "came": came,
            "extracts": _extracts(body, rights, read.entry),
            "pointed_to": related.pointed_to(body, rights, read.entry),
            "pointing_here": related.pointing_here(body, rights, read.entry),
        },
    )


def _shown(body: RegisterBody, entry: Entry, context: Context) -> SafeString:
    def address(file: FileRef) -> str:
        return reverse("registers:file", args=[body.key, entry.id, file.id])

    return display_html(body.fields, entry.values, context, file_url=address, full_files=True)


def _offers(officer: Officer, body: RegisterBody, entry: Entry, look: Look) -> dict[str, Any]:
    """What can be done with the entry, what of that only as a proposal, and what is proposed already."""
    writes, proposes = (
        bool(access.rights_of(officer, body, to=to).fields_at(entry.organisation_id)) for to in ("write", "propose")
    )
    may = writes or (proposes and body.has_approvers)
    return {
        "may_write": may and look.as_of is None,
        "may_issue": writes,
        "must_propose": {deed for deed in ("change", "correct", "end") if not writes or body.needs_approval(deed)},
        "proposed": reading.open_for(officer, body, entry.id) if body.has_approvers else [],
    }


@require_safe
@signed_in_officer
def file(request: OfficerRequest, register: str, entry_id: int, file_id: int) -> HttpResponseBase:
    """A file that an entry has, or had in a former state."""
    opened(request.officer, register)
    purpose = purposes.stated(request, register)
    try:
        found = services.read_file(
            register=register, entry_id=entry_id, file_id=file_id, officer=request.officer, purpose=purpose
        )
    except services.PurposeNeeded:
        return to_purpose(request, register)
    return serve(found, as_attachment="tai" in request.GET)


def _extracts(body: RegisterBody, rights: Rights, entry: Entry) -> list[dict[str, Any]]:
    """Those that were issued of the entry; who may read all that stands in one opens it."""
    readable = rights.fields_at(entry.organisation_id)
    return [
        {
            "extract": each,
            "issued_on": clock.local(each.issued_at).date(),
            "open": set(each.fields) <= readable,
        }
        for each in extracts_of(body.key, entry.id)
    ]


def to_purpose(request: OfficerRequest, register: str) -> HttpResponse:
    """To the page that asks what personal data is needed for, and back."""
    query = asked.with_query(request, ve=request.get_full_path())
    return redirect(reverse("registers:purpose", args=[register]) + query)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def purpose(request: OfficerRequest, register: str) -> HttpResponse:
    """What the officer needs the personal data of this register for."""
    body, _rights = opened(request.officer, register)
    given: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    kind, words = given.get("viec", ""), asked.words(given, "noi-dung", purposes.LONGEST)
    back = _own_page(request, register, given.get("ve", ""))
    problems = _problems(kind, words) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        purposes.state(request, register, purposes.worded(kind, words))
        return redirect(back)
    shown: dict[str, Any] = {
        "body": body,
        "kinds": purposes.KINDS.items(),
        "kind": kind,
        "words": words,
        "problems": problems,
        "back": back,
        "stated": purposes.stated(request, register),
        "most": purposes.LONGEST,
    }
    return render(request, "registers/purpose.html", shown, status=422 if problems else 200)


def _problems(kind: str, words: str) -> dict[str, str]:
    if kind not in purposes.KINDS:
        return {"kind": _("Choose what you need the data for.")}
    if kind in purposes.NEED_WORDS and not words:
        return {"words": _("Say which: the code of the dossier, the number of the request.")}
    return {}


def _own_page(request: OfficerRequest, register: str, wanted: str) -> str:
    """Where to go back to: a page of this register or of what is proposed, whatever the address says."""
    home = reverse("registers:listing", args=[register])
    proposals = reverse("registers:proposal", args=[0]).removesuffix("0/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if safe and wanted.startswith((home, proposals)) else home
