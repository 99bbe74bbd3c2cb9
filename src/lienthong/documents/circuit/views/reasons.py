"""A deed of the circuit for which somebody says why, on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise

from lienthong.documents.circuit.queries import Page
from lienthong.documents.circuit.views import showing
from lienthong.documents.drafts.carrying import LONGEST_WORDS
from lienthong.documents.views import refusing
from lienthong.foundation import asked
from lienthong.identity.policy import OfficerRequest


@dataclass(frozen=True, slots=True)
class Deed:
    """`do` is the service, `done` what is said afterwards."""

    do: Callable[..., Any]
    heading: Promise
    lead: Promise
    button: Promise
    done: Promise


def with_reason(request: OfficerRequest, found: Page, deed: Deed, *, then: HttpResponse) -> HttpResponse:
    """Ask why, do it, and go on to `then`; what is refused is said on the page that asks."""
    context = {
        **showing.head_of(found.draft),
        **showing.NOTHING_WRONG,
        "heading": deed.heading,
        "lead": deed.lead,
        "button": deed.button,
        "most": LONGEST_WORDS,
    }
    if request.method == "POST":
        with showing.refused_into(context):
            words = asked.paragraphs(request.POST, "loi", LONGEST_WORDS)
            deed.do(draft_id=found.draft.pk, officer=request.officer, words=words)
            messages.success(request, str(deed.done))
            return then
    return refusing.shown(request, "documents/circuit_reason.html", context)
