"""lt serve, lt work, lt ledger, lt manage: what runs and keeps a real installation."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.app import PASS_ON, PRODUCTION, app

ledger = typer.Typer(help="The record of everything that happened: verify it.", no_args_is_help=True)


@app.command(rich_help_panel=PRODUCTION)
def serve(
    port: Annotated[int, typer.Option(metavar="PORT", help="Where the site answers.")] = 8000,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, metavar="COUNT", help="Processes, one a core.")] = 2,
    certificate: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, metavar="FILE", help="TLS without a web server in front."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, metavar="FILE", help="The certificate's key (PKCS#8).")
    ] = None,
) -> None:
    """Run the web server of a real installation.

    Refuses while the installation is not safe to show. Without LT_DATABASE_URL it runs the database too.
    """
    from lienthong.cli import serving

    serving.serve(host=host, port=port, workers=workers, certificate=certificate, key=key)


@app.command(rich_help_panel=PRODUCTION)
def work(
    concurrency: Annotated[int, typer.Option(min=1, max=64, metavar="COUNT", help="Jobs at the same time.")] = 4,
) -> None:
    """Run the worker of a real installation: jobs, deadlines."""
    from lienthong.cli import serving

    serving.work(concurrency=concurrency)


@app.command(rich_help_panel=PRODUCTION, context_settings=PASS_ON)
def manage(context: typer.Context) -> None:
    """Run one of Django's own commands, as `migrate`."""
    from lienthong.cli import installation

    with installation.ready("lt manage"):
        from django.core.management import ManagementUtility

        ManagementUtility(["lt manage", *context.args]).execute()


@ledger.command()
def verify() -> None:
    """Check every block and row of the ledger; name what was changed, removed or put in."""
    from lienthong.cli import installation, terminal

    with installation.ready("lt ledger verify"):
        from lienthong.foundation.ledger import services

        with terminal.step("Ledger") as step:
            found = services.verify(progress=step)
            step.note = str(found)
        raise typer.Exit(0 if getattr(found, "ok", not found) else 1)


app.add_typer(ledger, name="ledger", rich_help_panel=PRODUCTION)
