"""The clerk's page of a signed document: number, seal, send; or return it to whoever drafted it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy
from lienthong.documents.circuit import papers, queries, services
from lienthong.documents.circuit import policy as circuit_policy
from lienthong.documents.circuit.queries import Page
from lienthong.documents.circuit.rules import NotPresentable
from lienthong.documents.circuit.services import Dispatch
from lienthong.documents.circuit.views import showing
from lienthong.documents.circuit.views.reasons import Deed, with_reason
from lienthong.documents.drafts.carrying import contents_of, no_such_draft, planned
from lienthong.documents.drafts.queries import shows_answered
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.views import days
from lienthong.documents.views.gathering import Gathered, form_of, gathered
from lienthong.documents.views.recipients import DRAFTED, drafted_group
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.signing import pins
from lienthong.signing.services import wants_pin


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def issue(request: OfficerRequest, draft_id: int) -> HttpResponse:
    found = _to_number(request, draft_id)
    if found.draft.issue_id:
        return redirect("documents:issued", found.draft.issue_id)
    form = _gathered(request, found)
    if request.method != "POST" or form.only:
        return _show(request, found, showing.NOTHING_WRONG, form)
    errors, dispatch = _read(request.POST, form.to.recipients)
    wrong = {**showing.NOTHING_WRONG, "errors": errors}
    if not errors and not form.refused_files:
        with showing.refused_into(wrong), pins.entered(request.POST.get("pin", "")):
            made = services.issue_signed(draft_id=draft_id, dispatch=dispatch, officer=request.officer, key=form.form)
            messages.success(request, _now("Issued under the number %(code)s.") % {"code": made.document.code})
            return redirect("documents:issued", made.pk)
    return _show(request, found, wrong, form)


def _to_number(request: OfficerRequest, draft_id: int) -> Page:
    found = queries.page(request.officer, draft_id)
    if found is None or not circuit_policy.numbers(request.officer, found.draft):
        raise no_such_draft()
    return found


def _gathered(request: OfficerRequest, found: Page) -> Gathered:
    """First it goes to whom the draft names, as if their group had been pressed."""
    agency = tree()[found.draft.organisation_id]
    drafted = drafted_group(agency, planned(found.draft), _mentioned(found))
    given = request.POST if request.method == "POST" else QueryDict(f"_nhom={DRAFTED}")
    return gathered(
        request,
        form=form_of(request) or uuid4(),
        agency=agency,
        given=given,
        offered=[drafted] if drafted else [],
    )


def _mentioned(found: Page) -> Sequence[str]:
    contents = contents_of(found.round.version) if found.round else None
    return (*contents.addressees, *contents.recipients) if contents else ()


def _read(given: QueryDict, recipients: Sequence[Recipient]) -> tuple[dict[str, object], Dispatch]:
    """What was filled in, and what cannot be read of it, by field."""
    errors: dict[str, object] = {}
    dated, is_wrong = days.asked_for(given, "ngay-van-ban")
    if is_wrong:
        errors["dated"] = days.UNREADABLE
    answer_by, is_wrong = days.asked_for(given, "han")
    if is_wrong:
        errors["due"] = days.UNREADABLE
    return errors, Dispatch(
        dated=dated or clock.today(),
        recipients=recipients,
        symbol=asked.words(given, "ky-hieu", 60),
        answer_by=days.end_of(answer_by),
        remark=asked.words(given, "ghi-chu", 500),
    )


def _show(request: OfficerRequest, found: Page, wrong: dict[str, Any], form: Gathered) -> HttpResponse:
    draft = found.draft
    context = {
        **showing.head_of(draft),
        **wrong,
        **form.context,
        "answered_seen": shows_answered(request.officer, draft),
        "round": found.round,
        "given": {name.replace("-", "_"): value for name, value in request.POST.items()},
        "today": clock.today(),
        "symbol": _symbol(found),
        "wants_pin": wants_pin(),
    }
    failed = wrong["errors"] or wrong["refused"] or form.refused_files
    return render(request, "documents/circuit_issue.html", context, status=422 if failed else 200)


def _symbol(found: Page) -> str:
    try:
        return papers.symbol_of(found.round.version) if found.round else ""
    except NotPresentable:
        return ""


GIVE_BACK = Deed(
    do=services.give_back,
    heading=_("Return the document before it has a number"),
    lead=_("Its signatures are worth nothing then: it is written and presented anew."),
    button=_("Return it"),
    done=_("The document was returned; whoever drafted and signed it is told."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def give_back(request: OfficerRequest, draft_id: int) -> HttpResponse:
    return with_reason(request, _to_number(request, draft_id), GIVE_BACK, then=redirect("circuit:to_number"))
