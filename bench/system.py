"""The whole system as `lt up` runs it: from nothing to the first page, started again, and what it takes of memory."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import psutil

from bench import Row

PATIENCE = 300
REST = 0.05
"""A system that uses less of a core than this is at rest."""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="lt-bench-") as folder:
        home = Path(folder)
        first, after_work = _start(home)
        again, memory = _start(home)
    return [
        ("empty folder to first page (environment there)", first, "s", None),
        ("started again, to first page", again, "s", 5.0),
        ("memory at rest after a start, all processes (PSS)", memory, "MB", 450.0),
        ("   after the papers of the sample dossiers were made", after_work, "MB", None),
    ]


def _start(home: Path) -> tuple[float, float]:
    """Seconds to the first page, and megabytes of all processes together when they have come to rest."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LT_", "DJANGO_"))}
    began = monotonic()
    up = subprocess.Popen(
        [sys.executable, "-m", "lienthong.cli", "up", "--port", str(port)],
        env=env | {"LT_HOME": str(home / "var")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://localhost:{port}/", up)
        seconds = monotonic() - began
        _rest(up.pid)
        return seconds, _memory(up.pid)
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(30)


def _wait(url: str, up: "subprocess.Popen[bytes]") -> None:
    end = monotonic() + PATIENCE
    while monotonic() < end and up.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            sleep(0.05)
    raise RuntimeError("lt up did not answer")


def _family(pid: int) -> list[psutil.Process]:
    """The process and all it started."""
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _rest(pid: int) -> None:
    """Wait until what was left to be done has been done."""
    end, before, seconds = monotonic() + PATIENCE, _worked(pid), 10
    while monotonic() < end:
        sleep(seconds)
        now = _worked(pid)
        if now - before < REST * seconds:
            return
        before = now


def _worked(pid: int) -> float:
    """Seconds of a core that the family has used."""
    return float(sum(sum(process.cpu_times()[:4]) for process in _family(pid)))


def _memory(pid: int) -> float:
    """What the family uses, shared pages counted once, in megabytes."""
    family = _family(pid)
    return float(sum(process.memory_full_info().pss for process in family)) / 1e6
