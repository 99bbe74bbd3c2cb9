"""Calling subscribers: exactly once in effect.

`record` enqueues one job for each subscriber in the transaction of the entry. The job claims the pair of entry and
subscriber in `ledger_delivery` and calls the subscriber, all in one transaction. A worker that dies before the commit
leaves neither claim nor effect, so the job is taken up again; one that dies after it leaves both, so the second run
does nothing; of two runs at once the second waits at the unique key for the first.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.ledger import queries, subscriptions
from lienthong.foundation.ledger.deferring import django_manager

_CLAIM = "INSERT INTO ledger_delivery (entry_id, subscriber, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_FAILED = """
    INSERT INTO ledger_faileddelivery (entry_id, subscriber, failed_at, attempts, error) VALUES (%s, %s, %s, 1, %s)
    ON CONFLICT (entry_id, subscriber) DO UPDATE
    SET failed_at = excluded.failed_at, attempts = ledger_faileddelivery.attempts + 1, error = excluded.error"""
_SUCCEEDED = "DELETE FROM ledger_faileddelivery WHERE entry_id = %s AND subscriber = %s"
_ERROR_LIMIT = 1000


def deliver(entry_id: int, at: datetime, subscriber: str, *, held: bool = False, tried_before: bool = False) -> bool:
    """Call the subscriber for the entry unless that has happened. Says whether it was called. `held`: with the clock at
    `at`, since it was held when the entry was recorded.

    Raises what the subscriber raises, and LookupError for a subscriber that is not installed; the error is kept for
    `queries.dead_letters` until the subscriber succeeds.
    """
    try:
        with transaction.atomic():
            function = subscriptions.find(subscriber)
            if not _run(_CLAIM, [entry_id, subscriber, at]):
                return False
            with clock.at(at) if held else nullcontext():
                function(queries.entry(entry_id, at))
            if tried_before:
                _run(_SUCCEEDED, [entry_id, subscriber])
    except Exception as error:
        text = f"{type(error).__name__}: {error}".replace("\0", "")[:_ERROR_LIMIT]
        _run(_FAILED, [entry_id, subscriber, clock.now(), text])
        raise
    return True


def try_again(job_ids: Sequence[int]) -> None:
    """Enqueue dead letters again, after what made them fail was mended. Raises ConnectorException for other jobs."""
    for job_id in job_ids:
        django_manager.retry_job_by_id(job_id, retry_at=clock.now())


def _run(statement: str, params: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)
