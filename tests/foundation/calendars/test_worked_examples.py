"""Deadlines reckoned by hand, on the calendar of 2024 and 2025 as it was.

Hours 07:00-11:30 and 13:30-17:00, Monday to Friday. Days off with sources in the `holidays` package:
- 2025-01-01 (Wednesday); Tết 2025: Monday 27/1 to Friday 31/1, so with the weekends 25/1 to 2/2;
- 7/4/2025 (Monday), the Hùng Kings; 30/4 (Wednesday), 1/5 (Thursday), 2/5 (Friday) off, made up on Saturday 26/4;
- 2/9/2024 (Monday) and 3/9/2024 (Tuesday), National Day.
"""

from datetime import date, datetime, timedelta, timezone

import pytest
from django.utils import translation

from lienthong.foundation import clock
from lienthong.foundation.calendars.definition import CalendarBody, compile_calendar
from lienthong.foundation.calendars.rules import (
    Calendar,
    Limit,
    OutsideTheCalendar,
    Span,
    Standing,
    Timeliness,
    classify,
    days_left,
    finished_within,
    late_by,
    special_days,
    standing,
    time_left,
)

OFFICE = ("07:00-11:30", "13:30-17:00")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def declared(**more: object) -> CalendarBody:
    body = {
        "key": "hanh-chinh",
        "name": "Lịch làm việc hành chính",
        "effective_from": "2018-06-21",
        "country": "VN",
        "hours": dict.fromkeys(WEEKDAYS, OFFICE),
    }
    return CalendarBody.model_validate(body | more)


CALENDAR = compile_calendar(declared())


