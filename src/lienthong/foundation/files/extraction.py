"""Reading the words of a document, bounded in time, memory and length."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from tempfile import NamedTemporaryFile
from threading import Timer
from typing import IO

from lienthong.foundation.files import word_reader
from lienthong.foundation.files.models import Reading

READABLE = frozenset(word_reader.READERS)
"""Formats whose words are read."""

_SECONDS = 60


class Reader:
    """A process that reads one document after the other."""

    def __init__(self) -> None:
        self.started_by = os.getpid()
        self.process = subprocess.Popen(  # noqa: S603 - our own program, and no argument comes from outside
            [sys.executable, "-m", word_reader.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ},
        )

    @property
    def usable(self) -> bool:
        return self.started_by == os.getpid() and self.process.poll() is None

    def read(self, path: str, format_key: str) -> tuple[int, bytes] | None:
        """How it ended and the words; None when it took too long, and the process is no more."""
        assert self.process.stdin
        assert self.process.stdout
        impatience = Timer(_SECONDS, self.stop)
        impatience.start()
        try:
            self.process.stdin.write(f"{format_key} {path}\n".encode())
            self.process.stdin.flush()
            end, length = map(int, self.process.stdout.readline().split())
            words = self.process.stdout.read(length)
            return (end, words) if len(words) == length else None
        except (OSError, ValueError):  # it was stopped in the middle
            return None
        finally:
            impatience.cancel()

    def stop(self) -> None:
        """Together with the fork that reads."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


_idle: list[Reader] = []
"""Readers that nobody uses now: as many as have read at the same time. They end with this process."""


def read(content: IO[bytes], format_key: str) -> tuple[Reading, str]:
    """The words of a content and how far the reading came. Never raises for what the content holds."""
    with NamedTemporaryFile() as document:
        shutil.copyfileobj(content, document)
        document.flush()
        reader = _take()
        answer = reader.read(document.name, format_key)
    if answer is None:
        reader.stop()
        return Reading.FAILED, ""
    _idle.append(reader)
    end, words = answer
    if end not in (0, word_reader.CUT):
        return Reading.FAILED, ""
    text = words.decode(errors="ignore")
    if not text.strip():
        return Reading.NO_TEXT, ""
    return (Reading.CUT if end else Reading.READ), text


def _take() -> Reader:
    while _idle:
        with suppress(IndexError):  # another thread was faster
            reader = _idle.pop()
            if reader.usable:
                return reader
    return Reader()
