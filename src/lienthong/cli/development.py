"""lt test, lt lint, lt messages, lt bench: what one uses to change the program."""

from typing import Annotated

import typer

from lienthong.cli.app import DEVELOPMENT, PASS_ON, app


@app.command(rich_help_panel=DEVELOPMENT, context_settings=PASS_ON | {"help_option_names": ["-h", "--help"]})
def test(
    context: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", metavar="", help="Leave out the tests that drive a browser.")] = False,
) -> None:
    """Run the tests, with a real database and browser.

    What else you give goes to pytest: lt test tests/cases -k pause -x
    """
    from lienthong.cli import testing

    raise typer.Exit(testing.run(context.args, fast=fast))


@app.command(rich_help_panel=DEVELOPMENT)
def lint() -> None:
    """Check style, types, layers, messages, migrations.

    Stops at the first failure and names it.
    """
    from lienthong.cli import linting

    raise typer.Exit(linting.run())


@app.command(rich_help_panel=DEVELOPMENT)
def messages(
    check: Annotated[
        bool, typer.Option("--check", metavar="", help="Change nothing; fail when a translation is missing.")
    ] = False,
) -> None:
    """Bring the Vietnamese catalogues in step with the texts.

    Keeps the translations there are; what is new waits for its translation, what is gone is put aside.
    """
    from lienthong.cli import translations

    raise typer.Exit(translations.check() if check else translations.update())


@app.command(rich_help_panel=DEVELOPMENT, context_settings=PASS_ON)
def bench(context: typer.Context) -> None:
    """Measure, each figure beside its limit: all benchmarks, or those you name."""
    from lienthong.cli import testing

    if {"-h", "--help"} & set(context.args):
        typer.echo(testing.benchmarks())
        raise typer.Exit
    raise typer.Exit(testing.bench(context.args))
