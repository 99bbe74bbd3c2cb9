"""Entering, changing, correcting and ending, each on a form drawn from the declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import merge, start, to_json
from lienthong.foundation.fields.display import Change, diff
from lienthong.foundation.fields.pages import Form, Trouble
from lienthong.foundation.fields.problems import Problem
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.stored_files import take_uploads
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import access, purposes, services
from lienthong.registers.attaching import services as attaching
from lienthong.registers.context import context, context_for
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import contents
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.applying import Single
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.queries import Entry
from lienthong.registers.receiving.models import Received
from lienthong.registers.titles import title_of
from lienthong.registers.views import results
from lienthong.registers.views.cards import to_purpose
from lienthong.registers.views.listing import opened
from lienthong.settings.environment import environment

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done with an entry. `day`: the label of the day from which it counts."""

    does: Single
    title: str | Promise
    lead: str | Promise
    button: str | Promise
    day: str | Promise
    icon: str
    has_fields: bool = True
    needs_reason: bool = False


ENTER = Deed("enter", _("New entry"), "", _("Enter"), _("It has been so since"), "plus-lg")
CHANGE = Deed(
    "change",
    pgettext_lazy("entries", "Change"),
    _("The world is different from a day on. What stood there stays true of the days before."),
    _("Save the change"),
    _("Different since"),
    "pencil",
)
CORRECT = Deed(
    "correct",
    _("Correct"),
    _("What stands there was wrong from the beginning. What was thought until now stays on record."),
    _("Save the correction"),
    _("It has been so since"),
    "pen",
    needs_reason=True,
)
END = Deed(
    "end",
    _("End"),
    _("The thing is no more. Nothing is deleted: the entry and its history stay readable."),
    _("End the entry"),
    _("No more since"),
    "x-circle",
    has_fields=False,
    needs_reason=True,
)
DEEDS = {"thay-doi": CHANGE, "dinh-chinh": CORRECT, "ket-thuc": END}


@dataclass(frozen=True, slots=True)
class Way:
    """How what is filled in comes into the register: `direct`, as a proposal, or either as the officer likes.
    `agencies`: those for which something can be entered. `returned`: the proposal that is completed here."""

    writable: frozenset[str]
    direct: bool
    proposes: bool
    agencies: Sequence[int] = ()
    returned: Proposal | None = None


@dataclass(frozen=True)
class Sheet:
    """The page: what was filled in, and what is wrong with it. `meanwhile` is what somebody else has written. `result`
    came from a dossier, could not be written by itself, and is settled by saving."""

    body: RegisterBody
    deed: Deed
    way: Way
    entry: Entry | None
    form: Form | None
    day: str
    reason: str = ""
    agency: int | None = None
    request: UUID = field(default_factory=uuid4)
    problems: Mapping[str, str | Promise] = field(default_factory=dict)
    refused: DomainError | None = None
    meanwhile: Sequence[Change] = ()
    result: Received | None = None

    @property
    def troubles(self) -> list[Trouble]:
        own = [Trouble(f"#{name}", "", str(problem)) for name, problem in self.problems.items()]
        return [*(self.form.troubles if self.form else ()), *own]

    @property
    def day_asked(self) -> date | None:
        return asked.day(self.day)

    @property
    def asks_reason(self) -> bool:
        return self.entry is not None or self.way.proposes

    @property
    def reason_needed(self) -> bool:
        return self.deed.needs_reason or (self.entry is not None and not self.way.direct)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def enter(request: OfficerRequest, register: str) -> HttpResponse:
    body, _rights = opened(request.officer, register)
    came = results.came(request, body)
    return _page(request, body, ENTER, None, _way(request, body, ENTER, None, came), came)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def edit(request: OfficerRequest, register: str, entry_id: int, deed: str) -> HttpResponse:
    """A deed on an entry that is there. Its form shows what stands in it: opening it is a reading."""
    body, _rights = opened(request.officer, register)
    access.require(request.officer, body, to="propose")
    if deed not in DEEDS:
        raise Http404
    purpose = purposes.stated(request, register)
    try:
        read = services.read(register=register, entry_id=entry_id, officer=request.officer, purpose=purpose)
    except services.PurposeNeeded:
        return to_purpose(request, register)
    came = results.came(request, body)
    return _page(request, body, DEEDS[deed], read.entry, _way(request, body, DEEDS[deed], read.entry, came), came)


