"""lt serve, lt work, lt ledger, lt manage: what runs and keeps a real installation."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.app import PASS_ON, PRODUCTION, app

ledger = typer.Typer(help="The record of everything that happened.", no_args_is_help=True)


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


@app.command(rich_help_panel=PRODUCTION)
def administrator(
    username: Annotated[str, typer.Argument(metavar="USERNAME", help="What the person signs in with.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="The full name.")],
    post: Annotated[str, typer.Option(metavar="AGENCY/POST", help="Keys of the agency and of its post.")],
) -> None:
    """Make an account that manages others.

    The first of an installation, or one more when nobody gets in. Asks for the password.
    """
    from lienthong.cli import installation, terminal

    with installation.ready("lt administrator"):
        from django.core.exceptions import ValidationError

        from lienthong.identity.services.officers import create_administrator
        from lienthong.runtime.errors import Trouble

        agency, _slash, key = post.partition("/")
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            account = create_administrator(
                username=username, full_name=name, agency=agency, post=key, password=password
            )
        except ValidationError as weak:
            raise Trouble(" ".join(weak.messages), way_out="Choose another password.") from None
        terminal.say(f"{account.full_name} signs in as {account.username}.")


@app.command(rich_help_panel=PRODUCTION, context_settings=PASS_ON)
def manage(context: typer.Context) -> None:
    """Run one of Django's own commands, as `migrate`."""
    from lienthong.cli import installation

    with installation.ready("lt manage"):
        from django.core.management import ManagementUtility

        ManagementUtility(["lt manage", *context.args]).execute()


@ledger.command()
def verify() -> None:
    """Check every block and entry; name what was changed, removed or put in.

    The exit code is 1 when something was.
    """
    from lienthong.cli import installation, terminal

    with installation.ready("lt ledger verify"):
        from lienthong.foundation.ledger import verification

        with terminal.step("Ledger") as step:
            report = verification.verify(step, on_finding=lambda finding: terminal.fail(str(finding)))
            wrong = f"{report.wrong} wrong" if report.wrong else "nothing is wrong"
            step.failed = not report.sound
            step.note = f"{report.blocks} blocks, {report.entries} entries: {wrong}"
        if report.unsealed:
            terminal.say(f"{report.unsealed} entries are not sealed yet, so they could not be checked.")
        if not report.anchored:
            terminal.warn("The private key is not on this machine: the ledger's first key was taken on trust.")
        raise typer.Exit(0 if report.sound else 1)


@ledger.command()
def grant(
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A role of the database that owns nothing.")],
) -> None:
    """Let a database role add to the ledger and read it, and no more.

    For an installation whose program signs in as another role than the owner of the tables. After every migration.
    """
    from lienthong.cli import installation, terminal

    with installation.ready("lt ledger grant"):
        from lienthong.foundation.ledger import protection

        protection.grant_use(role)
        terminal.say(f"{role} may add to the ledger and read it.")


app.add_typer(ledger, name="ledger", rich_help_panel=PRODUCTION)
