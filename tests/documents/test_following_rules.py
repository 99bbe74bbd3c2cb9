"""More time, urging and statistics as rules."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.rules import following as rules
from lienthong.documents.rules.following import Progress, Settlement
from lienthong.documents.rules.journey import Journey, NotOpen, Outcome, Task
from lienthong.foundation import clock
from lienthong.work.rules import AskedAlready, Part

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.ZONE)
DUE = NOW + timedelta(days=5)
TASK = Task(2, 1, Part.LEAD, (2, "head-of-unit", None), DUE)


def test_more_time_is_for_who_leads_with_a_limit_and_is_later():
    rules.ask(TASK, wanted=DUE + timedelta(days=3), pending=False, now=NOW)
    for refused in (
        {"task": replace(TASK, part=Part.COOPERATE)},
        {"task": replace(TASK, due_at=None)},
        {"wanted": DUE},
        {"wanted": NOW - timedelta(days=1)},
    ):
        with pytest.raises(rules.NoMoreTime):
            rules.ask(**{"task": TASK, "wanted": DUE + timedelta(days=1), "pending": False, "now": NOW, **refused})
    with pytest.raises(AskedAlready):
        rules.ask(TASK, wanted=DUE + timedelta(days=1), pending=True, now=NOW)
    with pytest.raises(NotOpen):
        done = replace(TASK, done_at=NOW, outcome=Outcome.REPORTED)
        rules.ask(done, wanted=DUE + timedelta(days=1), pending=False, now=NOW)


def test_what_is_late_already_needs_a_day_that_is_still_to_come():
    late = replace(TASK, due_at=NOW - timedelta(days=4))
    with pytest.raises(rules.NoMoreTime, match="ngày đã qua"):
        rules.ask(late, wanted=NOW - timedelta(days=1), pending=False, now=NOW)
    rules.ask(late, wanted=NOW + timedelta(days=1), pending=False, now=NOW)


@given(st.integers(-10, 30), st.integers(-10, 30))
def test_nobody_grants_more_time_than_they_have_nor_less_than_there_is(own: int, new: int):
    above = Task(1, None, Part.LEAD, (1, "agency-leader", 1), NOW + timedelta(days=own))
    new_due = NOW + timedelta(days=new)
    try:
        rules.grant(TASK, above, new_due=new_due, now=NOW)
    except rules.NoMoreTime:
        assert new_due <= DUE or new_due > above.due_at
    else:
        assert DUE < new_due <= above.due_at


def test_whom_somebody_may_urge():
    journey = Journey.of(
        [
            Task(1, None, Part.LEAD, (1, "agency-leader", 1), None),
            Task(2, 1, Part.LEAD, (2, "head-of-unit", None), DUE),
            Task(3, 1, Part.COOPERATE, (3, "head-of-unit", None), DUE),
            Task(4, 1, Part.KNOW, (4, "head-of-unit", None), None),
            Task(5, 2, Part.LEAD, (2, "x", 7), DUE),
            Task(6, 1, Part.COOPERATE, (5, "x", 8), DUE, done_at=NOW, outcome=Outcome.SAID),
        ]
    )

    def urged(own: list[int], every: bool = False) -> list[int]:
        return [task.id for task in rules.urgeable(journey, own, every=every)]

    assert urged([1]) == [2, 3, 5], "all below who have it open and have something to do"
    assert urged([2]) == [5]
    assert urged([5]) == []
    assert urged([], every=True) == [1, 2, 3, 5], "the clerk urges everybody"
    assert urged([1], every=True) == [2, 3, 5], "but not themselves"


@given(st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 0))
def test_each_document_is_in_one_class(due: int | None, done: int | None):
    due_at = None if due is None else NOW + timedelta(days=due)
    done_at = None if done is None else NOW + timedelta(days=done)
    found = rules.progress(due_at, done_at, now=NOW)
    assert found in (Progress.UNLIMITED, Progress.UNLIMITED_OPEN) if due is None else "unlimited" not in found
    assert ("open" in found) == (done is None)
    if due_at:
        assert found in (Progress.LATE, Progress.OPEN_LATE) if (done_at or NOW) > due_at else "late" not in found


def test_leaving_something_undone_never_looks_better():
    assert Settlement(in_time=3, late=1).share == 75
    assert Settlement(in_time=3, open_late=1).share == 75
    assert Settlement(in_time=3, open_in_time=9, unlimited=4).share == 100
    assert Settlement(open_in_time=2, unlimited_open=1).share is None
    assert Settlement(1, 2, 3, 4, 5, 6).received == 21
