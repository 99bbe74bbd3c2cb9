"""Approving, refusing, giving back: by somebody else than who proposed it."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.notifications.kinds import MessageKind
from lienthong.notifications.services import Recipient, notify
from lienthong.registers import events, notifying, queries
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import applying, policy, together
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.policy import Desk
from lienthong.registers.proposals.proposing import PROPOSAL, TO_COMPLETE, ReasonNeeded, close, gone_on, item, record
from lienthong.registers.services import ChangedMeanwhile
from lienthong.work import services as work

State = Proposal.State


class OwnProposal(NotAllowed):
    """Four eyes: nobody decides on what they proposed themselves."""

    code = "registers.own_proposal"


class ChangedSinceSeen(Conflict):
    """The entry, or the proposal, is different from what was shown to who decides."""

    code = "registers.changed_since_seen"


@transaction.atomic
def approve(
    *, proposal_id: int, officer: Officer, revision: int | None = None, turn: int | None = None, note: str = ""
) -> Proposal:
    """Write it into the register. `revision` is that of the entry as the officer saw it when deciding (None: as it was
    when it was proposed), `turn` that of the proposal (None: whichever it is at). Whoever approves twice has approved
    once. What refuses it changes nothing: the proposal stays.

    Raises NoSuchProposal, NotAllowed, OwnProposal, GoneOn, ChangedSinceSeen, FieldsGone, and what the deed raises.
    """
    body, proposal = _opened(proposal_id, officer)
    if proposal.state in (State.APPLYING, State.APPLIED) and proposal.decided_by_id == officer.account_id:
        return proposal
    _require_waiting(proposal)
    if turn is not None and turn != proposal.turn:
        raise ChangedSinceSeen(
            _("The proposal has been completed anew since you opened this page."),
            way_out=_("Look at what is proposed now, then decide."),
        )
    if proposal.deed == Proposal.Deed.BULK:
        applying.require_fields(body, proposal)
        _decided(proposal, officer, State.APPLYING, note)
        together.begin(proposal, body, officer)
    else:
        _write(proposal, officer, revision)
        _decided(proposal, officer, State.APPLIED, note)
        _tell(proposal, body, notifying.PROPOSAL_APPROVED)  # of many entries it is told when they are through
    record(events.PROPOSAL_APPROVED, proposal, officer)
    return proposal


def _write(proposal: Proposal, officer: Officer, revision: int | None) -> None:
    seen = proposal.revision if revision is None else revision
    try:
        entry = applying.of_proposal(proposal, officer=officer, revision=seen)
    except ChangedMeanwhile:
        raise ChangedSinceSeen(
            _("The entry has been changed since you opened this page."),
            way_out=_("Look at what is different now, then decide."),
        ) from None
    proposal.entry_id = entry.id


@transaction.atomic
def refuse(*, proposal_id: int, officer: Officer, note: str) -> Proposal:
    """It is not to be. Raises as `approve` does, and ReasonNeeded."""
    return _against(proposal_id, officer, note, State.REFUSED)


@transaction.atomic
def give_back(*, proposal_id: int, officer: Officer, note: str) -> Proposal:
    """It lacks something: who proposed it completes it and sends it again. Raises as `refuse` does."""
    return _against(proposal_id, officer, note, State.RETURNED)


def _against(proposal_id: int, officer: Officer, note: str, state: State) -> Proposal:
    body, proposal = _opened(proposal_id, officer)
    if proposal.state == state and proposal.decided_by_id == officer.account_id:
        return proposal
    _require_waiting(proposal)
    if not note.strip():
        raise ReasonNeeded(_("Say why."), way_out=_("Who proposed it reads your words."))
    _decided(proposal, officer, state, note)
    returned = state == State.RETURNED
    if returned:
        desk = Desk(tree().posts[proposal.post_id].organisation_id, "")
        task = _now("Complete a proposed change")
        work.open_items([item(proposal, body, desk, task, TO_COMPLETE, proposal.post_id)])
    record(events.PROPOSAL_RETURNED if returned else events.PROPOSAL_REFUSED, proposal, officer)
    _tell(proposal, body, notifying.PROPOSAL_RETURNED if returned else notifying.PROPOSAL_REFUSED)
    return proposal


# the parts


def _opened(proposal_id: int, officer: Officer) -> tuple[RegisterBody, Proposal]:
    """The proposal, locked, to whom it is to decide on."""
    proposal = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if proposal is None or proposal.state == State.DRAFT:
        raise policy.no_such_proposal()
    body = queries.register(proposal.register)
    if not policy.visible(officer, body).filter(pk=proposal.pk).exists():
        raise policy.no_such_proposal()
    if proposal.account_id == officer.account_id:
        raise OwnProposal(_("Nobody decides on what they proposed themselves."), way_out=_("A colleague has to do it."))
    if not policy.may_decide(officer, body, proposal):
        raise NotAllowed(_("It is not yours to decide."))
    return body, proposal


def _require_waiting(proposal: Proposal) -> None:
    if proposal.state != State.WAITING:
        raise gone_on(proposal)


def _decided(proposal: Proposal, officer: Officer, state: State, note: str) -> None:
    now = clock.now()
    close(proposal, officer, now, state.value)
    proposal.state, proposal.note = state, note.strip()
    proposal.decided_by_id, proposal.decided_at = officer.account_id, now
    proposal.save()


def _tell(proposal: Proposal, body: RegisterBody, kind: MessageKind) -> None:
    notify(
        kind=kind,
        to=Recipient(proposal.account_id),
        subject=(PROPOSAL, proposal.pk),
        key=f"{proposal.key}/{proposal.turn}",
        context={"register": body.name, "code": proposal.code},
        link=reverse("registers:proposal", args=[proposal.pk]),
    )