def _way(
    request: OfficerRequest, body: RegisterBody, deed: Deed, entry: Entry | None, came: results.Came | None
) -> Way:
    """What came from a dossier was decided there and needs no second approval. Raises Http404 for an entry that is not
    the officer's to change, NotAllowed where nothing is to be entered."""
    proposes = access.require(request.officer, body, to="propose")
    writes = access.rights_of(request.officer, body, to="write")
    agencies = access.keepers(body, writes) if entry is None else []
    writable = writes.fields_at(entry.organisation_id) if entry else frozenset(writes.fields)
    returned = _returned(request, body, deed, entry)
    direct = bool(writable) and returned is None and (came is not None or not body.needs_approval(deed.does))
    if not direct:
        writable = proposes.fields_at(entry.organisation_id) if entry else frozenset(proposes.fields)
        agencies = access.keepers(body, proposes) if entry is None else []
    if not writable or not (direct or body.has_approvers):
        if entry is None:
            access.require(request.officer, body, to="write")
        raise Http404
    return Way(writable, direct, body.has_approvers and came is None, agencies, returned)


def _returned(request: OfficerRequest, body: RegisterBody, deed: Deed, entry: Entry | None) -> Proposal | None:
    """One's own proposal that came back, where the address names it and the page is that of its deed."""
    number = asked.number(request.GET.get("de-nghi", ""))
    own = Proposal.objects.filter(account_id=request.officer.account_id, state=Proposal.State.RETURNED)
    found = own.filter(pk=number, register=body.key, deed=deed.does) if number else own.none()
    return found.filter(entry_id=entry.id if entry else None).first()


def _page(
    request: OfficerRequest, body: RegisterBody, deed: Deed, entry: Entry | None, way: Way, came: results.Came | None
) -> HttpResponse:
    if came and not came.result.waits:
        return redirect("registers:result", came.result.pk)
    if request.method != "POST":
        return _shown(request, _fresh(request, body, deed, entry, way, came))
    taken = forms.take(body.fields, request.POST, context(), kept=to_json(body.fields, entry.values) if entry else None)
    refused = _take_files(request, body, taken.raw) if request.FILES and deed.has_fields else {}
    sheet = _filled_in(request, body, deed, entry, taken, way, refused)
    sheet = replace(sheet, result=came.result) if came else sheet
    if taken.action is not None:
        by_htmx = bool(request.headers.get("HX-Request")) and sheet.form
        return HttpResponse(sheet.form.refreshed(taken.action)) if by_htmx and sheet.form else _shown(request, sheet)
    if sheet.troubles:
        return _shown(request, sheet, status=422)
    try:
        if _is_proposed(request, way):
            sent = _proposed(request, sheet, taken.raw)
            messages.success(request, _now("Sent. You are told when it is decided."))
            return redirect("registers:proposal", sent.pk)
        made = _done(request, sheet, taken.raw)
    except services.ChangedMeanwhile as meanwhile:
        return _after_another(request, sheet, meanwhile)
    except DomainError as refused:
        return _shown(request, replace(sheet, refused=refused), status=refused.status)
    messages.success(request, _now("Saved: %(title)s.") % {"title": title_of(body, made)})
    return redirect("registers:card", body.key, made.id)


def _for_result(sheet: Sheet, result: Received) -> Sheet:
    """What the result decides beside the fields."""
    reason = result.why if sheet.entry else ""
    return replace(sheet, result=result, day=result.since.isoformat(), reason=reason, agency=result.organisation_id)


def _is_proposed(request: OfficerRequest, way: Way) -> bool:
    return not way.direct or (way.proposes and "_de-nghi" in request.POST)


def _fresh(
    request: OfficerRequest,
    body: RegisterBody,
    deed: Deed,
    entry: Entry | None,
    way: Way,
    came: results.Came | None,
) -> Sheet:
    raw = to_json(body.fields, entry.values) if entry else start(body.fields, context())
    day, reason, returned = entry.valid_from if entry and deed is CORRECT else clock.today(), "", way.returned
    if returned:
        raw = merge(body.fields, raw, contents.raw_of(body, returned.values))
        day, reason = returned.day or day, returned.reason
    raw = came.over(body, raw) if came else raw
    form = _form(request, body, deed, entry, raw, way, draft=True)
    agency = returned.organisation_id if returned else None
    sheet = Sheet(body, deed, way, entry, form, day.isoformat(), reason, agency)
    return _for_result(sheet, came.result) if came else sheet


def _take_files(request: OfficerRequest, body: RegisterBody, raw: Raw) -> dict[str, Problem]:
    """Take in what came with the form, so that it stays attached whatever else is wrong. What was refused, by path."""

    def store(upload: Any, name: str, policy: Policy) -> StoredFile:
        return attaching.upload(register=body.key, source=upload, name=name, policy=policy, officer=request.officer)

    refused = take_uploads(body.fields, raw, request.FILES, store, limit_mb=environment.upload_limit_mb)
    return {
        path: Problem(why.code, "%(why)s", {"why": f"{name}: {why.in_full}"}) for path, (name, why) in refused.items()
    }


