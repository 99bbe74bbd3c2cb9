"""Changing tables that others are at work in: short waits, many tries.

Whoever waits for a table holds up all who come after. So a change gives way soon and tries again later.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from psycopg import errors

TRIES = 20
PATIENCE = "500ms"  # shorter than PostgreSQL's deadlock_timeout, so that in a deadlock it is always we who give way

T = TypeVar("T")


@contextmanager
def patient(cursor: CursorWrapper) -> Iterator[None]:
    """Within a transaction: wait no longer than a moment for each lock."""
    cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [PATIENCE])
    before = cursor.fetchall()[0][0]
    yield
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])


def trying_again(change: Callable[[], T]) -> T:
    """What the change gives, which is a transaction of its own and is tried again when a lock was not to be had.

    Raises OperationalError when it never was.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return change()
        except OperationalError as error:
            if not tries_left or not isinstance(error.__cause__, errors.LockNotAvailable):
                raise
            time.sleep(0.5)
    raise AssertionError("the last try returns or raises")
