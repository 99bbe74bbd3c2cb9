"""When engagements are, which of them meet, what may become of them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.clock import ZONE
from lienthong.meetings import rules
from lienthong.meetings.rules import Held, NotPossible, Part, State, When, WhenWrong

DAY = date(2025, 3, 4)


def held(number: int, when: When, *posts: int, place: str = "") -> Held:
    return Held(number, when, frozenset(posts), place)


def hour(begins: int, ends: int | None = None, day: date = DAY) -> When:
    return rules.when(day, begins=time(begins), ends=time(ends) if ends else None)


@pytest.mark.parametrize(
    ("begins", "part"),
    [(time(0), Part.MORNING), (time(11, 59), Part.MORNING), (time(12), Part.AFTERNOON), (time(17, 59), Part.AFTERNOON),
     (time(18), Part.EVENING)],
)  # fmt: skip
def test_the_hour_says_the_part_of_the_day_whatever_was_chosen(begins, part):
    assert rules.when(DAY, part=Part.DAY, begins=begins).part is part


def test_several_days_last_all_day():
    assert rules.when(DAY, DAY + timedelta(days=2), Part.MORNING) == When(DAY, DAY + timedelta(days=2), Part.DAY)


@pytest.mark.parametrize(
    "said",
    [
        {"first_day": None, "part": Part.MORNING},
        {"first_day": DAY},
        {"first_day": DAY, "ends": time(9)},
        {"first_day": DAY, "begins": time(9), "ends": time(9)},
        {"first_day": DAY, "last_day": DAY - timedelta(days=1), "part": Part.DAY},
        {"first_day": DAY, "last_day": DAY + timedelta(days=32)},
        {"first_day": DAY, "last_day": DAY + timedelta(days=1), "begins": time(9)},
        {"first_day": date.min, "last_day": date.max},
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, Any]):
    with pytest.raises(WhenWrong):
        rules.when(**said)


def test_the_last_days_there_are_do_no_harm():
    assert rules.monday_of(rules.when(date.max, part=Part.DAY).first_day) <= date.max


def test_the_same_leader_at_the_same_time_is_a_collision_and_one_after_the_other_is_none():
    first, second, third = held(1, hour(8, 10), 7), held(2, hour(9), 7, 8), held(3, hour(10), 7)
    found = rules.collisions([first, second, third])
    assert {key: [each.other for each in met] for key, met in found.items()} == {1: [2], 2: [1]}
    assert found[1][0].posts == {7} and not found[1][0].same_place


def test_the_same_place_at_the_same_time_is_a_collision_of_others_too():
    found = rules.collisions([held(1, hour(8), 1, place="phong hop"), held(2, hour(8), 2, place="phong hop")])
    assert found[1][0].same_place and not found[1][0].posts


def test_what_has_no_place_is_in_nobodys_way():
    assert rules.collisions([held(1, hour(8), 1), held(2, hour(8), 2)]) == {}


def test_an_hour_that_is_not_settled_meets_nothing_and_a_whole_day_everything_on_it():
    unsettled = held(1, rules.when(DAY, part=Part.MORNING), 7)
    travelling = held(2, rules.when(DAY, DAY + timedelta(days=1)), 7)
    meeting = held(3, hour(9, day=DAY + timedelta(days=1)), 7)
    found = rules.collisions([unsettled, travelling, meeting])
    assert set(found) == {2, 3}


def test_without_an_end_it_is_taken_to_last_an_hour():
    start = datetime(2025, 3, 4, 8, tzinfo=ZONE)
    assert rules.span(hour(8)) == (start, start + timedelta(hours=1))


days = st.dates(date(2025, 1, 1), date(2025, 1, 10))
whens = st.one_of(
    st.builds(lambda day, begins: rules.when(day, begins=begins), days, st.times()),
    st.builds(lambda day, length: rules.when(day, day + timedelta(days=length), Part.DAY), days, st.integers(0, 4)),
)
many = st.lists(st.tuples(whens, st.frozensets(st.integers(1, 4), max_size=2), st.sampled_from(["", "a", "b"])))


@given(many)
def test_collisions_are_those_that_looking_at_every_pair_finds(said):
    everything = [Held(number, *each) for number, each in enumerate(said)]
    wanted = set()
    for one in everything:
        for other in everything:
            (start, end), (begins, ends) = rules.span(one.when), rules.span(other.when)  # type: ignore[misc]
            meets = one.posts & other.posts or (one.place and one.place == other.place)
            if one.id != other.id and start < ends and begins < end and meets:
                wanted.add((one.id, other.id))
    found = rules.collisions(everything)
    assert {(one, each.other) for one, met in found.items() for each in met} == wanted


@pytest.mark.parametrize("ended", [State.DECLINED, State.CANCELLED])
def test_what_is_over_becomes_nothing_any_more_and_is_not_changed(ended):
    for wanted in State:
        with pytest.raises(NotPossible):
            rules.become(ended, wanted)
    with pytest.raises(NotPossible):
        rules.changed(ended)


def test_what_was_postponed_is_back_with_its_new_time():
    assert rules.changed(State.POSTPONED) is State.APPROVED
    assert rules.changed(State.PROPOSED) is State.PROPOSED


@given(days)
def test_a_week_begins_on_monday(day):
    assert rules.monday_of(day).weekday() == 0 and timedelta(0) <= day - rules.monday_of(day) < rules.WEEK


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_weeks_of_a_month_are_whole_and_have_each_of_its_days_once(day: date):
    weeks, first = rules.weeks_of(day), rules.month_of(day)
    days = [each for week in weeks for each in week]
    assert days == [days[0] + timedelta(days=step) for step in range(7 * len(weeks))] and days[0].weekday() == 0
    assert all(any(rules.month_of(each) == first for each in week) for week in weeks)
    within = [each for each in days if rules.month_of(each) == first]
    assert within[0] == first and within[-1] + timedelta(days=1) == rules.month_after(day)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_before_the_month_after_is_the_month_itself(day: date):
    assert rules.month_before(rules.month_after(day)) == rules.month_of(day)
    assert rules.month_after(rules.month_before(day)) == rules.month_of(day)
