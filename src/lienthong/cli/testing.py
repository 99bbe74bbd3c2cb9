"""lt test, lt bench: on a database that is made for the purpose and thrown away."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lienthong.cli import browser, installation, terminal
from lienthong.runtime import postgres
from lienthong.runtime.errors import Trouble
from lienthong.settings.environment import PostgresChoice, environment

SETTINGS = "lienthong.settings.test"
MOST_PROCESSES = 8


def run(arguments: Sequence[str], *, fast: bool) -> int:
    """The exit code of pytest."""
    checkout = installation.checkout()
    with test_home(durable=False) as (home, url):
        chromium = "" if fast else browser.find_or_install(home / "log" / "chromium.log")
        command = [sys.executable, "-m", "pytest", *parallel(arguments)]
        command += ["-m", "not browser"] if fast else []
        return run_here(checkout, [*command, *arguments], home, url, {"LT_CHROMIUM": chromium})


def bench(arguments: Sequence[str]) -> int:
    """The exit code of the benchmarks in `bench/`, run on a database that keeps its promises."""
    checkout = installation.checkout()
    if not (checkout / "bench" / "__main__.py").is_file():
        raise Trouble("There are no benchmarks in this checkout.", way_out="They live in its folder bench/.")
    with test_home(durable=True) as (home, url):
        return run_here(checkout, [sys.executable, "-m", "bench", *arguments], home, url, {})


def run_here(checkout: Path, command: Sequence[str], home: Path, url: str, more: dict[str, str]) -> int:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LT_")}
    env = {**own, "LT_HOME": str(home), "LT_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": SETTINGS, **more}
    process = subprocess.Popen(command, cwd=checkout, env=env)  # noqa: S603
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # reached it as well: let it finish its report, and clean up after it
            continue


def parallel(arguments: Sequence[str]) -> list[str]:
    """One process a core; not for a few named tests, nor when the caller says otherwise.

    Tests of one xdist group, as those that share a browser, stay in one process.
    """
    said_otherwise = ("-n", "--numprocesses", "--pdb", "--trace", "-h", "--help", "--co")
    names_tests = any(Path(argument.split("::")[0]).exists() for argument in arguments)
    if names_tests or any(argument.startswith(said_otherwise) for argument in arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 1, MOST_PROCESSES)), "--dist", "loadgroup"]


@contextlib.contextmanager
def test_home(*, durable: bool) -> Iterator[tuple[Path, str]]:
    """An empty LT_HOME and a database: the server of LT_DATABASE_URL, else one that is made for now.

    The embedded PostgreSQL is preferred here, so that every machine runs the tests on the same one.
    """
    given = environment.database_url
    if given:
        import tempfile

        postgres.check_server(given)
        with tempfile.TemporaryDirectory(prefix="lt-") as folder:
            (Path(folder) / "log").mkdir()
            yield Path(folder), given
        return
    with contextlib.ExitStack() as stack:
        with terminal.step("Database") as step:
            home, url, binaries = stack.enter_context(postgres.throwaway(preferred(), durable=durable))
            step.note = str(binaries)
        yield home, url


def preferred() -> PostgresChoice:
    from lienthong.runtime import binaries

    if environment.postgres == "auto" and binaries.available("embedded"):
        return "embedded"
    return environment.postgres
