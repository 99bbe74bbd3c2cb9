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
SETTLED = 20
"""Seconds after which what is measured of memory is that of a system at rest."""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="lt-bench-") as folder:
        home = Path(folder)
        first, _memory = _start(home, settle=False)
        again, memory = _start(home, settle=True)
    return [
        ("empty folder to first page (environment there)", first, "s", None),
        ("started again, to first page", again, "s", 5.0),
        ("memory at rest, all processes (PSS)", memory, "MB", 450.0),
    ]


def _start(home: Path, *, settle: bool) -> tuple[float, float]:
    """Seconds to the first page, and megabytes of all processes together."""
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
        if settle:
            sleep(SETTLED)
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


def _memory(pid: int) -> float:
    """What the process and all it started use, shared pages counted once, in megabytes."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(process.memory_full_info().pss for process in family) / 1e6
