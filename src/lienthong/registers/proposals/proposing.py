"""Proposing a change of one entry, completing what was given back, withdrawing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.organisations.queries import province
from lienthong.identity.actors import Officer
from lienthong.registers import access, events, queries
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.proposals import applying, contents, policy
from lienthong.registers.proposals.applying import Single
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.policy import Desk
from lienthong.registers.queries import Entry
from lienthong.registers.services import Approved
from lienthong.registers.services.writing import keeper_for
from lienthong.registers.titles import title_of
from lienthong.work import services as work

PROPOSAL = "register-proposal"
"""The type of subject under which work items and the ledger know proposals."""
TO_DECIDE, TO_COMPLETE = Limit.working_days(2), Limit.working_days(3)

TRIED = Approved(to="propose")

Deed, State = Proposal.Deed, Proposal.State


class NothingDifferent(DomainError):
    code = "registers.nothing_different"


class ReasonNeeded(DomainError):
    code = "registers.reason_needed"


class GoneOn(Conflict):
    """Somebody else has decided, or it was withdrawn."""

    code = "registers.proposal_gone_on"


@transaction.atomic
def propose(
    *,
    register: str,
    deed: Single,
    officer: Officer,
    day: date | None = None,
    reason: str = "",
    raw: Mapping[str, Any] | None = None,
    entry_id: int | None = None,
    revision: int | None = None,
    organisation_id: int | None = None,
    request: UUID | None = None,
) -> Proposal:
    """Send a change to those who may approve it (`day`: from which it counts, default: today). It has to be one that
    could be made now. Sent again with the same `request` it is the proposal that was made.

    Raises what the deed itself would raise, NothingDifferent, ReasonNeeded, NobodyApproves and NotAllowed.
    """
    body = queries.register(register)
    rights = access.require(officer, body, to="propose")
    if request and (made := _made(request, officer)):
        return made
    proposal = Proposal(
        register=register,
        deed=deed,
        state=State.WAITING,
        entry_id=entry_id,
        account_id=officer.account_id,
        post_id=officer.acting.id,
        made_at=clock.now(),
    )
    if request:
        proposal.key = request
    if deed == "enter":
        proposal.organisation_id = keeper_for(body, rights, officer, organisation_id)
    _fill_in(proposal, body, rights, officer, raw or {}, day, reason, revision)
    try:
        with transaction.atomic():
            send(proposal, body, officer)
    except IntegrityError:  # the same was sent at the same time
        if request and (made := _made(request, officer)):
            return made
        raise
    return proposal


@transaction.atomic
def complete(
    *,
    proposal_id: int,
    officer: Officer,
    day: date | None = None,
    reason: str = "",
    raw: Mapping[str, Any] | None = None,
    revision: int | None = None,
) -> Proposal:
    """Send again what was given back. Raises NoSuchProposal, GoneOn, and what `propose` raises."""
    proposal = own(proposal_id, officer, State.RETURNED)
    body = queries.register(proposal.register)
    rights = access.require(officer, body, to="propose")
    _fill_in(proposal, body, rights, officer, raw or {}, day, reason, revision)
    proposal.post_id = officer.acting.id
    close(proposal, officer, clock.now(), "sent-again")
    send(proposal, body, officer)
    return proposal


@transaction.atomic
def withdraw(*, proposal_id: int, officer: Officer) -> Proposal:
    """Take one's own proposal back before it is approved; asked twice, once. Raises NoSuchProposal and GoneOn."""
    proposal = own(proposal_id, officer, State.WAITING, State.RETURNED, State.WITHDRAWN)
    if proposal.state != State.WITHDRAWN:
        close(proposal, officer, clock.now(), "withdrawn")
        proposal.state = State.WITHDRAWN
        proposal.save(update_fields=["state"])
        record(events.PROPOSAL_WITHDRAWN, proposal, officer)
    return proposal


# the parts


def own(proposal_id: int, officer: Officer, *states: str) -> Proposal:
    """One's own proposal, locked, in one of these states. Raises NoSuchProposal and GoneOn."""
    mine = Proposal.objects.select_for_update(of=("self",)).filter(account_id=officer.account_id)
    proposal = mine.filter(pk=proposal_id).first()
    if proposal is None:
        raise policy.no_such_proposal()
    if proposal.state not in states:
        raise gone_on(proposal)
    return proposal


def gone_on(proposal: Proposal) -> GoneOn:
    return GoneOn(
        _("The proposal has gone on meanwhile: it is %(state)s."),
        way_out=_("Look at it as it is now."),
        state=proposal.get_state_display(),
    )


def _made(request: UUID, officer: Officer) -> Proposal | None:
    return Proposal.objects.filter(key=request, account_id=officer.account_id).first()


