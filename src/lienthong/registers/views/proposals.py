"""What is proposed for a register: the list, one proposal with its differences, deciding, withdrawing."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.files.serving import serve
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.models import Account
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import purposes
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import reading, services
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.proposing import PROPOSAL
from lienthong.registers.proposals.reading import DECIDED, MINE, OPEN, PAGE, Opened
from lienthong.registers.proposals.surveying import in_words
from lienthong.registers.services import PurposeNeeded
from lienthong.registers.views.listing import opened
from lienthong.work.models import BulkLine

LONGEST_NOTE = 2000
TABS: dict[str, str | Promise] = {
    OPEN: _("To be decided"),
    MINE: pgettext_lazy("proposals", "Mine"),
    DECIDED: _("Over and done"),
}
ADDRESSES = {"change": "thay-doi", "correct": "dinh-chinh", "end": "ket-thuc"}
"""Where a proposal of this is completed, below the entry."""

DECISIONS: dict[str, Callable[..., Proposal]] = {
    "duyet": services.approve,
    "tu-choi": services.refuse,
    "tra-lai": services.give_back,
}
"""By the word of the button."""
SAID: dict[str, str | Promise] = {
    "duyet": _("Approved. It stands in the register."),
    "tu-choi": _("Refused. Who proposed it is told."),
    "tra-lai": _("Given back. Who proposed it is told, and completes it."),
}


@require_safe
@signed_in_officer
def listing(request: OfficerRequest, register: str) -> HttpResponse:
    body, _rights = opened(request.officer, register)
    part = request.GET.get("phan", OPEN)
    part = part if part in TABS else OPEN
    before = asked.number(request.GET.get("sau", ""))
    found = reading.page(request.officer, body, part, before=before)
    page = found[:PAGE]
    shown = {
        "body": body,
        "rows": [{"proposal": each, "title": reading.title(request.officer, body, each)} for each in page],
        "tabs": [(f"?phan={word}", label, word == part) for word, label in TABS.items()],
        "part": part,
        "newest": asked.with_query(request, sau="") if before else "",
        "older": asked.with_query(request, sau=str(page[-1].pk)) if len(found) > PAGE else "",
    }
    return render(request, "registers/proposals.html", shown)


@require_safe
@never_cache
@signed_in_officer
def one(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    return _page(request, proposal_id)


def _page(
    request: OfficerRequest, proposal_id: int, refused: DomainError | None = None, *, status: int = 200
) -> HttpResponse:
    proposal, body = reading.visible(proposal_id, request.officer)
    if proposal.state == Proposal.State.DRAFT:
        return redirect("registers:proposal_draft", proposal_id)
    purpose = purposes.stated(request, body.key)
    try:
        read = reading.read(proposal_id=proposal_id, officer=request.officer, purpose=purpose)
    except PurposeNeeded:
        return _to_purpose(body, reverse("registers:proposal", args=[proposal_id]))
    shown: dict[str, Any] = {
        "read": read,
        "proposal": read.proposal,
        "body": read.body,
        "agency": tree()[read.proposal.organisation_id],
        "events": _events(read.proposal),
        "complete": _completing(read),
        "refused": refused,
        "why": told(read.body, refused) if refused else "",
        "note": asked.paragraphs(request.POST, "loi", LONGEST_NOTE),
        "most": LONGEST_NOTE,
        **(_together(request, read) if read.proposal.deed == Proposal.Deed.BULK else {}),
    }
    return render(request, "registers/proposal.html", shown, status=status)


def _to_purpose(body: RegisterBody, back: str) -> HttpResponse:
    return redirect(f"{reverse('registers:purpose', args=[body.key])}?{urlencode({'ve': back})}")


@require_safe
@never_cache
@signed_in_officer
def file(request: OfficerRequest, proposal_id: int, file_id: int) -> HttpResponseBase:
    """A file that a proposal names."""
    _proposal, body = reading.visible(proposal_id, request.officer)
    purpose = purposes.stated(request, body.key)
    try:
        found = reading.read_file(proposal_id=proposal_id, file_id=file_id, officer=request.officer, purpose=purpose)
    except PurposeNeeded:
        return _to_purpose(body, request.get_full_path())
    return serve(found, as_attachment="tai" in request.GET)


def told(body: RegisterBody, refused: DomainError) -> str:
    """What is wrong, field by field where it is in fields, and the way out."""
    if isinstance(refused, NotAccepted):
        return in_words(body, refused.errors)
    return refused.way_out


def _completing(read: Opened) -> str:
    """The address at which one's own proposal that came back is completed."""
    proposal = read.proposal
    if not read.is_own or proposal.state != Proposal.State.RETURNED:
        return ""
    if proposal.deed == Proposal.Deed.BULK:
        return reverse("registers:proposal_draft", args=[proposal.pk])
    if proposal.deed == Proposal.Deed.ENTER:
        address = reverse("registers:enter", args=[proposal.register])
    else:
        there = [proposal.register, proposal.entry_id, ADDRESSES[proposal.deed]]
        address = reverse("registers:edit", args=there) if read.entry else ""
    return f"{address}?de-nghi={proposal.pk}" if address else ""


