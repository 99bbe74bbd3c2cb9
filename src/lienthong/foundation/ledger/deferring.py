"""Jobs that are enqueued in the caller's transaction, and how jobs wait before they are tried again.

Inside a worker, Procrastinate's own `defer` uses the worker's connections: a job deferred with it from a running job is
there even when that job is rolled back. These functions always use Django's connection.
"""

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.tasks import Task

from lienthong.foundation import clock
from lienthong.foundation.statements import run

BEHIND_ALL_ELSE = -10
"""Priority of what nobody waits for."""

OF_ANOTHER_TIME = -100
"""Added to the priority of what is enqueued while the clock is held, as by a simulation: people wait for what happens
now."""

django_manager = JobManager(DjangoConnector())
"""Procrastinate's own functions, over Django's connection."""

# What Procrastinate itself sends, written here because its way of writing it takes longer than the statement.
_DEFER = "SELECT procrastinate_defer_jobs_v1(ARRAY[{}]::procrastinate_job_to_defer_v1[])"
_JOB = "ROW(%s, %s, %s, NULL, NULL, %s, %s)"


def defer(task: Task[Any, Any, Any], *, not_before: datetime | None = None, **arguments: Any) -> None:
    """Enqueue the task in the present transaction: a worker starts it after the commit, never after a rollback."""
    defer_named(task.name, [arguments], queue=task.queue, priority=task.priority, not_before=not_before)


def defer_named(
    task: str,
    calls: Iterable[dict[str, Any]],
    *,
    queue: str,
    priority: int = 0,
    not_before: datetime | None = None,
) -> None:
    """Enqueue several calls of a task by its name, in one statement."""
    priority += OF_ANOTHER_TIME if clock.is_held() else 0
    jobs = [(queue, task, priority, json.dumps(call), not_before) for call in calls]
    if jobs:
        run(_DEFER.format(", ".join([_JOB] * len(jobs))), [value for job in jobs for value in job]).close()


class BackOff(BaseRetryStrategy):
    """Try again after `first`, then after twice as long each time, at most after `longest`; give up after `tries`.

    With the defaults a job is tried for some five hours. A fifth of each wait is left to chance, so that jobs that
    failed together do not come back together.
    """

    def __init__(
        self,
        *,
        tries: int = 15,
        first: timedelta = timedelta(seconds=2),
        longest: timedelta = timedelta(hours=1),
    ) -> None:
        self.tries = tries
        self.first = first
        self.longest = longest

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts + 1 >= self.tries:
            return None
        wait = min(self.first * 2 ** min(job.attempts, 30), self.longest)
        seconds = wait.total_seconds() * random.uniform(0.9, 1.1)  # noqa: S311 - nothing secret
        return RetryDecision(retry_in={"seconds": round(seconds, 3)})