def _fill_in(
    proposal: Proposal,
    body: RegisterBody,
    rights: Rights,
    officer: Officer,
    raw: Mapping[str, Any],
    day: date | None,
    reason: str,
    revision: int | None,
) -> None:
    """Try the change, and keep what it would make different."""
    require_reason(proposal.deed, reason)
    before = None if proposal.deed == Deed.ENTER else _entry(proposal, body, officer)
    if proposal.deed == Deed.CORRECT and before and day in (None, before.valid_from):
        proposal.day = None
    else:
        proposal.day = day or clock.today()
    proposal.reason, proposal.revision = reason.strip(), revision
    after = _tried(proposal, officer, raw)
    if before is None:
        values = contents.said(body, after.values, rights.fields_at(proposal.organisation_id))
        proposal.values = {key: json for key, json in values.items() if json is not None}
        named = any(key in proposal.values for key in body.title)
        proposal.title = title_of(body, after)[:500] if named else ""
    else:
        writable = rights.fields_at(before.organisation_id)
        old, new = (contents.said(body, each.values, writable) for each in (before, after))
        proposal.organisation_id, proposal.title = before.organisation_id, title_of(body, before)[:500]
        keys = contents.different(old, new)
        proposal.values, proposal.before = contents.only(new, keys), contents.only(old, keys)
        only_the_day = proposal.deed == Deed.CORRECT and proposal.day
        if not keys and proposal.deed != Deed.END and not only_the_day:
            raise NothingDifferent(
                _("Nothing would be different."), way_out=_("Change something first, or leave it as it is.")
            )


def _entry(proposal: Proposal, body: RegisterBody, officer: Officer) -> Entry:
    """As the officer may read it."""
    return queries.entry(body, access.rights_of(officer, body, to="read"), proposal.entry_id or 0)


def _tried(proposal: Proposal, officer: Officer, raw: Mapping[str, Any]) -> Entry:
    with applying.tried():
        return applying.write(
            proposal.deed,  # type: ignore[arg-type]
            register=proposal.register,
            officer=officer,
            approved=TRIED,
            day=proposal.day,
            reason=proposal.reason,
            raw=raw,
            organisation_id=proposal.organisation_id,
            entry_id=proposal.entry_id,
            revision=proposal.revision or 0,
        )
    raise AssertionError("what is tried returns or raises")


def require_reason(deed: str, reason: str) -> None:
    if deed != Deed.ENTER and not reason.strip():
        raise ReasonNeeded(
            _("Say why."), way_out=_("Whoever approves it reads the reason, and it stays in the history.")
        )


def send(proposal: Proposal, body: RegisterBody, officer: Officer) -> None:
    """Lay it with those who may approve. Raises NobodyApproves."""
    now = clock.now()
    found = policy.desks(
        body, proposal.organisation_id, policy.touched(body, proposal), but=proposal.account_id, day=now.date()
    )
    proposal.version_id = REGISTER.current(body.key).id
    proposal.state, proposal.sent_at, proposal.turn = State.WAITING, now, proposal.turn + 1
    proposal.decided_by_id = proposal.decided_at = None
    proposal.save()
    task = _now("Approve a proposed change")
    work.open_items([item(proposal, body, desk, task, TO_DECIDE, post) for desk, post in _places(found)])
    record(events.PROPOSED, proposal, officer, turn=proposal.turn)


def _places(found: Iterable[Desk]) -> Iterator[tuple[Desk, int | None]]:
    return ((desk, post) for desk in found for post in desk.posts or (None,))


def item(
    proposal: Proposal, body: RegisterBody, desk: Desk, task: str, within: Limit, post: int | None
) -> work.NewItem:
    now = clock.now()
    return work.NewItem(
        subject=(PROPOSAL, proposal.pk),
        part_id=proposal.turn,
        task=task,
        title=f"{body.name}: {proposal.title}" if proposal.title else body.name,
        code=proposal.code,
        organisation_id=desk.organisation_id,
        role=desk.role,
        opened_at=now,
        due_at=calendar_of(province().calendar).add(now, within),
        post_id=post,
    )


def close(proposal: Proposal, officer: Officer, now: datetime, outcome: str) -> None:
    """Nobody has to do anything about this turn any more."""
    parts = [proposal.turn]
    work.close_items(
        subject=(PROPOSAL, proposal.pk), parts=parts, at=now, account_id=officer.account_id, outcome=outcome
    )


def record(event: ledger.EventKind, proposal: Proposal, officer: Officer, **data: Any) -> None:
    entry = {"entry": proposal.entry_id} if proposal.entry_id else {}
    ledger.record(
        event,
        subject=(PROPOSAL, proposal.pk),
        actor=officer,
        organisation_id=proposal.organisation_id,
        data={"register": proposal.register, "deed": proposal.deed, **entry, **data},
    )
