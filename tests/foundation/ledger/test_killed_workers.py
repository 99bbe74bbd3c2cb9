"""A worker may be killed at any moment: every subscriber has its effect exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from lienthong.foundation.ledger import queries
from tests import databases
from tests.foundation.ledger import worker_process
from tests.foundation.ledger.helpers import happened

KILLS = 100
WORKERS = 3


class Workers:
    """Workers that are killed with -9 and replaced."""

    def __init__(self, starter: subprocess.Popen[str]) -> None:
        self.starter = starter
        self.running = [self._start() for _ in range(WORKERS)]

    def kill_one(self) -> None:
        place = random.randrange(len(self.running))
        os.kill(self.running[place], signal.SIGKILL)
        self.running[place] = self._start()

    def _start(self) -> int:
        assert self.starter.stdin and self.starter.stdout
        self.starter.stdin.write("start\n")
        self.starter.stdin.flush()
        return int(self.starter.stdout.readline())


@pytest.fixture
def workers(committed: None, empty_ledger: None) -> Iterator[Workers]:
    worker_process.subscribe()
    with connection.cursor() as cursor:
        cursor.execute(worker_process.EFFECTS)
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.ledger.worker_process"],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"LT_DATABASE_URL": databases.address()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    herd = Workers(starter)
    try:
        yield herd
    finally:
        for worker in herd.running:
            os.kill(worker, signal.SIGKILL)
        starter.communicate()


def test_every_subscriber_has_its_effect_once_though_workers_are_killed_a_hundred_times(workers: Workers):
    recorded = []
    busy = 0
    for _ in range(KILLS):
        recorded += [happened() for _ in range(random.randint(1, 3))]
        with transaction.atomic():
            happened()
            transaction.set_rollback(True)
        time.sleep(random.uniform(0.02, 0.15))
        busy += any(status == "doing" for _, status, _ in jobs_left())
        workers.kill_one()

    deadline = time.monotonic() + 40
    while jobs_left() and time.monotonic() < deadline:
        time.sleep(0.1)

    assert jobs_left() == []
    assert busy > KILLS / 4
    assert effects("plain") == recorded
    assert effects("echo") == recorded
    assert sorted(queries.entry(number).subject[1] for number in effects("answer")) == recorded


def jobs_left() -> list[tuple[int, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status, attempts FROM procrastinate_jobs WHERE task_name = 'ledger.deliver'")
        return cursor.fetchall()


def effects(subscriber: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM tests_effect WHERE subscriber = %s ORDER BY entry_id", [subscriber])
        return [number for (number,) in cursor.fetchall()]
