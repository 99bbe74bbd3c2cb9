"""An installation in a folder of its own, whose processes are killed with -9 and started again."""

import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from lienthong.cli import serving
from lienthong.cli.installation import DEMONSTRATION
from lienthong.cli.testing import environment_of, preferred
from lienthong.runtime import postgres, process
from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import Home
from lienthong.runtime.supervisor import end_of

PATIENCE = 240.0  # seconds for something to come up on a machine that has much to do
_JOBS_LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
_WHICH_JOBS = """
    SELECT job.status, job.attempts, job.task_name, job.scheduled_at, worker.last_heartbeat, count(*), min(job.id)
      FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
     WHERE job.status IN ('todo', 'doing') GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3"""
KINDS = ("database", "simulation", "web", "worker")


class Stack:
    """The database, the web server, the worker and a simulation, as an installation runs them.

    They run under no supervisor: `keep` starts at once again what is gone, so that a second of bad luck costs a second.
    """

    def __init__(self, root: Path, simulation: list[str]) -> None:
        self.home = Home(root)
        self.cluster = postgres.cluster_of(self.home, preferred())
        self.port = free_port()
        self.env = {
            **environment_of(root, self.cluster.url(), DEMONSTRATION),
            "LT_DEMO": "1",
            "LT_HOSTS": "localhost",
            "LT_ORIGIN": f"http://localhost:{self.port}",
            "PYTHONUNBUFFERED": "1",
        }
        self.commands = {
            "simulation": [sys.executable, "-m", "lienthong.cli", "simulate", *simulation],
            "web": serving.web_command("127.0.0.1", self.port, 1),
            "worker": [sys.executable, "-m", "lienthong.cli", "work"],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = dict.fromkeys(KINDS, 0)
        self.simulated = False

    def prepare(self) -> None:
        """What `lt up` does first: tables, declarations, the demonstration's people and dossiers."""
        self.begin("database")
        code, said = self.call([sys.executable, "-m", "lienthong.cli.preparation", "mark", "dak_nong"])
        assert code == 0, said

    def begin(self, kind: str) -> None:
        log = self.log(kind)
        with log.open("ab") as output:
            if kind == "database":
                self._begin_database(output)
            else:
                self.running[kind] = process.start(self.commands[kind], env=self.env, output=output)

    def _begin_database(self, output: Any) -> None:
        """Its former processes may take a moment to notice that the first of them is dead."""
        end = time.monotonic() + PATIENCE
        while True:
            server = self.cluster.start(output)
            try:
                self.cluster.wait_ready(server)
            except Trouble:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
                continue
            self.running["database"] = server
            return

    def keep(self) -> None:
        """Start again what is gone; a simulation that came to its end is over."""
        for kind in KINDS:
            running = self.running.get(kind)
            if running is None or running.poll() is None or (kind == "simulation" and self.simulated):
                continue
            if kind == "simulation" and running.returncode == 0:
                self.simulated = True
                continue
            process.kill_group(running)
            self.begin(kind)

    def kill(self, kind: str) -> None:
        """The first process alone or everything it started, at whatever it was doing."""
        running = self.running[kind]
        if running.poll() is not None:
            return
        if random.random() < 0.5:
            process.kill_group(running)
        else:
            running.send_signal(signal.SIGKILL)
        running.wait()
        self.kills[kind] += 1

    def call(self, command: list[str]) -> tuple[int, str]:
        """A command that ends by itself, with what it said."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False, timeout=600)
        return done.returncode, done.stdout + done.stderr

    def cli(self, *arguments: str) -> tuple[int, str]:
        return self.call([sys.executable, "-m", "lienthong.cli", *arguments])

    def inside(self, question: str, *arguments: str) -> Any:
        """What `inside.py` finds in the installation."""
        code, said = self.call([sys.executable, "-m", "tests.bad_luck.inside", question, *arguments])
        assert code == 0, said
        return json.loads(said.strip().splitlines()[-1])

    def jobs_left(self) -> int:
        """How many jobs wait or are being done; asked often, so without a process of its own."""
        with suppress(psycopg.Error), psycopg.connect(self.cluster.url(), connect_timeout=5) as connection:
            found = connection.execute(_JOBS_LEFT).fetchone()
            return int(found[0]) if found else 0
        return 1

    def jobs(self) -> str:
        """What is left to do, for whoever has to find out why."""
        with suppress(psycopg.Error), psycopg.connect(self.cluster.url(), connect_timeout=5) as connection:
            return "\n".join(" ".join(map(str, row)) for row in connection.execute(_WHICH_JOBS).fetchall())
        return "the database does not answer"

    def log(self, kind: str) -> Path:
        return self.home.log(kind)

    def ends(self) -> str:
        logs = (f"{kind}: {end_of(self.log(kind), 25)}" for kind in KINDS)
        return "\n".join([*logs, f"killed: {self.kills}, jobs left:", self.jobs()])

    def stop(self) -> None:
        for kind in reversed(KINDS):
            if running := self.running.get(kind):
                with suppress(ProcessLookupError):
                    process.kill_group(running)
                running.wait()


@contextmanager
def stack(root: Path, simulation: list[str]) -> Iterator[Stack]:
    made = Stack(root, simulation)
    try:
        yield made
    finally:
        made.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def until(done: Callable[[], bool], stack: Stack, patience: float) -> None:
    """Keep the processes running until something is so."""
    end = time.monotonic() + patience
    while not done():
        stack.keep()
        assert time.monotonic() < end, stack.ends()
        time.sleep(0.2)


def until_settled(stack: Stack) -> None:
    """Keep the processes running until no job is left, however many there were, as long as they become fewer."""
    least, end = stack.jobs_left(), time.monotonic() + PATIENCE
    while least:
        stack.keep()
        left = stack.jobs_left()
        if left < least:
            least, end = left, time.monotonic() + PATIENCE
        assert time.monotonic() < end, stack.ends()
        time.sleep(0.5)


class Clerk:
    """A clerk whose program hands in applications over HTTP and sends each again until it is answered."""

    def __init__(self, stack: Stack, headers: dict[str, str], body: str) -> None:
        self.stack, self.headers, self.body = stack, headers, body
        self.answered: dict[str, int] = {}
        self.sent = 0

    def hand_in(self, key: str, patience: float) -> int | None:
        """The id of the dossier. An answer that never came is asked for again, with the same key."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self.sent += 1
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=20)
                connection.request("POST", "/api/v1/dossiers", self.body, self.headers | {"Idempotency-Key": key})
                answer = connection.getresponse()
                content = answer.read()
                if answer.status == 201:
                    return int(json.loads(content)["id"])
                assert answer.status >= 500, (answer.status, content[:300])
            time.sleep(0.1)
        return None
