"""Runs background jobs: what was enqueued, what falls due by the clock, and what a killed worker left half done."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from procrastinate import App, exceptions, jobs
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from lienthong.runtime.errors import Trouble

CONCURRENCY = 4
PRESUMED_DEAD_AFTER = 30.0  # seconds without a sign of life
GRACE = 20.0  # seconds that running jobs get when the worker is asked to stop
ASKED_AGAIN_AFTER = 0.5  # seconds that a task gets to end before it is cancelled again
MOST_ATTEMPTS = 20  # a job that has killed its worker so often stays failed until somebody looks at it

# One statement, so that two workers that look at the same moment do not both put a job back. A job that somebody gave
# up, or that waits again under the same queueing lock already, is not run again.
TAKE_UP_ABANDONED = """
UPDATE procrastinate_jobs AS job
   SET status = (CASE WHEN job.attempts >= %(most)s THEN 'failed'
                      WHEN job.abort_requested OR EXISTS (
                          SELECT 1 FROM procrastinate_jobs AS other
                           WHERE other.queueing_lock = job.queueing_lock AND other.status = 'todo')
                      THEN 'aborted' ELSE 'todo' END)::procrastinate_job_status,
       attempts = job.attempts + 1,
       scheduled_at = now()
 WHERE job.id IN (
       SELECT held.id
         FROM procrastinate_jobs AS held
         LEFT JOIN procrastinate_workers AS worker ON worker.id = held.worker_id
        WHERE held.status = 'doing'
          AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(seconds)s * interval '1 second')
          FOR UPDATE OF held SKIP LOCKED)
RETURNING job.id, job.task_name
"""

logger = logging.getLogger(__name__)


class EndsOnRecord(JobManager):
    """Notices when the end of a job could not be written down. The job would stay with this worker, which is alive and
    does not have it any more; nobody would take it up."""

    def __init__(self, connector: BaseConnector, lose: Callable[[], None]) -> None:
        super().__init__(connector)
        self.lose = lose

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        with self._noticing(job):
            await super().finish_job(job, status, delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        with self._noticing(job):
            await super().retry_job(job, retry_at, priority, queue, lock)

    @contextmanager
    def _noticing(self, job: Job) -> Iterator[None]:
        try:
            yield
        except exceptions.ConnectorException:
            logger.warning("the end of job %s (%s) could not be written; the worker ends", job.id, job.task_name)
            self.lose()
            raise


def run(
    *,
    concurrency: int = CONCURRENCY,
    presumed_dead_after: float = PRESUMED_DEAD_AFTER,
    grace: float = GRACE,
    until_idle: bool = False,
) -> None:
    """Work until SIGTERM or Ctrl-C; with `until_idle`, until there is nothing left to do.

    A job is run again when the worker that had it gives no sign of life for `presumed_dead_after` seconds, so every
    job must be one that may be done twice. Finished jobs are deleted; failed ones stay for `lt doctor` to show.
    """
    connector = django_app.connector
    assert isinstance(connector, DjangoConnector)
    with django_app.replace_connector(connector.get_worker_connector()) as app:
        asyncio.run(_work(app, concurrency, presumed_dead_after, grace, until_idle))


async def _work(
    app: App,
    concurrency: int,
    presumed_dead_after: float,
    grace: float,
    until_idle: bool,
) -> None:
    async with app.open_async():
        await take_up_abandoned(app, presumed_dead_after)
        rescuer = asyncio.create_task(_keep_taking_up(app, presumed_dead_after))
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                wait=not until_idle,
                delete_jobs=jobs.DeleteJobCondition.SUCCESSFUL,
                shutdown_graceful_timeout=grace,
                update_heartbeat_interval=presumed_dead_after / 3,
                stalled_worker_timeout=presumed_dead_after * 2,
                install_signal_handlers=False,
            )
        )
        asked_to_stop, lost = stopped_by_signals(worker), asyncio.Event()

        def lose() -> None:
            lost.set()
            worker.cancel()

        before, app.job_manager = app.job_manager, EndsOnRecord(app.connector, lose)
        try:
            await worker
            if lost.is_set() or not (until_idle or asked_to_stop.is_set()):
                raise lost_database()
        except asyncio.CancelledError:
            if lost.is_set():
                raise lost_database() from None
            if not asked_to_stop.is_set():
                raise
        finally:
            app.job_manager = before
            await end(rescuer)


async def end(task: asyncio.Task[None]) -> None:
    """Cancel it until it has ended. A cancellation that comes while a connection breaks is lost: the task hears of the
    connection only, and who waits for it after one cancellation waits for ever."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=ASKED_AGAIN_AFTER)


def lost_database() -> Trouble:
    return Trouble("The worker lost its database.", way_out="Start it again when the database answers.")


def stopped_by_signals(worker: asyncio.Task[None]) -> asyncio.Event:
    """Ctrl-C and SIGTERM let running jobs end, then the worker; answers what is set when that was asked for."""
    asked = asyncio.Event()

    def stop() -> None:
        asked.set()
        worker.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return asked


async def _keep_taking_up(app: App, presumed_dead_after: float) -> None:
    while True:
        await asyncio.sleep(presumed_dead_after / 3)
        try:
            await take_up_abandoned(app, presumed_dead_after)
        except exceptions.ProcrastinateException:
            logger.warning("abandoned jobs could not be looked for; trying again", exc_info=True)


async def take_up_abandoned(app: App, presumed_dead_after: float) -> int:
    """Put back the jobs of workers that are gone; answers how many."""
    abandoned = await app.connector.execute_query_all_async(
        TAKE_UP_ABANDONED, seconds=presumed_dead_after, most=MOST_ATTEMPTS
    )
    for job in abandoned:
        logger.warning("taking up job %s (%s): its worker is gone", job["id"], job["task_name"])
    await app.job_manager.prune_stalled_workers(presumed_dead_after)
    return len(abandoned)
