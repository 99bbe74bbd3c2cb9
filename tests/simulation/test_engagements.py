"""The working calendar of simulated leaders: registered, approved, published; some of it comes otherwise."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lienthong.foundation import clock
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import by_key
from lienthong.meetings import queries
from lienthong.meetings.models import Engagement
from lienthong.meetings.queries import Filters
from lienthong.meetings.rules import Access, Mark, monday_of
from lienthong.simulation import engine, weeks
from lienthong.simulation.engagements.troupe import CalendarKeepers
from tests import cast
from tests.simulation.conftest import told_twice

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2025, 6, 18, 15, 10, tzinfo=clock.ZONE)
MONDAY = monday_of(WEDNESDAY.date())
CITY, PROVINCE = "thanh-pho-gia-nghia", "ubnd-tinh"
CHAIR, KEEPER = "dung.chutich", "thu.vanthu"
WEEK, SUNDAY = timedelta(days=7), timedelta(days=6)


def story() -> list[tuple]:
    """What became of every engagement, without the numbers of rows."""
    rows = Engagement.objects.order_by("organisation__key", "first_day", "part", "begins", "content")
    return list(rows.values_list("organisation__key", "first_day", "begins", "content", "state", "mark", "made_at"))


@pytest.fixture
def keepers(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("lienthong.simulation.actors._troupes", {"engagements": CalendarKeepers})


@pytest.fixture
def played(keepers, folder):
    with clock.at(WEDNESDAY):
        engine.run(weeks.until(WEDNESDAY, weeks.counters()), folder)
        yield


def test_officers_citizens_and_programs_see_this_week_the_past_and_the_next(played):
    for monday in (MONDAY + number * WEEK for number in range(-3, 2)):
        inside = queries.between(cast.actor(CHAIR), Filters(agency=by_key(CITY)), monday, monday + SUNDAY)
        assert len(inside) >= 5, monday
        for agency in (CITY, PROVINCE):
            public = queries.public(by_key(agency), monday, monday + SUNDAY)
            assert public and len(public) < len(inside), (agency, monday)
        assert queries.own(cast.actor(CHAIR), monday, monday + SUNDAY)
    assert set(Engagement.objects.values_list("access", flat=True)) == {each.value for each in Access}


def test_units_register_for_the_week_after_and_the_office_has_something_to_approve(played):
    assert queries.to_approve(cast.actor(KEEPER))
    assert not Engagement.objects.filter(made_at__gt=WEDNESDAY).exists(), "nothing lies after the present"


def test_some_engagements_come_otherwise_and_no_leader_is_in_two_places(played):
    assert set(Engagement.objects.exclude(mark="").values_list("mark", flat=True)) == {each.value for each in Mark}
    for agency, who in ((CITY, KEEPER), (PROVINCE, "vanthu.tinh")):
        shown = queries.between(cast.actor(who), Filters(agency=by_key(agency)), MONDAY - 4 * WEEK, MONDAY + 3 * WEEK)
        assert queries.collisions(shown) == {}


def test_a_leader_who_is_away_on_business_has_another_who_stands_in(played):
    away = queries.away(by_key(CITY), MONDAY, MONDAY + WEEK + SUNDAY)
    assert away and all(each.substitute_id != each.account_id for each in away)
    for each in Absence.objects.all():
        days = Engagement.objects.filter(first_day=each.valid_from, last_day=each.valid_to)
        assert days.filter(attendances__post=each.post_id).exists(), "the calendar says so"


def test_the_same_seed_gives_the_same_calendar(keepers, tmp_path):
    run = replace(weeks.until(WEDNESDAY, weeks.counters()), days=12, until=None)
    with clock.at(WEDNESDAY):
        first, second = told_twice(run, tmp_path, story)
    assert first and first == second
