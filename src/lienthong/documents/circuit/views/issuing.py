"""The clerk's page of a signed document: number, seal, send; or return it to whoever drafted it."""

from collections.abc import Iterator, Sequence
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
from lienthong.documents.drafts.carrying import LONGEST_WORDS, no_such_draft
from lienthong.documents.drafts.queries import shows_answered
from lienthong.documents.models import Draft
from lienthong.documents.rules.sending import MOST_RECIPIENTS, Recipient
from lienthong.documents.services.waiting import ATTACHED, Upload
from lienthong.documents.views import days
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.settings.environment import environment
from lienthong.signing import pins
from lienthong.signing.services import wants_pin


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def issue(request: OfficerRequest, draft_id: int) -> HttpResponse:
    found = _to_number(request, draft_id)
    if found.draft.issue_id:
        return redirect("documents:issued", found.draft.issue_id)
    wrong = showing.NOTHING_WRONG
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    if request.method == "POST":
        errors, dispatch = _read(request, found.draft)
        if errors:
            return _show(request, found, {"errors": errors, "refused": None}, key)
        try:
            with pins.entered(request.POST.get("pin", "")):
                made = services.issue_signed(draft_id=draft_id, dispatch=dispatch, officer=request.officer, key=key)
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            return _show(request, found, showing.refusal(refused), key)
        messages.success(request, _now("Issued under the number %(code)s.") % {"code": made.document.code})
        return redirect("documents:issued", made.pk)
    return _show(request, found, wrong, key)


def _to_number(request: OfficerRequest, draft_id: int) -> Page:
    found = queries.page(request.officer, draft_id)
    if found is None or not circuit_policy.numbers(request.officer, found.draft):
        raise no_such_draft()
    return found


def _read(request: OfficerRequest, draft: Draft) -> tuple[dict[str, object], Dispatch]:
    """What was filled in, and what cannot be read of it, by field."""
    given = request.POST
    errors: dict[str, object] = {}
    dated, is_wrong = days.asked_for(given, "ngay-van-ban")
    if is_wrong:
        errors["dated"] = days.UNREADABLE
    answer_by, is_wrong = days.asked_for(given, "han")
    if is_wrong:
        errors["due"] = days.UNREADABLE
    return errors, Dispatch(
        dated=dated or clock.today(),
        recipients=list(_recipients(given, draft)),
        symbol=asked.words(given, "ky-hieu", 60),
        answer_by=days.end_of(answer_by),
        remark=asked.words(given, "ghi-chu", 500),
        appendices=[Upload(file.name or "", file) for file in request.FILES.getlist("tep")],
    )


def _recipients(given: QueryDict, draft: Draft) -> Iterator[Recipient]:
    """Those of the draft that are still ticked, agencies that were added, then everybody else, one on a line."""
    kept, added = set(given.getlist("giu")), set(given.getlist("noi-nhan"))
    reached: set[int | None] = set()
    for number, each in enumerate(planned(draft)):
        if str(number) in kept:
            reached.add(each.organisation_id)
            yield each
    for node in policy.can_be_sent_to():
        if node.key in added and node.id not in reached and node.id != draft.organisation_id:
            yield Recipient(node.name, node.id)
    lines = asked.paragraphs(given, "noi-nhan-khac", 200 * MOST_RECIPIENTS).splitlines()
    for name in dict.fromkeys(line.strip()[:200] for line in lines if line.strip()):
        yield Recipient(name, copies=1)


def planned(draft: Draft) -> list[Recipient]:
    """To whom whoever drafted it wants it to go."""
    return [
        Recipient(str(each.get("name", "")), each.get("organisation_id"), int(each.get("copies") or 0))
        for each in draft.recipients
    ]


def _show(request: OfficerRequest, found: Page, wrong: dict[str, Any], key: Any) -> HttpResponse:
    draft, given = found.draft, request.POST
    recipients = planned(draft)
    kept = set(given.getlist("giu")) if request.method == "POST" else {str(number) for number in range(len(recipients))}
    context = {
        **showing.head_of(draft),
        **showing.NOTHING_WRONG,
        **wrong,
        "answered_seen": shows_answered(request.officer, draft),
        "round": found.round,
        "key": key,
        "given": {name.replace("-", "_"): value for name, value in given.items()},
        "today": clock.today(),
        "symbol": _symbol(found),
        "recipients": [(number, each, str(number) in kept) for number, each in enumerate(recipients)],
        "others": _others(draft, {each.organisation_id for each in recipients}, given.getlist("noi-nhan")),
        "wants_pin": wants_pin(),
        "accept": ",".join(ATTACHED.endings),
        "kinds_of_files": ATTACHED.words,
        "limit_mb": environment.upload_limit_mb,
    }
    failed = wrong["errors"] or wrong["refused"]
    return render(request, "documents/circuit_issue.html", context, status=422 if failed else 200)


def _symbol(found: Page) -> str:
    try:
        return papers.symbol_of(found.round.version) if found.round else ""
    except NotPresentable:
        return ""


def _others(draft: Draft, planned_for: set[int | None], ticked: Sequence[str]) -> list[tuple[Node, bool]]:
    """Agencies that can be added, from the top down, and whether they were."""
    nodes = [node for node in policy.can_be_sent_to() if node.id not in {draft.organisation_id, *planned_for}]
    return [(node, node.key in ticked) for node in sorted(nodes, key=lambda node: node.path)]


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def give_back(request: OfficerRequest, draft_id: int) -> HttpResponse:
    found = _to_number(request, draft_id)
    wrong = showing.NOTHING_WRONG
    if request.method == "POST":
        words = asked.paragraphs(request.POST, "loi", LONGEST_WORDS)
        try:
            services.give_back(draft_id=draft_id, officer=request.officer, words=words)
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            wrong = showing.refusal(refused)
        else:
            messages.success(request, _("The document was returned; whoever drafted and signed it is told."))
            return redirect("circuit:to_number")
    context = {
        **showing.head_of(found.draft),
        **wrong,
        "heading": _("Return the document before it has a number"),
        "lead": _("Its signatures are worth nothing then: it is written and presented anew."),
        "button": _("Return it"),
        "most": LONGEST_WORDS,
    }
    failed = wrong["errors"] or wrong["refused"]
    return render(request, "documents/circuit_reason.html", context, status=422 if failed else 200)
