"""lt simulate: a demonstration run through virtual time; what-if on provinces that are made for it and thrown away."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.cli.app import DEVELOPMENT, app

if TYPE_CHECKING:
    from lienthong.simulation.scenario import Scenario


@app.command(rich_help_panel=DEVELOPMENT)
def simulate(
    days: Annotated[int, typer.Option(min=1, max=3660, metavar="COUNT", help="Days of virtual time.")] = 90,
    dossiers: Annotated[int, typer.Option(min=1, metavar="COUNT", help="Dossiers handed in.")] = 2000,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="The same gives the same history.")] = 1,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="First day."),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=32, metavar="COUNT", help="Processes beside each other.")] = 2,
    papers: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Of the dossiers whose papers are made.")
    ] = 1.0,
    visitors: Annotated[
        int, typer.Option(min=0, max=200, metavar="COUNT", help="People a day who take a number at each queue.")
    ] = 0,
    with_jobs: Annotated[
        bool, typer.Option("--with-jobs", metavar="", help="Do every day's jobs here, before the next day.")
    ] = False,
    fewer: Annotated[
        list[str] | None, typer.Option(metavar="ROLE@AGENCY=N", help="What if: so many officers fewer.")
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option(metavar="PROCEDURE=LIMIT", help="What if: this limit, its steps to scale.")
    ] = None,
    scratch: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the demonstration through virtual time.

    Invented people apply and officers act, on the real program. May be stopped and goes on where it was. What-if runs
    on a copy of the province that is thrown away; then a report compares.
    """
    from lienthong.cli import installation

    start = since.date() if since else today() - timedelta(days=days)
    arguments = ["--days", days, "--dossiers", dossiers, "--seed", seed, "--from", start, "--processes", processes]
    arguments += ["--visitors", visitors]
    if (fewer or limit) and scratch is None:
        what_if([*map(str, arguments), "--papers", "0"], fewer or [], limit or [])
        return
    with installation.ready("lt simulate"):
        from lienthong.simulation.scenario import Fewer, Scenario

        scenario = Scenario(
            seed=seed,
            start=start,
            days=days,
            dossiers=dossiers,
            papers=papers,
            fewer=tuple(map(Fewer.parse, fewer or ())),
            visitors=visitors,
            limits=tuple((procedure, text) for procedure, _is, text in (one.partition("=") for one in limit or ())),
        )
        run(scenario, scratch or installation.home.root / "simulation" / folder_name(scenario), processes, with_jobs)


def today() -> date:
    from lienthong.foundation import clock

    return clock.today()


def folder_name(scenario: "Scenario") -> str:
    return f"{scenario.start:%Y%m%d}-{scenario.days}-{scenario.dossiers}-{scenario.seed}"


def run(scenario: "Scenario", folder: Path, processes: int, with_jobs: bool) -> None:
    """Simulate, look at the promises, write the report."""
    from lienthong.cli import preparation, terminal
    from lienthong.runtime.errors import Trouble
    from lienthong.settings.environment import environment

    require_demonstration()
    from lienthong.cli import installation
    from lienthong.simulation import engine, invariants, measures, report

    with terminal.step("Province") as step:
        preparation.migrate(step)
        preparation.publish([installation.LIBRARY, installation.province_folder(environment.province)])
        preparation.settle_people()
    with terminal.step("Days") as step:
        seconds = engine.run(
            scenario,
            folder,
            processes=processes,
            tell=lambda done, total, what: step(done, total, what),
            after_day=do_jobs if with_jobs else lambda moment: None,
        )
        step.note = f"{scenario.dossiers} dossiers in {seconds:.0f} s: {scenario.dossiers / seconds:.1f} a second"
    with terminal.step("Promises") as step:
        verdicts = invariants.look()
        broken = [verdict for verdict in verdicts if verdict.offenders]
        step.failed, step.note = bool(broken), f"{len(verdicts) - len(broken)} of {len(verdicts)} are kept"
    measures.measure(scenario, folder, seconds=seconds, verdicts=verdicts).save(folder)
    with terminal.step("Report") as step:
        step.note = str(report.write(folder))
    if broken:
        shown = "\n  ".join(f"{one.invariant.promise} {'; '.join(one.offenders[:3])}" for one in broken)
        raise Trouble(f"Not everything is as it must be:\n  {shown}", way_out="The report names more of them.")


def require_demonstration() -> None:
    from django.conf import settings

    from lienthong.runtime.errors import Trouble

    if not settings.DEMO:
        raise Trouble(
            "This is not a demonstration: invented dossiers may not stand among real ones.",
            way_out="Give the simulation a folder of its own: LT_HOME=/another/folder lt simulate",
        )


def do_jobs(evening: datetime) -> None:
    """What the worker would do, with the clock where the simulation is."""
    from lienthong.cli import worker

    worker.run(until_idle=True)


# what if


def what_if(arguments: list[str], fewer: list[str], limits: list[str]) -> None:
    """Run the same scenario twice, without and with the change, each in a province that is made and thrown away."""
    from lienthong.cli import installation, terminal
    from lienthong.foundation import clock
    from lienthong.settings.environment import environment

    result = installation.home.root / "simulation" / f"what-if-{clock.now():%Y%m%d-%H%M%S}"
    changes = [f"--fewer={change}" for change in fewer] + [f"--limit={change}" for change in limits]
    province = installation.province_folder(environment.province)
    with TemporaryDirectory(prefix="lt-what-if-") as folder:
        changed = Path(folder) / province.name
        copytree(province, changed)
        for change in limits:
            change_limit(changed, *split(change))
        for name, declared, asked in (("before", province, []), ("changed", changed, changes)):
            terminal.say("As it is:" if name == "before" else "What if " + ", ".join([*fewer, *limits]) + ":")
            in_scratch_province([*arguments, *asked, "--scratch", str(result / name)], declared)
    installation.set_up_django(installation.DEMONSTRATION)
    from lienthong.simulation import report

    page = report.write(result / "changed", before=result / "before")
    terminal.say(f"\nThe comparison: {page}")


def split(change: str) -> tuple[str, str]:
    from lienthong.runtime.errors import Trouble

    procedure, is_there, text = change.partition("=")
    if not is_there:
        raise Trouble(f"{change!r} does not say which limit.", way_out="Write it as cap-giay-phep=10 working days")
    return procedure, text


def in_scratch_province(arguments: list[str], province: Path) -> None:
    from lienthong.cli import installation, testing
    from lienthong.runtime import postgres

    with postgres.throwaway(testing.preferred(), durable=False) as (home, url, _binaries):
        env = testing.environment_of(home, url, installation.DEMONSTRATION) | {"LT_PROVINCE": str(province)}
        command = [sys.executable, "-m", "lienthong.cli", "simulate", *arguments]
        code = subprocess.run(command, env=env, check=False).returncode  # noqa: S603
    if code:
        raise typer.Exit(code)


def change_limit(province: Path, procedure: str, text: str) -> None:
    """Write another limit into the declaration of a procedure, and its steps' limits to the same scale."""
    from lienthong.runtime.errors import Trouble
    from lienthong.simulation.limits import rescaled

    for path in sorted((province / "procedures").glob("*.yaml")):
        source = path.read_text(encoding="utf-8")
        if f"\nkey: {procedure}\n" in source:
            path.write_text(rescaled(source, text), encoding="utf-8")
            return
    raise Trouble(f"The province declares no procedure {procedure!r}.", way_out=f"See {province / 'procedures'}.")
