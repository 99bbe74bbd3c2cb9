"""The step machine: what an action makes of a dossier. Plain values in, plain values out.

`act`, `supplement`, `withdraw` and `lapse` take the state of a dossier and give the next state with the effects that
the services carry out. No database, no request, no clock: the moment and the calendar are arguments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Literal

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.calendars.rules import Calendar, Limit
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.procedures.shapes import Action, Process, Step, StepKind, Verb

Holds = Callable[[str], bool]
"""Whether a CEL condition over the application is true."""


class Status(IntEnum):
    """The ten statuses of the National Portal (`domain` table of dossier statuses, Quyết định 31/2021/QĐ-TTg)."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    FINANCIAL = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10

    @property
    def ended(self) -> bool:
        return self in {Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED}


class Form(IntEnum):
    """The prescribed papers that an action issues, by their numbers in TT 01/2018/TT-VPCP."""

    RECEIPT = 1
    SUPPLEMENT_REQUEST = 2
    REFUSAL = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """The time rules of one dossier: those of its procedure, and where it is silent those of the rule set."""

    limit: Limit
    reception_limit: Limit
    supplement: Literal["pause", "restart"]
    supplement_times: int
    supplement_limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that is being done. `id` is the row's; a step just opened has none yet."""

    key: str
    opened: datetime
    due: datetime | None
    post: int | None = None
    waiting: bool = False
    id: int | None = None

    def late_at(self, moment: datetime) -> bool:
        return self.due is not None and not self.waiting and moment > self.due


@dataclass(frozen=True, slots=True)
class State:
    """Where a dossier stands. Moments are aware; `due` is unknown until the dossier is received."""

    status: Status
    open: tuple[OpenStep, ...] = ()
    received: datetime | None = None
    due: datetime | None = None
    paused: datetime | None = None
    finished: datetime | None = None
    supplements: int = 0
    drafted: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()

    def step(self, key: str) -> OpenStep | None:
        return next((step for step in self.open if step.key == key), None)


@dataclass(frozen=True, slots=True)
class Opened:
    step: OpenStep


