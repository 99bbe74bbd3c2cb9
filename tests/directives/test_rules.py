"""Laws of directives, for any tree of tasks and any moments."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.directives import rules
from lienthong.directives.rules import Month, Stage, Standing, Task
from lienthong.foundation.clock import ZONE
from lienthong.work.rules import AskedAlready, Part

NOW = datetime(2025, 3, 3, 8, 30, tzinfo=ZONE)
MOMENTS = st.integers(-10_000, 10_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
OVER = [Stage.DONE, Stage.ENDED, Stage.CANCELLED]


@st.composite
def trees(draw: st.DrawFn) -> list[Task]:
    """At the root one leads; everything else lies anywhere below or beside it."""
    tasks = [Task(1, None, Part.LEAD, draw(st.sampled_from(Stage)), (1, "head", None))]
    for number in range(2, draw(st.integers(2, 8))):
        parent = draw(st.sampled_from([None, *(each.id for each in tasks)]))
        part = draw(st.sampled_from([Part.COOPERATE, Part.KNOW])) if parent is None else Part.LEAD
        tasks.append(Task(number, parent, part, draw(st.sampled_from(Stage)), (number, "head", None)))
    return tasks


@given(due=st.none() | MOMENTS, finished=st.none() | MOMENTS, now=MOMENTS)
def test_each_is_in_one_class_and_nothing_without_a_due_day_is_late(due, finished, now):
    found = rules.standing(due, finished, now=now)
    assert (found in (Standing.IN_TIME, Standing.LATE)) == (finished is not None)
    late = found in (Standing.LATE, Standing.OPEN_LATE)
    assert late == (due is not None and (finished or now) > due)


@given(tree=trees(), due=st.none() | MOMENTS, whole=st.none() | MOMENTS)
def test_a_part_is_never_due_after_the_whole(tree, due, whole):
    task = Task(1, None, Part.LEAD, Stage.UNDER_WAY, (1, "head", None), due_at=whole)
    try:
        rules.check_part(task, desk=(2, "head", None), content="Việc", due_at=due, now=NOW)
    except rules.Incomplete as refused:
        assert set(refused.errors) == {"due"}
        assert due is not None and (due <= NOW or (whole is not None and due > whole))
    else:
        assert due is None or (due > NOW and (whole is None or due <= whole))


@given(tree=trees())
def test_with_who_leads_everything_ends_and_with_another_only_what_is_below(tree):
    whole = {each.id for each in rules.ended_with(tree, tree[0])}
    assert whole == {each.id for each in tree[1:] if each.stage not in OVER}
    for task in tree[1:]:
        ended = rules.ended_with(tree, task)
        assert all(_is_below(tree, each, task) and each.stage not in OVER for each in ended)


def _is_below(tree: list[Task], task: Task, above: Task) -> bool:
    parents, parent = {each.id: each.parent for each in tree}, task.parent
    while parent is not None and parent != above.id:
        parent = parents[parent]
    return parent == above.id


@given(tree=trees())
def test_a_task_is_never_reported_over_an_open_part(tree):
    for task in tree:
        try:
            stage = rules.complete(tree, task, text="Xong", product="1/BC", has_files=False)
        except (rules.NotOpen, rules.StillBelow):
            continue
        assert stage == (Stage.REPORTED if task.part is Part.LEAD else Stage.DONE)
        assert all(each.stage in OVER for each in tree if each.parent == task.id)


@given(due=MOMENTS, wanted=st.none() | MOMENTS, pending=st.booleans())
def test_more_time_is_always_later_than_now_and_than_the_present_day(due, wanted, pending):
    task = Task(1, None, Part.LEAD, Stage.UNDER_WAY, (1, "head", None), due_at=due)
    try:
        rules.ask_more_time(task, wanted=wanted, reason="Mưa lũ", pending=pending, now=NOW)
    except (rules.Incomplete, AskedAlready):
        assert pending or wanted is None or wanted <= max(NOW, due)
    else:
        assert wanted is not None and wanted > NOW and wanted > due


def test_the_share_in_time_is_of_what_should_have_been_done():
    assert Month().share is None and Month(open_in_time=3).share is None
    assert Month(in_time=1, late=1, open_late=2, open_in_time=9).share == pytest.approx(25)
    assert Month(carried=1, new=2) + Month(carried=4, late=1) == Month(carried=5, new=2, late=1)
