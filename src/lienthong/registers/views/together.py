"""The same change of many entries: chosen in the list, prepared on one page, looked through, sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import Form
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import queries
from lienthong.registers.definition import RegisterBody
from lienthong.registers.looking import Look
from lienthong.registers.proposals import contents, reading, services, together
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.surveying import PREPARED, survey
from lienthong.registers.rules import WrongDay
from lienthong.registers.views.listing import opened

LONGEST_REASON = 2000
SHOWN = 20
"""Entries that the preview shows with what becomes of them; of those left out as many."""
FIELD = "_truong"
"""Names a field that is chosen; no field is called so."""
BESIDE = {together.NothingToSet: "fields", services.ReasonNeeded: "reason", WrongDay: "day"}
"""Refusals that are told beside a control of the page."""


@require_POST
@signed_in_officer
def choose(request: OfficerRequest, register: str) -> HttpResponse:
    """From the boxes of the list to the page that prepares; the address carries the query of the list."""
    body, rights = opened(request.officer, register)
    back = reverse("registers:listing", args=[register])
    if "tat-ca" in request.POST:
        look = Look(body, rights, request.GET, together.form_context(request.officer))
        found = queries.page(body, rights, look.filters, sort=look.sort, size=together.MOST)[: together.MOST]
        ids = [entry.id for entry in found]
    else:
        ids = [id for value in request.POST.getlist("chon") if (id := asked.number(value)) is not None]
    try:
        proposal = services.choose(register=register, ids=ids, officer=request.officer)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        messages.warning(request, refused.in_full)
        return redirect(f"{back}?{request.GET.urlencode()}")
    return redirect("registers:proposal_draft", proposal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def draft(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    """What is to become different: fields are chosen first (`_truong`), then filled in, looked through and sent."""
    proposal, body = _own(request, proposal_id)
    if proposal.state not in PREPARED:
        return redirect("registers:proposal", proposal_id)
    if request.method != "POST":
        return _shown(request, proposal, body)
    try:
        if "_gui" in request.POST:
            return _sent(request, proposal)
        return _prepared(request, proposal, body)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _shown(request, proposal, body, refused)


def _own(request: OfficerRequest, proposal_id: int) -> tuple[Proposal, RegisterBody]:
    proposal, body = reading.visible(proposal_id, request.officer)
    if proposal.account_id != request.officer.account_id or proposal.deed != Proposal.Deed.BULK:
        raise NotFound(_("There is no such page."))
    return proposal, body


def _prepared(request: OfficerRequest, proposal: Proposal, body: RegisterBody) -> HttpResponse:
    fields = _fields(request, proposal, body)
    known = together.form_context(request.officer)
    taken = forms.take(fields, request.POST, known)
    if taken.action is not None:
        form = Form(fields, clean(fields, taken.raw, known, draft=True), known, refresh=request.path)
        if request.headers.get("HX-Request"):
            return HttpResponse(form.refreshed(taken.action))
        return _shown(request, proposal, body)
    day = asked.day(asked.words(request.POST, "_ngay", 20))
    if day is None:
        raise WrongDay(_("Enter the day, for example 15/03/2021."))
    services.prepare(
        proposal_id=proposal.pk,
        officer=request.officer,
        keys=[field.key for field in fields],
        raw=taken.raw,
        day=day,
        reason=asked.paragraphs(request.POST, "_ly-do", LONGEST_REASON),
    )
    return redirect(f"{request.path}?xem=1#preview")


def _sent(request: OfficerRequest, proposal: Proposal) -> HttpResponse:
    sent = services.send_prepared(proposal_id=proposal.pk, officer=request.officer)
    if sent.state == Proposal.State.APPLYING:
        services.carry_on(sent)
    else:
        messages.success(request, _("Sent. You are told when it is decided."))
    return redirect("registers:proposal", proposal.pk)


def _fields(request: OfficerRequest, proposal: Proposal, body: RegisterBody) -> FieldList:
    """Those that are chosen, of those that may be; on coming back those that were."""
    possible = together.settable(proposal, body, request.officer)
    given = request.POST if request.method == "POST" else request.GET
    chosen = given.getlist(FIELD) if FIELD in given or "_chon" in given else list(proposal.values)
    return contents.form_of(body, [key for key in possible if key in chosen])


def _shown(
    request: OfficerRequest, proposal: Proposal, body: RegisterBody, refused: DomainError | None = None
) -> HttpResponse:
    fields = _fields(request, proposal, body)
    known = together.form_context(request.officer)
    posted = request.method == "POST" and "_gui" not in request.POST
    raw = forms.take(fields, request.POST, known).raw if posted else proposal.values
    cleaned = clean(fields, {field.key: raw.get(field.key) for field in fields}, known, draft=not posted)
    form = Form(fields, cleaned, known, refresh=request.path)
    beside = BESIDE.get(type(refused)) if refused else None
    wrong = isinstance(refused, NotAccepted)
    shown: dict[str, Any] = {
        "proposal": proposal,
        "body": body,
        "agency": tree()[proposal.organisation_id],
        "possible": [body.leaves[key].field for key in together.settable(proposal, body, request.officer)],
        "chosen": {field.key for field in fields},
        "form": form if len(fields) else None,
        "troubles": form.troubles if wrong else [],
        "refused": refused if refused and not beside and not wrong else None,
        "beside": {beside: refused.in_full} if refused and beside else {},
        "day": request.POST.get("_ngay", "") if posted else (proposal.day or clock.today()).isoformat(),
        "reason": request.POST.get("_ly-do", "") if posted else proposal.reason,
        "total": proposal.lines.count(),
        "needs_approval": body.needs_approval("bulk"),
        "most": LONGEST_REASON,
        **(_preview(request, proposal, body) if "xem" in request.GET and proposal.values else {}),
    }
    return render(request, "registers/together.html", shown, status=refused.status if refused else 200)


def _preview(request: OfficerRequest, proposal: Proposal, body: RegisterBody) -> dict[str, Any]:
    found = survey(proposal, body, request.officer)
    can, cannot = ([line for line in found if bool(line.obstacle) is wrong] for wrong in (False, True))
    return {
        "preview": True,
        "can": len(can),
        "sample": can[:SHOWN],
        "cannot": cannot[:SHOWN],
        "left_out": len(cannot),
        "more": max(len(can) - SHOWN, 0),
        "more_left_out": max(len(cannot) - SHOWN, 0),
    }


@require_POST
@signed_in_officer
def throw_away(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    proposal, body = _own(request, proposal_id)
    services.throw_away(proposal_id=proposal.pk, officer=request.officer)
    messages.success(request, _("The selection is gone. Nothing was sent."))
    return redirect("registers:listing", body.key)


@require_POST
@signed_in_officer
def again(request: OfficerRequest, proposal_id: int) -> HttpResponse:
    """A new selection of what was not changed."""
    try:
        proposal = services.again(proposal_id=proposal_id, officer=request.officer)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        messages.info(request, refused.in_full)
        return redirect("registers:proposal", proposal_id)
    return redirect("registers:proposal_draft", proposal.pk)
