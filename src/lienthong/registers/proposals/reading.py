"""Proposals as their pages and the API show them, each limited to what the reader may see.

Opening one that holds personal data is a reading: it is for a purpose, and on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import ledger
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.data import is_empty
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import Officer
from lienthong.registers import access, events, queries, rules, titles
from lienthong.registers.context import context
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.proposals import applying, contents, policy
from lienthong.registers.proposals.contents import Difference
from lienthong.registers.proposals.models import Proposal, ProposalLine
from lienthong.registers.proposals.surveying import Line, survey
from lienthong.registers.queries import Entry, NoSuchEntry
from lienthong.registers.services import PurposeNeeded
from lienthong.registers.services.reading import subject_of_readings
from lienthong.work import bulk as bulks
from lienthong.work.models import BulkLine

PAGE = 50
PROPOSAL_READ = "register-proposal-read"
"""The type of subject under which the ledger knows that somebody read a proposed entry, or opened a file of it."""
State, Deed = Proposal.State, Proposal.Deed

OPEN, MINE, DECIDED = "dang-cho", "cua-toi", "da-xong"
"""Parts of the list, as its address calls them."""


def page(officer: Officer, body: RegisterBody, part: str, *, before: int | None = None) -> list[Proposal]:
    """The newest first, one more than a page when there is a next; with how many entries each is about. One query."""
    if part == MINE:
        found = Proposal.objects.filter(register=body.key, account_id=officer.account_id)
    else:
        open_ones = [State.WAITING, State.RETURNED]
        found = policy.visible(officer, body)
        found = found.exclude(state__in=open_ones) if part == DECIDED else found.filter(state__in=open_ones)
    if before is not None:
        found = found.filter(pk__lt=before)
    counted = found.select_related("account", "decided_by").annotate(entries=Count("lines"))
    return list(counted.order_by("-pk")[: PAGE + 1])


def open_for(officer: Officer, body: RegisterBody, entry_id: int) -> list[Proposal]:
    """What is proposed of an entry and not decided yet. One query."""
    found = policy.visible(officer, body).filter(entry_id=entry_id, state__in=[State.WAITING, State.RETURNED])
    return list(found.select_related("account").order_by("pk"))


def title(officer: Officer, body: RegisterBody, proposal: Proposal) -> str:
    """What the entry is called, to those who may read that."""
    theirs = access.rights_of(officer, body, to="read").fields_at(proposal.organisation_id)
    if proposal.deed == Deed.BULK or theirs.issuperset(body.title):
        return proposal.title
    return f"#{proposal.entry_id}" if proposal.entry_id else ""


def visible(proposal_id: int, officer: Officer) -> tuple[Proposal, RegisterBody]:
    """The one gate to a proposal: what is not there and what is not theirs is the same. Raises NoSuchProposal."""
    register = Proposal.objects.filter(pk=proposal_id).values_list("register", flat=True).first()
    body = next((each.body for each in REGISTER.all() if each.key == register), None)
    if body is None or not access.rights_of(officer, body, to="read"):
        raise policy.no_such_proposal()
    own = Proposal.objects.filter(account_id=officer.account_id)
    found = (policy.visible(officer, body) | own).filter(pk=proposal_id)
    one = found.select_related("account", "decided_by", "bulk").first()
    if one is None:
        raise policy.no_such_proposal()
    return one, body


@dataclass(frozen=True, slots=True)
class Opened:
    """`keys`: the fields that it writes and the reader may see; `hidden`: how many they may not. `entry`: as it is now;
    None of a new one, and of one that is gone. `obstacle`: why it cannot be approved as things stand. `changed`: the
    entry is at another revision than it was."""

    proposal: Proposal
    body: RegisterBody
    title: str
    keys: frozenset[str]
    entry: Entry | None
    differences: Sequence[Difference]
    hidden: int
    obstacle: str
    changed: bool
    personal: bool
    may_decide: bool
    is_own: bool
    opens_files: bool

    @property
    def conflicts(self) -> bool:
        return any(each.conflict for each in self.differences)


@transaction.atomic
def read(*, proposal_id: int, officer: Officer, purpose: str = "") -> Opened:
    """A proposal with what it would make different. Raises NoSuchProposal and PurposeNeeded."""
    proposal, body = visible(proposal_id, officer)
    rights = access.rights_of(officer, body, to="read")
    then = REGISTER.pinned(proposal.version_id) if contents.gone(body, proposal.values) else body
    keys = _readable(officer, proposal, body, then)
    entry = _entry(proposal, body, rights)
    told = _personal(proposal, then, keys)
    if told:
        _require_purpose(purpose)
        _put_on_record(proposal, officer, purpose, {})
    changed = proposal.is_open and entry is not None and entry.revision != proposal.revision
    waiting = proposal.state == State.WAITING
    return Opened(
        proposal=proposal,
        body=body,
        title=title(officer, body, proposal),
        keys=keys,
        entry=entry,
        differences=_differences(proposal, body, then, rights, keys, entry if changed else None),
        hidden=len(proposal.values.keys() - keys),
        obstacle=_obstacle(proposal, body, entry) if proposal.is_open else "",
        changed=changed,
        personal=told,
        may_decide=waiting and policy.may_decide(officer, body, proposal),
        is_own=proposal.account_id == officer.account_id,
        opens_files=_opens_files(officer, body, proposal),
    )


@transaction.atomic
def read_file(*, proposal_id: int, file_id: int, officer: Officer, purpose: str = "") -> StoredFile:
    """A file that a proposal names, or that stood in the same field before, for who made it and who may decide on it.
    That it was opened is on record; `purpose` as in `read`, where it is personal data.

    Raises NoSuchProposal and PurposeNeeded.
    """
    proposal, body = visible(proposal_id, officer)
    then = REGISTER.pinned(proposal.version_id) if contents.gone(body, proposal.values) else body
    keys = _readable(officer, proposal, body, then)
    named = {key for said in (proposal.values, proposal.before) for key in contents.naming(said, file_id)} & keys
    opens = named and _opens_files(officer, body, proposal)
    file = StoredFile.objects.filter(pk=file_id).first() if opens else None
    if file is None:
        raise policy.no_such_proposal()
    data = {"file": file_id}
    if named <= set(then.personal):
        _require_purpose(purpose)
        _put_on_record(proposal, officer, purpose, data)
    else:
        _record(events.PROPOSAL_FILE_OPENED, (PROPOSAL_READ, proposal.pk), proposal, officer, data)
    return file


def _opens_files(officer: Officer, body: RegisterBody, proposal: Proposal) -> bool:
    return proposal.account_id == officer.account_id or policy.may_decide(officer, body, proposal)


def _readable(officer: Officer, proposal: Proposal, body: RegisterBody, then: RegisterBody) -> frozenset[str]:
    """Of the fields that it writes. What the register does not have any more is read by the rights it was under."""
    now = access.rights_of(officer, body, to="read").fields_at(proposal.organisation_id)
    before = access.rights_of(officer, then, to="read").fields_at(proposal.organisation_id)
    return frozenset(key for key in proposal.values if key in before and (key in now or key not in body.leaves))


def _entry(proposal: Proposal, body: RegisterBody, rights: access.Rights) -> Entry | None:
    if proposal.entry_id is None:
        return None
    try:
        return queries.entry(body, rights, proposal.entry_id)
    except NoSuchEntry:
        return None


def _personal(proposal: Proposal, then: RegisterBody, keys: frozenset[str]) -> bool:
    said = (proposal.values.get(key) or proposal.before.get(key) for key in keys.intersection(then.personal))
    return any(json is not None for json in said)


def _require_purpose(purpose: str) -> None:
    if not purpose:
        raise PurposeNeeded(
            _("This proposal holds personal data."), way_out=_("Say what you need it for; it is put on record.")
        )


def _put_on_record(proposal: Proposal, officer: Officer, purpose: str, data: Mapping[str, int]) -> None:
    """As a reading of the entry, where there is one."""
    subject = (PROPOSAL_READ, proposal.pk)
    if proposal.entry_id:
        subject = subject_of_readings(proposal.register, proposal.entry_id)
    _record(events.SEEN, subject, proposal, officer, {"purpose": purpose, **data})


def _record(
    event: ledger.EventKind, subject: Subject, proposal: Proposal, officer: Officer, data: Mapping[str, Any]
) -> None:
    ledger.record(
        event,
        subject=subject,
        actor=officer,
        organisation_id=proposal.organisation_id,
        data={"proposal": proposal.pk, **data},
    )


def _differences(
    proposal: Proposal,
    body: RegisterBody,
    then: RegisterBody,
    rights: access.Rights,
    keys: frozenset[str],
    entry: Entry | None,
) -> list[Difference]:
    if proposal.deed == Deed.BULK:
        return []
    before, after = (contents.values_of(then, said, keys) for said in (proposal.before, proposal.values))
    now = None
    if entry is not None:
        there = contents.said(body, entry.values, [key for key in keys if key in body.leaves])
        now = contents.values_of(then, {**proposal.before, **there}, keys)
    titles.fill_in(then, [each for each in (before, after, now) if each is not None], rights)
    return contents.differences(then, before, after, now, context())


def _obstacle(proposal: Proposal, body: RegisterBody, entry: Entry | None) -> str:
    """What is plain without trying; the rest is said when it is approved."""
    try:
        applying.require_fields(body, proposal)
    except DomainError as refused:
        return refused.in_full
    if proposal.entry_id is None:
        return ""
    if entry is None:
        return _now("The entry is not in the register any more.")
    if entry.valid_until and proposal.deed != Deed.CORRECT:
        return str(rules.Ended(_("The entry ended on %(day)s."), day=f"{entry.valid_until:%d/%m/%Y}"))
    return ""


# of many entries


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an entry. Without an outcome it is only what would become of it."""

    line: Line
    outcome: str = ""
    label: str = ""
    message: str = ""


