"""The registers somebody may look into, and the list of the entries of one."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.fields.data import is_empty
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.typed import folded
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import access, looking, queries, services
from lienthong.registers.code_lists.queries import is_called
from lienthong.registers.context import context_of
from lienthong.registers.definition import GROUPS, REGISTER, May, RegisterBody
from lienthong.registers.looking import Look
from lienthong.registers.models import SavedView
from lienthong.registers.proposals.together import MOST
from lienthong.registers.queries import PAGE, Entry, Sort
from lienthong.registers.retention.queries import appraisals_of


@require_safe
@signed_in_officer
def overview(request: OfficerRequest) -> HttpResponse:
    """The registers by sector database, with those that somebody may read."""
    words = asked.words(request.GET, looking.WORDS)
    bodies = [each.body for each in REGISTER.all() if access.rights_of(request.officer, each.body, to="read")]
    found = [body for body in bodies if _is_called(body, words)]
    lists = sorted((each.body for each in CODE_LIST.all()), key=lambda body: folded(body.name))
    return render(
        request,
        "registers/overview.html",
        {
            "groups": list(_grouped(found)),
            "lists": [body for body in lists if is_called(body, words)],
            "words": words,
            "any": bool(bodies),
            "many": len(bodies) > 12,
            "over": appraisals_of(request.officer).filter(due_at__isnull=False).exists(),
        },
    )


def _is_called(body: RegisterBody, words: str) -> bool:
    text = folded(f"{body.name} {body.singular} {body.about}")
    return all(word in text for word in folded(words).split())


def _grouped(bodies: Sequence[RegisterBody]) -> Iterator[tuple[str, list[RegisterBody]]]:
    items = CODE_LIST.current(GROUPS).body.items
    place = {item.code: number for number, item in enumerate(items)}
    names = {item.code: item.name for item in items}
    in_order = sorted(bodies, key=lambda body: (place.get(body.group, len(place)), folded(body.name)))
    for code, of_group in groupby(in_order, lambda body: body.group):
        yield names.get(code, code), list(of_group)


@require_safe
@signed_in_officer
def listing(request: OfficerRequest, register: str) -> HttpResponse:
    """The entries that the officer may read, narrowed and sorted as the address says."""
    body, rights = opened(request.officer, register)
    look = Look(body, rights, request.GET, context_of(request.officer))
    found = queries.page(body, rights, look.filters, sort=look.sort, after=look.after, as_of=look.as_of)
    page = found[:PAGE]
    return render(
        request,
        "registers/listing.html",
        {
            "body": body,
            "look": look,
            "columns": [_column(look, field) for field in look.columns],
            "rows": [_row(look, entry) for entry in page],
            "may_enter": bool(access.keepers(body, access.rights_of(request.officer, body, to=_entering(body)))),
            **_proposing(request.officer, body, look),
            "views": list(_views(request, body)),
            "newest": look.with_changes() if look.given.get(looking.AFTER) else "",
            "older": look.with_changes(**{looking.AFTER: look.place_of(page[-1])}) if len(found) > PAGE else "",
            "query": look.with_changes(),
            "names": looking,
            "chosen": {field.key for field in look.columns},
        },
    )


def _entering(body: RegisterBody) -> May:
    """The right by which a form to enter something is of use: whoever may only propose sends it as a proposal."""
    return "propose" if body.has_approvers else "write"


def _proposing(officer: Officer, body: RegisterBody, look: Look) -> dict[str, Any]:
    """Whether rows can be ticked, and whether there is a list of proposals for the officer."""
    proposes, writes = (bool(access.rights_of(officer, body, to=to)) for to in ("propose", "write"))
    together = (proposes and body.has_approvers) or (writes and not body.needs_approval("bulk"))
    approves = bool(access.rights_of(officer, body, to="approve"))
    return {
        "may_tick": together and look.as_of is None,
        "has_proposals": together or approves,
        "may_import": writes and not body.needs_approval("enter"),
        "most_together": MOST,
    }


def opened(officer: Officer, register: str) -> tuple[RegisterBody, access.Rights]:
    """A register and what the officer may read of it. What is not there and what is not theirs is the same."""
    found = next((each.body for each in REGISTER.all() if each.key == register), None)
    rights = access.rights_of(officer, found, to="read") if found else None
    if not found or not rights:
        raise Http404
    return found, rights


def _column(look: Look, field: Field) -> dict[str, Any]:
    """Its heading, and the address that sorts by it: again, the other way round."""
    now = look.sort if look.sort and look.sort.key == field.key else None
    address = ""
    if field.key in look.sortable:
        turned = Sort(field.key, descending=not now.descending if now else field.narrows == "span")
        address = look.with_changes(**{looking.SORT: str(turned)})
    direction = ("descending" if now.descending else "ascending") if now else ""
    label = look.body.labels[field.key]
    return {"label": label, "address": address, "direction": direction, "numeric": _is_number(field)}


def _row(look: Look, entry: Entry) -> dict[str, Any]:
    stored = look.body.layout.flat(entry.values)
    cells = []
    for field in look.columns:
        value = stored.get(field.key)
        text = "" if is_empty(value) else field.brief(value, look.context)
        cells.append({"text": text, "label": look.body.labels[field.key], "numeric": _is_number(field)})
    return {"entry": entry, "cells": cells}


def _is_number(field: Field) -> bool:
    return field.type in ("integer", "decimal", "money")


def _views(request: OfficerRequest, body: RegisterBody) -> Iterator[dict[str, Any]]:
    """The views that somebody keeps, each with its address and whether the page is it."""
    here = looking.tidy(request.GET)
    for view in SavedView.objects.filter(account_id=request.officer.account_id, register=body.key):
        yield {"view": view, "address": f"?{view.query}", "current": QueryDict(view.query) == here}


@require_POST
@signed_in_officer
def save_view(request: OfficerRequest, register: str) -> HttpResponse:
    opened(request.officer, register)
    query = looking.tidy(QueryDict(request.POST.get("query", "").removeprefix("?")[:5000])).urlencode()
    try:
        view = services.save_view(
            register=register, name=asked.words(request.POST, "ten"), query=query, officer=request.officer
        )
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The view “%(name)s” is kept for you.") % {"name": view.name})
    return redirect(reverse("registers:listing", args=[register]) + f"?{query}")


@require_POST
@signed_in_officer
def forget_view(request: OfficerRequest, register: str, view_id: int) -> HttpResponse:
    if name := services.forget_view(view_id=view_id, officer=request.officer):
        messages.success(request, _("The view “%(name)s” is removed.") % {"name": name})
    return redirect("registers:listing", register)
