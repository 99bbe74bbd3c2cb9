"""Proposals for programs: the same services, rights and refusals as the pages have."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, Query, Router, Schema, Status

from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import acting_person
from lienthong.registers import access, queries
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import contents, policy, reading, services
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.reading import Opened

router = Router(tags=["registers"])

Part = Literal["open", "mine", "decided"]
PARTS: dict[Part, str] = {"open": reading.OPEN, "mine": reading.MINE, "decided": reading.DECIDED}
"""What the API calls the parts of the list."""

Purpose = Annotated[str, Query(max_length=300, description="What personal data is read for; it is put on record")]
Note = Annotated[str, Field(max_length=2000, description="Who proposed it reads these words")]


class EntryNeeded(DomainError):
    code = "registers.entry_needed"


class NewProposal(Schema):
    deed: Literal["enter", "change", "correct", "end", "bulk"]
    values: dict[str, Any] = Field({}, description="By the schema of the register; of many entries by key, no sections")
    day: date | None = Field(None, description="From which it counts; today unless said")
    reason: str = Field("", max_length=2000, description="Needed for all but a new entry")
    entry: int | None = Field(None, description="Which entry is changed, corrected, ended")
    revision: int | None = Field(None, description="Of that entry as it was seen")
    entries: list[int] = Field([], description="Of bulk: the entries, all kept by one agency")
    agency: str | None = Field(None, description="Of enter: key of the agency that will keep it")


class ProposalAnswer(Schema):
    id: int
    deed: str
    state: str = Field(description="draft, waiting, returned, withdrawn, refused, applying, applied")
    agency: str = Field(description="Key of the agency that keeps the entries")
    entry: int | None = Field(description="Of a new entry, once it is made")
    entries: int = Field(description="How many a change of many is about")
    done: int | None = Field(description="Of these, how many were changed in the end")
    day: date | None
    proposed_by: str
    sent_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    note: str


class OpenedAnswer(ProposalAnswer):
    turn: int = Field(description="How often it was sent")
    revision: int | None = Field(description="Of the entry as it was seen when this was proposed")
    present_revision: int | None = Field(description="Of the entry now; who approves says which one was seen")
    values: dict[str, Any] = Field(description="What is proposed, by the keys of fields that may be read")
    before: dict[str, Any] = Field(description="What stood there when it was proposed")
    reason: str
    obstacle: str = Field(description="Why it cannot be approved as things stand")
    may_decide: bool


class Approval(Schema):
    revision: int | None = Field(None, description="Of the entry as it was seen when deciding")
    turn: int | None = Field(None, description="Of the proposal as it was seen")
    note: Note = ""


class Against(Schema):
    note: Note


@router.post("/{key}/proposals", response={201: ProposalAnswer}, summary="Propose a change")
def propose(request: HttpRequest, key: str, new: NewProposal, idempotency_key: Header[UUID]) -> Status[dict[str, Any]]:
    """The same idempotency key gives the same proposal. Where a register asks for no approval of many, they are changed
    at once."""
    officer, _body = _opened(request, key)
    if new.deed == "bulk":
        made = services.propose_together(
            register=key,
            ids=new.entries,
            values=new.values,
            day=new.day,
            reason=new.reason,
            officer=officer,
            request=idempotency_key,
        )
        services.carry_on(made)
    else:
        if new.deed != "enter" and (new.entry is None or new.revision is None):
            raise EntryNeeded(_("Say which entry, and which revision of it you have seen."))
        made = services.propose(
            register=key,
            deed=new.deed,
            officer=officer,
            day=new.day,
            reason=new.reason,
            raw=new.values,
            entry_id=new.entry,
            revision=new.revision,
            organisation_id=by_key(new.agency).id if new.agency else None,
            request=idempotency_key,
        )
    return Status(201, _one(made.pk, officer))


@router.get("/{key}/proposals", response=list[ProposalAnswer], summary="Proposals")
def proposals(request: HttpRequest, key: str, part: Part = "open", before: int | None = None) -> list[dict[str, Any]]:
    """The newest first, fifty at a time; `before`: the id of the last one of the former page."""
    officer, body = _opened(request, key)
    return [_answer(each) for each in reading.page(officer, body, PARTS[part], before=before)[: reading.PAGE]]


@router.get("/{key}/proposals/{proposal_id}", response=OpenedAnswer, summary="A proposal")
def proposal(request: HttpRequest, key: str, proposal_id: int, purpose: Purpose = "") -> dict[str, Any]:
    officer, _body = _opened(request, key)
    _of_register(proposal_id, key, officer)
    read = reading.read(proposal_id=proposal_id, officer=officer, purpose=purpose)
    return {**_answer(read.proposal), **_said(read)}


@router.get("/{key}/proposals/{proposal_id}/files/{file_id}", summary="A file that a proposal names")
def file(request: HttpRequest, key: str, proposal_id: int, file_id: int, purpose: Purpose = "") -> HttpResponseBase:
    """For who proposed it and who may decide; put on record."""
    officer, _body = _opened(request, key)
    _of_register(proposal_id, key, officer)
    found = reading.read_file(proposal_id=proposal_id, file_id=file_id, officer=officer, purpose=purpose)
    return serve(found, as_attachment=True)


@router.post("/{key}/proposals/{proposal_id}/approval", response=ProposalAnswer, summary="Approve")
def approve(request: HttpRequest, key: str, proposal_id: int, approval: Approval) -> dict[str, Any]:
    """409 with the code registers.changed_since_seen when the entry is at another revision by now."""
    officer, _body = _opened(request, key)
    _of_register(proposal_id, key, officer)
    done = services.approve(
        proposal_id=proposal_id,
        officer=officer,
        revision=approval.revision,
        turn=approval.turn,
        note=approval.note,
    )
    if done.state == Proposal.State.APPLYING:
        services.carry_on(done)
    return _one(proposal_id, officer)


@router.post("/{key}/proposals/{proposal_id}/refusal", response=ProposalAnswer, summary="Refuse")
def refuse(request: HttpRequest, key: str, proposal_id: int, against: Against) -> dict[str, Any]:
    officer, _body = _opened(request, key)
    _of_register(proposal_id, key, officer)
    services.refuse(proposal_id=proposal_id, officer=officer, note=against.note)
    return _one(proposal_id, officer)


@router.post("/{key}/proposals/{proposal_id}/return", response=ProposalAnswer, summary="Give back for completion")
def give_back(request: HttpRequest, key: str, proposal_id: int, against: Against) -> dict[str, Any]:
    officer, _body = _opened(request, key)
    _of_register(proposal_id, key, officer)
    services.give_back(proposal_id=proposal_id, officer=officer, note=against.note)
    return _one(proposal_id, officer)


@router.post("/{key}/proposals/{proposal_id}/withdrawal", response=ProposalAnswer, summary="Withdraw one's own")
def withdraw(request: HttpRequest, key: str, proposal_id: int) -> dict[str, Any]:
    officer, _body = _opened(request, key)
    _of_register(proposal_id, key, officer)
    services.withdraw(proposal_id=proposal_id, officer=officer)
    return _one(proposal_id, officer)


def _opened(request: HttpRequest, key: str) -> tuple[Officer, RegisterBody]:
    person = acting_person(request)
    if not isinstance(person, Officer):
        raise NotAllowed(_("Registers are for officers; what is public of them is open data."))
    body = queries.register(key)
    if not access.rights_of(person, body, to="read"):
        raise queries.NoSuchEntry(_("There is no such register, or it is not for you to see."))
    return person, body


def _of_register(proposal_id: int, key: str, officer: Officer) -> None:
    found, _body = reading.visible(proposal_id, officer)
    if found.register != key:
        raise policy.no_such_proposal()


def _one(proposal_id: int, officer: Officer) -> dict[str, Any]:
    found, _body = reading.visible(proposal_id, officer)
    return _answer(found)


def _answer(found: Proposal) -> dict[str, Any]:
    counted = getattr(found, "entries", None)
    return {
        "id": found.pk,
        "deed": found.deed,
        "state": found.state,
        "agency": tree()[found.organisation_id].key,
        "entry": found.entry_id,
        "entries": found.lines.count() if counted is None else counted,
        "done": found.done,
        "day": found.day,
        "proposed_by": found.account.full_name,
        "sent_at": found.sent_at,
        "decided_by": found.decided_by.full_name if found.decided_by else None,
        "decided_at": found.decided_at,
        "note": found.note,
    }


def _said(read: Opened) -> dict[str, Any]:
    proposal = read.proposal
    return {
        "turn": proposal.turn,
        "revision": proposal.revision,
        "present_revision": read.entry.revision if read.entry else None,
        "values": contents.only(proposal.values, read.keys),
        "before": contents.only(proposal.before, read.keys),
        "reason": proposal.reason,
        "obstacle": read.obstacle,
        "may_decide": read.may_decide,
    }
