"""Whether everything that was opened is closed by whoever opened it, and not by chance when it is forgotten."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def nothing_left_open() -> Iterator[None]:
    """What is forgotten inside without having been closed is a fault. Fails where that raises."""
    gc.collect()
    found: list[Any] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda raised: found.append(repr(raised.exc_value))
    try:
        yield
        gc.collect()
    finally:
        sys.unraisablehook = before
    assert not found, found
