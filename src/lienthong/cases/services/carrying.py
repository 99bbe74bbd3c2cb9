"""Carrying out a transition: the rows that follow from what the step machine decided.

A transition costs a fixed handful of statements, whatever it does: the dossier, its visits, its work items and the
ledger are each written once. Papers are made by jobs that follow the ledger (`cases.jobs`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from lienthong.cases import rules
from lienthong.cases.definition import RULE_SET, RuleSetBody
from lienthong.cases.models import Dossier, Extension, Paper, StepVisit
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.queries.gates import open_visits_of
from lienthong.cases.rules.talking import Desk, Lying, desk_in_hand
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock, rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.ledger.kinds import EventKind
from lienthong.foundation.numbering.services import dossier_code
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.codes import fresh_verification
from lienthong.identity.queries import Actor
from lienthong.procedures.shapes import ProcedureBody, Process, Step
from lienthong.work import services as work

DOSSIER = "dossier"
"""The type of subject under which the ledger and work items know dossiers."""

CONVERSATION = "conversation"
"""The type of subject under which work items know that an applicant waits for an answer; by the id of the dossier."""

WITHOUT_LIMIT = timedelta(days=30)
"""When a step without a limit, in a dossier without a due date, is wanted in the inbox."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What was done by whom, for the visit that it closes."""

    action: str = ""
    note: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    account_id: int | None = None
    post_id: int | None = None
    on_record: str = ""
    """Words that belong into the ledger itself: why an authorised person corrected something."""


def calendar_now() -> Calendar:
    return calendar_of(province().calendar)


def terms_of(procedure: ProcedureBody, rule_set: RuleSetBody, *, online: bool) -> rules.Terms:
    """The time rules of a dossier: what its procedure says, and where it is silent what the rule set says."""
    own = procedure.supplement
    after = rule_set.next_day_after if not online else ""
    return rules.Terms(
        limit=procedure.limit_of(online=online),
        reception_limit=rule_set.reception_limit,
        supplement_within=own.within if own else rule_set.supplement_within,
        apologies=rule_set.apologies,
        apology_before=rule_set.apology_before,
        next_day_after=time.fromisoformat(after) if after else None,
        supplement=own.rule if own else rule_set.supplement,
        supplement_times=own.times if own else rule_set.supplement_times,
        supplement_limit=own.limit if own and own.limit else rule_set.supplement_limit,
    )


@dataclass(frozen=True)
class Handled:
    """A locked dossier with everything the step machine wants to know."""

    dossier: Dossier
    visits: dict[str, StepVisit]
    """The open visits by step."""

    @cached_property
    def now(self) -> datetime:
        """The present, but never before what has already happened to the dossier: nothing is done before it began,
        though the clock of the host was set back."""
        dossier = self.dossier
        before = (dossier.submitted_at, dossier.received_at, dossier.paused_at, dossier.finished_at)
        opened = (visit.opened_at for visit in self.visits.values())
        return clock.local(max(clock.now(), *filter(None, before), *opened))

    @property
    def procedure(self) -> ProcedureBody:
        return procedure_of(self.dossier)

    @property
    def rule_set(self) -> RuleSetBody:
        return RULE_SET.pinned(self.dossier.rule_set_id)

    @property
    def code_identifier(self) -> str:
        """The identifier that begins the code: of the competent agency, in the form its rule set prescribes."""
        agency = tree()[self.dossier.competent_id]
        old = agency.old_identifier if self.rule_set.code_identifier == "old" else ""
        return old or agency.identifier

    @property
    def process(self) -> Process:
        return self.procedure.process

    @property
    def desk(self) -> Desk:
        """Who has the dossier in hand, as it was locked."""
        return self.desk_with(self.visits.values())

    def desk_with(self, open_visits: Iterable[StepVisit]) -> Desk:
        """Who has it in hand when these visits are open."""
        lying = [Lying(visit.step, visit.organisation_id, visit.post_id) for visit in open_visits]
        return desk_in_hand(self.process, lying, reception_id=self.dossier.reception_id)

    @property
    def terms(self) -> rules.Terms:
        return terms_of(self.procedure, self.rule_set, online=self.dossier.channel == Dossier.Channel.ONLINE)

    @property
    def state(self) -> rules.State:
        dossier = self.dossier
        return rules.State(
            status=rules.Status(dossier.status),
            open=tuple(
                rules.OpenStep(
                    key=visit.step,
                    opened=visit.opened_at,
                    due=visit.due_at,
                    post=visit.post_id,
                    waiting=visit.waiting,
                    id=visit.pk,
                )
                for visit in self.visits.values()
            ),
            received=dossier.received_at,
            due=dossier.due_at,
            paused=dossier.paused_at,
            finished=dossier.finished_at,
            supplements=dossier.supplements,
            apologies=dossier.apologies,
            drafted=frozenset(dossier.drafted),
            signed=frozenset(dossier.signed),
        )


