"""The same change of many entries: chosen, prepared, sent, and carried out line by line.

What was approved is carried out by `work.bulk`: each entry in a transaction of its own, each once, however often a
process dies. Where the register asks for no approval it begins as soon as it is sent.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.entries import choosable_by
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.identity.actors import Officer
from lienthong.notifications.services import Recipient, notify
from lienthong.registers import access, events, notifying, queries, services
from lienthong.registers.context import context
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.proposals import applying, contents
from lienthong.registers.proposals.models import Proposal, ProposalLine
from lienthong.registers.proposals.proposing import PROPOSAL, close, own, record, require_reason, send
from lienthong.registers.proposals.surveying import PREPARED, in_words, survey
from lienthong.registers.queries import Entry
from lienthong.registers.services import Approved
from lienthong.registers.titles import title_of
from lienthong.work import bulk as bulks
from lienthong.work.models import Bulk, BulkLine

DEED = "registers.together"
ENTRY = "register-entry"
"""The type of subject under which bulks know entries."""
MOST = 1_000
"""Entries of one proposal."""

State = Proposal.State


class ChangedSinceChosen(Conflict):
    code = "registers.changed_since_chosen"


class DoesNotFit(DomainError):
    """What is proposed cannot be said of this entry."""

    code = "registers.does_not_fit"


class NothingToSet(DomainError):
    code = "registers.nothing_to_set"


class NothingToDo(DomainError):
    code = "registers.nothing_to_do"


# choosing and preparing


@transaction.atomic
def choose(*, register: str, ids: Sequence[int], officer: Officer, key: UUID | None = None) -> Proposal:
    """Put a selection of entries down, to say then what is to become different. Raises NotAllowed, NothingChosen,
    TooManyChosen."""
    body = queries.register(register)
    rights = access.require(officer, body, to="propose")
    once = list(dict.fromkeys(ids))
    if len(once) > MOST:
        raise bulks.too_many(MOST)
    entries = queries.several(body, rights, once)
    if not entries:
        raise bulks.NothingChosen(
            pgettext_lazy("entries", "Nothing is chosen."),
            way_out=_("Tick the rows first, then press the button."),
        )
    proposal = Proposal.objects.create(
        key=key or uuid4(),
        register=register,
        version_id=REGISTER.current(register).id,
        deed=Proposal.Deed.BULK,
        state=State.DRAFT,
        organisation_id=_keeper(entries.values(), officer),
        day=clock.today(),
        account_id=officer.account_id,
        post_id=officer.acting.id,
        made_at=clock.now(),
    )
    ProposalLine.objects.bulk_create(
        ProposalLine(proposal=proposal, entry_id=id, revision=entries[id].revision) for id in once if id in entries
    )
    return proposal


def _keeper(entries: Iterable[Entry], officer: Officer) -> int:
    """A proposal is about the entries of one agency: one's own if there are any, else that of most of them."""
    counts = Counter(entry.organisation_id for entry in entries)
    at_home = officer.acting.organisation.id
    return at_home if at_home in counts else counts.most_common(1)[0][0]


@transaction.atomic
def prepare(
    *,
    proposal_id: int,
    officer: Officer,
    keys: Collection[str],
    raw: Mapping[str, Any],
    day: date | None = None,
    reason: str = "",
) -> Proposal:
    """Say what is to stand in these fields of all entries, by their keys; nothing is sent yet. Raises NoSuchProposal,
    GoneOn, NothingToSet and NotAccepted."""
    proposal = own(proposal_id, officer, *PREPARED)
    require_reason(proposal.deed, reason)
    body = queries.register(proposal.register)
    possible = settable(proposal, body, officer)
    chosen = [key for key in possible if key in keys]
    if others := sorted(set(keys).difference(possible)):
        raise NothingToSet(_("This cannot be set for many entries at once: %(fields)s."), fields=", ".join(others))
    if not chosen:
        raise NothingToSet(_("No field is chosen."), way_out=_("Tick at least one field."))
    cleaned = clean(contents.form_of(body, chosen), {key: raw.get(key) for key in chosen}, form_context(officer))
    if not cleaned.ok:
        raise NotAccepted(cleaned.errors)
    proposal.values = contents.stored(body, {key: cleaned.values.get(key) for key in chosen})
    proposal.day, proposal.reason = day or clock.today(), reason.strip()
    proposal.save(update_fields=["values", "day", "reason"])
    return proposal


