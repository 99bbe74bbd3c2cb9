"""What is done at a counter with somebody whose dossier is there already: give a result, take what was missing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases import services
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier, HandOverLine, Paper, Taker
from lienthong.cases.queries import counter as queries
from lienthong.cases.queries.counter import AtCounter
from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.rules.counter import Counted, counts_for, lacking, read_card
from lienthong.cases.services import counter as desk
from lienthong.cases.services.giving import give_result, results_are_there
from lienthong.cases.services.taking import Taking
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.workspace.counter import Line, counted_in
from lienthong.workspace.taking import asked_of
from lienthong.workspace.views.counter import LONGEST_CODE, RECEIVE, make_at_once

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@officer_with(RECEIVE)
def waiting(request: OfficerRequest) -> HttpResponse:
    """Find what waits for the person at the counter: by code, by the QR code of a receipt or a card, by number."""
    text = request.GET.get("tim", "")[:LONGEST_CODE]
    wanted = read_card(text).get("person_id") or asked.code(request.GET, "tim")
    found = queries.waiting_at_counter(request.officer, wanted) if wanted else []
    if len(found) == 1:
        return redirect(_address(found[0]), found[0].dossier.pk)
    context = {"text": wanted, "rows": [_row(each) for each in found], "shop": queries.counter_at(request.officer)}
    return render(request, "workspace/counter/waiting.html", context)


def _address(found: AtCounter) -> str:
    return "workspace:give_result" if found.gives_result else "workspace:take_supplement"


def _row(found: AtCounter) -> dict[str, Any]:
    dossier = found.dossier
    return {
        "dossier": dossier,
        "procedure": procedure_of(dossier).full_name,
        "status": RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status),
        "gives_result": found.gives_result,
    }


@get_or_post
@officer_with(RECEIVE)
def give(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """Give a result: what to look at first, and who takes it."""
    page, found = _at_counter(request, dossier_id)
    if found is None or not found.gives_result:
        return _elsewhere(request, page)
    dossier = page.dossier
    taking = asked_of(request, dossier)
    if request.method != "POST":
        return _give(request, page, taking)
    try:
        taker = give_result(dossier_id=dossier_id, visit_id=found.visit.pk, officer=request.officer, taking=taking)
    except NotAccepted as refused:
        return _give(request, page, taking, {path: str(problem) for path, problem in refused.errors.items()})
    except DomainError as refused:
        messages.error(request, refused.in_full)
        return redirect("workspace:dossier", dossier_id)
    said = _("The result of %(code)s was given to %(name)s.")
    messages.success(request, said % {"code": dossier.code, "name": taker.name})
    return redirect("workspace:waiting")


def _at_counter(request: OfficerRequest, dossier_id: int) -> tuple[DossierPage, AtCounter | None]:
    """The dossier, read and on record, and what is done with it at the counter now."""
    page = services.read_dossier(dossier_id=dossier_id, actor=request.officer)
    here = set(queries.counters_of(request.officer))
    if here.isdisjoint(queries.shops_of(page.dossier)):
        raise Http404
    waits = (queries.at_counter(page.dossier, visit) for visit in page.open_visits)
    return page, next((found for found in waits if found and not here.isdisjoint(found.shops)), None)


def _elsewhere(request: OfficerRequest, page: DossierPage) -> HttpResponse:
    messages.info(request, _("Nothing waits for the person at the counter in this dossier now."))
    return redirect("workspace:dossier", page.dossier.pk)


def _give(
    request: OfficerRequest, page: DossierPage, taking: Taking, errors: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "page": page,
        "dossier": page.dossier,
        "taking": taking,
        "capacities": Taker.Capacity.choices,
        "errors": errors or {},
        "papers": [paper for paper in page.papers if paper.kind == "result" and paper.state == Paper.State.READY],
        "ready": results_are_there(page.dossier),
        "on_the_way": _on_the_way(page),
        "fees": [fee for fee in page.procedure.fees if fee.amount],
    }
    return render(request, "workspace/counter/give.html", context, status=422 if errors else 200)


def _on_the_way(page: DossierPage) -> HandOverLine | None:
    """The line of a hand-over list that says that the paper result has not arrived."""
    lines = HandOverLine.objects.filter(dossier=page.dossier, visit_id__in=[v.pk for v in page.open_visits])
    return lines.exclude(state=HandOverLine.State.RECEIVED).select_related("hand_over").order_by("-id").first()


@get_or_post
@officer_with(RECEIVE)
def supplement(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """Take in what was missing; where reception itself had asked and nothing is missing any more, accept."""
    page, found = _at_counter(request, dossier_id)
    if found is None or found.gives_result:
        return _elsewhere(request, page)
    components = tuple(each.declared for each in page.asked if counts_for(each.declared))
    counted, note = counted_in(request.POST, components, {}), asked.paragraphs(request.POST, "note")
    if request.method != "POST" or request.POST.get("_do") == "all":
        everything = {} if request.method != "POST" else _lacking(page)
        return _supplement(request, page, {**counted, **everything}, note)
    try:
        dossier = desk.bring_supplement(dossier_id=dossier_id, officer=request.officer, counted=counted, note=note)
    except NotAccepted as refused:
        return _supplement(request, page, counted, note, str(next(iter(refused.errors.values()))))
    except DomainError as refused:
        messages.error(request, refused.in_full)
        return redirect("workspace:dossier", dossier_id)
    make_at_once(request, dossier)
    messages.success(request, _accepted(dossier))
    return redirect("workspace:dossier", dossier_id)


def _accepted(dossier: Dossier) -> str:
    if dossier.received_at:
        return _("Taken in. The dossier goes on.")
    return _("Taken in. The dossier is with reception again: accept it, or ask once more.")


def _lacking(page: DossierPage) -> dict[str, Counted]:
    """What is still missing, as if all of it had been brought."""
    dossier = page.dossier
    lines = {
        each.declared.key: lacking(each.declared, Counted.of(dossier.counted.get(each.declared.key)))
        for each in page.asked
        if each.declared.required and counts_for(each.declared)
    }
    return {key: lack for key, lack in lines.items() if lack.any}


def _supplement(
    request: OfficerRequest, page: DossierPage, counted: dict[str, Counted], note: str, error: str = ""
) -> HttpResponse:
    lines = [
        Line(each.declared, counted.get(each.declared.key, Counted()))
        for each in page.asked
        if counts_for(each.declared)
    ]
    context = {
        "page": page,
        "dossier": page.dossier,
        "sheet": {"lines": lines},
        "note": note,
        "error": error,
    }
    return render(request, "workspace/counter/supplement.html", context, status=422 if error else 200)
