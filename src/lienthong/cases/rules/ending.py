"""Ends that no officer's action in a step brings about."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules.change import Change
from lienthong.cases.rules.refusals import NothingToCorrect, NotWaiting, StepNotOpen, TooLateToWithdraw
from lienthong.cases.rules.state import Form, Issued, State, Status, Terms, Transition
from lienthong.foundation.calendars.rules import Calendar
from lienthong.procedures.shapes import Process


def withdraw(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """The applicant takes the dossier back. Possible until the result is there. Raises TooLateToWithdraw."""
    if state.status.ended or state.status is Status.FINISHED:
        raise TooLateToWithdraw(_("The dossier has been settled already and can no longer be withdrawn."))
    change = Change(process, terms, state, now, calendar)
    change.close_all()
    change.take(status=Status.WITHDRAWN, finished=now, paused=None)
    return change.done()


def lapse(process: Process, terms: Terms, state: State, *, step: str, now: datetime, calendar: Calendar) -> Transition:
    """A consultation whose limit has passed in silence counts as consent, where the procedure says so."""
    live = state.step(step)
    if live is None or not process.step(step).silence_is_consent or live.due is None or now <= live.due:
        raise StepNotOpen(_("This consultation cannot lapse now."))
    change = Change(process, terms, state, now, calendar)
    change.close(live)
    return change.done()


def report(process: Process, terms: Terms, state: State, *, step: str, now: datetime, calendar: Calendar) -> Transition:
    """The dossier in another agency that a step waits for is at its end, whatever came of it. Raises StepNotOpen."""
    live = state.step(step)
    if live is None or process.step(step).dossier is None:
        raise StepNotOpen(_("This step is not open any more."))
    change = Change(process, terms, state, now, calendar)
    change.close(live)
    return change.done()


def expire(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """The applicant has let the time for a supplement pass: processing stops, or where the dossier was never received
    it is refused. Raises NotWaiting."""
    if state.status is not Status.SUPPLEMENT or state.paused is None or terms.supplement_limit is None:
        raise NotWaiting(_("Nobody is waiting for a supplement to this dossier."))
    if now <= calendar.add(state.paused, terms.supplement_limit):
        raise NotWaiting(_("The applicant still has time for the supplement."))
    change = Change(process, terms, state, now, calendar)
    change.close_all()
    status, form = (Status.STOPPED, Form.STOP) if state.received else (Status.REFUSED, Form.REFUSAL)
    change.take(status=status, finished=now, paused=None)
    change.effects.append(Issued(form))
    return change.done()


def undo_acceptance(process: Process, terms: Terms, state: State, *, now: datetime, calendar: Calendar) -> Transition:
    """A dossier that was accepted by mistake goes back to reception: no due date, nothing handled yet.

    Not once a result was signed, nor while the applicant is asked for something. Raises NothingToCorrect.
    """
    if state.received is None or state.status not in {Status.RECEIVED, Status.PROCESSING} or state.signed:
        raise NothingToCorrect(
            _("The acceptance of this dossier cannot be taken back any more."),
            way_out=_("Stop the dossier with the reason, or finish it."),
        )
    change = Change(process, terms, state, now, calendar)
    change.close_all()
    change.take(status=Status.REGISTERED, received=None, due=None, drafted=frozenset())
    change.open(process.first.key)
    return change.done()
