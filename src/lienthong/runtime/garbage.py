"""Python's collector of cyclic garbage in a process that serves for months."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""New objects before the youngest are looked through, and how many such looks before the next generation's turn."""


def collect_seldom() -> None:
    """Leave what is loaded by now alone for ever, and look through the rest more seldom than Python does by itself.

    Each look through everything holds up all threads, 80 to 130 ms with what an application has loaded, and as Python
    comes, every twentieth answer waits for one. Nearly all of what a request leaves behind goes without the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
