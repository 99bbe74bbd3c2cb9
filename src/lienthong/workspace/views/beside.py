"""Doing something with a dossier beside its steps."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases import rules
from lienthong.cases.models import Extension
from lienthong.cases.queries.pages import DossierPage, dossier_page
from lienthong.cases.services.handling import NotOfThatUnit
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.workspace.deeds import Deed, Filled, decision, deeds
from lienthong.workspace.doing import candidates

BESIDE = {rules.ReasonNeeded: "reason", NotOfThatUnit: "post", rules.NewDateNotLater: "day"}
"""Refusals that are told beside a control of the page."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def deed(request: OfficerRequest, dossier_id: int, word: str, part: int) -> HttpResponse:
    """Where the page has been overtaken by events, the officer is back at the dossier."""
    page = dossier_page(request.officer, dossier_id)
    chosen = _chosen(page, request, word, part)
    if chosen is None:
        messages.warning(request, _("This cannot be done with the dossier now."))
        return redirect("workspace:dossier", dossier_id)
    if request.method != "POST":
        return _show(request, page, chosen, Filled())
    filled = _filled(request, chosen)
    if chosen.asks_day and filled.day is None:
        return _show(request, page, chosen, filled, beside={"day": _("Choose the new date.")})
    try:
        chosen.do(filled)
    except DomainError as refused:
        said = refused.in_full
        control = BESIDE.get(type(refused))
        if control and (control != "day" or chosen.asks_day):
            return _show(request, page, chosen, filled, beside={control: said})
        messages.error(request, said)
    else:
        messages.success(request, str(chosen.done))
    return redirect("workspace:dossier", dossier_id)


@require_safe
@signed_in_officer
def extension(request: OfficerRequest, extension_id: int) -> HttpResponse:
    """Where a task of the inbox leads: to the decision, as long as it is to be made."""
    found = Extension.objects.filter(pk=extension_id).first()
    if found is None:
        raise Http404
    page = dossier_page(request.officer, found.dossier_id)
    open_one = decision(page, request.officer)
    if open_one is None:
        return redirect("workspace:dossier", found.dossier_id)
    return redirect("workspace:deed", found.dossier_id, open_one.word, 0)


def _chosen(page: DossierPage, request: OfficerRequest, word: str, part: int) -> Deed | None:
    to_decide = decision(page, request.officer)
    found = [*([to_decide] if to_decide else []), *deeds(page, request.officer)]
    return next((each for each in found if (each.word, each.part) == (word, part)), None)


def _filled(request: OfficerRequest, chosen: Deed) -> Filled:
    only = chosen.posts[0].id if len(chosen.posts) == 1 else None
    return Filled(
        reason=asked.paragraphs(request.POST, "reason"),
        post=asked.number(request.POST.get("post", "")) or only,
        day=asked.day(request.POST.get("day", "")),
        granted=request.POST.get("granted") == "1",
    )


def _show(
    request: OfficerRequest, page: DossierPage, chosen: Deed, filled: Filled, *, beside: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "page": page,
        "dossier": page.dossier,
        "deed": chosen,
        "filled": filled,
        "beside": beside or {},
        "candidates": candidates(chosen.posts) if len(chosen.posts) > 1 else [],
        "step": page.step_of(chosen.visit) if chosen.visit else None,
    }
    return render(request, "workspace/deed.html", context, status=422 if beside else 200)
