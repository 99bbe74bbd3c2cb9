"""lt up, lt doctor: what one uses to see a province run and to find out why it does not."""

from typing import Annotated

import typer

from lienthong.cli.app import EVERYDAY, app


@app.command(rich_help_panel=EVERYDAY)
def up(
    province: Annotated[str, typer.Option(metavar="NAME", help="Its name or folder.")] = "",
    port: Annotated[int, typer.Option(metavar="PORT", help="Where the site answers.")] = 8000,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="0.0.0.0 lets your network in.")] = "127.0.0.1",
    fresh: Annotated[bool, typer.Option("--fresh", metavar="", help="Remove what earlier runs made.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Without asking.")] = False,
) -> None:
    """Show a province on this machine. Ctrl-C stops it.

    Makes a database, publishes the declarations, simulates the last weeks, and prints the accounts to sign in.
    The first time takes about a minute, later ones a few seconds.
    """
    from lienthong.cli import demonstrate

    demonstrate.run(province=province, port=port, host=host, fresh=fresh, yes=yes)


@app.command(rich_help_panel=EVERYDAY)
def doctor(
    port: Annotated[int, typer.Option(metavar="PORT", help="Where the site shall answer.")] = 8000,
) -> None:
    """Say what is wrong here, and how to mend it."""
    from lienthong.cli import checkup

    raise typer.Exit(checkup.run(port=port))
