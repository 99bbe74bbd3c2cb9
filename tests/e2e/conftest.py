"""A real province in a real browser: `lt up` in a process of its own, Chromium through Playwright."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE = 180
"""Seconds for a whole province to come up on a busy machine."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[str]:
    """The address of a province that `lt up` has made from nothing, with its own database and worker."""
    given = os.environ.get("LT_TEST_ADDRESS")
    if given:
        yield given
        return
    home = tmp_path_factory.mktemp("province")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LT_", "DJANGO_", "PYTEST_"))}
    log = (home / "up.log").open("wb")
    command = [sys.executable, "-m", "lienthong.cli", "up", "--port", str(port)]
    up = subprocess.Popen(command, env=env | {"LT_HOME": str(home / "var")}, stdout=log, stderr=log)
    try:
        _wait(f"http://localhost:{port}/suc-khoe/", up, home / "up.log")
        yield f"http://localhost:{port}"
    finally:
        up.send_signal(signal.SIGINT)
        assert up.wait(30) == 0, (home / "up.log").read_text()[-2000:]


def _wait(url: str, up: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and up.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"the province did not come up:\n{log.read_text()[-3000:]}")
