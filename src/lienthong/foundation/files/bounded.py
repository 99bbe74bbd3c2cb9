"""Programs that are not ours, run on what comes from outside: bounded in time, memory and what they write, and ended
together with all that they have started."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_LIMITED = 'ulimit -c 0; ulimit -v "$1"; ulimit -t "$2"; ulimit -f "$3"; shift 3; exec "$@"'
"""What the shell sets before it becomes the program: its words are fixed, the program's come as arguments."""
_BLOCK, _KILOBYTE = 512, 1024
_HANDED_ON = ("PATH", "LANG", "PYTHONPATH", "TESSDATA_PREFIX", "VIRTUAL_ENV")


def run(command: Sequence[str], *, folder: Path, seconds: int, memory: int, largest: int) -> int | None:
    """How a program ended that works in a folder of its own; None when it took too long and was ended.

    `memory` and `largest`, of one file that it writes, in bytes. It has no input, and what it says is not kept.
    """
    limits = [str(memory // _KILOBYTE), str(seconds), str(largest // _BLOCK)]
    environment = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - the callers' own programs; what comes from outside is in files
        ["/bin/sh", "-c", _LIMITED, "sh", *limits, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
        env={**environment, "HOME": str(folder), "TMPDIR": str(folder), "OMP_THREAD_LIMIT": "1"},
    )
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