def lock_dossier(dossier_id: int) -> Handled:
    """Lock the row of a dossier and read its open visits; a transition needs no other lock. Raises NoSuchDossier."""
    found = rows.fetch(Dossier, "id = %s FOR UPDATE", dossier_id)
    if not found:
        raise no_such_dossier()
    dossier = found[0]
    return Handled(dossier, {visit.step: visit for visit in open_visits_of(dossier)})


def carry_out(
    handled: Handled,
    transition: rules.Transition,
    *,
    event: EventKind,
    actor: Actor | None,
    doing: Doing,
    now: datetime,
) -> None:
    """Write what follows from a transition of a locked dossier, and put it on record as `event`."""
    dossier, before = handled.dossier, handled.state
    opened: list[rules.OpenStep] = []
    closed: list[rules.Closed] = []
    kept: list[rules.OpenStep] = []
    issued: list[rules.Form] = []
    approved: tuple[str, ...] = ()
    for effect in transition.effects:
        match effect:
            case rules.Opened(step):
                opened.append(step)
            case rules.Closed():
                closed.append(effect)
            case rules.Kept(step):
                kept.append(step)
            case rules.Issued(form):
                issued.append(form)
            case rules.Approved(results):
                approved = results
            case rules.Received():
                dossier.code = dossier.code or dossier_code(handled.code_identifier, now)
    take_state(dossier, before, transition.state, now)
    if before.status in rules.UNDER_WAY and transition.state.status not in rules.UNDER_WAY:
        call_off_extension(dossier, now)
    close_visits(handled, closed, doing=doing, now=now)
    keep_visits(handled, kept, doing=doing)
    visits = open_visits(handled, opened, doing=doing)
    if closed and dossier.asked_at:
        take_question_along(handled, visits)
    where = _where(handled, closed, kept, visits)
    issue_forms(handled, issued, before=before, doing=doing, organisation_id=where, now=now)
    ledger.record(
        event,
        subject=(DOSSIER, dossier.pk),
        actor=actor,
        organisation_id=where,
        at=max(now, clock.now()),
        data={
            "status": int(transition.state.status),
            **({"action": doing.action} if doing.action else {}),
            **({"reason": doing.on_record} if doing.on_record else {}),
            **({"closed": [done.step.id for done in closed]} if closed else {}),
            **({"opened": [visit.pk for visit in visits]} if visits else {}),
            **({"late": [done.step.key for done in closed if done.late]} if any(d.late for d in closed) else {}),
            **({"results": list(approved)} if approved else {}),
            **({"supplement": dossier.supplements} if dossier.supplements else {}),
        },
    )


def _where(handled: Handled, closed: list[rules.Closed], kept: list[rules.OpenStep], visits: list[StepVisit]) -> int:
    """The organisation in which it happened: that of the step acted in."""
    for step in (*(done.step for done in closed), *kept):
        return handled.visits[step.key].organisation_id
    return visits[0].organisation_id if visits else handled.dossier.reception_id


