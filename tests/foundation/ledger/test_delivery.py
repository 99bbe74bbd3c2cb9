"""Subscribers are called once for each entry, again when they fail, and never for what was undone."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

from lienthong.foundation import clock, ledger
from lienthong.foundation.ledger import delivery, queries, subscriptions
from lienthong.foundation.ledger.deferring import BackOff, defer
from tests.foundation.ledger.helpers import happened

heard: list[int] = []
trouble: list[Exception] = []


@pytest.fixture(autouse=True)
def listener(nobody_listens: None) -> None:
    heard.clear()
    trouble.clear()

    @ledger.subscribe("tests.happened", name="listener")
    def listen(entry: ledger.EntryView) -> None:
        heard.append(entry.id)
        ledger.record("tests.happened_again", subject=("entry", entry.id), actor=None, organisation_id=None, data={})
        if trouble:
            raise trouble[0]


def entry_of(number: int) -> tuple[int, datetime]:
    return number, queries.entry(number).at


def run_worker() -> None:
    """A worker that ends when nothing is waiting, and leaves no connection open."""
    with (
        mock.patch.dict(connection.settings_dict, CONN_MAX_AGE=0),
        app.replace_connector(app.connector.get_worker_connector()),
    ):
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful")


@pytest.mark.usefixtures("committed")
def test_a_worker_calls_the_subscriber_after_the_commit():
    number = happened()
    assert heard == []
    run_worker()
    assert heard == [number]
    assert [entry.kind for entry in queries.timeline(("entry", number))] == ["tests.happened_again"]
    assert not ProcrastinateJob.objects.filter(task_name="ledger.deliver").exists()


@pytest.mark.usefixtures("committed")
def test_what_was_recorded_while_the_clock_was_held_is_heard_at_its_moment_and_after_what_happens_now():
    moment = datetime(2025, 3, 3, 14, 5, tzinfo=clock.ZONE)

    @ledger.subscribe("tests.happened_again", name="second")
    def second(entry: ledger.EntryView) -> None:
        heard.append(entry.id)

    with clock.at(moment):
        simulated = happened()
    now = happened()
    run_worker()
    followed, real = (queries.timeline(("entry", number))[0] for number in (simulated, now))
    assert followed.at == moment, "and what follows from it is of the same moment"
    assert real.at > moment
    assert heard == [now, real.id, simulated, followed.id]


@pytest.mark.django_db
def test_a_second_call_for_the_same_entry_does_nothing():
    entry = entry_of(happened())
    assert delivery.deliver(*entry, "listener")
    assert not delivery.deliver(*entry, "listener")
    assert len(heard) == len(queries.timeline(("entry", entry[0]))) == 1


@pytest.mark.django_db
def test_what_a_failing_subscriber_wrote_is_undone_and_its_error_is_kept():
    number, at = entry_of(happened())
    trouble.append(RuntimeError("the mail server is away\0"))
    for _ in range(2):
        with pytest.raises(RuntimeError):
            delivery.deliver(number, at, "listener")
    assert queries.timeline(("entry", number)) == []
    assert failures() == [(number, "listener", 2, "RuntimeError: the mail server is away")]

    trouble.clear()
    assert delivery.deliver(number, at, "listener", tried_before=True)
    assert len(queries.timeline(("entry", number))) == 1
    assert failures() == []


@pytest.mark.usefixtures("committed")
def test_a_subscriber_that_fails_is_tried_again_later_and_at_last_put_aside(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.tasks["ledger.deliver"], "retry_strategy", BackOff(tries=3, first=timedelta()))
    trouble.append(RuntimeError("the mail server is away"))
    number = happened()
    run_worker()
    assert heard == [number] * 3
    (letter,) = queries.dead_letters()
    assert (letter.entry_id, letter.subscriber) == (number, "listener")
    assert letter.error == "RuntimeError: the mail server is away"

    trouble.clear()
    delivery.try_again([letter.job_id])
    run_worker()
    assert queries.dead_letters() == []
    assert len(queries.timeline(("entry", number))) == 1


@pytest.mark.usefixtures("committed")
def test_a_subscriber_that_is_not_installed_is_a_dead_letter_in_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.tasks["ledger.deliver"], "retry_strategy", BackOff(tries=1))
    number = happened()
    subscriptions._by_name.clear()
    run_worker()
    (letter,) = queries.dead_letters()
    assert letter.entry_id == number and "'listener'" in letter.error


@pytest.mark.usefixtures("committed")
def test_a_job_deferred_by_a_subscriber_that_fails_is_not_deferred(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(app.tasks["ledger.deliver"], "retry_strategy", BackOff(tries=1))
    trouble.append(RuntimeError("too late"))

    @ledger.subscribe("tests.happened_again", name="second")
    def second(entry: ledger.EntryView) -> None: ...

    happened()
    run_worker()
    assert [job.args["subscriber"] for job in ProcrastinateJob.objects.all()] == ["listener"]


def failures() -> list[tuple[int, str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id, subscriber, attempts, error FROM ledger_faileddelivery")
        return cursor.fetchall()


@pytest.mark.usefixtures("committed")
def test_a_job_is_deferred_with_the_transaction_it_belongs_to():
    task = app.tasks["ledger.seal"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        defer(task, timestamp=1)
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.exists()
    later = datetime(2030, 1, 1, tzinfo=clock.ZONE)
    with transaction.atomic():
        defer(task, not_before=later, timestamp=2)
    (job,) = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args, job.scheduled_at, job.queue_name) == (
        "ledger.seal",
        {"timestamp": 2},
        later,
        "ledger",
    )


@given(st.integers(0, 100), st.integers(1, 30))
def test_jobs_wait_longer_each_time_but_never_for_ever(attempts: int, tries: int):
    job = Job(queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
    decision = BackOff(tries=tries).get_retry_decision(exception=RuntimeError(), job=job)
    assert (decision is None) == (attempts + 1 >= tries)
    if isinstance(decision, RetryDecision):
        assert decision.retry_at is not None


def test_two_subscribers_cannot_share_a_name():
    with pytest.raises(ValueError, match="two subscribers"):
        ledger.subscribe("tests.happened", name="listener")(lambda entry: None)


def test_a_subscription_to_a_kind_that_nobody_makes_known_can_be_found():
    ledger.subscribe("tests.misspelt", name="other")(lambda entry: None)
    assert subscriptions.kinds_nobody_knows() == ["tests.misspelt"]
