"""An LT_HOME that the database's user can reach even when root runs the tests (pytest's own folders are private)."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lienthong.runtime import postgres
from lienthong.runtime.cluster import Cluster
from lienthong.runtime.home import Home


@contextmanager
def reachable_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="lt-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder


@pytest.fixture
def home(open_folder: Path) -> Home:
    return Home(open_folder / "home")


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A home whose database has been made and never run; tests work on copies of it."""
    with reachable_folder() as folder:
        cluster = postgres.cluster_of(Home(folder / "home"), "auto")
        with (cluster.data / "postgresql.conf").open("a") as settings:
            settings.write("fsync = off\nshared_buffers = 8MB\n")
        yield folder / "home"


def copied(made: Path, copy: Path) -> Home:
    shutil.copytree(made, copy)
    if os.geteuid() == 0:
        owner = (made / "database").stat()
        for base, folders, files in os.walk(copy / "database"):
            for name in (".", *folders, *files):
                os.chown(Path(base) / name, owner.st_uid, owner.st_gid)
    return Home(copy)


@pytest.fixture
def home_with_database(made: Path, open_folder: Path) -> Home:
    return copied(made, open_folder / "home")


@pytest.fixture(scope="module")
def running(made: Path) -> Iterator[Cluster]:
    """A server that tests only ask."""
    with reachable_folder() as folder:
        cluster = postgres.cluster_of(copied(made, folder / "home"), "auto")
        with cluster.running():
            yield cluster


Script = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def script() -> Iterator[Script]:
    """Run a few lines of Python as a process of its own; it is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def run(lines: str, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", lines, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
