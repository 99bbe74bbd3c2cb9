"""Comparing what people say of acting for others with their original papers, at the counter."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.serving import serve
from lienthong.identity.models import Mandate
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.identity.queries import address_line
from lienthong.identity.services import mandate_checks as services
from lienthong.identity.services.mandate_rows import LONGEST_REASON, MandateRefused, tidy
from lienthong.procedures.definition import PROCEDURE

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@officer_with(services.CHECK)
def enter(request: OfficerRequest) -> HttpResponse:
    """The clerk types the code that the person tells."""
    code = tidy(request.GET.get("ma", ""))
    if code.isalnum():
        return redirect("workspace:mandate_check", code)
    return render(request, "workspace/mandates.html", {})


@get_or_post
@officer_with(services.CHECK)
def check(request: OfficerRequest, code: str) -> HttpResponse:
    """What the person said, beside what it is to be compared with; accepted, or refused with the reason."""
    problem, reason = "", request.POST.get("reason", "")[:LONGEST_REASON]
    if request.method == "POST":
        try:
            if request.POST.get("lam") == "refuse":
                services.refuse(officer=request.officer, code=code, reason=reason)
                messages.success(request, _("Refused. The person sees your reason."))
            else:
                services.check(officer=request.officer, code=code)
                messages.success(request, _("Confirmed: the person may act from now on."))
        except MandateRefused as refusal:
            problem = str(refusal)
        else:
            return redirect("workspace:mandates")
    try:
        mandate = services.look(officer=request.officer, code=code)
    except DomainError as refusal:
        shown = {"refusal": refusal, "code": code}
        return render(request, "workspace/mandates.html", shown, status=refusal.status)
    names = {each.key: each.body.name for each in PROCEDURE.all()}
    shown = {
        "mandate": mandate,
        "open": mandate.state == Mandate.State.CLAIMED,
        "procedures": [names.get(key, key) for key in mandate.procedures],
        "address": address_line(mandate.address_unit, mandate.address_detail),
        "known": mandate.business or services.business_with(mandate),
        "problem": problem,
        "reason": reason,
    }
    return render(request, "workspace/mandate.html", shown, status=422 if problem else 200)


@require_safe
@officer_with(services.CHECK)
def evidence(request: OfficerRequest, code: str) -> HttpResponseBase:
    mandate = services.look(officer=request.officer, code=code)
    if mandate.evidence is None:
        raise Http404
    return serve(mandate.evidence)