_COLUMNS = {
    "status": "status",
    "received": "received_at",
    "due": "due_at",
    "paused": "paused_at",
    "finished": "finished_at",
    "supplements": "supplements",
    "apologies": "apologies",
}


def take_state(dossier: Dossier, before: rules.State, after: rules.State, now: datetime) -> None:
    """Write the columns that changed; nothing when none did."""
    changed = []
    for name, column in _COLUMNS.items():
        if getattr(before, name) != getattr(after, name):
            setattr(dossier, column, getattr(after, name))
            changed.append(column)
    for name in ("drafted", "signed"):
        if getattr(before, name) != getattr(after, name):
            setattr(dossier, name, sorted(getattr(after, name)))
            changed.append(name)
    if before.received != after.received:
        changed.append("code")
    if after.status is rules.Status.RETURNED:
        dossier.returned_at = now
        changed.append("returned_at")
    if changed:
        rows.change(dossier, *changed)


_END = ["done_at", "done_by", "done_post", "late", "waiting", "action", "note", "answers"]


EXTENSION = "extension"
"""The type of subject under which work items know what is to be decided on a new date."""


def call_off_extension(dossier: Dossier, now: datetime) -> None:
    """Nobody has to decide any more on a new date that was asked for: the dossier is not under way."""
    for extension in rows.fetch(Extension, "dossier_id = %s AND decided_at IS NULL", dossier.pk):
        extension.decided_at, extension.granted = now, False
        extension.save(update_fields=["decided_at", "granted"])
        subject = (EXTENSION, extension.pk)
        work.close_items(subject=subject, parts=[extension.pk], at=now, account_id=None, outcome="called-off")


def close_visits(handled: Handled, closed: Iterable[rules.Closed], *, doing: Doing, now: datetime) -> None:
    """Close visits and their work items. The first is the one acted in; the others end because the dossier does."""
    done = list(closed)
    if not done:
        return
    for position, end in enumerate(done):
        visit = handled.visits[end.step.key]
        visit.done_at, visit.done_by_id, visit.done_post_id = now, doing.account_id, doing.post_id
        visit.late, visit.waiting = end.late, False
        visit.action = doing.action
        if position == 0:
            visit.note, visit.answers = doing.note, doing.answers
    ended = [handled.visits[end.step.key] for end in done]
    if len(ended) == 1:
        rows.change(ended[0], *_END, within=["opened_at"])
    else:
        StepVisit.objects.bulk_update(ended, _END)
    work.close_items(
        subject=(DOSSIER, handled.dossier.pk),
        parts=[visit.pk for visit in ended],
        at=now,
        account_id=doing.account_id,
        outcome=doing.action,
    )


def take_question_along(handled: Handled, opened: Iterable[StepVisit] = ()) -> None:
    """What the applicant has asked and nobody has answered lies with whoever has the dossier in hand now."""
    still_open = [visit for visit in handled.visits.values() if visit.done_at is None]
    desk = handled.desk_with([*still_open, *opened])
    work.lay_with(
        subject=(CONVERSATION, handled.dossier.pk),
        organisation_id=desk.organisation_id,
        role=desk.role,
        post_id=desk.post_id,
    )


def keep_visits(handled: Handled, kept: Iterable[rules.OpenStep], *, doing: Doing) -> None:
    for step in kept:
        visit = handled.visits[step.key]
        visit.due_at, visit.waiting = step.due, step.waiting
        if step.waiting:
            visit.request, visit.reply = doing.note, ""
        rows.change(visit, "due_at", "waiting", "request", "reply", within=["opened_at"])
        work.postpone(
            subject=(DOSSIER, handled.dossier.pk),
            part_id=visit.pk,
            due_at=step.due or visit.opened_at + WITHOUT_LIMIT,
            waiting=step.waiting,
        )


