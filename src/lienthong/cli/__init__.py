"""The lt commands, thin: each sets up what it needs and calls the room that does it."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer import Typer


def main() -> None:
    """Entry point of `lt`."""
    from lienthong.cli.guard import exit_code_of

    sys.exit(exit_code_of(run))


def run() -> None:
    from contextlib import suppress

    from lienthong.runtime import catalogues

    with suppress(OSError):  # a program folder that this user may not write; the doctor says so
        catalogues.compile_stale()
    commands()(prog_name="lt")


def commands() -> "Typer":
    """Every command, in the order of the panels of `lt --help`."""
    from importlib import import_module

    from lienthong.cli.app import app

    for panel in ("everyday", "declarations", "production", "registers", "packages", "development", "simulate"):
        import_module(f"lienthong.cli.{panel}")
    return app
