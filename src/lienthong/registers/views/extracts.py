"""Issuing an extract of an entry, and opening one again."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import purposes, queries
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.extracting import services
from lienthong.registers.queries import Entry
from lienthong.registers.rules import WrongDay
from lienthong.registers.services.reading import PurposeNeeded
from lienthong.registers.titles import title_of
from lienthong.registers.views.cards import to_purpose
from lienthong.registers.views.listing import opened


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def issue(request: OfficerRequest, register: str, entry_id: int) -> HttpResponse:
    """What is to stand in the extract; sent, it is issued and stands on the card."""
    body, rights = opened(request.officer, register)
    entry = queries.entry(body, rights, entry_id)
    services.require_issuer(body, request.officer, entry.organisation_id)
    given = request.POST
    if request.method != "POST":
        return _shown(request, body, rights, entry, given)
    day = asked.day(given.get("ngay", ""))
    if day is None:
        wrong = WrongDay(_("Enter the day, for example 15/03/2021."))
        return _shown(request, body, rights, entry, given, wrong)
    purpose = asked.words(given, "muc-dich", services.LONGEST_PURPOSE)
    try:
        extract = services.issue(
            register=register,
            entry_id=entry_id,
            fields=given.getlist("truong")[:500],
            officer=request.officer,
            day=day,
            purpose=purpose,
            issued_to=asked.words(given, "cap-cho", services.LONGEST_NAME),
            key=asked.key(given.get("lan", "")),
        )
    except NotAllowed:
        raise
    except DomainError as refused:
        return _shown(request, body, rights, entry, given, refused)
    if extract.personal and not purposes.stated(request, register):
        purposes.state(request, register, purpose)
    messages.success(request, _("Extract no. %(number)s was issued.") % {"number": extract.called})
    return redirect(reverse("registers:card", args=[register, entry_id]) + "#extracts")


_BESIDE: Mapping[type[DomainError], str] = {
    PurposeNeeded: "purpose",
    services.NothingToTell: "fields",
    WrongDay: "day",
    queries.NoSuchEntry: "day",
}


def _shown(
    request: OfficerRequest,
    body: RegisterBody,
    rights: Rights,
    entry: Entry,
    given: QueryDict,
    refused: DomainError | None = None,
) -> HttpResponse:
    readable = rights.fields_at(entry.organisation_id)
    filled = _filled(body, entry)
    chosen = set(given.getlist("truong")) if given else filled - set(body.personal)
    fields = [
        {
            "field": body.leaves[key].field,
            "label": body.labels[key],
            "personal": key in body.personal,
            "chosen": key in chosen,
            "empty": key not in filled,
        }
        for key in body.leaves
        if key in readable
    ]
    today = clock.today()
    shown: dict[str, Any] = {
        "body": body,
        "entry": entry,
        "title": title_of(body, entry),
        "agency": tree()[entry.organisation_id],
        "fields": fields,
        "asks_purpose": any(each["personal"] for each in fields),
        "purpose": given.get("muc-dich", "") or purposes.stated(request, body.key),
        "issued_to": given.get("cap-cho", ""),
        "day": given.get("ngay") if given else _day(request, today).isoformat(),
        "today": today,
        "press": asked.key(given.get("lan", "")) or uuid.uuid4(),
        "refused": refused,
        "beside": {_BESIDE[type(refused)]: _said(refused)} if refused and type(refused) in _BESIDE else {},
        "most": services,
    }
    status = refused.status if refused and not isinstance(refused, NotFound) else 422 if refused else 200
    return render(request, "registers/extract.html", shown, status=status)


def _said(refused: DomainError) -> str:
    if isinstance(refused, queries.NoSuchEntry):
        return _("There was no such entry on that day.")
    return refused.in_full


def _day(request: OfficerRequest, today: date) -> date:
    return asked.day(request.GET.get("ngay", "")) or today


def _filled(body: RegisterBody, entry: Entry) -> set[str]:
    """The keys of the fields in which something stands."""
    row = body.layout.to_row(entry.values)
    return {key for key in body.leaves if any(row[name] is not None for name in body.layout.names([key]))}


@require_safe
@never_cache
@signed_in_officer
def file(request: OfficerRequest, register: str, entry_id: int, key: uuid.UUID) -> HttpResponseBase:
    """The signed file; reading personal data in it is put on record."""
    opened(request.officer, register)
    purpose = purposes.stated(request, register)
    try:
        _extract, stored = services.open_extract(
            register=register, entry_id=entry_id, key=key, officer=request.officer, purpose=purpose
        )
    except PurposeNeeded:
        return to_purpose(request, register)
    answer = serve(stored)
    answer["Cache-Control"] = "no-store"
    return answer