@dataclass(frozen=True, slots=True)
class Closed:
    step: OpenStep
    late: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A step that goes on, with another due moment or waiting for the applicant."""

    step: OpenStep


@dataclass(frozen=True, slots=True)
class Received:
    """The dossier gets its code and its due date."""

    due: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    form: Form


@dataclass(frozen=True, slots=True)
class Drafted:
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """These results get their numbers and are signed."""

    results: tuple[str, ...]


Effect = Opened | Closed | Kept | Received | Issued | Drafted | Approved


@dataclass(frozen=True, slots=True)
class Transition:
    state: State
    effects: tuple[Effect, ...] = field(default=())


class StepNotOpen(Conflict):
    code = "cases.step_not_open"


class ActionNotOffered(DomainError):
    code = "cases.action_not_offered"


class ReasonNeeded(DomainError):
    code = "cases.reason_needed"


class PersonNeeded(DomainError):
    code = "cases.person_needed"


class WaitsForApplicant(DomainError):
    code = "cases.waits_for_applicant"


class ConsultationOpen(DomainError):
    code = "cases.consultation_open"


class AlreadyConsulted(DomainError):
    code = "cases.already_consulted"


class SupplementsUsedUp(DomainError):
    code = "cases.supplements_used_up"


class NothingToApprove(DomainError):
    code = "cases.nothing_to_approve"


class AlreadySigned(DomainError):
    code = "cases.already_signed"


class NotWaiting(DomainError):
    code = "cases.not_waiting"


class TooLateToWithdraw(DomainError):
    code = "cases.too_late_to_withdraw"


class _Change:
    """A state under change: collects the effects, keeps the open steps in step with them."""

    def __init__(self, process: Process, terms: Terms, state: State, now: datetime, calendar: Calendar) -> None:
        self.process, self.terms, self.now, self.calendar = process, terms, now, calendar
        self.state = state
        self.effects: list[Effect] = []

    def done(self) -> Transition:
        return Transition(self.state, tuple(self.effects))

    def take(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def open(self, key: str, post: int | None = None) -> None:
        step = self.process.step(key)
        if step.kind is StepKind.RETURN:
            self.take(status=Status.FINISHED, finished=self.now)
        limit = self.terms.reception_limit if step.kind is StepKind.RECEPTION and not step.limit else step.limit
        due = self.calendar.add(self.now, limit) if limit else self.state.due
        opened = OpenStep(key, self.now, due, post)
        self.take(open=(*self.state.open, opened))
        self.effects.append(Opened(opened))

    def close(self, step: OpenStep) -> None:
        self.take(open=tuple(other for other in self.state.open if other is not step))
        self.effects.append(Closed(step, late=step.late_at(self.now)))

    def close_all(self) -> None:
        for step in self.state.open:
            self.close(step)

    def keep(self, step: OpenStep, kept: OpenStep) -> None:
        self.take(open=tuple(kept if other is step else other for other in self.state.open))
        self.effects.append(Kept(kept))


def submit(process: Process, terms: Terms, *, now: datetime, calendar: Calendar) -> Transition:
    """A new dossier: registered, with its reception step open."""
    change = _Change(process, terms, State(Status.REGISTERED), now, calendar)
    change.open(process.first.key)
    return change.done()


def offered(process: Process, state: State, step: OpenStep, *, holds: Holds) -> list[Action]:
    """The actions an officer may choose from in an open step, in declared order."""
    if step.waiting or state.status.ended:
        return []
    return [action for action in process.step(step.key).actions if not action.when or holds(action.when)]


def act(
    process: Process,
    terms: Terms,
    state: State,
    *,
    step: str,
    action: str,
    now: datetime,
    calendar: Calendar,
    holds: Holds,
    acting: int | None = None,
    reason: str = "",
    post: int | None = None,
    last_posts: Mapping[str, int] | None = None,
) -> Transition:
    """Carry out an officer's action in an open step.

    `acting` is the post the officer acts in, `post` the one chosen by an assignment. A step that the same desk does
    next stays with the person; one that an action sends back to goes to who did it last, by `last_posts`. Raises
    StepNotOpen, WaitsForApplicant, ActionNotOffered (naming what is), ReasonNeeded, PersonNeeded, ConsultationOpen,
    AlreadyConsulted, SupplementsUsedUp, AlreadySigned, NothingToApprove.
    """
    live = state.step(step)
    if live is None:
        raise StepNotOpen(_("This step is not open any more."))
    if live.waiting:
        raise WaitsForApplicant(_("The dossier waits for the applicant; it goes on when the supplement arrives."))
    declared = process.step(step)
    chosen = _chosen(process, state, live, action, holds)
    _check(declared, chosen, terms, state, reason, post)
    change = _Change(process, terms, state, now, calendar)
    if declared.kind is StepKind.PROCESSING and state.status is Status.RECEIVED:
        change.take(status=Status.PROCESSING)
    _VERBS[chosen.does](change, live, chosen)
    if not chosen.does.stays:
        change.close(live)
    if chosen.does.ends:
        change.close_all()
    if chosen.to:
        change.open(chosen.to, _next_post(declared, process.step(chosen.to), chosen, acting, post, last_posts or {}))
    return change.done()


def _next_post(
    done: Step, following: Step, action: Action, acting: int | None, chosen: int | None, last_posts: Mapping[str, int]
) -> int | None:
    """With whom the next step lies: None means with everybody at its desk."""
    if action.does is Verb.ASSIGN:
        return chosen
    if action.back:
        return last_posts.get(following.key)
    return acting if (done.at, done.role) == (following.at, following.role) else None


def _chosen(process: Process, state: State, step: OpenStep, action: str, holds: Holds) -> Action:
    choices = offered(process, state, step, holds=holds)
    for choice in choices:
        if choice.key == action:
            return choice
    raise ActionNotOffered(
        _("This cannot be done in the step “%(step)s”."),
        way_out=_("What can be done now: %(choices)s."),
        step=process.step(step.key).name,
        choices=", ".join(choice.name for choice in choices) or "–",
    )


def _check(declared: Step, action: Action, terms: Terms, state: State, reason: str, post: int | None) -> None:
    if refusal := hindrance(declared, action, terms, state):
        raise refusal
    if action.reason_needed and not reason.strip():
        raise ReasonNeeded(_("Say why: the reason is part of the dossier."))
    if action.does is Verb.ASSIGN and post is None:
        raise PersonNeeded(_("Choose who is to handle the dossier."))


def hindrance(declared: Step, action: Action, terms: Terms, state: State) -> DomainError | None:
    """Why an action that the step offers cannot be carried out as things stand, whatever is filled in for it."""
    if action.after_consultations and any(state.step(name) for name in declared.waits_for):
        return ConsultationOpen(_("A consulted agency has not answered yet."))
    if action.does is Verb.CONSULT and any(state.step(name) for name in action.opens):
        return AlreadyConsulted(_("This agency is being consulted already."))
    if action.does is Verb.REQUEST_SUPPLEMENT and state.supplements >= terms.supplement_times:
        return SupplementsUsedUp(
            _("A supplement may be asked for %(times)s time(s) only; guidance must be complete in one go."),
            times=terms.supplement_times,
        )
    if action.does is Verb.DRAFT and set(action.results) & state.signed:
        return AlreadySigned(_("This result has been signed already and cannot be drafted again."))
    if action.does is Verb.APPROVE and not state.drafted - state.signed:
        return NothingToApprove(_("There is no drafted result to approve."))
    return None


def _nothing_more(change: _Change, step: OpenStep, action: Action) -> None:
    pass


def _accept(change: _Change, step: OpenStep, action: Action) -> None:
    due = change.calendar.add(change.now, change.terms.limit)
    change.take(status=Status.RECEIVED, received=change.now, due=due)
    change.effects += [Received(due), Issued(Form.RECEIPT)]


def _refuse(change: _Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.REFUSED, finished=change.now)
    change.effects.append(Issued(Form.REFUSAL))


def _stop(change: _Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.STOPPED, finished=change.now)


def _request_supplement(change: _Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.SUPPLEMENT, paused=change.now, supplements=change.state.supplements + 1)
    change.keep(step, replace(step, waiting=True))
    change.effects.append(Issued(Form.SUPPLEMENT_REQUEST))


def _consult(change: _Change, step: OpenStep, action: Action) -> None:
    for key in action.opens:
        change.open(key)


def _draft(change: _Change, step: OpenStep, action: Action) -> None:
    change.take(drafted=change.state.drafted | set(action.results))
    change.effects.append(Drafted(action.results))


def _approve(change: _Change, step: OpenStep, action: Action) -> None:
    results = tuple(sorted(change.state.drafted - change.state.signed))
    change.take(signed=change.state.signed | set(results))
    change.effects.append(Approved(results))


def _return_result(change: _Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.RETURNED, finished=change.state.finished or change.now)


_VERBS: dict[Verb, Callable[[_Change, OpenStep, Action], None]] = {
    Verb.FORWARD: _nothing_more,
    Verb.ASSIGN: _nothing_more,
    Verb.ANSWER: _nothing_more,
    Verb.ACCEPT: _accept,
    Verb.REFUSE: _refuse,
    Verb.REQUEST_SUPPLEMENT: _request_supplement,
    Verb.CONSULT: _consult,
    Verb.DRAFT: _draft,
    Verb.APPROVE: _approve,
    Verb.STOP: _stop,
    Verb.RETURN_RESULT: _return_result,
}


def supplement(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """The applicant has handed in what was missing: the waiting step goes on.

    By the rule `pause` the due dates move by the time that was waited; by `restart` the whole limit is counted again
    from now (NĐ 61/2018/NĐ-CP art. 19.4). A dossier not yet received has no due date, only its reception begins anew.
    Raises NotWaiting.
    """
    waiting = next((step for step in state.open if step.waiting), None)
    if waiting is None or state.paused is None:
        raise NotWaiting(_("Nobody is waiting for a supplement to this dossier."))
    change = _Change(process, terms, state, now, calendar)
    change.take(
        status=Status.PROCESSING if state.received else Status.REGISTERED,
        paused=None,
        due=_due_after_pause(state.due, terms.limit, state.paused, terms, now, calendar),
    )
    limit = process.step(waiting.key).limit or terms.reception_limit
    restarts = not state.received
    due = (
        calendar.add(now, limit)
        if restarts
        else _due_after_pause(waiting.due, limit, state.paused, terms, now, calendar)
    )
    change.keep(waiting, replace(waiting, waiting=False, due=due))
    return change.done()


def _due_after_pause(
    due: datetime | None, limit: Limit, paused: datetime, terms: Terms, now: datetime, calendar: Calendar
) -> datetime | None:
    if due is None:
        return None
    if terms.supplement == "restart":
        return calendar.add(now, limit)
    return calendar.resume(due, paused, now)


def withdraw(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """The applicant takes the dossier back. Possible until the result is there. Raises TooLateToWithdraw."""
    if state.status.ended or state.status is Status.FINISHED:
        raise TooLateToWithdraw(_("The dossier has been settled already and can no longer be withdrawn."))
    change = _Change(process, terms, state, now, calendar)
    change.close_all()
    change.take(status=Status.WITHDRAWN, finished=now, paused=None)
    return change.done()


def lapse(process: Process, terms: Terms, state: State, *, step: str, now: datetime, calendar: Calendar) -> Transition:
    """A consultation whose limit has passed in silence counts as consent, where the procedure says so."""
    live = state.step(step)
    if live is None or not process.step(step).silence_is_consent or live.due is None or now <= live.due:
        raise StepNotOpen(_("This consultation cannot lapse now."))
    change = _Change(process, terms, state, now, calendar)
    change.close(live)
    return change.done()
