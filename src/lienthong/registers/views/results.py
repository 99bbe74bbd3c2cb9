"""A result of a dossier that could not be written by itself: what it says, why it waits, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.foundation import asked
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import Values, is_empty, merge
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import Form, display_html
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.procedures.receiving import dossier_addresses
from lienthong.registers import access, queries
from lienthong.registers.context import context_for
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import Entry, NoSuchEntry
from lienthong.registers.receiving import services
from lienthong.registers.receiving.models import Received
from lienthong.registers.titles import title_of

NAMED = "ket-qua"
"""In the address of a form: the result that saving settles."""

CHOSEN = "ban_ghi"
DEEDS = {Received.Deed.ENTER: "thay-doi", Received.Deed.CHANGE: "thay-doi", Received.Deed.END: "ket-thuc"}
"""The form that settles a result on an entry that is there."""


@dataclass(frozen=True, slots=True)
class Came:
    """A result that a form begins with, and what of it the officer may write."""

    result: Received
    proposed: Raw

    def over(self, body: RegisterBody, raw: Raw) -> Raw:
        return merge(body.fields, raw, self.proposed)


def came(request: OfficerRequest, body: RegisterBody) -> Came | None:
    """The result that the address of a form names. Raises NoSuchResult."""
    number = asked.number(request.GET.get(NAMED, ""))
    if number is None:
        return None
    row, proposed = services.open_result(received_id=number, officer=request.officer)
    if row.register != body.key:
        raise services.no_such_result()
    return Came(row, proposed)


def complete(officer: Officer, result: Received, write: Callable[[], Entry]) -> Entry:
    """Save what was filled in and settle the result with it."""
    entry_id = services.complete(received_id=result.pk, officer=officer, write=lambda _row: write())
    body = queries.register(result.register)
    return queries.entry(body, access.rights_of(officer, body, to="read"), entry_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def result(request: OfficerRequest, received_id: int) -> HttpResponse:
    """What came and why it waits. Sending the form chooses the entry that it is about."""
    row, proposed = services.open_result(received_id=received_id, officer=request.officer)
    body = queries.register(row.register)
    known = context_for(request.officer, body, {})
    fields = _choosing(body)
    raw: Raw = {}
    if request.method == "POST" and row.waits:
        raw = forms.take(fields, request.POST, known).raw
        chosen = clean(fields, raw, known)
        if chosen.ok:
            return redirect(_form_of(row, chosen.values[CHOSEN].id))
    cleaned = clean(fields, raw, known, draft=request.method != "POST")
    said = _said(body, clean(body.fields, proposed, known, draft=True).values) if proposed else {}
    shown: dict[str, Any] = {
        "body": body,
        "row": row,
        "agency": tree()[row.organisation_id],
        "dossier": dossier_addresses(request.officer, [row.dossier_id]).get(row.dossier_id, ""),
        "said": display_html(body.fields, said, known, heading=3) if said else "",
        "enter": f"{reverse('registers:enter', args=[body.key])}?{NAMED}={row.pk}",
        "on_entry": _form_of(row, row.entry_id) if row.entry_id else "",
        "entry": _entry(request.officer, body, row),
        "choosing": Form(fields, cleaned, known),
        "most": services.LONGEST_NOTE,
    }
    return render(request, "registers/result.html", shown, status=422 if cleaned.errors else 200)


@require_POST
@signed_in_officer
def set_aside(request: OfficerRequest, received_id: int) -> HttpResponse:
    note = asked.paragraphs(request.POST, "ly-do", services.LONGEST_NOTE)
    try:
        services.set_aside(received_id=received_id, officer=request.officer, note=note)
    except services.NoteMissing as missing:
        messages.error(request, str(missing))
    else:
        messages.success(request, _("Nothing is written; the reason is on record."))
    return redirect("registers:result", received_id)


def _said(body: RegisterBody, values: Values) -> Values:
    """Without what is empty."""
    return body.layout.only(values, [key for key, value in body.layout.flat(values).items() if not is_empty(value)])


def _choosing(body: RegisterBody) -> FieldList:
    return FieldList([Reference(key=CHOSEN, label=body.singular.capitalize(), register=body.key, required=True)])


def _form_of(row: Received, entry_id: int) -> str:
    address = reverse("registers:edit", args=[row.register, entry_id, DEEDS[Received.Deed(row.deed)]])
    return f"{address}?{NAMED}={row.pk}"


def _entry(officer: Officer, body: RegisterBody, row: Received) -> dict[str, str] | None:
    """The entry that it became or is about, as far as the officer may read it."""
    if row.entry_id is None:
        return None
    try:
        entry = queries.entry(body, access.rights_of(officer, body, to="read"), row.entry_id)
    except NoSuchEntry:
        return None
    return {"title": title_of(body, entry), "address": reverse("registers:card", args=[body.key, entry.id])}
