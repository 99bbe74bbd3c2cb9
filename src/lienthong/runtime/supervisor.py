"""Runs the processes of an installation: starts them, starts a crashed one again, stops all of them in order."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Protocol

from lienthong.runtime import process
from lienthong.runtime.cluster import Cluster
from lienthong.runtime.cluster import stop as stop_server
from lienthong.runtime.errors import Trouble

LONGEST_PAUSE = 30.0  # seconds before a service that keeps failing is tried again
HEALTHY_AFTER = 60.0  # seconds a service must have run for its earlier failures to be forgotten
LARGEST_LOG = 10_000_000  # bytes; a larger one is put aside as NAME.log.1 at the next start


class Service(Protocol):
    """What is kept running. Whoever is not gone `patience` seconds after it was asked to stop is killed."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def patience(self) -> float: ...
    def start(self, output: IO[bytes]) -> "subprocess.Popen[bytes]": ...
    def wait_ready(self, running: "subprocess.Popen[bytes]") -> None: ...


@dataclass
class Database:
    """The PostgreSQL of the installation: the first to start, the last to stop."""

    cluster: Cluster
    tell: Callable[[str], None] = lambda _: None
    name: str = "database"
    patience: float = 20.0

    @property
    def log(self) -> Path:
        return self.cluster.log

    def start(self, output: IO[bytes]) -> "subprocess.Popen[bytes]":
        return self.cluster.start(output)

    def wait_ready(self, running: "subprocess.Popen[bytes]") -> None:
        self.cluster.wait_ready(running, tell=self.tell)


@dataclass
class Program:
    """A program of ours. `is_ready` says whether it does its work; without it, running is enough."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool] = lambda: True
    patience: float = 10.0
    ready_within: float = 60.0

    def start(self, output: IO[bytes]) -> "subprocess.Popen[bytes]":
        return process.start(self.command, env=self.env, output=output)

    def wait_ready(self, running: "subprocess.Popen[bytes]") -> None:
        began = time.monotonic()
        while not self.is_ready():
            if running.poll() is not None:
                raise Trouble(f"The {self.name} could not start. {end_of(self.log)}")
            if time.monotonic() - began > self.ready_within:
                raise Trouble(f"The {self.name} did not answer within {self.ready_within:.0f} s. {end_of(self.log)}")
            time.sleep(0.03)


@dataclass
class Kept:
    """A service with what became of it: its process, when it was started, how often it failed in a row."""

    service: Service
    running: "subprocess.Popen[bytes]"
    started: float = field(default_factory=time.monotonic)
    failures: int = 0
    again_at: float | None = None


class Stop(BaseException):
    """Somebody asked us to stop, by Ctrl-C or a signal."""


class Supervisor:
    """Use as a context manager from the main thread: what was started is stopped at the end, whatever happened.

    The first Ctrl-C or SIGTERM ends the block with Stop, which the block's end swallows; a second one kills.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell
        self.kept: list[Kept] = []
        self.asked_to_stop = False
        self._before: dict[signal.Signals, object] = {}
        self._wake, self._woken = os.pipe()

    def __enter__(self) -> "Supervisor":
        for end in (self._wake, self._woken):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._on_signal)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake `watch`
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.asked_to_stop = True
        try:
            self._stop_all()
        finally:
            for number, handler in self._before.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
            signal.set_wakeup_fd(-1)
            os.close(self._wake)
            os.close(self._woken)
        return kind is Stop

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.asked_to_stop:
            self._kill_all()
        else:
            self.asked_to_stop = True
            raise Stop

    def start(self, service: Service) -> None:
        """Start a service and wait until it is ready. Raises Trouble when it does not get there."""
        self.begin(service)
        self.ready(service)

    def begin(self, service: Service) -> None:
        """Start a service without waiting for it, so that several can get ready at once."""
        rotate(service.log)
        with service.log.open("ab") as output:
            self.kept.append(Kept(service, service.start(output)))

    def ready(self, service: Service) -> None:
        kept = next(kept for kept in self.kept if kept.service is service)
        service.wait_ready(kept.running)

    def watch(self) -> None:
        """Keep the services running until somebody asks us to stop."""
        while True:
            for kept in self.kept:
                self._look_after(kept)
            self._sleep()

    def _look_after(self, kept: Kept) -> None:
        now = time.monotonic()
        if kept.again_at is not None:
            if now >= kept.again_at:
                self._start_again(kept)
            return
        code = kept.running.poll()
        if code is None:
            return
        process.kill_group(kept.running)  # what it left behind would keep its port
        kept.failures = 1 if now - kept.started > HEALTHY_AFTER else kept.failures + 1
        pause = min(2.0 ** (kept.failures - 1), LONGEST_PAUSE)
        kept.again_at = now + pause
        what = f"The {kept.service.name} stopped ({how_it_ended(code)}); starting it again in {pause:.0f} s."
        self.tell(f"{what} {end_of(kept.service.log, 5)}".strip())

    def _start_again(self, kept: Kept) -> None:
        kept.again_at = None
        kept.started = time.monotonic()
        try:
            with kept.service.log.open("ab") as output:
                kept.running = kept.service.start(output)
        except (OSError, Trouble) as error:
            kept.failures += 1
            kept.again_at = kept.started + LONGEST_PAUSE
            self.tell(f"The {kept.service.name} could not be started again: {error}")

    def _sleep(self) -> None:
        """Until a child ends, a signal comes, or a service is due to be started again."""
        due = [kept.again_at for kept in self.kept if kept.again_at is not None]
        timeout = max(0.0, min(due) - time.monotonic()) if due else None
        select.select([self._wake], [], [], timeout)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 4096)

    def _stop_all(self) -> None:
        """Programs first, all at once; then the database, which may then close cleanly."""
        programs = [kept for kept in self.kept if not isinstance(kept.service, Database)]
        for kept in programs:
            if kept.running.poll() is None:
                kept.running.terminate()
        for kept in programs:
            with contextlib.suppress(subprocess.TimeoutExpired):
                kept.running.wait(kept.service.patience)
            process.kill_group(kept.running)
            kept.running.wait()
        for kept in self.kept:
            if isinstance(kept.service, Database):
                stop_server(kept.running, kept.service.patience)

    def _kill_all(self) -> None:
        """The programs at once; the database as fast as leaves it whole (it recovers at its next start)."""
        for kept in self.kept:
            if isinstance(kept.service, Database):
                kept.running.send_signal(signal.SIGQUIT)
            else:
                process.kill_group(kept.running)


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def end_of(log: Path, count: int = 15) -> str:
    lines = process.last_lines(log, count)
    return f"The end of {log}:\n" + "\n".join(f"  {line}" for line in lines) if lines else ""


def rotate(log: Path) -> None:
    """Put a large log aside; one earlier log is kept."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_name(f"{log.name}.1"))
