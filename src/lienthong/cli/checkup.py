"""lt doctor: looks at every part of an installation, says what is wrong and how to mend it.

The looks themselves are in `lienthong.cli.looks` and in the `health.py` of each module.
"""

from contextlib import ExitStack
from textwrap import wrap

from rich.markup import escape

from lienthong.cli import installation, looks, terminal
from lienthong.cli.guard import in_plain_words
from lienthong.runtime import health, postgres
from lienthong.runtime.health import Finding, State, broken
from lienthong.settings import checks
from lienthong.settings.environment import environment

MARKS = {State.FINE: "[green]✓[/]", State.WORTH_A_LOOK: "[yellow]![/]", State.BROKEN: "[bold red]✗[/]"}
NAME_WIDTH = 16
NARROWEST = 30


def run(*, port: int) -> int:
    """0 when nothing is broken, else 1."""
    terminal.say(f"Liên Thông · {installation.home.root} · {installation.settings_module()}\n")
    looks.examined_port = port
    warnings = looks.settings_findings()  # before the address of a database that runs here is filled in
    with ExitStack() as stack:
        database = show("Database", database_findings(stack))
        has_database = bool(environment.database_url) and not is_broken(database)
        settings = show("Settings", django_findings() or warnings)
        found = database + settings
        for check in health.registered():
            if has_database or not check.needs_database:
                if check.needs_settings and is_broken(settings):
                    continue
                found += show(check.name, check.findings())
    problems = sum(finding.state is State.BROKEN for finding in found)
    terminal.say(f"\n{problems} broken." if problems else "\nNothing is broken.")
    return 1 if problems else 0


def database_findings(stack: ExitStack) -> list[Finding]:
    """Whether a database answers. One that runs only when needed is started for the time of the examination."""
    try:
        runs_itself = not environment.database_url
        if runs_itself and postgres.existing_cluster_of(installation.home, environment.postgres) is None:
            return [health.worth_a_look("There is none yet.", mend="`./lt up` or `lt manage migrate` makes it.")]
        stack.enter_context(installation.database("lt doctor"))
    except Exception as error:
        return [complaint(error)]
    return looks.database_findings()


def django_findings() -> list[Finding]:
    """What keeps Django from starting with these settings; on success the looks of all modules are registered."""
    if installation.settings_module() == installation.PRODUCTION:
        faults = checks.of_production(environment, installation.home)
        if faults:
            return [broken(f"{fault.setting} {fault.problem}", mend=fault.mend) for fault in faults]
    try:
        installation.set_up_django()
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("health")
    except Exception as error:
        return [complaint(error)]
    return []


def complaint(error: Exception) -> Finding:
    message, mend = in_plain_words(error) or (f"{type(error).__name__}: {error}", "Is the checkout complete?")
    return broken(message, mend=mend)


def is_broken(found: list[Finding]) -> bool:
    return any(finding.state is State.BROKEN for finding in found)


def show(name: str, findings: list[Finding]) -> list[Finding]:
    for finding in findings:
        text = finding.what.rstrip() + (f"\n→ {finding.mend}" if finding.mend else "")
        room = max(terminal.out.width - NAME_WIDTH - 3, NARROWEST)
        lines = [part for line in text.split("\n") for part in wrap(line, room, break_on_hyphens=False) or [""]]
        heads = [f"{MARKS[finding.state]} {escape(name):<{NAME_WIDTH}} "] + [" " * (NAME_WIDTH + 3)] * (len(lines) - 1)
        for head, line in zip(heads, lines, strict=True):
            terminal.out.print(head + escape(line), soft_wrap=True)
    return findings
