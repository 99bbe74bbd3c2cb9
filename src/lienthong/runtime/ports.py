"""Is the address free that the web server wants, and if not, who has it?"""

import errno
import os
import socket
import time
from typing import TYPE_CHECKING

from lienthong.runtime.errors import Trouble

if TYPE_CHECKING:
    import psutil

OUR_WEB = "lienthong.settings.wsgi:application"


def require_free(host: str, port: int, *, patience: float = 10) -> None:
    """Raises Trouble when nobody can listen there. A web server of ours that is just ending is waited for."""
    if not 0 < port < 65536:
        raise Trouble(f"{port} is not a port.", way_out="Choose one from 1024 to 65535: --port 8000")
    began = time.monotonic()
    while True:
        problem = why_not(host, port)
        if problem is None:
            return
        if problem != errno.EADDRINUSE:
            raise cannot_listen(host, port, problem)
        user, is_ending = user_of(port)
        if not is_ending or time.monotonic() - began > patience:
            raise Trouble(
                f"Port {port} is in use{user}.", way_out=f"Stop that program, or choose another port: --port {port + 1}"
            )
        time.sleep(0.1)


def why_not(host: str, port: int) -> int | None:
    """The error number of trying to listen; None when it works."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            trial.listen(1)
    except OSError as error:
        return error.errno or -1
    return None


def cannot_listen(host: str, port: int, number: int) -> Trouble:
    if number == errno.EACCES:
        return Trouble(f"Port {port} may be used by root only.", way_out="Choose one from 1024 up: --port 8000")
    if number == errno.EADDRNOTAVAIL or number < 0:
        return Trouble(f"{host} is not an address of this machine.", way_out="Use --host 127.0.0.1 or --host 0.0.0.0")
    return Trouble(f"Nobody can listen at {host} port {port}: {os.strerror(number)}.")


def user_of(port: int) -> tuple[str, bool]:
    """Who listens, in words ("" when that cannot be seen), and whether it is our web server without its parent."""
    import psutil

    try:
        for connection in psutil.net_connections(kind="tcp"):
            local = connection.laddr
            if connection.status == psutil.CONN_LISTEN and local and local.port == port and connection.pid:
                program = psutil.Process(connection.pid)
                command = " ".join(program.cmdline())
                is_ours = OUR_WEB in command
                name = "a Liên Thông web server" if is_ours else program.name()
                return f" by {name} (process {connection.pid})", is_ours and is_orphan(program)
    except (psutil.Error, OSError):
        pass
    return "", False


def is_orphan(program: "psutil.Process") -> bool:
    """Granian's main process or one of its workers, with no supervisor above."""
    top = program
    while (parent := top.parent()) is not None and OUR_WEB in " ".join(parent.cmdline()):
        top = parent
    return bool(top.ppid() <= 1)
