"""Working calendars and deadlines as pure values: no database, no clock."""

from lienthong.foundation.calendars.rules.calendar import FIRST_YEAR, LAST_YEAR, Calendar, OutsideTheCalendar
from lienthong.foundation.calendars.rules.days import (
    Day,
    Hours,
    HoursUnreadable,
    Span,
    Week,
    hours_of_day,
    special_days,
)
from lienthong.foundation.calendars.rules.limits import HOURS_IN_A_WORKING_DAY, Limit, LimitUnreadable, Unit
from lienthong.foundation.calendars.rules.timeliness import (
    Standing,
    Timeliness,
    classify,
    days_left,
    finished_within,
    late_by,
    standing,
    time_left,
)

__all__ = [
    "FIRST_YEAR",
    "HOURS_IN_A_WORKING_DAY",
    "LAST_YEAR",
    "Calendar",
    "Day",
    "Hours",
    "HoursUnreadable",
    "Limit",
    "LimitUnreadable",
    "OutsideTheCalendar",
    "Span",
    "Standing",
    "Timeliness",
    "Unit",
    "Week",
    "classify",
    "days_left",
    "finished_within",
    "hours_of_day",
    "late_by",
    "special_days",
    "standing",
    "time_left",
]
