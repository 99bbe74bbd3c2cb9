"""Several people at once, over connections of their own, on the Monday of the cast."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from tests import cast


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, all beginning together; what each gave or raised."""
    start = Barrier(len(calls))
    outcomes: list[Any] = []

    def run(call: Callable[[], Any]) -> None:
        try:
            with cast.on_monday():
                start.wait()
                outcomes.append(call())
        except Exception as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
