"""Taking a list along as a file: what is to be in it, how far it is, the file."""

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import looking, purposes
from lienthong.registers.access import Rights
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.exporting import services
from lienthong.registers.exporting.models import Export
from lienthong.registers.looking import Look
from lienthong.registers.views.listing import opened


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def ask(request: OfficerRequest, register: str) -> HttpResponse:
    """What of the list is wanted; `request.GET` is the query of the list it is of."""
    body, rights = opened(request.officer, register)
    query = looking.tidy(request.GET)
    if request.method != "POST":
        return _shown(request, body, rights, query)
    given = request.POST
    try:
        found = services.ask(
            register=register,
            query=query.urlencode()[:5000],
            fields=given.getlist("truong")[:500],
            format_key=given.get("dang", ""),
            purpose=asked.words(given, "muc-dich", 500),
            officer=request.officer,
            key=asked.key(given.get("lan", "")),
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _shown(request, body, rights, query, refused)
    services.make(found.pk, at_once=True)
    return redirect("registers:export", register, found.key)


def _shown(
    request: OfficerRequest, body: RegisterBody, rights: Rights, query: QueryDict, refused: DomainError | None = None
) -> HttpResponse:
    look = Look(body, rights, query, context())
    readable = services.fields_of(body, rights, body.leaves)
    given = request.POST
    chosen = set(given.getlist("truong")) if given else {key for key in readable if key not in body.personal}
    shown: dict[str, Any] = {
        "register": body,
        "look": look,
        "conditions": look.conditions,
        "fields": [
            {"key": key, "label": body.labels[key], "personal": key in body.personal, "chosen": key in chosen}
            for key in readable
        ],
        "asks_purpose": bool(services.personal(body, readable)),
        "purpose": given.get("muc-dich", "") or purposes.stated(request, body.key),
        "formats": [(each, Export.Format(each).label) for each in services.formats_of(body, readable)],
        "format": given.get("dang") or Export.Format.XLSX,
        "press": asked.key(given.get("lan", "")) or uuid.uuid4(),
        "refused": refused,
        "beside": {_BESIDE[type(refused)]: refused} if refused and type(refused) in _BESIDE else {},
        "exports": services.exports_of(register=body.key, officer=request.officer),
        "back": reverse("registers:listing", args=[body.key]) + look.with_changes(),
        "most": services.AT_ONCE,
    }
    return render(request, "registers/exporting.html", shown, status=refused.status if refused else 200)


_BESIDE: dict[type[DomainError], str] = {
    services.PurposeNeeded: "purpose",
    services.NothingChosen: "fields",
    services.NoSuchFormat: "formats",
}


@require_safe
@never_cache
@signed_in_officer
def one(request: OfficerRequest, register: str, key: uuid.UUID) -> HttpResponse:
    found = services.export_of(register=register, key=key, officer=request.officer)
    body, _rights = opened(request.officer, register)
    return render(request, "registers/export.html", _progress_of(found, body))


@require_safe
@never_cache
@signed_in_officer
def progress(request: OfficerRequest, register: str, key: uuid.UUID) -> HttpResponse:
    """How far it is, for a page that waits; at its end the page is asked for anew."""
    found = services.export_of(register=register, key=key, officer=request.officer)
    if found.over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    body, _rights = opened(request.officer, register)
    return render(request, "registers/parts/export_progress.html", _progress_of(found, body))


def _progress_of(found: Export, body: RegisterBody) -> dict[str, Any]:
    until = services.kept_until(found) if found.made_at else None
    again = reverse("registers:export_ask", args=[body.key]) + (f"?{found.query}" if found.query else "")
    gone = until is not None and clock.now() >= until
    return {"register": body, "export": found, "until": until, "again": again, "gone": gone}


@require_safe
@signed_in_officer
def download(request: OfficerRequest, register: str, key: uuid.UUID) -> HttpResponseBase:
    answer = serve(services.file_of(register=register, key=key, officer=request.officer), as_attachment=True)
    answer["Cache-Control"] = "no-store"
    return answer
