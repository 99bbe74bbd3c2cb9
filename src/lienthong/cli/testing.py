"""lt test, lt bench: on a database that is made for the purpose and thrown away."""

import ast
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lienthong.cli import browser, debian, installation, terminal
from lienthong.runtime import postgres
from lienthong.runtime.errors import Trouble
from lienthong.settings.environment import PostgresChoice, environment

TEST_SETTINGS = "lienthong.settings.test"
PASSED_ON = ("LT_BENCH_", "LT_TEST_")
MOST_PROCESSES = 8
NO_BENCHMARKS = ("__init__", "__main__", "finding", "timed", "world")


def run(arguments: Sequence[str], *, fast: bool) -> int:
    """The exit code of pytest."""
    checkout = installation.checkout()
    with test_home(durable=False) as (home, url):
        chromium = "" if fast else browser.find_or_install(home / "log" / "chromium.log")
        if not fast:
            debian.give_what_tests_need(home / "log" / "programs.log")
        command = [sys.executable, "-m", "pytest", *parallel(arguments)]
        command += ["-m", "not browser"] if fast else []
        env = environment_of(home, url, TEST_SETTINGS) | {"LT_CHROMIUM": chromium}
        return run_here(checkout, [*command, *arguments], env)


def bench(arguments: Sequence[str]) -> int:
    """The exit code of the benchmarks in `bench/`, run on a database that keeps its promises."""
    checkout = installation.checkout()
    if not (checkout / "bench" / "__main__.py").is_file():
        raise Trouble("There are no benchmarks in this checkout.", way_out="They live in its folder bench/.")
    with test_home(durable=True) as (home, url):
        env = environment_of(home, url, installation.DEMONSTRATION)
        collect_static = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
        return run_here(checkout, collect_static, env) or run_here(
            checkout, [sys.executable, "-m", "bench", *arguments], env
        )


def benchmarks() -> str:
    """The names of the benchmarks, each with what it measures."""
    modules = sorted((installation.checkout() / "bench").glob("*.py"))
    found = {module.stem: ast.get_docstring(ast.parse(module.read_text())) or "" for module in modules}
    lines = [f"  {name:<12}{about.splitlines()[0]}" for name, about in found.items() if name not in NO_BENCHMARKS]
    return "\n".join(["Usage: lt bench [NAME ...]", "", *lines])


def environment_of(home: Path, url: str, settings: str) -> dict[str, str]:
    """What the installation of this machine has set is nothing to tests and benchmarks."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith("LT_") or name.startswith(PASSED_ON)
    }
    return {**own, "LT_HOME": str(home), "LT_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings}


def run_here(checkout: Path, command: Sequence[str], env: dict[str, str]) -> int:
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
