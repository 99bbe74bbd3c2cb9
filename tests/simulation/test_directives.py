"""Directives of simulated leaders: given, accepted, reported, judged; some are late."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from lienthong.directives import queries
from lienthong.directives.models import Directive, Entry, MoreTime, Task, Urging
from lienthong.directives.queries import TABS, Filters
from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.queries import province
from lienthong.simulation import engine, weeks
from lienthong.simulation.directives import orders
from lienthong.simulation.directives.troupe import Directors
from lienthong.simulation.documents.troupe import Offices
from lienthong.work.rules import Decision, Part
from tests import cast
from tests.simulation.conftest import told_twice

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2025, 6, 18, 15, 10, tzinfo=clock.ZONE)
CHAIR, OFFICE, HEAD = "dung.chutich", "thu.vanthu", cast.HEAD


def story() -> list[tuple]:
    """What happened to every directive, without the numbers of rows."""
    said = Entry.objects.order_by("directive__given_at", "written_at", "author__username", "about")
    tasks = Task.objects.order_by("directive__given_at", "opened_at", "organisation__key", "part", "post__key")
    return [
        *said.values_list("about", "text", "percent", "product_code", "written_at", "author__username"),
        *tasks.values_list("directive__content", "part", "organisation__key", "post__key", "due_at", "stage", "mark"),
    ]


@pytest.fixture
def troupes(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("lienthong.simulation.actors._troupes", {"documents": Offices, "directives": Directors})


@pytest.fixture
def played(troupes, folder):
    with clock.at(WEDNESDAY):
        engine.run(weeks.until(WEDNESDAY, weeks.counters()), folder)


def test_the_boards_of_chair_and_office_have_every_state_and_that_of_a_unit_something(played):
    with clock.at(WEDNESDAY):
        for name in (CHAIR, OFFICE):
            counts = queries.board_page(cast.actor(name), Filters(), now=WEDNESDAY).counts
            assert all(counts[tab] for tab in TABS), (name, counts)
        assert sum(queries.board_page(cast.actor(HEAD), Filters(), now=WEDNESDAY).counts.values()) >= 3
        table = queries.month(cast.actor(OFFICE), date(2025, 6, 1), by=None, now=WEDNESDAY).values()
    total = sum(table, start=queries.Month())
    assert all(getattr(total, name) for name in total.__slots__), total

    assert max(Entry.objects.values_list("written_at", flat=True)) <= WEDNESDAY, "nothing lies after the present"


def test_everything_that_can_become_of_a_directive_became_of_one(played):
    assert set(Entry.objects.values_list("about", flat=True)) == {each.value for each in Entry.About}
    decided = set(MoreTime.objects.values_list("decision", flat=True))
    assert {Decision.GRANTED, Decision.REFUSED} <= decided
    assert Urging.objects.exists()
    assert set(Directive.objects.values_list("source_type", flat=True)) == {"", "meeting", "incoming-document"}
    completed = Entry.objects.filter(about=Entry.About.COMPLETED, task__part=Part.LEAD)
    assert not completed.filter(product_code="", files=None).exists(), "there is evidence of all that is done"
    assert Task.objects.filter(parent__isnull=False).exists(), "parts are handed on"


@pytest.mark.parametrize("weekday", range(5))
def test_on_any_working_day_something_is_late_due_this_week_reported_and_done(weekday):
    """By the plan; people who are away make it a little later."""
    now = WEDNESDAY + timedelta(days=weekday - WEDNESDAY.weekday())
    run, calendar = weeks.until(now, ()), calendar_of(province().calendar)
    days = [day for day in run.calendar_days() if calendar.is_working_day(day)]
    plan = [orders.order(run, number, days, calendar) for number in range(orders.how_many(run))]
    today, sunday = now.date(), now.date() + timedelta(days=6 - now.weekday())
    city = [each for each in plan if not each.is_of_province]
    assert [each for each in city if each.due and each.due < today <= each.reported]
    assert [each for each in city if each.due and today <= each.due <= sunday and today < each.reported]
    assert [each for each in city if each.reported <= today < each.judged]
    assert [each for each in city if each.judged <= today]


def test_the_same_seed_gives_the_same_directives(troupes, tmp_path):
    run = replace(weeks.until(WEDNESDAY, weeks.counters()), days=9, until=None)
    with clock.at(WEDNESDAY):
        first, second = told_twice(run, tmp_path, story)
    assert first and first == second
