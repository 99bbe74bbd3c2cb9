"""lt plan, lt apply: what a province declares, from folders of YAML to what is in force."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli import terminal
from lienthong.cli.app import DECLARATIONS, app

Folders = Annotated[
    list[Path], typer.Argument(metavar="DIR", help="Folders of declarations.", exists=True, file_okay=False)
]


@app.command(rich_help_panel=DECLARATIONS)
def plan(folders: Folders) -> None:
    """Show what publishing declarations would change.

    Names every problem by file and line. Changes nothing.
    """
    from lienthong.cli import installation

    with installation.ready("lt plan"):
        from lienthong.foundation.definitions import services

        planned = services.plan(folders)
        for line in planned.describe():
            terminal.say(line)
        raise typer.Exit(0 if planned.ok else 1)


@app.command(rich_help_panel=DECLARATIONS)
def apply(
    folders: Folders,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the history.")] = "",
    allow_loss: Annotated[
        bool, typer.Option("--allow-loss", metavar="", help="Also what puts something out of sight.")
    ] = False,
) -> None:
    """Publish declarations as new versions.

    All of them or none. What runs already keeps the version it began with.
    """
    from lienthong.cli import installation

    with installation.ready("lt apply"):
        from lienthong.foundation.definitions import services

        planned = services.plan(folders)
        for line in planned.describe():
            terminal.say(line)
        if not planned.ok:
            raise typer.Exit(1)
        published = services.apply(planned, note=note, allow_loss=allow_loss)
        terminal.say(f"{len(published)} published." if published else "Nothing to publish.")
