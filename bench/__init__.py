"""Benchmarks: each figure beside its limit, the same work without us or the goal that was set for it.

Run with ./lt bench [NAME …]; a module here with a function `run() -> list[Row]` is one benchmark.
"""

Row = tuple[str, float, str, float | None]
"""What, how much, of which unit, and the figure to hold beside it."""