def at(text: str) -> datetime:
    """ "14/03/2025 09:12" on Vietnam's wall clock."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        # Friday 14/3/2025 16:59; Saturday and Sunday are not counted; Monday is the first working day.
        ("14/03/2025 16:59", "1 working day", "17/03/2025 16:59"),
        # One minute of Friday is left, seven hours and 59 minutes on Monday: 4:30 until 11:30, 3:29 from 13:30.
        ("14/03/2025 16:59", "8 working hours", "17/03/2025 16:59"),
        # Closing time is still working time; after it the next morning counts.
        ("14/03/2025 17:00", "1 working day", "17/03/2025 17:00"),
        ("14/03/2025 17:01", "1 working day", "18/03/2025 07:00"),
        # Before hours and in the lunch break.
        ("14/03/2025 06:30", "2 working hours", "14/03/2025 09:00"),
        ("14/03/2025 12:15", "2 working hours", "14/03/2025 15:30"),
        ("14/03/2025 12:15", "1 working day", "17/03/2025 13:30"),
        ("14/03/2025 11:30", "1 working day", "17/03/2025 11:30"),
        # Hours run through lunch: 1:00 before it, 1:00 after it; a limit used up at closing time ends then.
        ("14/03/2025 10:30", "2 working hours", "14/03/2025 14:30"),
        ("14/03/2025 10:30", "1 working hour", "14/03/2025 11:30"),
        ("14/03/2025 07:00", "8 working hours", "14/03/2025 17:00"),
        ("14/03/2025 07:00", "16 working hours", "17/03/2025 17:00"),
        # A part of a day is so much of eight hours: Monday 09:00, and four hours: 2:30 before lunch, 1:30 after it.
        ("14/03/2025 09:00", "1.5 working days", "17/03/2025 15:00"),
        # 31 December 2024 is a Tuesday, 1 January off.
        ("31/12/2024 15:00", "1 working day", "02/01/2025 15:00"),
        ("31/12/2024 15:00", "1 day", "02/01/2025 17:00"),
        ("31/12/2024 16:00", "2 working hours", "02/01/2025 08:00"),
        # Tết 2025. 24/1 is a Friday; the next working days are 3, 4 and 5 February.
        ("24/01/2025 09:00", "1 working day", "03/02/2025 09:00"),
        ("24/01/2025 09:00", "3 working days", "05/02/2025 09:00"),
        ("24/01/2025 17:30", "8 working hours", "03/02/2025 17:00"),
        ("28/01/2025 09:00", "1 working day", "04/02/2025 07:00"),
        # The fifth day after 24/1 is 29/1, New Year's Day; the next working day is 3/2. The 15th is Saturday 8/2.
        ("24/01/2025 09:00", "5 days", "03/02/2025 17:00"),
        ("24/01/2025 09:00", "15 days", "10/02/2025 17:00"),
        ("24/01/2025 09:00", "20 days", "13/02/2025 17:00"),
        # 30/4 and 1/5/2025 with Friday 2/5 swapped: Saturday 26/4 works with Friday's hours.
        ("25/04/2025 09:00", "1 working day", "26/04/2025 09:00"),
        ("25/04/2025 09:00", "2 working days", "28/04/2025 09:00"),
        ("26/04/2025 10:30", "2 working hours", "26/04/2025 14:30"),
        ("29/04/2025 15:00", "1 working day", "05/05/2025 15:00"),
        ("25/04/2025 09:00", "7 days", "05/05/2025 17:00"),
        # National Day 2024: Monday 2/9 and Tuesday 3/9; Friday 30/8 is followed by Wednesday 4/9.
        ("30/08/2024 10:00", "1 working day", "04/09/2024 10:00"),
        ("30/08/2024 16:00", "8 working hours", "04/09/2024 16:00"),
        # 20 working days of a house permit from 3/3/2025: 4 to 7/3 are four, three weeks to 28/3 make 19, then 31/3.
        ("03/03/2025 08:00", "20 working days", "31/03/2025 08:00"),
        # From 17/3: 18 to 21/3 four, to 28/3 nine, to 4/4 fourteen; 7/4 is off; 8 to 11/4 eighteen; 14 and 15/4.
        ("17/03/2025 08:00", "20 working days", "15/04/2025 08:00"),
    ],
)
def test_due_dates(received: str, limit: str, due: str) -> None:
    assert CALENDAR.add(at(received), Limit.parse(limit)) == at(due)


@pytest.mark.parametrize(
    ("due", "limit", "latest"),
    [
        # An apology goes out one day before: for Monday 17/3 by the end of Friday, or of the working day before.
        ("17/03/2025 09:00", "1 day", "14/03/2025 17:00"),
        ("17/03/2025 09:00", "1 working day", "14/03/2025 09:00"),
        ("18/03/2025 09:00", "1 day", "17/03/2025 09:00"),
        ("17/03/2025 08:00", "2 working hours", "14/03/2025 16:00"),
        # Friday 08:00, and four hours before it: one on Friday, three before Thursday 17:00.
        ("17/03/2025 08:00", "1.5 working days", "13/03/2025 14:00"),
        ("03/02/2025 09:00", "1 working day", "24/01/2025 09:00"),
    ],
)
def test_the_last_moment_so_long_before(due: str, limit: str, latest: str) -> None:
    assert CALENDAR.before(at(due), Limit.parse(limit)) == at(latest)


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "new_due"),
    [
        # Monday 10:00 to Thursday 12:00 are three days and two hours: by its length Friday 15:00 becomes Monday 17:00.
        # But it took 25:30 of work (5:00, 8:00, 8:00, 4:30), and so much after Friday 15:00 is Wednesday 16:30
        # (2:00, 8:00, 8:00, 7:30).
        ("14/03/2025 15:00", "10/03/2025 10:00", "13/03/2025 12:00", "19/03/2025 16:30"),
        # A weekend: by its length, three days, Monday 15:00 becomes Thursday 15:00; of work it took one day only.
        ("17/03/2025 15:00", "14/03/2025 10:00", "17/03/2025 10:00", "20/03/2025 15:00"),
        # A pause of an hour in the lunch break took no work, but lasts an hour all the same.
        ("14/03/2025 15:00", "10/03/2025 12:00", "10/03/2025 13:00", "14/03/2025 16:00"),
        # From Monday to Friday with two working days left (Wednesday 15:00): by its length Sunday 15:00, which would
        # leave two hours. 32 working hours from Wednesday 15:00 end on Tuesday 15:00: two days are left again.
        ("12/03/2025 15:00", "10/03/2025 15:00", "14/03/2025 15:00", "18/03/2025 15:00"),
        # Over Tết: 13 days from 23/1 to 5/2; due Friday 24/1 plus 13 days is Thursday 6/2.
        ("24/01/2025 10:00", "23/01/2025 10:00", "05/02/2025 10:00", "06/02/2025 10:00"),
    ],
)
def test_due_dates_after_a_pause(due: str, paused: str, resumed: str, new_due: str) -> None:
    assert CALENDAR.resume(at(due), at(paused), at(resumed)) == at(new_due)


def test_a_pause_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        CALENDAR.resume(at("14/03/2025 15:00"), at("13/03/2025 15:00"), at("12/03/2025 15:00"))


def test_half_days_count_as_days_and_push_what_falls_into_the_free_half() -> None:
    storm = {"date": "2025-07-22", "hours": ["07:00-11:30"], "name": "Nghỉ buổi chiều do bão"}
    calendar = compile_calendar(declared(half_days=[storm]))
    assert calendar.day(date(2025, 7, 22)).name == "Nghỉ buổi chiều do bão"
    assert calendar.add(at("21/07/2025 09:00"), Limit.working_days(1)) == at("22/07/2025 09:00")
    assert calendar.add(at("21/07/2025 15:00"), Limit.working_days(1)) == at("23/07/2025 07:00")
    assert calendar.add(at("21/07/2025 15:00"), Limit.working_days(2)) == at("23/07/2025 15:00")
    assert calendar.add(at("21/07/2025 15:00"), Limit.working_hours(7)) == at("23/07/2025 07:30")
    assert calendar.add(at("21/07/2025 15:00"), Limit.days(1)) == at("22/07/2025 11:30")


def test_a_part_of_a_day_never_lasts_longer_than_a_day() -> None:
    calendar = compile_calendar(declared(hours=dict.fromkeys(WEEKDAYS, ("08:00-11:00",))))
    assert calendar.add(at("10/03/2025 09:00"), Limit.working_days(1)) == at("11/03/2025 09:00")
    assert calendar.add(at("10/03/2025 09:00"), Limit.parse("0.9 working days")) == at("11/03/2025 09:00")


def test_days_are_known_by_name() -> None:
    assert CALENDAR.day(date(2025, 1, 29)).name == "Tết Nguyên Đán"
    assert CALENDAR.day(date(2025, 5, 2)).name == "Ngày nghỉ (thay cho ngày 26/04/2025)"
    made_up = CALENDAR.day(date(2025, 4, 26))
    assert (made_up.is_working, made_up.instead_of) == (True, date(2025, 5, 2))
    assert not CALENDAR.is_working_day(date(2025, 4, 27))
    # Monday 31/12/2018 was off; Saturday 5/1/2019, in the next year, was worked for it.
    assert CALENDAR.day(date(2018, 12, 31)).name == "Ngày nghỉ (thay cho ngày 05/01/2019)"
    assert CALENDAR.day(date(2019, 1, 5)).instead_of == date(2018, 12, 31)


def test_opening_and_closing() -> None:
    friday, saturday = date(2025, 3, 14), date(2025, 3, 15)
    assert (CALENDAR.opening(friday), CALENDAR.closing(friday)) == (at("14/03/2025 07:00"), at("14/03/2025 17:00"))
    assert CALENDAR.opening(saturday) is CALENDAR.closing(saturday) is None
    # Paper received after 15:00 goes out at the start of the next working day (NĐ 61/2018 art. 18).
    assert CALENDAR.next_opening(at("14/03/2025 15:30")) == at("17/03/2025 07:00")
    assert CALENDAR.next_opening(at("15/03/2025 09:00")) == at("17/03/2025 07:00")
    assert CALENDAR.next_working_day(friday, 2) == date(2025, 3, 18)
    assert CALENDAR.next_working_day(friday, -1) == date(2025, 3, 13)


def test_moments_of_any_zone_mean_the_same_and_seconds_are_kept() -> None:
    in_vietnam = at("14/03/2025 09:00").replace(second=7, microsecond=123456)
    due = CALENDAR.add(in_vietnam.astimezone(timezone(timedelta(hours=-8))), Limit.working_days(1))
    assert due == in_vietnam + timedelta(days=3)
    assert due.utcoffset() == timedelta(hours=7)
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.add(in_vietnam.replace(tzinfo=None), Limit.working_days(1))


@pytest.mark.parametrize("year", [1, 1975, 2101, 9999])
def test_no_deadline_is_made_up_for_years_that_the_calendar_does_not_know(year: int) -> None:
    moment = datetime(year, 6, 15, 9, tzinfo=clock.ZONE)
    for ask in (
        lambda: CALENDAR.add(moment, Limit.days(1)),
        lambda: CALENDAR.is_working(moment),
        lambda: CALENDAR.working_time(moment, at("14/03/2025 09:00")),
        lambda: CALENDAR.day(moment.date()),
        lambda: CALENDAR.working_days_between(moment.date(), date(2025, 1, 1)),
    ):
        with pytest.raises(OutsideTheCalendar, match="1976"):
            ask()


def test_a_limit_that_leaves_the_calendar_is_refused() -> None:
    assert CALENDAR.add(at("14/03/2025 09:00"), Limit.days(9999)).year == 2052
    with pytest.raises(OutsideTheCalendar):
        CALENDAR.add(at("14/03/2099 09:00"), Limit.working_days(9999))
    with pytest.raises(OutsideTheCalendar):
        CALENDAR.resume(at("14/03/2099 09:00"), at("14/03/2025 09:00"), at("14/03/2099 09:00"))


def test_a_calendar_works_on_some_weekday() -> None:
    with pytest.raises(ValueError, match="weekday"):
        Calendar(((), (), (), (), (), (), ()), {})


def test_a_make_up_day_whose_day_off_is_unknown_works_like_the_weekday_before() -> None:
    long, short = (Span.parse("07:00-17:00"),), (Span.parse("07:00-12:00"),)
    week = (long, long, long, long, short, (), ())
    days = special_days(week, days_off={}, working_days={date(2025, 3, 16): None}, half_days={})
    assert days[date(2025, 3, 16)].hours == short


def test_lateness_is_counted_by_days_in_reports_and_by_moments_in_the_national_index() -> None:
    due = at("14/03/2025 09:00")
    assert classify(due, at("13/03/2025 23:59")) is Timeliness.EARLY
    assert classify(due, at("14/03/2025 00:00")) is Timeliness.ON_TIME
    assert classify(due, at("14/03/2025 16:00")) is Timeliness.ON_TIME
    assert classify(due, at("15/03/2025 00:00")) is Timeliness.LATE
    assert finished_within(due, due)
    assert not finished_within(due, due + timedelta(seconds=1))
    # Late from Friday 09:00 to Monday 08:00: six hours of Friday and one of Monday; lunch and weekend do not count.
    assert late_by(due, at("17/03/2025 08:00"), CALENDAR) == timedelta(hours=7)


@pytest.mark.parametrize(
    ("due", "now", "days", "state", "said", "said_in_vietnamese"),
    [
        ("20/03/2025 09:00", "14/03/2025 09:00", 4, Standing.IN_TIME, "4 working days left", "Còn 4 ngày làm việc"),
        ("17/03/2025 16:00", "14/03/2025 09:00", 1, Standing.IN_TIME, "1 working day left", "Còn 1 ngày làm việc"),
        ("17/03/2025 08:00", "14/03/2025 16:00", 1, Standing.DUE_SOON, "1 working day left", "Còn 1 ngày làm việc"),
        ("14/03/2025 15:00", "14/03/2025 09:00", 0, Standing.DUE_SOON, "due today at 15:00", "Hạn hôm nay, 15:00"),
        ("14/03/2025 15:00", "14/03/2025 16:00", 0, Standing.OVERDUE, "late since 15:00", "Quá hạn từ 15:00"),
        (
            "14/03/2025 15:00",
            "15/03/2025 16:00",
            0,
            Standing.OVERDUE,
            "late since 15:00 14/03/2025",
            "Quá hạn từ 15:00 14/03/2025",
        ),
        (
            "14/03/2025 15:00",
            "18/03/2025 09:00",
            -2,
            Standing.OVERDUE,
            "2 working days late",
            "Quá hạn 2 ngày làm việc",
        ),
    ],
)
def test_what_a_due_date_says(
    due: str, now: str, days: int, state: Standing, said: str, said_in_vietnamese: str
) -> None:
    assert days_left(at(due), at(now), CALENDAR) == days
    assert standing(at(due), at(now), CALENDAR) is state
    with translation.override("en"):
        assert time_left(at(due), at(now), CALENDAR) == said
    with translation.override("vi"):
        assert time_left(at(due), at(now), CALENDAR) == said_in_vietnamese
