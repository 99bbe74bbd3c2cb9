"""The same done to many dossiers: chosen in a list, confirmed, watched while it runs, looked at afterwards."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.cases import rules
from lienthong.cases.services import bulk as services
from lienthong.cases.services.handling import NotOfThatUnit
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.serving import content_disposition
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.work import bulk as work
from lienthong.work import queries
from lienthong.work.models import Bulk, BulkLine
from lienthong.workspace.bulk import Confirmation, Place, places_of
from lienthong.workspace.views.inbox import end_of_soon, filters_of

BESIDE = {rules.ReasonNeeded: "reason", rules.PersonNeeded: "post", NotOfThatUnit: "post"}
"""Refusals that are told beside a control of the page."""
LISTS = {"inbox": "workspace:inbox", "dossiers": "workspace:dossiers"}
TROUBLE_FIRST = ("failed", "refused", "changed", "stopped", "open", "done")
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer has begun lately."""
    return render(request, "workspace/bulks.html", {"bulks": work.latest(request.officer)})


@require_POST
@signed_in_officer
def choose(request: OfficerRequest) -> HttpResponse:
    """From the bar of a list to the page that confirms."""
    back = LISTS.get(request.POST.get("tu", ""), "workspace:inbox")
    try:
        bulk = services.prepare(
            officer=request.officer, wanted=_wanted(request), word=request.POST.get("viec", "")[:60]
        )
    except DomainError as refused:
        messages.warning(request, refused.in_full)
        return redirect(back)
    return redirect("workspace:bulk", bulk.key)


def _wanted(request: OfficerRequest) -> list[Place]:
    """The rows that were ticked; or everything the inbox holds under its filters, as far as one bulk takes it."""
    if "tat-ca" in request.POST:
        now = clock.now()
        given = filters_of(request)
        return places_of(queries.matching(request.officer, given, now=now, soon=end_of_soon(now), most=work.MOST))
    pairs = (value.partition(".") for value in request.POST.getlist("chon"))
    numbers = ((asked.number(dossier), asked.number(visit)) for dossier, _dot, visit in pairs)
    return [(dossier, visit) for dossier, visit in numbers if dossier is not None and visit is not None]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def bulk(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """One address for all its life: to be confirmed, under way, at its end."""
    row = work.bulk_of(key, request.officer)
    if page := row.given.get("page"):  # what is no bulk of dossiers is shown where it was begun
        return redirect(page)
    if row.started_at:
        return _shown(request, row)
    if request.method != "POST":
        return _to_confirm(request, row)
    return _started(request, row)


def _started(request: OfficerRequest, row: Bulk) -> HttpResponse:
    given = request.POST
    keep = [number for value in given.getlist("giu") if (number := asked.number(value)) is not None]
    try:
        started = services.start(
            key=row.key,
            officer=request.officer,
            post=given.get("post", ""),
            reason=asked.paragraphs(given, "reason"),
            keep=keep,
        )
    except DomainError as refused:
        beside = BESIDE.get(type(refused))
        return _to_confirm(request, row, refused, beside or "")
    if work.progress(started).of(BulkLine.Outcome.OPEN) <= work.AT_ONCE:
        work.run(started.pk)
    return redirect("workspace:bulk", row.key)


def _to_confirm(
    request: OfficerRequest, row: Bulk, refused: DomainError | None = None, beside: str = ""
) -> HttpResponse:
    given = request.POST
    dropped = set() if not refused else {str(line) for line in row.lines.values_list("pk", flat=True)}
    context = {
        "confirmation": Confirmation(row, request.officer),
        "bulk": row,
        "refused": refused if not beside else None,
        "beside": {beside: refused.in_full} if refused and beside else {},
        "reason": asked.paragraphs(given, "reason"),
        "chosen": given.get("post", ""),
        "dropped": dropped - set(given.getlist("giu")),
        "evenly": services.EVENLY,
    }
    return render(request, "workspace/bulk_confirm.html", context, status=refused.status if refused else 200)


def _shown(request: OfficerRequest, row: Bulk) -> HttpResponse:
    lines = sorted(row.lines.order_by("id"), key=lambda line: TROUBLE_FIRST.index(line.outcome))
    return render(request, "workspace/bulk.html", {**_progress_of(row), "lines": lines})


def _progress_of(row: Bulk) -> dict[str, Any]:
    progress = work.progress(row)
    outcomes = [(outcome, BulkLine.Outcome(outcome).label, progress.of(outcome)) for outcome in reversed(TROUBLE_FIRST)]
    return {
        "bulk": row,
        "progress": progress,
        "outcomes": [each for each in outcomes if each[2]],
        "rest": progress.total - progress.of(BulkLine.Outcome.DONE) if row.finished_at else 0,
    }


@require_safe
@signed_in_officer
def progress(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """How far it is, for a page that waits; at its end the page is asked for anew."""
    row = work.bulk_of(key, request.officer)
    if row.started_at is None or row.finished_at:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "workspace/parts/bulk_progress.html", _progress_of(row))


@require_POST
@signed_in_officer
def stop(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    work.stop(key=key, officer=request.officer)
    messages.info(request, _("It stops after what is being done just now. What was done stays done."))
    return redirect("workspace:bulk", key)


@require_POST
@signed_in_officer
def again(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """A new selection of what was not done."""
    try:
        row = services.again(key=key, officer=request.officer)
    except work.NothingChosen:
        messages.info(request, _("Everything was done, there is nothing left to do again."))
        return redirect("workspace:bulk", key)
    return redirect("workspace:bulk", row.key)


@require_safe
@signed_in_officer
def results(request: OfficerRequest, key: uuid.UUID, ending: str) -> HttpResponse:
    """What came of each as a file: xlsx or csv."""
    if ending not in TYPES:
        raise Http404
    row = work.bulk_of(key, request.officer)
    if row.started_at is None:
        raise Http404
    from lienthong.workspace import bulk_sheet  # takes long to load, and few ask for it

    lines = work.taken(row, officer=request.officer, how=ending)
    content = bulk_sheet.as_csv(lines) if ending == "csv" else bulk_sheet.as_xlsx(row, lines)
    answer = HttpResponse(content, content_type=TYPES[ending])
    name = f"{row.name} {clock.local(row.started_at):%Y-%m-%d %H%M}.{ending}"
    answer["Content-Disposition"] = content_disposition("attachment", name)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
