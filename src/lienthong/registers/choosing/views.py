"""What fits while somebody types into a form, as JSON: {"entries": [{"id", "title", "more"}]}."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from lienthong.foundation.fields.types.entries import LONGEST, Reference, told_apart
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers.choosing.entries import KEEPING, Choosable

REMEMBERED = 60
"""Seconds for which a browser need not ask the same again."""


@require_safe
@signed_in_officer
def for_officer(request: OfficerRequest, register: str) -> JsonResponse:
    return _answer(request, KEEPING.choosable_by(request.officer), register)


@require_safe
def for_anybody(request: HttpRequest, register: str) -> JsonResponse:
    return _answer(request, KEEPING.choosable_by(None), register)


def _answer(request: HttpRequest, choosable: Choosable, register: str) -> JsonResponse:
    if not choosable.offers(register):
        raise Http404
    found = choosable.search(register, request.GET.get("q", "")[:LONGEST], Reference.offered)
    offers = [{"id": entry.id, "title": entry.title, "more": more} for entry, more in told_apart(found)]
    answer = JsonResponse({"entries": offers})
    patch_cache_control(answer, private=True, max_age=REMEMBERED)
    return answer
