"""Become another program that cannot outlive the one that started it: `launch.py SIGNAL UID GID PROGRAM ARGS…`.

Run as a file by a bare Python (-I -S), so that it costs some ten milliseconds and imports nothing of the house. It
stands between because the steps below must happen in the child, after it is a process of its own and before it is the
program: doing them between fork and exec of a parent that has threads may hang.

UID and GID of -1 keep the present user. On Linux the kernel sends SIGNAL when the parent dies, however it dies;
elsewhere the next start clears what was left (see cluster.Cluster.clear_leftovers).
"""

import os
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def main() -> None:
    signal, uid, gid = (int(argument) for argument in sys.argv[1:4])
    parent = os.getppid()
    wish_to_end = death_wish(signal)  # found now: the user we become may not be able to read this Python
    os.umask(0o077)
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    wish_to_end()  # only now: a change of user clears it
    if os.getppid() != parent:
        sys.exit(1)
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606


def death_wish(signal: int) -> Callable[[], object]:
    if sys.platform != "linux":
        return lambda: None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)


if __name__ == "__main__":
    main()
