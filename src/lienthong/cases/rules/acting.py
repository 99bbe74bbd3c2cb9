"""What an officer's action in an open step makes of a dossier."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules.change import Change
from lienthong.cases.rules.refusals import (
    ActionNotOffered,
    AlreadyConsulted,
    AlreadySigned,
    ConsultationOpen,
    NothingToApprove,
    PersonNeeded,
    ReasonNeeded,
    StepNotOpen,
    SupplementsUsedUp,
    SupplementTooLate,
    WaitsForApplicant,
)
from lienthong.cases.rules.state import (
    Approved,
    Drafted,
    Form,
    Issued,
    OpenStep,
    Received,
    State,
    Status,
    Terms,
    Transition,
)
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.errors import DomainError
from lienthong.procedures.shapes import Action, Process, Step, StepKind, Verb

Holds = Callable[[str], bool]
"""Whether a CEL condition over the application is true."""


def submit(process: Process, terms: Terms, *, now: datetime, calendar: Calendar) -> Transition:
    """A new dossier: registered, with its reception step open."""
    change = Change(process, terms, State(Status.REGISTERED), now, calendar)
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
    _check(declared, chosen, terms, state, reason, post, now=now, calendar=calendar)
    change = Change(process, terms, state, now, calendar)
    if declared.kind is StepKind.PROCESSING and state.status is Status.RECEIVED:
        change.take(status=Status.PROCESSING)
    _VERBS[chosen.does](change, live, chosen)
    if not chosen.does.stays:
        change.close(live)
    if chosen.does.ends:
        change.close_all()
    for key in chosen.opens:
        change.open(key)
    if chosen.to:
        following = process.step(chosen.to)
        lies_with = _next_post(declared, following, chosen, acting, post, last_posts or {})
        change.open(chosen.to, lies_with, start=_moved_on(declared, chosen, terms, now, calendar))
    return change.done()


def _moved_on(done: Step, action: Action, terms: Terms, now: datetime, calendar: Calendar) -> datetime | None:
    """When a dossier on paper is moved on that came too late in the day to be moved at once."""
    if action.does is not Verb.ACCEPT or terms.next_day_after is None:
        return None
    return calendar.next_opening(now) if clock.local(now).time() > terms.next_day_after else None


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


def _check(
    declared: Step,
    action: Action,
    terms: Terms,
    state: State,
    reason: str,
    post: int | None,
    *,
    now: datetime,
    calendar: Calendar,
) -> None:
    if refusal := hindrance(declared, action, terms, state, now=now, calendar=calendar):
        raise refusal
    if action.reason_needed and not reason.strip():
        raise ReasonNeeded(_("Say why: the reason is part of the dossier."))
    if action.does is Verb.ASSIGN and post is None:
        raise PersonNeeded(_("Choose who is to handle the dossier."))


def hindrance(
    declared: Step, action: Action, terms: Terms, state: State, *, now: datetime, calendar: Calendar
) -> DomainError | None:
    """Why an action that the step offers cannot be carried out as things stand, whatever is filled in for it."""
    if action.after_consultations and any(state.step(name) for name in declared.waits_for):
        return ConsultationOpen(_("A consulted agency has not answered yet."))
    if any(state.step(name) for name in action.opens):
        return AlreadyConsulted(_("This agency is being consulted already."))
    if action.does is Verb.REQUEST_SUPPLEMENT and state.supplements >= terms.supplement_times:
        return SupplementsUsedUp(
            _("A supplement may be asked for %(times)s time(s) only; guidance must be complete in one go."),
            times=terms.supplement_times,
        )
    if action.does is Verb.REQUEST_SUPPLEMENT and _too_late_to_ask(terms, state, now, calendar):
        return SupplementTooLate(
            _("A supplement had to be asked for within %(limit)s of the reception."),
            way_out=_("Settle the dossier with what there is, or stop it with the reason."),
            limit=terms.supplement_within.text if terms.supplement_within else "",
        )
    if action.does is Verb.DRAFT and set(action.results) & state.signed:
        return AlreadySigned(_("This result has been signed already and cannot be drafted again."))
    if action.does is Verb.APPROVE and not state.drafted - state.signed:
        return NothingToApprove(_("There is no drafted result to approve."))
    return None


def _too_late_to_ask(terms: Terms, state: State, now: datetime, calendar: Calendar) -> bool:
    """NĐ 61/2018/NĐ-CP art. 19.4."""
    if terms.supplement_within is None or state.received is None:
        return False
    return now > calendar.add(state.received, terms.supplement_within)


def _nothing_more(change: Change, step: OpenStep, action: Action) -> None:
    pass


def _accept(change: Change, step: OpenStep, action: Action) -> None:
    due = change.calendar.add(change.now, change.terms.limit)
    change.take(status=Status.RECEIVED, received=change.now, due=due)
    change.effects += [Received(due), Issued(Form.RECEIPT)]


def _refuse(change: Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.REFUSED, finished=change.now)
    change.effects.append(Issued(Form.REFUSAL))


def _stop(change: Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.STOPPED, finished=change.now)
    change.effects.append(Issued(Form.STOP))


def _request_supplement(change: Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.SUPPLEMENT, paused=change.now, supplements=change.state.supplements + 1)
    change.keep(step, replace(step, waiting=True))
    change.effects.append(Issued(Form.SUPPLEMENT_REQUEST))


def _request_payment(change: Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.FINANCIAL, paused=change.now)
    change.keep(step, replace(step, waiting=True))


def _draft(change: Change, step: OpenStep, action: Action) -> None:
    change.take(drafted=change.state.drafted | set(action.results))
    change.effects.append(Drafted(action.results))


def _approve(change: Change, step: OpenStep, action: Action) -> None:
    results = tuple(sorted(change.state.drafted - change.state.signed))
    change.take(signed=change.state.signed | set(results))
    change.effects.append(Approved(results))


def _return_result(change: Change, step: OpenStep, action: Action) -> None:
    change.take(status=Status.RETURNED, finished=change.state.finished or change.now)


_VERBS: dict[Verb, Callable[[Change, OpenStep, Action], None]] = {
    Verb.FORWARD: _nothing_more,
    Verb.ASSIGN: _nothing_more,
    Verb.ANSWER: _nothing_more,
    Verb.ACCEPT: _accept,
    Verb.REFUSE: _refuse,
    Verb.REQUEST_SUPPLEMENT: _request_supplement,
    Verb.REQUEST_PAYMENT: _request_payment,
    Verb.CONSULT: _nothing_more,
    Verb.DRAFT: _draft,
    Verb.APPROVE: _approve,
    Verb.STOP: _stop,
    Verb.RETURN_RESULT: _return_result,
}
