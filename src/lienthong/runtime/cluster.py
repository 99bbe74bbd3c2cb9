"""A PostgreSQL cluster of ours: made, started, recovered and stopped.

The server listens on a Unix socket in a private folder and nowhere else, so it needs no passwords. It runs as a child
of ours; as an ordinary user when we are root, since PostgreSQL refuses to be root.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg import sql

from lienthong.runtime import process
from lienthong.runtime.binaries import Binaries
from lienthong.runtime.errors import Trouble

if TYPE_CHECKING:
    import psutil

ADMINISTRATOR = "postgres"
NAME = "lienthong"  # of the database, and of the role that owns it: an ordinary one, as in production
SOCKET = ".s.PGSQL.5432"

SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_line_prefix": "'%m [%p] '",
    "log_min_duration_statement": "1s",
}
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL cluster of ours: its data, its socket folder and what runs it.

    `account` is the user it runs as when we are root, else None. `throwaway` gives up safety against power cuts.
    """

    data: Path
    sockets: Path
    log: Path
    binaries: Binaries
    account: process.Account | None
    throwaway: bool = False

    def url(self, user: str = NAME, database: str = NAME) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def command(self) -> list[str]:
        options = {"listen_addresses": "", "unix_socket_directories": f'"{self.sockets}"'}
        options |= THROWAWAY if self.throwaway else {}
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.binaries.postgres), "-D", str(self.data), *given]

    def start(self, output: IO[bytes] | int) -> "subprocess.Popen[bytes]":
        """Begin to run the server; `wait_ready` says when it answers. SIGINT stops it fast and cleanly."""
        self.clear_leftovers()
        return process.start(
            self.command,
            env=server_environment(),
            output=output,
            cwd=Path("/"),
            account=self.account,
            on_our_death=signal.SIGINT,
        )

    def wait_ready(
        self, server: "subprocess.Popen[bytes]", patience: float = 600, tell: Callable[[str], None] | None = None
    ) -> None:
        """Wait until the server answers; recovery after a crash may take minutes on a large database."""
        began = time.monotonic()
        pause = 0.004
        while True:
            try:
                with psycopg.connect(
                    self.url(ADMINISTRATOR, "postgres"), connect_timeout=5, autocommit=True
                ) as connection:
                    return make_database(connection, may_create_databases=self.throwaway)
            except psycopg.OperationalError as error:
                if "does not exist" in str(error) and "role" in str(error):
                    raise foreign(self.data) from error
                reason = str(error)
            if server.poll() is not None:
                raise self.explain_failure()
            passed = time.monotonic() - began
            if passed > patience:
                raise Trouble(
                    f"PostgreSQL did not answer within {patience:.0f} s: {reason}", way_out=f"See {self.log}."
                )
            if tell is not None and passed > 2:
                tell("recovering after an interruption")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Run the server for a while; gives the address of the database."""
        with self.log.open("ab") as output:
            server = self.start(output)
        try:
            self.wait_ready(server)
            yield self.url()
        finally:
            stop(server)

    def answers(self) -> bool:
        """Does a server of ours answer at the socket now?"""
        if not (self.sockets / SOCKET).exists():
            return False
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def identity(self) -> str:
        """What tells this cluster from any other: the number that PostgreSQL gave it when it was made."""
        with (self.data / "global" / "pg_control").open("rb") as control:
            return control.read(8).hex()

    def clear_leftovers(self) -> None:
        """Make way after everything was killed at once: stop orphaned servers, forget one that is long gone.

        Only the holder of the installation's lock may call this, so that whatever still runs on the data is an orphan.
        PostgreSQL's own check goes by process numbers, so it takes one that is dead and not yet collected, or one that
        now belongs to some other program, for a running server. We look which processes really stand in the data.
        """
        notes = [self.data / "postmaster.pid", self.sockets / f"{SOCKET}.lock", self.sockets / SOCKET]
        if not any(note.exists() for note in notes):
            return
        import psutil  # takes a while to load and is needed after accidents only

        orphans = servers_on(self.data)
        first = min(orphans, key=lambda server: server.create_time(), default=None)
        for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            for orphan in orphans:
                if number != signal.SIGINT or orphan == first:
                    with contextlib.suppress(psutil.Error):
                        orphan.send_signal(number)
            _, orphans = psutil.wait_procs(orphans, timeout=patience)
            if not orphans:
                break
        if orphans:
            numbers = ", ".join(str(orphan.pid) for orphan in orphans)
            raise Trouble(f"A former PostgreSQL still runs on {self.data} and cannot be stopped (processes {numbers}).")
        for note in notes:
            note.unlink(missing_ok=True)

    def explain_failure(self) -> Trouble:
        lines = process.last_lines(self.log, 12)
        text = "\n".join(lines)
        if "No space left" in text:
            return Trouble(
                "PostgreSQL could not start: the disk is full.", way_out=f"Make room on the disk of {self.data}."
            )
        damage = (
            "could not locate a valid checkpoint",
            "database files are incompatible",
            "invalid data in file",
            "could not open file",
            "PANIC",
        )
        if any(sign in text for sign in damage):
            return Trouble(
                f"The database in {self.data} is damaged. PostgreSQL says:\n{text}",
                way_out="Restore it from a backup. A demonstration can be begun anew: ./lt up --fresh",
            )
        return Trouble(f"PostgreSQL could not start. The end of {self.log}:\n{text}")


def server_environment() -> dict[str, str]:
    """Nothing of ours leads the server astray: no PGDATA, no PGPORT, messages in English for the log."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def stop(server: "subprocess.Popen[bytes]", patience: float = 20) -> None:
    """Stop fast and cleanly; at worst so that the next start recovers."""
    for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if server.poll() is None:
            server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(seconds)


