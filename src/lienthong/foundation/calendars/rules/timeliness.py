"""Early, on time or late; and what a due moment says to the person who looks at it."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules.calendar import Calendar
from lienthong.foundation.calendars.rules.limits import HOURS_IN_A_WORKING_DAY

SOON = timedelta(hours=24)
SOON_IN_WORKING_TIME = timedelta(hours=HOURS_IN_A_WORKING_DAY)


class Timeliness(StrEnum):
    """How something that is done compares with its due moment, as the statutory reports count it."""

    EARLY = "early"
    ON_TIME = "on-time"
    LATE = "late"

    @property
    def label(self) -> str:
        return str(_TIMELINESS[self])


class Standing(StrEnum):
    """How something that is still being done stands."""

    IN_TIME = "in-time"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        return str(_STANDING[self])


_TIMELINESS = {
    Timeliness.EARLY: gettext_lazy("before the due date"),
    Timeliness.ON_TIME: gettext_lazy("on time"),
    Timeliness.LATE: gettext_lazy("late"),
}
_STANDING = {
    Standing.IN_TIME: gettext_lazy("in time"),
    Standing.DUE_SOON: gettext_lazy("due soon"),
    Standing.OVERDUE: gettext_lazy("overdue"),
}


def classify(due: datetime | None, finished: datetime) -> Timeliness:
    """Early, on time or late, to the day in Vietnam: all of the due day is on time, and so is what has no due moment.

    The statutory reports count like this; the national index counts to the moment (`finished_within`).
    """
    if due is None:
        return Timeliness.ON_TIME
    due_day, finished_day = clock.local(due).date(), clock.local(finished).date()
    if finished_day == due_day:
        return Timeliness.ON_TIME
    return Timeliness.EARLY if finished_day < due_day else Timeliness.LATE


def finished_within(due: datetime | None, finished: datetime) -> bool:
    """Whether it was finished by the due moment: on time in the sense of the national index (QĐ 766/QĐ-TTg, 2.1)."""
    return due is None or finished <= due


def standing(due: datetime | None, now: datetime, calendar: Calendar) -> Standing:
    """Overdue after the due moment; due soon within 24 hours of it, or with no more than a day's work left until it.

    The second keeps what is due on Monday morning from looking quiet on Friday evening.
    """
    if due is None:
        return Standing.IN_TIME
    if now > due:
        return Standing.OVERDUE
    soon = due - now <= SOON or calendar.working_time(now, due) <= SOON_IN_WORKING_TIME
    return Standing.DUE_SOON if soon else Standing.IN_TIME


def days_left(due: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days from today to the due day: 0 today, 1 on the working day before, negative when late."""
    return calendar.working_days_between(clock.local(now).date(), clock.local(due).date())


def late_by(due: datetime | None, finished: datetime, calendar: Calendar) -> timedelta:
    """The working time by which the due moment was missed; nothing when it was kept."""
    return timedelta() if finished_within(due, finished) or due is None else calendar.working_time(due, finished)


def time_left(due: datetime, now: datetime, calendar: Calendar) -> str:
    """In words for people: “3 working days left”, “due today at 15:00”, “2 working days late”."""
    days = days_left(due, now, calendar)
    at, today = clock.local(due), clock.local(now).date()
    if now > due:
        if days:
            return ngettext("%(n)s working day late", "%(n)s working days late", -days) % {"n": -days}
        return _("late since %(time)s") % {"time": f"{at:%H:%M}" if at.date() == today else f"{at:%H:%M %d/%m/%Y}"}
    if at.date() == today:
        return _("due today at %(time)s") % {"time": f"{at:%H:%M}"}
    return ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}
