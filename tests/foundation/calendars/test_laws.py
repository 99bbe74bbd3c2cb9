"""Laws that every calendar keeps, however odd its hours, holidays and half days are."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import (
    Calendar,
    Day,
    Hours,
    Limit,
    Span,
    Standing,
    Timeliness,
    Unit,
    classify,
    days_left,
    finished_within,
    hours_of_day,
    late_by,
    special_days,
    standing,
)

EXAMPLES = 25
FIRST, LAST = date(2024, 12, 1), date(2026, 3, 1)
FIRST_MOMENT, LAST_MOMENT = (datetime.combine(day, time()) for day in (FIRST, LAST))
NOTHING = timedelta(0)
OFFICE: Hours = (Span.parse("07:00-11:30"), Span.parse("13:30-17:00"))


def law(*values: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test for any of these values."""
    return lambda test: settings(max_examples=EXAMPLES, deadline=None)(given(*values)(test))


@st.composite
def hours(draw: st.DrawFn, *, most: int = 3) -> Hours:
    """One to three stretches anywhere in the day, with a break between any two."""
    ends = draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2 * most, unique=True))
    ends = sorted(ends)[: len(ends) // 2 * 2]
    times = [time(minute // 60, minute % 60) for minute in ends]
    return hours_of_day(Span(*pair) for pair in zip(times[::2], times[1::2], strict=True))


def days() -> st.SearchStrategy[date]:
    return st.dates(FIRST, LAST)


@st.composite
def calendars(draw: st.DrawFn, *, same_hours: bool = False) -> Calendar:
    """Weeks of five to seven working days; holidays in runs such as Tết, make-up days, half days, days of odd hours."""
    usual = draw(st.just(OFFICE) | hours())
    weekend = st.just(()) if same_hours else st.sampled_from([(), usual[:1], usual])
    week = (usual, usual, usual, usual, usual, draw(weekend), draw(weekend))
    off: dict[date, str] = {}
    for start, length in draw(st.lists(st.tuples(days(), st.integers(1, 12)), max_size=6)):
        off |= {start + timedelta(days=n): "Nghỉ lễ" for n in range(length)}
    make_up = draw(st.dictionaries(days(), st.none() if same_hours else st.none() | days(), max_size=4))
    half = {} if same_hours else draw(st.dictionaries(days(), hours().map(Day), max_size=4))
    return Calendar(week, special_days(week, days_off=off, working_days=make_up, half_days=half))


def moments() -> st.SearchStrategy[datetime]:
    return st.datetimes(FIRST_MOMENT, LAST_MOMENT, timezones=st.sampled_from([clock.ZONE, UTC]))


def amounts(most: int) -> st.SearchStrategy[int]:
    return st.integers(1, most)


def limits() -> st.SearchStrategy[Limit]:
    days_and_parts = st.decimals("0.01", 40, places=2)
    return st.one_of(
        amounts(40).map(Limit.working_days),
        days_and_parts.map(Limit.working_days),
        days_and_parts.map(Limit.working_hours),
        amounts(60).map(Limit.days),
    )


@law(calendars(), moments(), limits())
def test_a_limit_ends_in_working_time_after_it_began_and_says_so_in_vietnams_time(
    calendar: Calendar, start: datetime, limit: Limit
) -> None:
    due = calendar.add(start, limit)
    assert calendar.is_working(due)
    assert due >= calendar.first_working_moment(start) >= start
    assert due.tzinfo is clock.ZONE


@law(calendars(), moments(), moments(), limits())
def test_what_begins_later_never_ends_earlier(calendar: Calendar, one: datetime, other: datetime, limit: Limit) -> None:
    earlier, later = sorted((one, other))
    assert calendar.add(earlier, limit) <= calendar.add(later, limit)


@law(calendars(), moments(), st.timedeltas(NOTHING, timedelta(days=1)), limits())
def test_what_begins_a_little_later_never_ends_earlier(
    calendar: Calendar, start: datetime, little: timedelta, limit: Limit
) -> None:
    assert calendar.add(start, limit) <= calendar.add(start + little, limit)


@law(calendars(), moments(), limits(), limits())
def test_a_longer_limit_never_ends_earlier(calendar: Calendar, start: datetime, one: Limit, other: Limit) -> None:
    assume(one.unit is other.unit)
    shorter, longer = sorted((one, other), key=lambda limit: limit.amount)
    assert calendar.add(start, shorter) <= calendar.add(start, longer)


@law(calendars(), moments(), st.decimals("0.01", 40, places=2), st.decimals("0.01", 40, places=2))
def test_hours_added_one_after_the_other_are_the_hours_added_together(
    calendar: Calendar, start: datetime, a: Decimal, b: Decimal
) -> None:
    one, other = Limit.working_hours(a), Limit.working_hours(b)
    together = Limit.working_hours(one.amount + other.amount)
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, together)


@law(calendars(same_hours=True), moments(), amounts(20), amounts(20))
def test_working_days_of_equal_hours_add_up(calendar: Calendar, start: datetime, a: int, b: int) -> None:
    at_once = calendar.add(start, Limit.working_days(a + b))
    assert calendar.add(calendar.add(start, Limit.working_days(a)), Limit.working_days(b)) == at_once


@law(calendars(), moments(), amounts(20), amounts(20))
def test_days_of_unequal_hours_added_one_after_the_other_never_end_earlier_than_together(
    calendar: Calendar, start: datetime, a: int, b: int
) -> None:
    for limit in (Limit.working_days, Limit.days):
        assert calendar.add(calendar.add(start, limit(a)), limit(b)) >= calendar.add(start, limit(a + b))


@law(calendars(), moments(), st.decimals("0.01", 40, places=2))
def test_a_limit_in_hours_gives_exactly_that_much_working_time(
    calendar: Calendar, start: datetime, amount: Decimal
) -> None:
    limit = Limit.working_hours(amount)
    due = calendar.add(start, limit)
    assert calendar.working_time(start, due) == limit.hours_beyond
    assert calendar.working_time(due, start) == -limit.hours_beyond


@law(calendars(), moments(), amounts(40))
def test_a_limit_in_working_days_ends_on_the_last_of_them_or_at_the_next_opening(
    calendar: Calendar, start: datetime, n: int
) -> None:
    first = calendar.first_working_moment(start)
    due = calendar.add(start, Limit.working_days(n))
    passed = calendar.working_days_between(first.date(), due.date())
    if passed == n:
        assert due.time() >= first.time()
    else:
        assert passed == n + 1
        assert due == calendar.opening(due.date())


@law(calendars(), moments(), amounts(60))
def test_a_limit_in_calendar_days_ends_at_the_close_of_its_last_day_or_of_the_next_working_day(
    calendar: Calendar, start: datetime, n: int
) -> None:
    last_day = calendar.first_working_moment(start).date() + timedelta(days=n)
    due = calendar.add(start, Limit.days(n))
    assert due == calendar.closing(due.date())
    assert due.date() == (last_day if calendar.is_working_day(last_day) else calendar.next_working_day(last_day))


@law(calendars(), moments(), limits())
def test_the_moment_so_long_before_is_working_time_and_leaves_the_limit(
    calendar: Calendar, end: datetime, limit: Limit
) -> None:
    moment = calendar.before(end, limit)
    assert calendar.is_working(moment)
    assert moment <= end
    if limit.unit is Unit.DAY:
        assert moment <= end - timedelta(days=limit.whole_days)
    else:
        assert calendar.add(moment, limit) <= end


def test_counting_back_from_a_late_hour_over_a_half_day_leaves_the_limit() -> None:
    """A Saturday that closes at 11:30 lies between: a day and 5 minutes before Sunday's opening is Friday morning."""
    calendar = Calendar((*[OFFICE] * 5, OFFICE[:1], OFFICE), {})
    sunday = datetime(2024, 12, 1, 7, tzinfo=clock.ZONE)
    limit = Limit.working_days(Decimal("1.01"))
    moment = calendar.before(sunday, limit)
    assert calendar.add(moment, limit) <= sunday
    assert calendar.add(moment + timedelta(minutes=1), limit) > sunday
    assert moment == datetime(2024, 11, 29, 11, 25, 12, tzinfo=clock.ZONE)


@law(
    calendars(),
    moments(),
    st.timedeltas(NOTHING, timedelta(days=40)),
    st.timedeltas(NOTHING, timedelta(days=40)),
    limits(),
)
def test_a_pause_never_shortens(
    calendar: Calendar, start: datetime, worked: timedelta, pause: timedelta, limit: Limit
) -> None:
    due, paused = calendar.add(start, limit), start + worked
    resumed = paused + pause
    new_due = calendar.resume(due, paused, resumed)
    assert new_due >= due
    assert calendar.is_working(new_due)
    assert new_due - resumed >= due - paused
    assert calendar.working_time(resumed, new_due) >= calendar.working_time(paused, due)
    longer = calendar.resume(due, paused, resumed + timedelta(hours=1))
    assert longer >= new_due


@law(calendars(), moments(), limits())
def test_a_pause_of_no_length_changes_nothing(calendar: Calendar, start: datetime, limit: Limit) -> None:
    due = calendar.add(start, limit)
    assert calendar.resume(due, start, start) == due


@law(calendars(), moments(), st.timedeltas(NOTHING, timedelta(days=30)))
def test_working_time_is_the_sum_of_what_each_day_gives(
    calendar: Calendar, start: datetime, duration: timedelta
) -> None:
    end = start + duration
    total, day = NOTHING, clock.local(start).date()
    while day <= clock.local(end).date():
        for span in calendar.day(day).hours:
            opens, closes = (datetime.combine(day, at, clock.ZONE) for at in (span.opens, span.closes))
            total += max(min(closes, end) - max(opens, start), NOTHING)
        day += timedelta(days=1)
    assert calendar.working_time(start, end) == total


@law(calendars(), moments())
def test_the_nearest_working_moments_lie_around_every_moment(calendar: Calendar, moment: datetime) -> None:
    before, after = calendar.last_working_moment(moment), calendar.first_working_moment(moment)
    assert before <= moment <= after
    assert calendar.is_working(before)
    assert calendar.is_working(after)
    assert calendar.is_working(moment) == (before == after)
    assert calendar.working_time(before, after) == NOTHING
    assert calendar.next_opening(moment) == calendar.opening(calendar.next_working_day(clock.local(moment).date()))


@law(calendars(), days(), st.integers(-40, 40))
def test_counting_working_days_forth_and_back_agrees(calendar: Calendar, day: date, n: int) -> None:
    found = calendar.next_working_day(day, n)
    if n == 0:
        assert found == day
        return
    assert calendar.is_working_day(found)
    between = calendar.working_days_between(day, found)
    assert between == (n if n > 0 or calendar.is_working_day(day) else n + 1)


@law(calendars(), moments(), moments(), st.integers(1, 30))
def test_what_is_late_is_nothing_else(calendar: Calendar, start: datetime, finished: datetime, n: int) -> None:
    due = calendar.add(start, Limit.working_days(n))
    timeliness = classify(due, finished)
    if timeliness is Timeliness.LATE:
        assert not finished_within(due, finished)
    if timeliness is Timeliness.EARLY:
        assert finished_within(due, finished)
        assert days_left(due, finished, calendar) > 0
    if finished_within(due, finished):
        assert late_by(due, finished, calendar) == NOTHING
    assert (standing(due, finished, calendar) is Standing.OVERDUE) == (not finished_within(due, finished))


@law(moments())
def test_without_a_due_moment_nothing_is_late(moment: datetime) -> None:
    calendar = Calendar((OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()), {})
    assert classify(None, moment) is Timeliness.ON_TIME
    assert finished_within(None, moment)
    assert standing(None, moment, calendar) is Standing.IN_TIME
    assert late_by(None, moment, calendar) == NOTHING
