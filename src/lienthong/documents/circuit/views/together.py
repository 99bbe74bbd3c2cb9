"""Several documents signed with one press: chosen in the queue, looked through, signed, with a result for each."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.documents.circuit import services
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.signing import pins
from lienthong.signing.services import wants_pin
from lienthong.work import bulk as work
from lienthong.work.models import Bulk, BulkLine

TROUBLE_FIRST = ("failed", "refused", "changed", "stopped", "open", "done")


@require_POST
@signed_in_officer
def choose(request: OfficerRequest) -> HttpResponse:
    try:
        bulk = services.choose(turns=_numbers(request, "chon"), officer=request.officer)
    except DomainError as refused:
        messages.warning(request, refused.in_full)
        return redirect("circuit:waiting")
    return redirect("circuit:together", bulk.key)


def _numbers(request: OfficerRequest, name: str) -> list[int]:
    found = (asked.number(value) for value in request.POST.getlist(name))
    return [number for number in found if number is not None]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def together(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """One address for all its life: to be confirmed, under way, at its end."""
    bulk = services.of(key, request.officer)
    refused: DomainError | None = None
    if request.method == "POST":
        try:
            bulk = services.begin(key=key, officer=request.officer, keep=_numbers(request, "giu"))
        except NotFound:
            raise
        except DomainError as error:
            refused = error
        else:
            if work.progress(bulk).of(BulkLine.Outcome.OPEN) <= work.AT_ONCE:
                with pins.entered(request.POST.get("pin", "")):
                    work.run(bulk.pk)
            return redirect("circuit:together", key)
    return _show(request, bulk, refused)


def _show(request: OfficerRequest, bulk: Bulk, refused: DomainError | None) -> HttpResponse:
    lines = sorted(bulk.lines.order_by("id"), key=lambda line: TROUBLE_FIRST.index(line.outcome))
    context = {"bulk": bulk, "lines": lines, "refused": refused, "errors": {}, "progress": work.progress(bulk)}
    context["wants_pin"] = wants_pin()
    return render(request, "documents/circuit_together.html", context, status=refused.status if refused else 200)
