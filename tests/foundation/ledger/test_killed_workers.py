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
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from lienthong.foundation.ledger import delivery, queries
from lienthong.foundation.ledger.deferring import django_manager
from tests.foundation.ledger import worker_process
from tests.foundation.ledger.helpers import happened

KILLS = 100
WORKERS = 3
DEAD_AFTER = 0.6  # seconds without a heartbeat


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
def workers(transactional_db: None) -> Iterator[Workers]:
    worker_process.subscribe()
    with connection.cursor() as cursor:
        cursor.execute(worker_process.EFFECTS)
    settings = connection.settings_dict
    address = make_conninfo(
        **settings["OPTIONS"],
        **{
            word: settings[name] or None
            for name, word in {
                "NAME": "dbname",
                "USER": "user",
                "PASSWORD": "password",
                "HOST": "host",
                "PORT": "port",
            }.items()
        },
    )
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.ledger.worker_process"],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"LT_DATABASE_URL": address},
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
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE tests_effect")


def test_every_subscriber_has_its_effect_once_though_workers_are_killed_a_hundred_times(workers: Workers):
    recorded = []
    interrupted = 0
    for _ in range(KILLS):
        recorded += [happened() for _ in range(random.randint(1, 3))]
        with transaction.atomic():
            happened()
            transaction.set_rollback(True)
        time.sleep(random.uniform(0.02, 0.15))
        workers.kill_one()
        interrupted += take_up()

    deadline = time.monotonic() + 40
    while jobs_left() and time.monotonic() < deadline:
        interrupted += take_up()
        time.sleep(0.1)

    assert jobs_left() == []
    assert interrupted > KILLS / 10
    assert effects("plain") == recorded
    assert effects("echo") == recorded
    assert sorted(queries.entry(number).subject[1] for number in effects("answer")) == recorded


def take_up() -> int:
    return async_to_sync(delivery.take_up_stalled)(django_manager, silent_for=DEAD_AFTER)


def jobs_left() -> list[tuple[int, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status, attempts FROM procrastinate_jobs WHERE task_name = 'ledger.deliver'")
        return cursor.fetchall()


def effects(subscriber: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM tests_effect WHERE subscriber = %s ORDER BY entry_id", [subscriber])
        return [number for (number,) in cursor.fetchall()]