def open_visits(handled: Handled, opened: list[rules.OpenStep], *, doing: Doing) -> list[StepVisit]:
    """Open visits with their work items, each with the agency nearest to the competent one that does the step."""
    if not opened:
        return []
    dossier, agencies = handled.dossier, tree()
    visits = []
    for step in opened:
        declared = handled.process.step(step.key)
        agency = agency_of(dossier, declared, step.opened.date())
        post = agencies.posts.get(step.post) if step.post else None
        visits.append(
            StepVisit(
                dossier=dossier,
                step=step.key,
                organisation_id=agency.id,
                post_id=post.id if post and post.organisation_id == agency.id else None,
                opened_at=step.opened,
                due_at=step.due,
                request=doing.note,
            )
        )
    rows.insert(visits)
    work.open_items([_item(handled, visit) for visit in visits])
    return visits


def agency_of(dossier: Dossier, step: Step, day: date) -> Node:
    """Where a step is done: what belongs to the counter where the dossier was received, the rest nearest to the
    competent agency."""
    agencies = tree()
    if step.at == procedure_of(dossier).process.first.at:
        return agencies[dossier.reception_id]
    return agencies.nearest(step.at, agencies[dossier.competent_id], day)


_FORMS = {
    rules.Form.SUPPLEMENT_REQUEST: "supplement-request",
    rules.Form.REFUSAL: "refusal",
    rules.Form.APOLOGY: "apology",
    rules.Form.STOP: "stop",
}


def issue_forms(
    handled: Handled,
    issued: Iterable[rules.Form],
    *,
    before: rules.State,
    doing: Doing,
    organisation_id: int,
    now: datetime,
) -> None:
    """Put on record what a prescribed form says; its file is made afterwards. A receipt says nothing of its own: the
    job that makes it puts it on record too. A form that the rule set does not know is not issued."""
    for form in issued:
        kind = _FORMS.get(form)
        if kind is None or not handled.rule_set.prescribes(kind):
            continue
        paper = Paper(
            dossier=handled.dossier,
            kind=kind,
            key=_which(form, handled.dossier),
            name=handled.rule_set.form(kind).name,
            state=Paper.State.ISSUED,
            data=_said(form, handled, before, doing),
            organisation_id=organisation_id,
            account_id=doing.account_id,
            post_id=doing.post_id,
            issued_at=now,
            verification=fresh_verification(),
        )
        rows.insert([paper])


def _which(form: rules.Form, dossier: Dossier) -> str:
    """The how manyth it is, of a form that there may be several of."""
    if form is rules.Form.SUPPLEMENT_REQUEST:
        return str(dossier.supplements)
    return str(dossier.apologies) if form is rules.Form.APOLOGY else ""


def _said(form: rules.Form, handled: Handled, before: rules.State, doing: Doing) -> dict[str, str]:
    said = {"reason": doing.note}
    if form is rules.Form.APOLOGY and before.due and handled.dossier.due_at:
        said |= {"old_due": before.due.isoformat(), "new_due": handled.dossier.due_at.isoformat()}
    if form is rules.Form.STOP:
        said |= {"stage": ", ".join(handled.process.step(step.key).name for step in before.open)}
    return said


def _item(handled: Handled, visit: StepVisit) -> work.NewItem:
    dossier, step = handled.dossier, handled.process.step(visit.step)
    consultation = step.kind == "consultation"
    return work.NewItem(
        subject=(DOSSIER, dossier.pk),
        part_id=visit.pk,
        task=step.name,
        title=f"{dossier.title} – {dossier.applicant_name}" if dossier.title else dossier.applicant_name,
        code=dossier.code or dossier.tracking,
        organisation_id=visit.organisation_id,
        role=step.role,
        post_id=visit.post_id,
        opened_at=visit.opened_at,
        due_at=visit.due_at or visit.opened_at + WITHOUT_LIMIT,
        purpose=work.KNOW if step.dossier else work.COOPERATE if consultation else work.ACT,
    )