@transaction.atomic
def propose_together(
    *,
    register: str,
    ids: Sequence[int],
    values: Mapping[str, Any],
    officer: Officer,
    day: date | None = None,
    reason: str = "",
    request: UUID,
) -> Proposal:
    """Choose, prepare and send in one. Asked again with the same `request` it is the proposal that was made. Raises as
    those do."""
    if made := Proposal.objects.filter(key=request, account_id=officer.account_id).first():
        return made
    try:
        with transaction.atomic():
            proposal = choose(register=register, ids=ids, officer=officer, key=request)
    except IntegrityError:  # the same was sent at the same time
        return Proposal.objects.get(key=request, account_id=officer.account_id)
    keys = list(values)
    prepare(proposal_id=proposal.pk, officer=officer, keys=keys, raw=values, day=day, reason=reason)
    return send_prepared(proposal_id=proposal.pk, officer=officer)


def settable(proposal: Proposal, body: RegisterBody, officer: Officer) -> list[str]:
    """The fields that the officer may set alike for many."""
    rights = access.rights_of(officer, body, to="propose")
    return contents.settable(body, rights.fields_at(proposal.organisation_id))


def form_context(officer: Officer) -> Context:
    """Of a form that sets fields of many entries."""
    return replace(context(), entries=choosable_by(officer))


@transaction.atomic
def send_prepared(*, proposal_id: int, officer: Officer) -> Proposal:
    """Send it to those who may approve, or begin where nobody has to. Entries of which it cannot be are left out. Sent
    twice it is sent once.

    Raises NoSuchProposal, GoneOn, NothingToSet, NothingToDo, ReasonNeeded, NobodyApproves and NotAllowed.
    """
    proposal = own(proposal_id, officer, *PREPARED, State.WAITING, State.APPLYING, State.APPLIED)
    if proposal.state not in PREPARED:
        return proposal
    body = queries.register(proposal.register)
    access.require(officer, body, to="propose")
    if not contents.only(proposal.values, settable(proposal, body, officer)):
        raise NothingToSet(_("No field is chosen."), way_out=_("Tick at least one field."))
    applying.require_fields(body, proposal)
    require_reason(proposal.deed, proposal.reason)
    _keep_what_can_be(proposal, body, officer)
    proposal.post_id = officer.acting.id
    proposal.title = _now("%(count)s entries") % {"count": proposal.lines.count()}
    if proposal.state == State.RETURNED:
        close(proposal, officer, clock.now(), "sent-again")
    if body.needs_approval("bulk"):
        send(proposal, body, officer)
    else:
        access.require(officer, body, to="write")
        _begin_at_once(proposal, body, officer)
    return proposal


def _keep_what_can_be(proposal: Proposal, body: RegisterBody, officer: Officer) -> None:
    """As the entries are now: that is what was looked through."""
    lines = list(survey(proposal, body, officer))
    can, cannot = ([line for line in lines if bool(line.obstacle) == bad] for bad in (False, True))
    if not can:
        raise NothingToDo(_("None of these entries can be changed so."), way_out=_("Choose other entries or values."))
    for line in can:
        line.row.revision = line.revision
    ProposalLine.objects.bulk_update([line.row for line in can], ["revision"])
    proposal.lines.filter(pk__in=[line.row.pk for line in cannot]).delete()


def _begin_at_once(proposal: Proposal, body: RegisterBody, officer: Officer) -> None:
    proposal.version_id = REGISTER.current(body.key).id
    proposal.state, proposal.sent_at, proposal.turn = State.APPLYING, clock.now(), proposal.turn + 1
    proposal.decided_by_id = proposal.decided_at = None
    proposal.save()
    record(events.PROPOSED, proposal, officer, turn=proposal.turn)
    begin(proposal, body, officer)


@transaction.atomic
def throw_away(*, proposal_id: int, officer: Officer) -> None:
    """Let go of a selection that was not sent. Raises NoSuchProposal, GoneOn."""
    own(proposal_id, officer, State.DRAFT).delete()


