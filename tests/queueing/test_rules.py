"""The laws of the queue, on plain values."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.calendars.rules import Span
from lienthong.foundation.clock import ZONE
from lienthong.queueing import rules
from lienthong.queueing.rules import OpenDesk, Terms, Waiting
from tests.cast import MONDAY

HOURS = (Span(time(7), time(11, 30)), Span(time(13, 30), time(17)))
DAY = date(2025, 3, 3)

people = st.lists(
    st.builds(
        Waiting,
        id=st.integers(1, 1000),
        group=st.sampled_from("ABC"),
        priority=st.booleans(),
        since=st.integers(0, 240).map(lambda minutes: MONDAY - timedelta(minutes=minutes)),
        desk=st.none() | st.integers(1, 4),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda each: each.id,
)
desks = st.lists(
    st.builds(
        OpenDesk,
        number=st.integers(1, 4),
        groups=st.frozensets(st.sampled_from("ABC"), min_size=1),
        free_in=st.integers(0, 30).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    max_size=4,
    unique_by=lambda each: each.number,
)
MINUTES = {"A": 10.0, "B": 5.0, "C": 2.5}


def waiting(id: int, group: str = "A", *, priority: bool = False, desk: int | None = None) -> Waiting:
    return Waiting(id, group, priority, MONDAY + timedelta(minutes=id), desk)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("A001", ("A", 1)), (" a 12 ", ("A", 12)), ("b7", ("B", 7)), ("D1000", ("D", 1000))],
)
def test_a_number_is_read_however_it_is_typed(typed, code):
    assert rules.read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "A", "12", "Đ12", "A1B", "A٣", "A-1", "A" + "9" * 30])
def test_what_is_no_number_is_not_read_as_one(typed):
    assert rules.read_code(typed) is None


@given(st.sampled_from("ABCXYZ"), st.integers(1, 99_999))
def test_a_number_that_was_written_is_read_again(letter, number):
    assert rules.read_code(rules.code(letter, number)) == (letter, number)


@pytest.mark.parametrize(
    ("hour", "minute", "given_out"),
    [(6, 44, False), (6, 45, True), (10, 59, True), (11, 0, False), (13, 14, False), (13, 15, True), (16, 30, False)],
)
def test_numbers_are_given_from_before_opening_until_before_closing(hour, minute, given_out):
    stretches = rules.giving(HOURS, DAY, Terms(15, 30))
    assert rules.is_given(stretches, datetime(2025, 3, 3, hour, minute, tzinfo=ZONE)) is given_out


def test_on_a_day_off_none_are_given_and_a_stretch_too_short_is_none():
    assert rules.giving((), DAY, Terms(15, 30)) == []
    assert len(rules.giving((Span(time(7), time(7, 10)), *HOURS[1:]), DAY, Terms(0, 30))) == 1


def test_a_day_is_over_some_time_after_closing():
    assert not rules.is_over(DAY, HOURS, datetime(2025, 3, 3, 18, 59, tzinfo=ZONE))
    assert rules.is_over(DAY, HOURS, datetime(2025, 3, 3, 19, 0, tzinfo=ZONE))
    assert not rules.is_over(DAY, (), datetime(2025, 3, 3, 23, 59, tzinfo=ZONE))
    assert rules.is_over(DAY, (), datetime(2025, 3, 4, 0, 0, tzinfo=ZONE))


def test_who_has_a_ground_goes_first_then_who_came_first():
    desk = OpenDesk(1, frozenset("A"))
    queue = [waiting(1), waiting(2), waiting(3, priority=True)]
    assert rules.next_for(desk, queue, {1}) == queue[2]
    assert rules.next_for(desk, queue[:2], {1}) == queue[0]


def test_who_was_sent_to_a_desk_goes_first_there_and_nowhere_else_while_it_is_open():
    sent = waiting(5, "B", desk=2)
    queue = [waiting(1), waiting(2, priority=True), sent]
    assert rules.next_for(OpenDesk(2, frozenset("A")), queue, {1, 2}) == sent
    other = OpenDesk(1, frozenset("B"))
    assert rules.next_for(other, queue, {1, 2}) is None
    assert rules.next_for(other, queue, {1}) == sent, "nobody sits at desk 2 any more: somebody must take it"


def test_the_wait_is_played_through_with_every_open_desk():
    queue = [waiting(1), waiting(2), waiting(3), waiting(4, "B")]
    one = [OpenDesk(1, frozenset("A"))]
    two = [*one, OpenDesk(2, frozenset("AB"), timedelta(minutes=4))]
    assert rules.expected_wait(3, queue, one, MINUTES) == timedelta(minutes=20)
    assert rules.expected_wait(3, queue, two, MINUTES) == timedelta(minutes=10)
    assert rules.expected_wait(4, queue, one, MINUTES) is None, "no open desk serves it"
    assert rules.expected_wait(4, queue, two, MINUTES) == timedelta(minutes=14)


@given(people, desks)
def test_nobody_waits_less_than_the_first_free_desk_and_all_who_are_served_have_a_time(queue, opened):
    served = {letter for desk in opened for letter in desk.groups}
    for each in queue:
        wait = rules.expected_wait(each.id, queue, opened, MINUTES)
        if wait is None:
            assert each.group not in served or each.desk is not None
        else:
            assert wait >= min(desk.free_in for desk in opened)


@given(people, desks)
def test_of_one_group_who_ranks_first_never_waits_longer(queue, opened):
    plain = sorted((each for each in queue if each.desk is None), key=lambda each: each.rank)
    times = {each.id: rules.expected_wait(each.id, plain, opened, MINUTES) for each in plain}
    for earlier, later in pairwise(plain):
        if earlier.group == later.group and times[later.id] is not None:
            assert times[earlier.id] <= times[later.id]


@given(people)
def test_those_before_are_counted_in_the_own_group(queue):
    for group in "ABC":
        mine = sorted((each for each in queue if each.group == group), key=lambda each: each.rank)
        assert [rules.people_before(each.id, queue) for each in mine] == list(range(len(mine)))


def test_what_is_usual_is_measured_once_there_is_enough_of_it():
    declared = {"A": 10, "B": 6}
    times = [timedelta(minutes=minutes) for minutes in (2, 4, 30)]
    assert rules.usual_minutes(declared, {"A": times[:2]}) == {"A": 10, "B": 6}
    assert rules.usual_minutes(declared, {"A": times}) == {"A": 4, "B": 6}
    assert rules.usual_minutes({"A": 10}, {"A": [timedelta()] * 3}) == {"A": 0.5}


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 5), (1, 5), (300, 5), (301, 10), (3600, 60)])
def test_a_wait_is_said_in_steps_of_five_minutes(seconds, minutes):
    assert rules.rounded_up(timedelta(seconds=seconds)) == minutes


def test_who_takes_longer_than_usual_is_still_expected_to_need_a_minute():
    assert rules.free_in(10, timedelta(minutes=4)) == timedelta(minutes=6)
    assert rules.free_in(10, timedelta(minutes=25)) == timedelta(minutes=1)