def _events(proposal: Proposal) -> list[dict[str, Any]]:
    """What happened to it, the newest first. Two queries."""
    found = timeline((PROPOSAL, proposal.pk))
    accounts = {each.account_id for each in found if each.account_id}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name"))
    return [{"what": each.label, "at": each.at, "who": names.get(each.account_id or 0, "")} for each in found[::-1]]


def _together(request: OfficerRequest, read: Opened) -> dict[str, Any]:
    """Of a change of many: the entries, what would become of them or has."""
    proposal = read.proposal
    after = asked.number(request.GET.get("tu", "")) or 0
    rows = reading.lines(proposal, after=after)
    following = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return {
        "results": reading.results(request.officer, read.body, proposal, rows[:PAGE]),
        "settings": reading.settings(read, request.officer),
        "total": proposal.lines.count(),
        "first": "?" if after else "",
        "next": f"?tu={following}" if following else "",
        "progress": reading.progress(proposal),
        "stoppable": _stoppable(proposal, request.officer.account_id),
        "left": bool(read.is_own and proposal.bulk and proposal.done is not None and _left(proposal)),
    }


def _stoppable(proposal: Proposal, account_id: int) -> bool:
    bulk = proposal.bulk
    return bool(bulk and not bulk.finished_at and not bulk.stop_asked_at and bulk.account_id == account_id)


def _left(proposal: Proposal) -> bool:
    return proposal.bulk is not None and proposal.bulk.lines.exclude(outcome=BulkLine.Outcome.DONE).exists()


@require_safe
@never_cache
@signed_in_officer
def progress(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    """How far a change of many is, for a page that waits; at its end the page is asked for anew."""
    proposal, _body = reading.visible(proposal_id, request.officer)
    if proposal.state != Proposal.State.APPLYING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = {"proposal": proposal, "progress": reading.progress(proposal)}
    return render(request, "registers/parts/proposal_progress.html", shown)


@require_POST
@signed_in_officer
def decide(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    word = request.POST.get("viec", "")
    act = DECISIONS.get(word)
    if act is None:
        raise NotFound(_("There is no such page."))
    note = asked.paragraphs(request.POST, "loi", LONGEST_NOTE)
    seen = {"revision": "lan-sua", "turn": "luot"} if word == "duyet" else {}
    try:
        proposal = act(proposal_id=proposal_id, officer=request.officer, note=note, **_numbers(request, seen))
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, proposal_id, refused, status=refused.status)
    if proposal.state == Proposal.State.APPLYING:
        services.carry_on(proposal)
    elif proposal.deed != Proposal.Deed.BULK or word != "duyet":
        messages.success(request, str(SAID[word]))
    return redirect("registers:proposal", proposal_id)


def _numbers(request: OfficerRequest, names: Mapping[str, str]) -> dict[str, int | None]:
    return {name: asked.number(request.POST.get(sent, "")) for name, sent in names.items()}


@require_POST
@signed_in_officer
def withdraw(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    try:
        services.withdraw(proposal_id=proposal_id, officer=request.officer)
    except services.GoneOn as refused:
        messages.warning(request, refused.in_full)
    else:
        messages.success(request, _now("Withdrawn. Nothing has changed in the register."))
    return redirect("registers:proposal", proposal_id)
