"""Doing something in an open step of a dossier: the page of an action, and the one way in which it is done."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.cases import rules, services
from lienthong.cases.models import StepVisit, Taker
from lienthong.cases.queries.pages import DossierPage, dossier_page
from lienthong.cases.services.handling import DoneByOther, NotOfThatUnit
from lienthong.cases.services.taking import TakingNotRight
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.files.serving import serve_made
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.workspace import doing, telling
from lienthong.workspace.doing import PREVIEW, Doing
from lienthong.workspace.offers import Offer, offers

BESIDE = {
    rules.ReasonNeeded: "reason",
    rules.PersonNeeded: "post",
    NotOfThatUnit: "post",
}
"""Refusals that are told beside a control of the page."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def act(request: OfficerRequest, dossier_id: int, visit_id: int, action: str) -> HttpResponse:
    """Where the page has been overtaken by events, the officer is back at the dossier and told why."""
    page = dossier_page(request.officer, dossier_id)
    visit = next((visit for visit in page.visits if visit.pk == visit_id), None)
    if visit is None:
        raise Http404
    if visit.done_at is not None:
        return _too_late(request, page, visit, action)
    services.require_post(request.officer, visit, page.step_of(visit))
    offer = _offer(page, request, visit_id, action)
    if offer is None or offer.hindrance:
        said = offer.hindrance if offer else None
        messages.warning(request, said.in_full if said else _("This cannot be done in this step now."))
        return redirect("workspace:dossier", dossier_id)
    if request.method != "POST":
        return _show(request, doing.begun(page, offer, request))
    return _posted(request, doing.posted(page, offer, request))


def _offer(page: DossierPage, request: OfficerRequest, visit_id: int, action: str) -> Offer | None:
    found = offers(page, request.officer)
    return next((offer for offer in found if (offer.visit.pk, offer.action.key) == (visit_id, action)), None)


def _posted(request: OfficerRequest, done: Doing) -> HttpResponse:
    wanted = request.POST.get(PREVIEW, "")
    if wanted in done.results:
        return serve_made(done.preview(wanted), name=done.page.procedure.result(wanted).name)
    if done.refreshed is not None:
        return HttpResponse(done.refreshed)
    if done.unfinished:
        return _show(request, done)
    if done.files_refused:
        return _show(request, done, status=422)
    return _do(request, done)


def _do(request: OfficerRequest, done: Doing) -> HttpResponse:
    """Do it, or show the page again with what is wrong; nothing that was typed is lost."""
    page, offer = done.page, done.offer
    try:
        dossier = services.act(
            dossier_id=page.dossier.pk,
            visit_id=offer.visit.pk,
            action=offer.action.key,
            officer=request.officer,
            **done.given(),
        )
    except DoneByOther:
        now = dossier_page(request.officer, page.dossier.pk)
        visit = next(visit for visit in now.visits if visit.pk == offer.visit.pk)
        return _too_late(request, now, visit, offer.action.key)
    except TakingNotRight as refused:
        wrong = {name: str(problem) for name, problem in refused.errors.items()}
        return _show(request, replace(done, not_right=wrong), refused)
    except NotAccepted as refused:
        return _show(request, done, refused)
    except DomainError as refused:
        if beside := BESIDE.get(type(refused)):
            return _show(request, done, refused, beside)
        messages.error(request, refused.in_full)
        return redirect("workspace:dossier", page.dossier.pk)
    messages.success(request, telling.after(page, dossier, offer.action, request.officer))
    return redirect("workspace:dossier", page.dossier.pk)


def _too_late(request: OfficerRequest, page: DossierPage, visit: StepVisit, action: str) -> HttpResponse:
    """A second press of one's own button is no trouble; who comes after somebody else is told after whom."""
    if (visit.done_by_id, visit.action) == (request.officer.account_id, action):
        messages.info(request, _("You have done this already."))
    else:
        messages.warning(request, services.done_already(visit, page.step_of(visit)).in_full)
    return redirect("workspace:dossier", page.dossier.pk)


def _show(
    request: OfficerRequest, done: Doing, refused: DomainError | None = None, beside: str = "", *, status: int = 200
) -> HttpResponse:
    context = {
        "doing": done,
        "offer": done.offer,
        "page": done.page,
        "dossier": done.page.dossier,
        "refused": refused,
        "beside": {beside: refused.in_full} if refused and beside else {},
        "candidates": done.candidates(),
        "capacities": Taker.Capacity.choices,
    }
    return render(request, "workspace/act.html", context, status=refused.status if refused else status)
