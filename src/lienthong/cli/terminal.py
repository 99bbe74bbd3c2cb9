"""What the commands show: quiet lines, progress while one waits, errors with their way out."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

out = Console(highlight=False)
err = Console(highlight=False, stderr=True)

NAME_WIDTH = 16


class Report(Protocol):
    """How long work tells how far it is: `report(done, total, "what")`; without a total only that it goes on."""

    def __call__(self, done: int, total: int | None = None, what: str = "") -> None: ...


class Step:
    """One step of a command while it runs. `note` is what the finished line says."""

    def __init__(self, progress: Progress, name: str) -> None:
        self.note = ""
        self.failed = False
        self._progress = progress
        self._task = progress.add_task(name, total=None, what="")

    def __call__(self, done: int, total: int | None = None, what: str = "") -> None:
        self._progress.update(self._task, completed=done, total=total, what=escape(what))


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show that something goes on, how far it is, and a line when it is done. Fits 80 columns."""
    began = time.monotonic()
    progress = Progress(
        SpinnerColumn(),
        TextColumn(f"{{task.description:<{NAME_WIDTH}}}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[what]}", style="dim"),
        TimeElapsedColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
    with progress:
        current = Step(progress, name)
        yield current
    took = f"{time.monotonic() - began:.1f} s"
    room = out.width - NAME_WIDTH - 5 - len(took) - 1
    note = current.note if len(current.note) <= room else current.note[: room - 1] + "…"
    mark = "[bold red]✗[/]" if current.failed else "[green]✓[/]"
    out.print(f"  {mark} {name:<{NAME_WIDTH}} [dim]{escape(note.ljust(room))}[/] [dim]{took}[/]", soft_wrap=True)


def say(text: str) -> None:
    out.print(escape(text), soft_wrap=not out.is_terminal)


def warn(text: str) -> None:
    err.print(f"[yellow]![/] {escape(text)}", soft_wrap=not err.is_terminal)


def fail(message: str, way_out: str = "") -> None:
    """Say on stderr what is wrong and, where there is something, what to do."""
    err.print(f"[bold red]✗[/] {escape(message)}", soft_wrap=not err.is_terminal)
    if way_out:
        err.print(f"[bold]→[/] {escape(way_out)}", soft_wrap=not err.is_terminal)


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]], *, indent: int = 2) -> None:
    shown = Table(
        title=escape(title), title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False
    )
    for name in columns:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*map(escape, row))
    out.print(Padding(shown, (1, 0, 1, indent)))
