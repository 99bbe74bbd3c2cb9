"""Reading the words of a document, bounded in time, memory and length."""

import os
import shutil
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO

from lienthong.foundation.files import word_reader
from lienthong.foundation.files.models import Reading

READABLE = frozenset(word_reader.READERS)
"""Formats whose words are read."""

_SECONDS = 60


def read(content: IO[bytes], format_key: str) -> tuple[Reading, str]:
    """The words of a content and how far the reading came. Never raises for what the content holds."""
    with TemporaryFile() as document:
        shutil.copyfileobj(content, document)
        document.seek(0)
        try:
            reader = subprocess.run(  # noqa: S603 - our own program, and no argument comes from outside
                [sys.executable, "-m", word_reader.__name__, format_key],
                stdin=document,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
                env={name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ},
            )
        except subprocess.TimeoutExpired:
            return Reading.FAILED, ""
    if reader.returncode not in (0, word_reader.CUT):
        return Reading.FAILED, ""
    text = reader.stdout.decode(errors="ignore")
    if not text.strip():
        return Reading.NO_TEXT, ""
    return (Reading.CUT if reader.returncode else Reading.READ), text