def servers_on(data: Path) -> "list[psutil.Process]":
    """PostgreSQL's processes whose working folder is this data: each server process stands in its cluster."""
    import psutil

    place = data.resolve()
    found = []
    for candidate in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if candidate.name().startswith("postgres") and Path(candidate.cwd()) == place:
                found.append(candidate)
    return found


def make_database(connection: "psycopg.Connection[tuple[object, ...]]", *, may_create_databases: bool) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone() is None:
        # Tests make databases and roles, and try what even a superuser cannot do to the ledger.
        right = sql.SQL("SUPERUSER" if may_create_databases else "NOCREATEDB")
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(NAME), right))
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))


def initialise(cluster: Cluster) -> None:
    """Make a cluster beside its place and move it there when it is whole: an interruption leaves nothing half."""
    new = cluster.data.with_name(f"{cluster.data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if cluster.account is not None:
        os.chown(new, cluster.account.uid, cluster.account.gid)
    options = [
        "--auth=trust",
        "--encoding=UTF8",
        f"--username={ADMINISTRATOR}",
        *locale_options(cluster.binaries.major),
    ]
    command = [str(cluster.binaries.initdb), "-D", str(new), *options, *(["--no-sync"] if cluster.throwaway else [])]
    with cluster.log.open("ab") as output:
        code = process.start(
            command, env=server_environment(), output=output, cwd=Path("/"), account=cluster.account
        ).wait()
    if code:
        text = "\n".join(process.last_lines(cluster.log, 8))
        raise Trouble(
            f"The database could not be made in {cluster.data}:\n{text}", way_out="Is there room on the disk?"
        )
    with (new / "postgresql.conf").open("a") as file:
        file.write("\n# Set by Liên Thông for a small machine; change them as you like.\n")
        file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    with contextlib.suppress(FileNotFoundError):
        cluster.data.rmdir()
    new.rename(cluster.data)


def locale_options(major: int) -> list[str]:
    """Texts in UTF-8, compared by code point, with the whole alphabet's capitals.

    From 17 on PostgreSQL brings that itself; before, the system's C.UTF-8 is used where there is one (not on macOS).
    """
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if has_locale("C.UTF-8") else "--locale=C"]


def has_locale(name: str) -> bool:
    import locale

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return True


def foreign(place: Path) -> Trouble:
    return Trouble(
        f"{place} holds something that this program did not make.",
        way_out="Move it away, or set LT_HOME to another folder.",
    )
