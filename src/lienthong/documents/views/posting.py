"""Copies on paper at the clerk's: those that wait for the post, and those of one document."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy, queries, services
from lienthong.documents.models import Sending
from lienthong.documents.queries.outgoing_books import waiting_for_the_post
from lienthong.documents.rules.copies import MOST_ENVELOPES, Posted
from lienthong.documents.services.posting import put_down_postings
from lienthong.documents.views import days
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, officer_with

MOST_WAITING = 200


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def postal(request: OfficerRequest) -> HttpResponse:
    """What waits for the post; those that are ticked were handed over on one day."""
    agencies = policy.agencies_of(request.officer)
    given = request.POST if request.method == "POST" else request.GET
    agency = next((node for node in agencies if node.key == given.get("co-quan", "")), agencies[0])
    errors: Mapping[str, object] = {}
    if request.method == "POST":
        ticked = [pk for text in given.getlist("noi-nhan") if (pk := asked.number(text)) is not None]
        errors, postings = _read(given, ticked, day_of=lambda _pk: "ngay")
        if not errors:
            try:
                count = put_down_postings(agency_id=agency.id, postings=postings, officer=request.officer)
            except services.NotComplete as refused:
                errors = refused.errors
            else:
                _told(request, count)
                return redirect(f"{request.path}?co-quan={agency.key}")
    waiting = waiting_for_the_post(request.officer, agency, most=MOST_WAITING)
    context = {
        "agency": agency,
        "agencies": agencies,
        "waiting": [_row(each, given, errors) for each in waiting[:MOST_WAITING]],
        "more": len(waiting) > MOST_WAITING,
        "error": next(iter(errors.values()), ""),
        "day": given.get("ngay") or clock.today().isoformat(),
        "today": clock.today(),
        "ticked": set(given.getlist("noi-nhan")),
    }
    return render(request, "documents/postal.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def posting(request: OfficerRequest, issue_id: int) -> HttpResponse:
    """All copies on paper of one document: when each was handed over, who signed for it."""
    page = queries.issue_page(request.officer, issue_id)
    if page is None:
        raise services.no_such_document()
    sendings = [each for each in page.sendings if each.copies]
    errors: Mapping[str, object] = {}
    if request.method == "POST":
        given = request.POST
        filled = [each.pk for each in sendings if given.get(f"ngay-{each.pk}", "").strip()]
        errors, postings = _read(given, filled, day_of=lambda pk: f"ngay-{pk}")
        if not errors:
            try:
                count = put_down_postings(
                    agency_id=page.issue.organisation_id, postings=postings, officer=request.officer
                )
            except services.NotComplete as refused:
                errors = refused.errors
            else:
                _told(request, count)
                return redirect("documents:issued", issue_id)
    context = {
        "issue": page.issue,
        "document": page.issue.document,
        "agency": tree()[page.issue.organisation_id],
        "rows": [_row(each, request.POST, errors) for each in sendings],
        "error": next(iter(errors.values()), ""),
        "today": clock.today(),
    }
    return render(request, "documents/posting.html", context, status=422 if errors else 200)


def _read(given: QueryDict, ids: Iterable[int], *, day_of: Any) -> tuple[dict[str, object], list[Posted]]:
    """What was filled in for each, and what cannot be read of it, by the id of the sending."""
    errors: dict[str, object] = {}
    found = []
    for pk in ids:
        day, is_wrong = days.asked_for(given, day_of(pk))
        envelopes = asked.number(given.get(f"bi-{pk}", "1").strip() or "1")
        if day is None or is_wrong:
            errors[str(pk)] = days.UNREADABLE
        elif envelopes is None or envelopes > MOST_ENVELOPES:
            errors[str(pk)] = _("Write the number of envelopes with digits, at least 1.")
        else:
            said = asked.words(given, f"ky-nhan-{pk}", 200), asked.words(given, f"ghi-chu-{pk}", 500)
            found.append(Posted(pk, day, envelopes, *said))
    return errors, found


def _row(sending: Sending, given: QueryDict, errors: Mapping[str, object]) -> dict[str, Any]:
    kept, pk = getattr(sending, "posting", None), sending.pk
    return {
        "sending": sending,
        "key": str(pk),
        "day": given.get(f"ngay-{pk}", kept.posted_on.isoformat() if kept else ""),
        "envelopes": given.get(f"bi-{pk}", str(kept.envelopes) if kept else "1"),
        "signed_for": given.get(f"ky-nhan-{pk}", kept.signed_for if kept else ""),
        "remark": given.get(f"ghi-chu-{pk}", kept.remark if kept else ""),
        "error": errors.get(str(pk), ""),
    }


def _told(request: OfficerRequest, count: int) -> None:
    said = ngettext("%(n)s hand-over was put down.", "%(n)s hand-overs were put down.", count) % {"n": count}
    messages.success(request, said)
