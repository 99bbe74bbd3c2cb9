"""The worker does what was enqueued, also when another one died over it."""

import asyncio
import threading

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from lienthong.cli import worker
from lienthong.runtime.errors import Trouble

NOTE = "tests.note"

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def empty_queue(committed):
    """What made the database of the tests left jobs of its own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def done():
    """What the jobs of this test did."""
    return []


@pytest.fixture
def note(done):
    @app.task(name=NOTE)
    def note(text):
        if text == "impossible":
            raise ValueError("this job cannot be done")
        done.append(text)

    yield note
    app.tasks.pop(NOTE)


def run(presumed_dead_after=30.0):
    worker.run(until_idle=True, presumed_dead_after=presumed_dead_after)


def states():
    """Of the jobs of the test; a worker also enqueues what falls due by the clock."""
    return sorted(ProcrastinateJob.objects.filter(task_name=NOTE).values_list("status", flat=True))


def abandon(seconds):
    """As if a worker had taken every job and given its last sign of life so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [seconds],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE task_name = %s",
            [cursor.fetchone()[0], NOTE],
        )


def look(times=1):
    """How many jobs each of so many workers takes up that look at the same moment."""

    async def all_at_once(connected):
        async with connected.open_async():
            return await asyncio.gather(*(worker.take_up_abandoned(connected, 30.0) for _ in range(times)))

    with app.replace_connector(app.connector.get_worker_connector()) as connected:
        return asyncio.run(all_at_once(connected))


@pytest.mark.parametrize("text", ["một", "impossible"])
@pytest.mark.parametrize("until_idle", [True, False])
def test_a_worker_that_cannot_write_down_the_end_of_a_job_ends_and_the_next_takes_the_job_up(
    note, done, monkeypatch, text, until_idle
):
    """The connection broke while the job ran. Else the job would stay for ever with a worker that is alive."""
    written = JobManager.finish_job

    async def broken(*args, **kwargs):
        raise ConnectorException

    note.defer(text=text)
    with monkeypatch.context() as patch:
        patch.setattr(JobManager, "finish_job", broken)
        with pytest.raises(Trouble, match="lost its database"):
            worker.run(until_idle=until_idle)
    assert states() == ["doing"] and JobManager.finish_job is written
    run()
    assert states() == ([] if text == "một" else ["failed"])
    assert done == (["một", "một"] if text == "một" else [])


def test_a_worker_ends_though_a_cancellation_is_lost_while_its_connection_breaks(note, done, monkeypatch):
    """Who looked for abandoned jobs was told that the connection is gone, and not that it should end: it went on."""
    looked, looking = [], threading.Event()

    async def deaf(app, presumed_dead_after):
        looked.append(app)
        if len(looked) == 2:
            looking.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                raise ConnectorException from None
        assert len(looked) == 1, "goes on after it was to end"

    monkeypatch.setattr(worker, "take_up_abandoned", deaf)
    monkeypatch.setattr(note, "func", lambda text: looking.wait(60))
    note.defer(text="một")
    run(presumed_dead_after=3.0)
    assert len(looked) == 2 and states() == []


def test_what_was_enqueued_is_done_and_leaves_nothing_behind(note, done):
    for text in ("một", "hai", "ba"):
        note.defer(text=text)
    run()
    assert sorted(done) == ["ba", "hai", "một"]
    assert states() == [] and not ProcrastinateWorker.objects.exists()


def test_a_job_whose_worker_died_is_done_by_another(note, done):
    note.defer(text="một")
    abandon(seconds=31)
    run()
    assert done == ["một"] and states() == []


def test_a_job_whose_worker_is_forgotten_is_done_too(note, done):
    note.defer(text="một")
    abandon(seconds=31)
    ProcrastinateWorker.objects.all().delete()
    run()
    assert done == ["một"]


def test_a_job_of_a_worker_that_lives_is_left_to_it(note, done):
    note.defer(text="một")
    abandon(seconds=10)
    run()
    assert done == [] and states() == ["doing"]


def test_workers_that_look_at_the_same_moment_take_a_job_up_once(note):
    for number in range(20):
        note.defer(text=str(number))
    abandon(seconds=31)
    assert sum(look(times=4)) == 20
    assert states() == ["todo"] * 20


def test_a_job_that_waits_again_already_is_not_doubled(note):
    note.configure(queueing_lock="only one waits").defer(text="một")
    abandon(seconds=31)
    note.configure(queueing_lock="only one waits").defer(text="một")
    assert look() == [1]
    assert states() == ["aborted", "todo"]


def test_a_job_that_fails_stays_to_be_seen(note, done):
    note.defer(text="impossible")
    note.defer(text="hai")
    run()
    assert done == ["hai"] and states() == ["failed"]
