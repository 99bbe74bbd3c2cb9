"""Calendars as declarations: what is refused, what publishing says, which one counts."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from lienthong.foundation import clock
from lienthong.foundation.calendars.definition import CALENDAR
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.definitions import queries, services
from lienthong.foundation.definitions.planning import Plan
from lienthong.foundation.definitions.registry import replaced
from lienthong.foundation.errors import NotFound

pytestmark = pytest.mark.django_db

WEEK = """\
kind: calendar
key: hanh-chinh
name: Lịch làm việc hành chính
effective_from: 2018-06-21
country: VN
hours:
  monday: ["07:00-11:30", "13:30-17:00"]
  friday: ["07:00-11:30", "13:30-17:00"]
"""

Planner = Callable[[str], Plan]


@pytest.fixture(autouse=True)
def only_calendars() -> Iterator[None]:
    queries.forget()
    with replaced(CALENDAR), translation.override("en"):
        yield
    queries.forget()


@pytest.fixture
def plan(tmp_path: Path) -> Planner:
    def planned(text: str) -> Plan:
        (tmp_path / "calendar.yaml").write_text(text, encoding="utf-8")
        return services.plan([tmp_path])

    return planned


def said(plan: Plan) -> str:
    return "\n".join(map(str, plan.problems))


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ('hours:\n  monday: ["7:00-11:30"]', "calendar.yaml:7 hours.monday[0]", "“7:00-11:30” is not a stretch"),
        ('hours:\n  monday: ["11:30-07:00"]', "calendar.yaml:7 hours.monday[0]", "“11:30-07:00” does not"),
        ('hours:\n  monday: ["07:00-12:00", "11:00-13:00"]', "calendar.yaml:7 hours.monday", "no break between them"),
        ('hours:\n  monday: ["07:00-12:00", "12:00-13:00"]', "calendar.yaml:7 hours.monday", "Write them as one"),
        ('hours:\n  moonday: ["07:00-12:00"]', "calendar.yaml:7 hours.moonday", "monday"),
        ("hours:\n  monday: []", "calendar.yaml:6 hours", "At least one weekday"),
        ("hours: {}", "calendar.yaml:6 hours", "At least one weekday"),
        ("hours:\n  monday: [7, 11]", "calendar.yaml:7 hours.monday[0]", "“7” is not a stretch"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_line(plan: Planner, body: str, place: str, message: str) -> None:
    head = WEEK.partition("hours:")[0]
    problems = said(plan(head + body))
    assert place in problems
    assert message in problems


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ("days_off: [{date: 2025-03-03}]", "days_off[0].name", "is missing"),
        ("days_off: [{date: 2025, name: A}]", "days_off[0].date", "year-month-day"),
        ("days_off: [{date: 2025-03-03, name: A}, {date: 2025-03-03, name: B}]", "days_off[1].date", "named twice"),
        ("days_off: [{date: 1975-04-30, name: A}]", "days_off[0].date", "1976 to 2100"),
        ("working_days: [{date: 2101-01-01}]", "working_days[0].date", "1976 to 2100"),
        ("working_days: [{date: 2025-03-08, instead_of: 2025-03-08}]", "working_days[0].instead_of", "made up"),
        ("working_days: [{date: 2025-03-08, instead_of: 2025-03-09}]", "working_days[0].instead_of", "made up"),
        (
            "working_days: [{date: 2025-03-08}]\ndays_off: [{date: 2025-03-08, name: A}]",
            "working_days[0].date",
            "as a day off, too",
        ),
        ("half_days: [{date: 2025-03-03, hours: [], name: A}]", "half_days[0].hours", "is a day off"),
        ("holidays: VN", "holidays", "no such field"),
        ("country: LA", "country", "VN"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_place(plan: Planner, body: str, place: str, message: str) -> None:
    text = WEEK.replace("country: VN\n", "") if body.startswith("country") else WEEK
    problems = said(plan(f"{text}{body}\n"))
    assert f" {place}: " in problems
    assert message in problems


def test_the_calendar_in_force_counts_and_knows_the_national_holidays(plan: Planner) -> None:
    services.apply(plan(WEEK))
    later = WEEK.replace("2018-06-21", "2025-03-01") + "days_off: [{date: 2025-03-10, name: Hội xuân}]\n"
    services.apply(plan(later))
    friday = datetime(2025, 3, 7, 9, tzinfo=clock.ZONE)
    before, after = calendar_of("hanh-chinh", date(2025, 2, 28)), calendar_of("hanh-chinh", friday)
    assert before.add(friday, Limit.working_days(1)) == datetime(2025, 3, 10, 9, tzinfo=clock.ZONE)
    assert after.add(friday, Limit.working_days(1)) == datetime(2025, 3, 14, 9, tzinfo=clock.ZONE)
    assert after.day(date(2025, 3, 10)).name == "Hội xuân"
    assert after.day(date(2026, 2, 17)).name == "Tết Nguyên Đán"
    with clock.at(friday):
        assert calendar_of("hanh-chinh") is after
    with pytest.raises(NotFound, match="khong-co"):
        calendar_of("khong-co")
    with pytest.raises(NotFound):
        calendar_of("hanh-chinh", date(2010, 1, 1))


def test_what_is_declared_comes_before_the_national_list(plan: Planner) -> None:
    declared = """\
days_off:
  - {date: 2025-04-26, name: Hội làng}           # a national make-up day
  - {date: 2025-09-02, name: Tết Độc lập}        # another name
working_days:
  - {date: 2025-01-01}                           # a national holiday, a Wednesday, on which nobody works here
  - {date: 2025-03-15, instead_of: 2025-03-17}
half_days:
  - {date: 2025-05-01, hours: ["07:00-11:30"], name: Trực buổi sáng}
"""
    services.apply(plan(WEEK + declared))
    calendar = calendar_of("hanh-chinh")
    assert [calendar.day(date(2025, 4, 26)).name, calendar.day(date(2025, 9, 2)).name] == ["Hội làng", "Tết Độc lập"]
    assert not calendar.is_working_day(date(2025, 4, 26))
    assert calendar.is_working_day(date(2025, 1, 1))
    assert calendar.is_working_day(date(2025, 3, 15))
    assert not calendar.is_working_day(date(2025, 3, 17))
    assert calendar.closing(date(2025, 5, 1)) == datetime(2025, 5, 1, 11, 30, tzinfo=clock.ZONE)


def test_without_a_country_there_are_only_the_declared_days_off(plan: Planner) -> None:
    services.apply(plan(WEEK.replace("country: VN\n", "")))
    assert calendar_of("hanh-chinh").is_working_day(date(2026, 9, 4))
    assert calendar_of("hanh-chinh").is_working_day(date(2027, 1, 1))


def test_a_plan_says_which_days_change_and_that_given_dates_stay(plan: Planner) -> None:
    services.apply(plan(WEEK))
    change = "working_days: [{date: 2025-03-15, instead_of: 2025-03-17}]\n"
    (planned,) = plan(WEEK + change).changes
    assert planned.consequences == (
        "15/03/2025 works 07:00-11:30, 13:30-17:00",
        "17/03/2025 is off",
        "Due dates already given stay as they are; only new ones follow the new calendar.",
    )
    (planned,) = plan(WEEK.replace("13:30-17:00", "13:30-16:30")).changes
    assert planned.consequences[0] == "The weekly working hours change."
    (planned,) = plan(WEEK.replace("hành chính", "cơ quan")).changes
    assert planned.consequences == ()
