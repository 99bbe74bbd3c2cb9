"""What a province declares of working time, and the calendar it makes of it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Protocol

import holidays
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from lienthong.foundation.calendars.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    Calendar,
    Hours,
    HoursUnreadable,
    Span,
    Week,
    hours_of_day,
    special_days,
)
from lienthong.foundation.calendars.rules import Day as CalendarDay
from lienthong.foundation.definitions.registry import Body, Catalogue, Day, Kind, Problem, Shape, Text


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


def _read_span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    try:
        return Span.parse(value if isinstance(value, str) else repr(value))
    except HoursUnreadable as refused:
        raise ValueError(refused.in_full) from None


def _fit_together(hours: Hours) -> Hours:
    try:
        return hours_of_day(hours)
    except HoursUnreadable as refused:
        raise ValueError(refused.in_full) from None


def _some(hours: Hours) -> Hours:
    if not hours:
        raise ValueError(_("A day without working hours is a day off: write it there."))
    return hours


_WrittenSpan = Annotated[
    Span,
    PlainValidator(_read_span),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d-\d\d:\d\d$", "examples": ["07:00-11:30"]}),
]
WorkingHours = Annotated[tuple[_WrittenSpan, ...], AfterValidator(_fit_together)]


class DayOff(Shape):
    """A day off that the national list does not have, or has under another name."""

    date: Day
    name: Text = Field(description="What people see: Nghỉ bù Tết Dương lịch")
    source: str = Field("", description="Who decided it, in which document")


class MakeUpDay(Shape):
    """A day on which people work though its weekday is free (ngày làm bù)."""

    date: Day
    instead_of: Day | None = Field(None, description="The day off it stands for: that day is off, its hours are worked")
    source: str = Field("", description="Who decided it, in which document")


class HalfDay(Shape):
    """A day that works other hours than its weekday."""

    date: Day
    hours: Annotated[WorkingHours, AfterValidator(_some)]
    name: Text = Field(description="What people see: Nghỉ buổi chiều do bão")
    source: str = Field("", description="Who decided it, in which document")


class CalendarBody(Body):
    """A working calendar: the hours of each weekday, and every day that differs."""

    hours: dict[Weekday, WorkingHours] = Field(description="Working hours of each weekday; one left out is free")
    country: Literal["VN"] | None = Field(
        None, description="VN: with the national holidays of the Labour Code and the swapped days known to the program"
    )
    days_off: tuple[DayOff, ...] = ()
    working_days: tuple[MakeUpDay, ...] = ()
    half_days: tuple[HalfDay, ...] = ()

    @property
    def week(self) -> Week:
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = (self.hours.get(day, ()) for day in Weekday)
        return monday, tuesday, wednesday, thursday, friday, saturday, sunday

    @cached_property
    def calendar(self) -> Calendar:
        """Made once for each published version; the national holidays of a year when the year is first needed."""
        return compile_calendar(self)


def compile_calendar(body: CalendarBody) -> Calendar:
    """What the province declares comes before the national list; a half day before a working day before a day off."""

    def special(year: int) -> Mapping[date, CalendarDay]:
        off, worked = _national(year) if body.country else ({}, {})
        for declared in body.days_off:
            off[declared.date] = declared.name
            worked.pop(declared.date, None)
        for make_up in body.working_days:
            worked[make_up.date] = make_up.instead_of
        half = {each.date: CalendarDay(each.hours, each.name) for each in body.half_days}
        days = special_days(body.week, days_off=off, working_days=worked, half_days=half)
        return {day: known for day, known in days.items() if day.year == year}

    return Calendar(body.week, special)


def _national(year: int) -> tuple[dict[date, str], dict[date, date | None]]:
    """Vietnam's days off with their names, and its make-up days with the days they stand for where that is known.

    A swap may reach into a neighbouring year.
    """
    known = holidays.country_holidays("VN", years=[year - 1, year, year + 1], language="vi")
    off = {day: name for day, name in known.items() if day not in known.weekend_workdays}
    return off, {day: _swapped_with(day, off) for day in known.weekend_workdays}


def _swapped_with(make_up_day: date, off: Mapping[date, str]) -> date | None:
    return next((day for day, name in off.items() if f"{make_up_day:%d/%m/%Y}" in name), None)


def check_calendar(body: CalendarBody, catalogue: Catalogue) -> Iterator[Problem]:
    if not any(body.hours.values()):
        yield Problem(("hours",), gettext_lazy("At least one weekday has working hours."))
    for name in ("days_off", "working_days", "half_days"):
        yield from _twice_or_unknown(name, getattr(body, name))
    off = {each.date for each in body.days_off}
    for place, each in enumerate(body.working_days):
        if each.date in off:
            yield Problem(("working_days", place, "date"), _("This day is declared as a day off, too."))
        if each.instead_of and (each.instead_of == each.date or not body.week[each.instead_of.weekday()]):
            yield Problem(("working_days", place, "instead_of"), _("This is no working weekday that could be made up."))


class _Dated(Protocol):
    @property
    def date(self) -> date: ...


def _twice_or_unknown(name: str, entries: Iterable[_Dated]) -> Iterator[Problem]:
    seen: set[date] = set()
    for place, each in enumerate(entries):
        if each.date in seen:
            yield Problem((name, place, "date"), _("This day is named twice."))
        seen.add(each.date)
        if not FIRST_YEAR <= each.date.year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            yield Problem((name, place, "date"), _("A calendar knows the years %(first)s to %(last)s.") % years)


def consequences(before: CalendarBody | None, after: CalendarBody) -> Iterator[str | Promise]:
    """What changes on the days that either version names, and that given due dates stay."""
    if before is None:
        return
    if before.week != after.week:
        yield gettext_lazy("The weekly working hours change.")
    changed = [day for day in sorted(_named(before) | _named(after)) if _hours(before, day) != _hours(after, day)]
    for day in changed:
        hours = ", ".join(map(str, _hours(after, day)))
        said = _("%(day)s works %(hours)s") if hours else _("%(day)s is off")
        yield said % {"day": f"{day:%d/%m/%Y}", "hours": hours}
    if changed or before.week != after.week:
        yield gettext_lazy("Due dates already given stay as they are; only new ones follow the new calendar.")


def _named(body: CalendarBody) -> set[date]:
    days: list[Any] = [*body.days_off, *body.working_days, *body.half_days]
    return {each.date for each in days} | {each.instead_of for each in body.working_days if each.instead_of}


def _hours(body: CalendarBody, day: date) -> Hours:
    return body.calendar.day(day).hours


CALENDAR = Kind(
    "calendar", CalendarBody, title=gettext_lazy("working calendar"), check=check_calendar, consequences=consequences
)