def _filled_in(
    request: OfficerRequest,
    body: RegisterBody,
    deed: Deed,
    entry: Entry | None,
    taken: forms.Taken,
    way: Way,
    refused: Mapping[str, Problem],
) -> Sheet:
    given = request.POST
    sheet = Sheet(
        body,
        deed,
        way,
        entry,
        _form(request, body, deed, entry, taken.raw, way, draft=taken.action is not None, refused=refused),
        day=asked.words(given, "_ngay", 20),
        reason=asked.paragraphs(given, "_ly-do", LONGEST_REASON),
        agency=asked.number(given.get("_co-quan", "")),
        request=asked.key(given.get("_lan", "")) or uuid4(),
    )
    problems: dict[str, str | Promise] = {}
    if sheet.day_asked is None:
        problems["day"] = _("Enter the day, for example 15/03/2021.")
    if not sheet.reason and (deed.needs_reason or (entry is not None and _is_proposed(request, way))):
        problems["reason"] = _("Say why.")
    return replace(sheet, problems=problems if taken.action is None else {})


def _form(
    request: OfficerRequest,
    body: RegisterBody,
    deed: Deed,
    entry: Entry | None,
    raw: Raw,
    way: Way,
    *,
    draft: bool,
    refused: Mapping[str, Problem] | None = None,
) -> Form | None:
    if not deed.has_fields:
        return None
    shown = {body.leaves[key].path[0] for key in way.writable}
    known = context_for(request.officer, body, entry.values if entry else {})
    cleaned = clean(body.fields, raw, known, draft=draft)
    if refused:
        cleaned = replace(cleaned, errors={**cleaned.errors, **refused})
    refresh, limit = request.get_full_path(), environment.upload_limit_mb
    return Form(body.fields, cleaned, known, refresh=refresh, only=shown, upload_limit=limit)


def _proposed(request: OfficerRequest, sheet: Sheet, raw: Raw) -> Proposal:
    said: dict[str, Any] = {
        "officer": request.officer,
        "day": sheet.day_asked,
        "reason": sheet.reason,
        "raw": raw,
        "revision": _revision(request) if sheet.entry else None,
    }
    if sheet.way.returned:
        return proposals.complete(proposal_id=sheet.way.returned.pk, **said)
    return proposals.propose(
        register=sheet.body.key,
        deed=sheet.deed.does,
        entry_id=sheet.entry.id if sheet.entry else None,
        organisation_id=sheet.agency,
        request=sheet.request,
        **said,
    )


def _revision(request: OfficerRequest) -> int:
    return asked.number(request.POST.get("_lan-sua", "")) or 0


def _done(request: OfficerRequest, sheet: Sheet, raw: Raw) -> Entry:
    if sheet.result is None:
        return _written(request, sheet, raw)
    return results.complete(request.officer, sheet.result, lambda: _written(request, sheet, raw))


def _written(request: OfficerRequest, sheet: Sheet, raw: Raw) -> Entry:
    register, officer, day = sheet.body.key, request.officer, sheet.day_asked
    approved = services.DIRECTLY if sheet.result else None
    if sheet.entry is None:
        return services.enter(
            register=register,
            raw=raw,
            officer=officer,
            organisation_id=sheet.agency,
            valid_from=day,
            origin=sheet.result.why if sheet.result else "",
            request=sheet.result.request if sheet.result else sheet.request,
            approved=approved,
        )
    known: dict[str, Any] = {
        "register": register,
        "entry_id": sheet.entry.id,
        "revision": _revision(request),
        "officer": officer,
        "reason": sheet.reason,
        "approved": approved,
    }
    if sheet.deed is CHANGE:
        return services.change(**known, raw=raw, valid_from=day)
    if sheet.deed is CORRECT:
        return services.correct(**known, raw=raw, valid_from=day if day != sheet.entry.valid_from else None)
    return services.end(**known, valid_until=day)


def _after_another(request: OfficerRequest, sheet: Sheet, meanwhile: services.ChangedMeanwhile) -> HttpResponse:
    """What is different is shown, and sending again decides for one's own. The same sent twice is done already."""
    typed = sheet.form.cleaned.values if sheet.form else meanwhile.entry.values
    changes = diff(sheet.body.fields, meanwhile.entry.values, typed, context())
    if sheet.form and not changes:
        return redirect("registers:card", sheet.body.key, meanwhile.entry.id)
    shown = replace(sheet, entry=meanwhile.entry, refused=meanwhile, meanwhile=changes)
    return _shown(request, shown, status=meanwhile.status)


def _shown(request: OfficerRequest, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    agencies = sheet.way.agencies
    own = request.officer.acting.organisation.id
    chosen = sheet.agency or (own if own in agencies else None)
    offered: list[Node] = [tree()[each] for each in agencies]
    return render(
        request,
        "registers/form.html",
        {
            "sheet": sheet,
            "body": sheet.body,
            "title": title_of(sheet.body, sheet.entry) if sheet.entry else "",
            "agencies": offered,
            "agency": chosen,
            "most": LONGEST_REASON,
        },
        status=status,
    )
