"""Comparing somebody with the identity card, so that what they hand in at counters is in their account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthong.cases.rules.counter import LONGEST, read_card
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.identity.models import Person
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.identity.services import confirming


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(confirming.CONFIRM)
def numbers(request: OfficerRequest) -> HttpResponse:
    """The code that the person tells and the card; then the account beside it; then it is confirmed."""
    if request.method != "POST":
        return _ask(request, {})
    given = _given(request)
    missing = {
        name: said
        for name, said in {
            "code": _("Enter the code that the person tells."),
            "number": _("Scan the card, or enter the number on it."),
        }.items()
        if not given[name]
    }
    if missing:
        return _ask(request, given, missing)
    try:
        if request.POST.get("lam") == "confirm":
            person = confirming.confirm(officer=request.officer, **given)
            messages.success(request, _("The number of %(name)s is confirmed.") % {"name": person.account.full_name})
            return redirect("workspace:numbers")
        person = confirming.look(officer=request.officer, **given)
    except DomainError as refused:
        return _ask(request, given, refused=refused)
    return _compare(request, person, given)


def _given(request: OfficerRequest) -> dict[str, str]:
    card = read_card(request.POST.get("number", "")[:LONGEST])
    return {
        "code": asked.words(request.POST, "code", 20),
        "number": card.get("person_id", ""),
        "name": card.get("name") or asked.words(request.POST, "name", 150),
    }


def _ask(
    request: OfficerRequest,
    given: dict[str, str],
    missing: dict[str, str] | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"given": given, "errors": missing or {}, "refused": refused}
    status = refused.status if refused else 422 if missing else 200
    return render(request, "workspace/numbers.html", context, status=status)


def _compare(request: OfficerRequest, person: Person, given: dict[str, str]) -> HttpResponse:
    return render(request, "workspace/number.html", {"shown": person, "given": given})
