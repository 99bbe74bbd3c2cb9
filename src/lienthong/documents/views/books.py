"""The registers of documents on the screen, and as files."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lienthong.documents import policy
from lienthong.documents.definition import kind_names
from lienthong.documents.models import Arrival, Book, BookFile, CopyUse, Issue, OfficialCopy, Posting
from lienthong.documents.papers.books import FORMS, text_of
from lienthong.documents.queries.books import PAGE, Filters
from lienthong.documents.queries.registers import SOURCES
from lienthong.documents.rules.following import Progress
from lienthong.documents.services import books as services
from lienthong.documents.services.books import Wanted
from lienthong.documents.views.periods import Scope, period_of, scope_of
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import OfficerRequest, signed_in_officer

ABOUT_INCOMING = (Book.INCOMING, Book.SETTLEMENT)


@require_safe
@signed_in_officer
def page(request: OfficerRequest) -> HttpResponse:
    """A register of an agency for a period, the newest first."""
    scope = scope_of(request)
    wanted = services.opened(request.officer, _wanted(request, scope))
    source = SOURCES[wanted.book]
    place = asked.placed(request.GET.get("truoc", ""))
    found = source.page(wanted.agency, wanted.filters, after=place)
    shown, kinds, form = found[:PAGE], kind_names(), FORMS[wanted.book]
    last = asked.place(*source.place(shown[-1])) if len(found) > PAGE else ""
    return render(
        request,
        "documents/book.html",
        {
            "scope": scope,
            "wanted": wanted,
            "filters": wanted.filters,
            "form": form,
            "books": [(book, asked.with_query(request, so=book.value, truoc="")) for book in Book],
            "rows": [
                {
                    "address": _address(source.row(line)),
                    "cells": list(zip(form.names, map(text_of, form.values(line, kinds)), strict=True)),
                    "late": getattr(line, "progress", None) in (Progress.LATE, Progress.OPEN_LATE),
                }
                for line in shown
            ],
            "postal": policy.agencies_of(request.officer),
            "about_incoming": wanted.book in ABOUT_INCOMING,
            "progresses": [(each.value, each.label) for each in Progress],
            "formats": BookFile.Format.choices,
            "key": uuid4(),
            "query": request.GET.urlencode(),
            "newest": asked.with_query(request, truoc="") if place else "",
            "older": asked.with_query(request, truoc=last) if last else "",
        },
    )


def _address(row: Arrival | Issue | Posting | CopyUse | OfficialCopy) -> str:
    """Of the document that a line is about, or of the copy that it is."""
    match row:
        case Arrival():
            return reverse("documents:arrival", args=[row.pk])
        case Issue():
            return reverse("documents:issued", args=[row.pk])
        case Posting():
            return reverse("documents:issued", args=[row.sending.issue_id])
        case CopyUse():
            return reverse("documents:issued", args=[row.issue_id])
        case OfficialCopy():
            return reverse("copying:copy", args=[row.pk])


def _wanted(request: OfficerRequest, scope: Scope) -> Wanted:
    given = request.GET
    book = Book(given["so"]) if given.get("so") in Book.values else Book.INCOMING
    progress = next((each for each in Progress if each.value == given.get("tien-do")), None)
    return Wanted(
        book,
        scope.agency,
        Filters(period_of(request), scope.unit, progress if book in ABOUT_INCOMING else None),
    )


@require_POST
@signed_in_officer
def ask(request: OfficerRequest) -> HttpResponse:
    """The register of the address, as a file."""
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    wanted = _wanted(request, scope_of(request))
    try:
        found = services.ask_for_book(
            wanted=wanted, format_key=request.POST.get("dang", ""), officer=request.officer, key=key
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        messages.error(request, refused.in_full)
        return redirect(reverse("documents:book") + asked.with_query(request))
    return redirect("documents:book_file", found.key)


@require_safe
@never_cache
@signed_in_officer
def file(request: OfficerRequest, key: UUID) -> HttpResponse:
    found = services.book_file(key=key, officer=request.officer)
    context: dict[str, Any] = {
        "found": found,
        "title": FORMS[Book(found.book)].title.capitalize(),
        "until": services.kept_until(found),
        "agency": services.wanted_by(found).agency,
    }
    return render(request, "documents/book_file.html", context)


@require_safe
@signed_in_officer
def content(request: OfficerRequest, key: UUID) -> HttpResponseBase:
    return serve(services.content_of(key=key, officer=request.officer), as_attachment=True)
