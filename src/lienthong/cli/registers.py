"""lt registers: what an operator does with the sector databases."""

from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.cli.app import PRODUCTION, app

if TYPE_CHECKING:
    from lienthong.registers.retention import tidying

registers = typer.Typer(help="The sector databases.", no_args_is_help=True)


@registers.callback()
def of_registers() -> None: ...


@registers.command()
def tidy(
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Drop what may go without asking.")] = False,
) -> None:
    """Drop fields that registers left out, once their retention is over.

    Shows first what is kept out of sight and until when. What is dropped comes back only from a backup.
    """
    from lienthong.cli import installation, terminal

    with installation.ready("lt registers tidy"):
        from lienthong.registers.retention import tidying

        found = tidying.left_out()
        if not found:
            terminal.say("Nothing is left out: every column belongs to a field that is declared.")
            return
        terminal.table(
            "Fields that were left out",
            ("Register", "Field", "Since", "Holds", "May go"),
            ((each.register.key, each.label, f"{each.since:%d/%m/%Y}", *_said(each)) for each in found),
        )
        going = [each for each in found if each.may_go]
        if not going:
            terminal.say("None of them may go yet.")
            return
        if not yes and not typer.confirm(f"Drop {len(going)} of them for good, with all that stands in them?"):
            terminal.say("Nothing was dropped.")
            return
        for each in going:
            with terminal.step(f"{each.register.key}.{each.key}") as step:
                step.note = "dropped" if tidying.drop(each) else "declared again or gone already; left as it is"


def _said(found: "tidying.LeftOut") -> tuple[str, str]:
    if found.may_go:
        when = "now"
    else:
        when = f"{found.over_on:%d/%m/%Y}" if found.over_on else "never; it is declared to be kept for ever"
    return ("nothing" if found.empty else "data"), when


app.add_typer(registers, name="registers", rich_help_panel=PRODUCTION)
