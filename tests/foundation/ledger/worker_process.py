"""Worker processes for `test_killed_workers.py`: one process imports everything once and forks a worker when told to.

For each line on its input it starts a worker and writes the worker's process id. It ends when its input ends.
"""

import os
import random
import signal
import sys
import time

import django
from django.db import connection

from lienthong.foundation import ledger

DEAD_AFTER = 0.6  # seconds without a heartbeat
EFFECTS = "CREATE TABLE tests_effect (entry_id bigint, subscriber text)"


def _have_effect(entry: ledger.EntryView, subscriber: str) -> None:
    time.sleep(random.uniform(0, 0.01))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO tests_effect VALUES (%s, %s)", [entry.id, subscriber])
    time.sleep(random.uniform(0, 0.01))


def plain(entry: ledger.EntryView) -> None:
    _have_effect(entry, "plain")


def echo(entry: ledger.EntryView) -> None:
    """What a subscriber records calls subscribers in turn."""
    ledger.record("tests.happened_again", subject=("entry", entry.id), actor=None, organisation_id=None, data={})
    _have_effect(entry, "echo")


def answer(entry: ledger.EntryView) -> None:
    _have_effect(entry, "answer")


def subscribe() -> None:
    """In the workers and in the process that records."""
    ledger.event("tests.happened", "Something happened")
    ledger.event("tests.happened_again", "It happened again")
    ledger.subscribe("tests.happened", name="tests.plain")(plain)
    ledger.subscribe("tests.happened", name="tests.echo")(echo)
    ledger.subscribe("tests.happened_again", name="tests.answer")(answer)


def main() -> None:
    django.setup()
    from lienthong.cli import worker

    subscribe()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            worker.run(concurrency=3, presumed_dead_after=DEAD_AFTER)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
