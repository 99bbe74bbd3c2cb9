"""An apology with a new date."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules.change import Change
from lienthong.cases.rules.refusals import ApologiesUsedUp, NewDateNotLater, NothingToPostpone
from lienthong.cases.rules.state import Form, Issued, State, Status, Terms, Transition
from lienthong.foundation.calendars.rules import Calendar
from lienthong.procedures.shapes import Process

_BEING_HANDLED = {Status.RECEIVED, Status.PROCESSING}


def apologise(
    process: Process, terms: Terms, state: State, *, new_due: datetime, now: datetime, calendar: Calendar
) -> Transition:
    """Promise a later date, so often as the rule set allows (NĐ 61/2018/NĐ-CP art. 19.9: once).

    The due date becomes the next working moment at or after `new_due`; open steps that had the dossier's own due date
    get it too, those with a limit of their own stay late when they are. Raises NothingToPostpone, ApologiesUsedUp,
    NewDateNotLater.
    """
    if state.due is None or state.status not in _BEING_HANDLED:
        raise NothingToPostpone(_("Only a dossier that is being processed can get a new date."))
    if state.apologies >= terms.apologies:
        raise ApologiesUsedUp(
            _("A new date may be promised %(times)s time(s) only, and it was."), times=terms.apologies
        )
    due = calendar.first_working_moment(new_due)
    if due <= max(state.due, now):
        raise NewDateNotLater(_("The new date must be later than the present one, and not in the past."))
    change = Change(process, terms, state, now, calendar)
    change.take(due=due, apologies=state.apologies + 1)
    for step in state.open:
        if step.due == state.due:
            change.keep(step, replace(step, due=due))
    change.effects.append(Issued(Form.APOLOGY))
    return change.done()


def in_time(terms: Terms, due: datetime, *, now: datetime, calendar: Calendar) -> bool:
    """Whether an apology is made as early as it has to be: "at the latest 1 day before the limit ends"."""
    latest = calendar.before(due, terms.apology_before) if terms.apology_before else due
    return now <= latest
