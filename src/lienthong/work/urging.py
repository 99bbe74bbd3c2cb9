"""Urging those who have something open (đôn đốc): once a day for one task, whoever urges; several tasks by one press.

A room says who may urge whom, and puts down and tells what it has; it calls this inside its own transaction.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.work.models import Urged

MOST_AT_ONCE = 100

Subject = TypeVar("Subject")


class NotUrged(DomainError):
    code = "work.not_urged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many tasks somebody was urged for, how many were urged for today before."""

    urged: int
    before: int


def wanted(task_ids: Collection[int]) -> set[int]:
    """The tasks that were chosen. Raises NotUrged where they are too many."""
    chosen = set(task_ids)
    if len(chosen) > MOST_AT_ONCE:
        raise NotUrged(_("Choose %(most)s at most."), most=MOST_AT_ONCE)
    return chosen


def urge(
    table: type[Urged],
    chosen: Iterable[tuple[Subject, Collection[Any]]],
    put_down: Callable[[Subject, list[Any]], None],
) -> Outcome:
    """Urge those with whom these tasks lie, subject by subject, each locked when it comes. `put_down` gets those tasks
    of a subject that nobody was urged for today. Raises NotUrged where nothing is left of all."""
    urged = before = 0
    for subject, tasks in chosen:
        today: QuerySet[Any] = table._default_manager.filter(day=clock.today())
        done = set(today.filter(task__in=tasks).values_list("task_id", flat=True))
        fresh = [task for task in tasks if task.pk not in done]
        urged, before = urged + len(fresh), before + len(done)
        if fresh:
            put_down(subject, fresh)
    if not urged and not before:
        raise NotUrged(_("Nobody was urged: it is done meanwhile, or not yours to urge."))
    return Outcome(urged, before)


def last_and_times(urged: QuerySet[Any]) -> dict[int, tuple[date, int]]:
    """By task when it was last urged, and how often. One query."""
    found: dict[int, tuple[date, int]] = {}
    for task_id, day in urged.order_by("id").values_list("task_id", "day"):
        found[task_id] = (day, found.get(task_id, (day, 0))[1] + 1)
    return found