def lines(proposal: Proposal, *, after: int = 0) -> list[ProposalLine]:
    """A page of the entries in their order, one more when there is a next. One query."""
    return list(proposal.lines.filter(pk__gt=after).order_by("pk")[: PAGE + 1])


def results(officer: Officer, body: RegisterBody, proposal: Proposal, rows: Sequence[ProposalLine]) -> list[Result]:
    """With what would become of each, or what has. Three queries, and one for each register they point to."""
    found = survey(proposal, body, officer, rows=rows)
    if proposal.bulk is None:
        return [Result(line) for line in found]
    ids = [row.entry_id for row in rows]
    done = {line.subject_id: line for line in proposal.bulk.lines.filter(subject_id__in=ids)}
    return [_result(line, done.get(line.row.entry_id)) for line in found]


def _result(line: Line, done: BulkLine | None) -> Result:
    return Result(line, done.outcome, done.get_outcome_display(), done.message) if done else Result(line)


def progress(proposal: Proposal) -> bulks.Progress | None:
    """How far it is; None before it begins, and when it is no longer known."""
    return bulks.progress(proposal.bulk) if proposal.bulk else None


def settings(opened: Opened, officer: Officer) -> list[tuple[str, str]]:
    """What a change of many sets: label and value of the fields that may be read."""
    proposal, body = opened.proposal, opened.body
    then = REGISTER.pinned(proposal.version_id) if contents.gone(body, proposal.values) else body
    keys = opened.keys
    values = contents.values_of(then, proposal.values, keys)
    titles.fill_in(then, [values], access.rights_of(officer, body, to="read"))
    known, flat = context(), then.layout.flat(values)
    fields = ((then.leaves[key].field, flat[key]) for key in then.leaves if key in keys)
    return [(field.label, "" if is_empty(value) else field.show(value, known)) for field, value in fields]
