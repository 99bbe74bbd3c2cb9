"""What `lt up` does before the servers start: tables, declarations, demonstration, static files.

Runs as a process of its own, `python -m lienthong.cli.preparation FINGERPRINT PROVINCE`, so that the supervisor, which
stays, never holds all of Django in memory. Each step does only what is not done yet, and may be interrupted anywhere.
"""

import sys
from pathlib import Path
from typing import Any

from lienthong.cli import installation, terminal
from lienthong.cli.guard import exit_code_of
from lienthong.cli.installation import LIBRARY, home
from lienthong.runtime import fingerprint
from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import read_json, write_json
from lienthong.settings.environment import CHECKOUT

ACCOUNT = ("name", "post", "agency", "username", "password")
COLLECTED = ".collected.json"
MOST_PROBLEMS_SHOWN = 20


def prepare(mark: str, province: str) -> None:
    installation.set_up_django()
    for name, do in (
        ("Tables", migrate),
        ("Declarations", lambda report: publish([LIBRARY, installation.province_folder(province)])),
        ("People", lambda report: settle_people()),
        ("Last weeks", play_weeks),
        ("Static files", lambda report: collect_static()),
    ):
        with terminal.step(name) as step:
            step.note = do(step)
    write_json(home.prepared, {"fingerprint": mark, "province": province})


def mark_of(province: str, *facts: str) -> str:
    """The state of everything that preparing starts from: the program, its libraries, the declarations."""
    places = [installation.PACKAGE, CHECKOUT / "uv.lock", installation.province_folder(province)]
    return fingerprint.of([place for place in places if place.exists()], province, *facts)


def migrate(report: terminal.Report) -> str:
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command

    todo = missing_migrations()
    if not todo:
        return "up to date"

    class Migrate(Command):
        done = 0

        def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
            if action == "apply_start":
                report(self.done, len(todo), f"{migration.app_label} {migration.name}"[:30])
            elif action == "apply_success":
                self.done += 1

    call_command(Migrate(), interactive=False, verbosity=0)
    return f"{len(todo)} migrations applied"


def missing_migrations() -> list[Any]:
    """What the database lacks of this version of the program."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def publish(folders: list[Path]) -> str:
    """Raises Trouble that names the first problems by file and line, when the declarations do not fit together."""
    from lienthong.foundation.definitions import services

    plan = services.plan(folders)
    if not plan.ok:
        lines = list(map(str, plan.problems))
        more = len(lines) - MOST_PROBLEMS_SHOWN
        shown = lines[:MOST_PROBLEMS_SHOWN] + ([f"… and {more} more"] if more > 0 else [])
        raise Trouble(
            "The declarations have problems:\n  " + "\n  ".join(shown), way_out="See all of them: ./lt plan DIR"
        )
    if plan.is_empty:
        return "unchanged"
    return f"{len(services.apply(plan))} published"


def settle_people() -> str:
    from lienthong.cli import demonstration

    accounts = demonstration.settle_people()
    shown = [{name: str(getattr(account, name) or "") for name in ACCOUNT} for account in accounts]
    write_json(home.demonstration, {"accounts": shown})
    return f"{len(shown)} accounts"


def play_weeks(report: terminal.Report) -> str:
    from lienthong.cli import demonstration

    return f"{demonstration.play_weeks(home.root / 'simulation' / 'weeks', report)} dossiers simulated up to now"


def collect_static() -> str:
    from django.core.management import call_command

    sources = static_sources()
    mark = mark_of_static(sources)
    if collected_mark() == mark:
        return "unchanged"
    home.static.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    write_json(home.static / COLLECTED, {"fingerprint": mark})
    return f"{len(sources)} files"


def static_sources() -> list[Path]:
    from django.contrib.staticfiles.finders import get_finders

    return [Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([])]


def mark_of_static(sources: list[Path]) -> str:
    from django.conf import settings

    return fingerprint.of(sources, settings.STORAGES["staticfiles"]["BACKEND"])


def collected_mark() -> str:
    """What the static files were collected from; "" when they never were."""
    return str(read_json(home.static / COLLECTED).get("fingerprint", ""))


if __name__ == "__main__":
    sys.exit(exit_code_of(lambda: prepare(*sys.argv[1:3])))
