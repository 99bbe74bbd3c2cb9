"""The way of a document inside an agency, as rules."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.rules import journey as rules
from lienthong.documents.rules.journey import Direction, Journey, Outcome, Status, Task
from lienthong.foundation import clock
from lienthong.work.rules import Part

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.ZONE)
LEADER, HEAD, OTHER, HANDLER = (
    (1, "agency-leader", 1),
    (2, "head-of-unit", None),
    (3, "head-of-unit", None),
    (2, "x", 7),
)


def presented(due: datetime | None = None) -> Journey:
    return Journey.of([Task(1, None, Part.LEAD, LEADER, due)])


def directed(journey: Journey, task: int, direction: Direction) -> Journey:
    above = journey.tasks[task]
    parts = rules.direct(journey, above, direction, now=NOW)
    first = max(journey.tasks) + 1
    opened = [
        Task(first + place, task, part, desk, rules.due_below(above, direction))
        for place, (part, desk) in enumerate(parts)
    ]
    return Journey.of([*journey.tasks.values(), *opened])


def finished(journey: Journey, task: int) -> Journey:
    outcome = rules.finish(journey, journey.tasks[task])
    ended = {
        task: outcome,
        **{each.id: Outcome.TAKEN_BACK for each in rules.closed_with(journey, journey.tasks[task])},
    }
    return Journey.of(
        replace(each, done_at=NOW, outcome=ended[each.id]) if each.id in ended else each
        for each in journey.tasks.values()
    )


def test_the_statuses_follow_the_tasks():
    assert Journey().status is Status.REGISTERED
    journey = presented()
    assert journey.status is Status.REGISTERED
    journey = directed(journey, 1, Direction(lead=HEAD, cooperate=(OTHER,), know=(HANDLER,)))
    assert journey.status is Status.ASSIGNED
    assert journey.is_waiting(journey.tasks[1])
    seen = Journey.of([*journey.tasks.values(), replace(journey.tasks[2], seen_at=NOW)])
    assert seen.status is Status.IN_PROCESS
    journey = finished(journey, 2)
    assert not journey.is_waiting(journey.tasks[1])
    journey = finished(journey, 1)
    assert journey.status is Status.DONE
    assert journey.tasks[3].outcome is Outcome.TAKEN_BACK, "nobody waits for the opinion any more"
    assert journey.tasks[4].is_open, "who is to know reads it when it suits"


def test_whoever_handed_it_on_waits_for_the_report():
    journey = directed(presented(), 1, Direction(lead=HEAD))
    with pytest.raises(rules.StillBelow):
        rules.finish(journey, journey.tasks[1])


@pytest.mark.parametrize(
    "direction",
    [
        Direction(),
        Direction(lead=LEADER),
        Direction(lead=HEAD, cooperate=(HEAD,)),
        Direction(cooperate=(OTHER,)),
        Direction(lead=HEAD, due_at=NOW - timedelta(days=1)),
        Direction(lead=HEAD, due_at=NOW + timedelta(days=9)),
    ],
    ids=["nobody", "oneself", "twice", "no lead", "past", "later than one's own"],
)
def test_a_direction_that_contradicts_itself_is_refused(direction: Direction):
    with pytest.raises(rules.NotDirected):
        directed(presented(due=NOW + timedelta(days=3)), 1, direction)


def test_one_leads_and_another_only_when_it_was_taken_back():
    journey = directed(presented(), 1, Direction(lead=HEAD))
    with pytest.raises(rules.NotDirected):
        directed(journey, 1, Direction(lead=OTHER))
    ended = rules.take_back(journey, journey.tasks[2])
    assert [task.id for task in ended] == [2]
    journey = Journey.of(
        replace(task, done_at=NOW, outcome=Outcome.TAKEN_BACK) if task.id == 2 else task
        for task in journey.tasks.values()
    )
    assert journey.status is Status.REGISTERED
    journey = directed(journey, 1, Direction(lead=OTHER))
    assert journey.status is Status.ASSIGNED


def test_the_first_cannot_give_it_back_and_nobody_who_handed_it_on():
    journey = presented()
    with pytest.raises(rules.NotDirected):
        rules.give_back(journey, journey.tasks[1])
    journey = directed(directed(journey, 1, Direction(lead=HEAD)), 2, Direction(lead=HANDLER))
    with pytest.raises(rules.StillBelow):
        rules.give_back(journey, journey.tasks[2])
    rules.give_back(journey, journey.tasks[3])


@given(st.lists(st.tuples(st.sampled_from(["direct", "finish", "back"]), st.integers(1, 12)), max_size=25))
def test_whatever_happens_it_is_done_when_the_first_is_and_one_leads_at_most(steps: list[tuple[str, int]]):
    journey = presented()
    for number, (deed, place) in enumerate(steps):
        task = journey.tasks.get(place)
        if task is None:
            continue
        try:
            if deed == "direct":
                journey = directed(journey, place, Direction(lead=(100 + number, "head-of-unit", None)))
            elif deed == "finish":
                journey = finished(journey, place)
            else:
                ended = {each.id for each in rules.take_back(journey, task)} if task.parent else set()
                journey = Journey.of(
                    replace(each, done_at=NOW, outcome=Outcome.TAKEN_BACK) if each.id in ended else each
                    for each in journey.tasks.values()
                )
        except (rules.NotDirected, rules.StillBelow, rules.NotOpen):
            continue
        assert (journey.status is Status.DONE) == (not journey.tasks[1].is_open)
        for above in journey.tasks:
            leading = [t for t in journey.below(above) if t.part is Part.LEAD and t.is_open]
            assert len(leading) <= 1
        if journey.status is Status.DONE:
            assert not any(t.is_open and t.part is not Part.KNOW for t in journey.tasks.values())