@transaction.atomic
def again(*, proposal_id: int, officer: Officer) -> Proposal:
    """A new selection of those entries of one's own proposal that were not changed, with the same values. Raises
    NoSuchProposal, GoneOn, NothingChosen."""
    earlier = own(proposal_id, officer, State.APPLIED)
    rest = earlier.bulk.lines.exclude(outcome=BulkLine.Outcome.DONE) if earlier.bulk else BulkLine.objects.none()
    ids = list(rest.order_by("id").values_list("subject_id", flat=True))
    proposal = choose(register=earlier.register, ids=ids, officer=officer)
    proposal.values, proposal.reason = earlier.values, earlier.reason
    proposal.save(update_fields=["values", "reason"])
    return proposal


# carrying out


def begin(proposal: Proposal, body: RegisterBody, officer: Officer) -> None:
    """From now on it is done; `officer` is who approved it."""
    rows = list(proposal.lines.order_by("id"))
    readable = access.rights_of(officer, body, to="read")
    entries = queries.several(body, readable, [row.entry_id for row in rows])
    bulk = bulks.prepare(
        officer=officer,
        deed=DEED,
        name=f"{body.name}: {proposal.get_deed_display()}",
        chosen=[_chosen(row, body, entries.get(row.entry_id)) for row in rows],
        given={"proposal": proposal.pk, "page": reverse("registers:proposal", args=[proposal.pk])},
        most=MOST,
    )
    bulks.begin(bulk, officer=officer, settled={line.pk: line.given for line in bulk.lines.all()})
    proposal.bulk = bulk
    proposal.save(update_fields=["bulk"])


def _chosen(row: ProposalLine, body: RegisterBody, entry: Entry | None) -> bulks.Chosen:
    title = title_of(body, entry) if entry else ""
    return bulks.Chosen((ENTRY, row.entry_id), 0, f"#{row.entry_id}", title, {"revision": row.revision})


def carry_on(proposal: Proposal) -> None:
    """Do a small one while somebody waits; of a large one a job does it."""
    bulk = proposal.bulk
    if bulk and not bulk.finished_at and bulks.progress(bulk).of(BulkLine.Outcome.OPEN) <= bulks.AT_ONCE:
        bulks.run(bulk.pk)


@bulks.doer(DEED)
def _do(officer: Officer, bulk: Bulk, line: BulkLine) -> None:
    proposal = Proposal.objects.get(pk=bulk.given["proposal"])
    body = queries.register(proposal.register)
    applying.require_fields(body, proposal)
    by = applying.approval_of(proposal) if proposal.decided_by_id else _unapproved(proposal, body)
    try:
        services.change(
            register=proposal.register,
            entry_id=line.subject_id,
            revision=int(line.given["revision"]),
            raw=contents.raw_of(body, proposal.values),
            officer=officer,
            valid_from=proposal.day,
            reason=proposal.reason,
            approved=by,
        )
    except services.ChangedMeanwhile:
        raise ChangedSinceChosen(_("It has been changed since it was chosen.")) from None
    except NotAccepted as wrong:
        raise DoesNotFit(in_words(body, wrong.errors)) from wrong


def _unapproved(proposal: Proposal, body: RegisterBody) -> Approved:
    """Raises ApprovalNeeded where the register wants approval by now."""
    services.require_no_approval(body, "bulk")
    return Approved(to="write", said={"proposal": proposal.pk})


@bulks.ender(DEED)
def _ended(bulk: Bulk) -> None:
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=bulk.given["proposal"])
    proposal.state, proposal.done = State.APPLIED, bulk.lines.filter(outcome=BulkLine.Outcome.DONE).count()
    proposal.save(update_fields=["state", "done"])
    notify(
        kind=notifying.PROPOSAL_CARRIED_OUT,
        to=Recipient(proposal.account_id),
        subject=(PROPOSAL, proposal.pk),
        key=str(proposal.key),
        context={
            "register": queries.register(proposal.register).name,
            "code": proposal.code,
            "done": proposal.done,
            "total": bulk.lines.count(),
        },
        link=reverse("registers:proposal", args=[proposal.pk]),
    )
