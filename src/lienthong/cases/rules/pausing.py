"""The clock stands still while somebody outside must do something first, and goes on when it is done."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules.change import Change
from lienthong.cases.rules.refusals import NotWaiting
from lienthong.cases.rules.state import OpenStep, State, Status, Terms, Transition
from lienthong.foundation.calendars.rules import Calendar, Limit
from lienthong.procedures.shapes import Process, StepKind


def supplement(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """The applicant has handed in what was missing: the waiting step goes on.

    By the rule `pause` the due dates move by the time that was waited; by `restart` the whole limit is counted again
    from now (NĐ 61/2018/NĐ-CP art. 19.4). A dossier not yet received has no due date, only its reception begins anew.
    Raises NotWaiting.
    """
    waiting = _waiting(state, Status.SUPPLEMENT)
    if waiting is None:
        raise NotWaiting(_("Nobody is waiting for a supplement to this dossier."))
    return _go_on(process, terms, state, waiting, now, calendar, restart=terms.supplement == "restart")


def settle(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """The applicant has met the financial obligation: the waiting step goes on, later by the time that was waited.

    Raises NotWaiting.
    """
    waiting = _waiting(state, Status.FINANCIAL)
    if waiting is None:
        raise NotWaiting(_("Nobody is waiting for a payment in this dossier."))
    return _go_on(process, terms, state, waiting, now, calendar, restart=False)


def _waiting(state: State, status: Status) -> OpenStep | None:
    if state.status is not status or state.paused is None:
        return None
    return next((step for step in state.open if step.waiting), None)


def _go_on(
    process: Process,
    terms: Terms,
    state: State,
    waiting: OpenStep,
    now: datetime,
    calendar: Calendar,
    *,
    restart: bool,
) -> Transition:
    paused = state.paused
    assert paused is not None

    def later(due: datetime | None, limit: Limit) -> datetime | None:
        if due is None:
            return None
        return calendar.add(now, limit) if restart else calendar.resume(due, paused, now)

    declared = process.step(waiting.key)
    limit = declared.limit or terms.reception_limit
    step_due = later(waiting.due, limit) if state.received else calendar.add(now, limit)
    change = Change(process, terms, state, now, calendar)
    change.take(status=_status_again(state, declared.kind), paused=None, due=later(state.due, terms.limit))
    change.keep(waiting, replace(waiting, waiting=False, due=step_due))
    return change.done()


def _status_again(state: State, kind: StepKind) -> Status:
    if kind is StepKind.RETURN:
        return Status.FINISHED
    return Status.PROCESSING if state.received else Status.REGISTERED
