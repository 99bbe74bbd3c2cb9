"""Dossiers at the desk: the list, and the page of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lienthong.cases import services
from lienthong.cases.codes import tidy
from lienthong.cases.definition import RULE_SET, rule_set_on
from lienthong.cases.models import Component, Dossier
from lienthong.cases.queries.lists import PAGE, Filters, dossiers_of
from lienthong.cases.queries.pages import dossier_page
from lienthong.cases.rules import Status
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.procedures.definition import PROCEDURE
from lienthong.workspace import bulk
from lienthong.workspace.showing import ROUNDS, dossier_context, papers_context


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer may see, the newest first; searched without accents. A code leads to its dossier at once."""
    status = request.GET.get("trang-thai", "")
    procedures = {each.key: each.body.name for each in PROCEDURE.all()}
    chosen = request.GET.get("thu-tuc", "")
    filters = Filters(
        status=int(status) if status in {str(int(each)) for each in Status} else None,
        procedure=chosen if chosen in procedures else "",
        text=asked.code(request.GET, "tim"),
    )
    before = asked.number(request.GET.get("truoc", ""))
    found = dossiers_of(request.officer, filters, before=before)
    if filters.text and len(found) == 1 and tidy(filters.text) in (found[0].code, found[0].tracking):
        return redirect("workspace:dossier", found[0].pk)
    page = found[:PAGE]
    picks = bulk.picks(request.officer, [(dossier.pk, 0) for dossier in page], seen=page)
    return render(
        request,
        "workspace/dossiers.html",
        {
            "rows": [_list_row(dossier, picks) for dossier in page],
            "bar": bulk.Bar(picks, request),
            "statuses": _statuses(),
            "filters": filters,
            "narrowed": bool(filters.status is not None or filters.procedure or filters.text),
            "procedures": list(procedures.items()),
            "newest": asked.with_query(request, truoc="") if before else "",
            "older": asked.with_query(request, truoc=str(page[-1].pk)) if len(found) > PAGE else "",
        },
    )


def _list_row(dossier: Dossier, picks: bulk.Picks) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "pick": picks.get((dossier.pk, 0)),
        "agency": tree()[dossier.competent_id].short_name,
        "procedure": procedure_of(dossier).name,
        "status": RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status),
    }


def _statuses() -> list[tuple[int, str]]:
    """The statuses in the words of the rule set in force."""
    rule_set = rule_set_on(clock.today()).body
    return [(status.code, status.name) for status in rule_set.statuses]


@require_safe
@signed_in_officer
def dossier(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    page = services.read_dossier(dossier_id=dossier_id, actor=request.officer)
    return render(request, "workspace/dossier.html", dossier_context(page, request.officer))


@require_safe
@signed_in_officer
def papers(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """The card of papers alone, for a page that waits for one to be made. No reading of its own."""
    page = dossier_page(request.officer, dossier_id)
    rounds = min(asked.number(request.GET.get("lan", "")) or ROUNDS, ROUNDS)
    context = {"dossier": page.dossier, **papers_context(page, rounds=rounds)}
    return render(request, "workspace/parts/papers.html", context)


@require_POST
@signed_in_officer
def check(request: OfficerRequest, dossier_id: int, component_id: int) -> HttpResponse:
    """Good, wrong, or open again. With htmx only the mark and its buttons come back, so that nobody loses the place."""
    result = request.POST.get("result", "")
    if result not in Component.Check.values:
        raise Http404
    by_htmx = bool(request.headers.get("HX-Request"))
    try:
        component = services.check_component(
            dossier_id=dossier_id,
            component_id=component_id,
            result=Component.Check(result),
            officer=request.officer,
        )
    except DomainError as refused:
        if not by_htmx:
            raise
        messages.error(request, str(refused))
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if by_htmx:
        context = {"dossier": {"pk": dossier_id}, "component": component, "may_check": True}
        return render(request, "workspace/parts/check.html", context)
    return redirect(reverse("workspace:dossier", args=[dossier_id]) + f"#tep-{component_id}")
