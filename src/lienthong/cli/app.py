"""The commands of `lt`, each in the panel where a reader looks for it. Modules of commands register themselves here."""

from typing import Annotated

import typer

EVERYDAY = "Everyday"
DECLARATIONS = "Declarations"
PRODUCTION = "Production"
DEVELOPMENT = "Development"

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""Click's settings for a command that hands everything it is given to another program."""

app = typer.Typer(
    name="lt",
    help="[bold]Liên Thông[/] · the electronic government of a province.\n\n"
    "See it with [bold]lt up[/]. Change what a province declares with [bold]lt plan[/] and [bold]lt apply[/].",
    epilog="What an installation can set is in docs/reference/settings.md; where it keeps things is LT_HOME.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lienthong {version('lienthong')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", metavar="", is_eager=True, callback=show_version, help="Show the version.")
    ] = False,
) -> None: ...
