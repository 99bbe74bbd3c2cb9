"""Starting programs as children that end with us, and as whom."""

import os
import pwd
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

LAUNCH = Path(__file__).with_name("launch.py")
SERVER_ACCOUNTS = ("lienthong", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of this machine that a program runs as."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> "Account":
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def can_run(self, program: Path) -> bool:
        """Can this user reach the file or folder and execute or enter it? Asked of the kernel, not worked out."""
        answer = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", 'test -x "$1"', "sh", str(program)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            check=False,
            cwd="/",
        )
        return answer.returncode == 0


def is_root() -> bool:
    return os.geteuid() == 0


def server_account() -> Account:
    """The ordinary user that runs the database when root started us: one made for it, else a common one."""
    for name in SERVER_ACCOUNTS:
        try:
            return Account.of(pwd.getpwnam(name))
        except KeyError:
            continue
    return Account("nobody", 65534, 65534)


def start(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int | None,
    cwd: Path | None = None,
    account: Account | None = None,
    on_our_death: signal.Signals = signal.SIGTERM,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a child. In a session of its own Ctrl-C at the terminal does not reach it: we stop it in order.

    To be called from the main thread: on Linux a child gets `on_our_death` when the *thread* that made it ends.
    """
    who = ["-1", "-1"] if account is None else [str(account.uid), str(account.gid)]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", LAUNCH, str(int(on_our_death)), *who, *command],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        cwd=cwd,
        start_new_session=own_session,
    )


def kill_group(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGKILL) -> None:
    """Signal the child and everything that it started."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def last_lines(log: Path, count: int = 15) -> list[str]:
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in deque(file, maxlen=count)]
    except OSError:
        return []


def leave_out_terminal_toolkits() -> None:
    """Spare a server what it never uses: the expression library loads its own command line, a fifth of our start."""
    sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))


def end_with_parent() -> None:
    """Ask the kernel (Linux) to end this process when its parent ends: a server's worker is of no use without it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, int(signal.SIGTERM), 0, 0, 0)  # 1 = PR_SET_PDEATHSIG
