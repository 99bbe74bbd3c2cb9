"""The words of documents, each read in a process of its own that a hostile document may exhaust or crash.

    python -m lienthong.foundation.files.word_reader

Every line of its input names a format and the path of a document; the answer is a line with the reading's end (0; CUT
when there was more; anything else when it failed) and a number of bytes, then as many bytes of UTF-8, at most LIMIT.

To start Python with its libraries takes many times as long as to read a letter. So they are started once, and each
document is read by a fork of this process, which has one thread and nothing else. Knows nothing of the house.
"""

import contextlib
import importlib
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

LIMIT = 600_000
"""Bytes. What is searched of a document; PostgreSQL's tsvector holds at most a megabyte."""

CUT = 3

_FAILED = 1
_MEMORY = 1024**3
_SECONDS = 30


def main() -> None:
    for library in ("pypdf", "docx"):
        importlib.import_module(library)
    for line in sys.stdin.buffer:
        format_key, _, path = line.decode().rstrip("\n").partition(" ")
        end, words = _read_apart(format_key, path)
        sys.stdout.buffer.write(b"%d %d\n" % (end, len(words)) + words)
        sys.stdout.buffer.flush()


def _read_apart(format_key: str, path: str) -> tuple[int, bytes]:
    mine, theirs = os.pipe()
    child = os.fork()
    if not child:
        os._exit(_read(format_key, path, theirs))
    os.close(theirs)
    with os.fdopen(mine, "rb") as pipe:
        words = pipe.read(LIMIT)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words


def _read(format_key: str, path: str, into: int) -> int:
    """How the reading ended. Keeps nothing open through which the document could speak for another one."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nothing, stream)
        left = LIMIT
        with Path(path).open("rb") as document, os.fdopen(into, "wb") as pipe:
            _limit_resources()
            for text in READERS[format_key](document):
                words = unicodedata.normalize("NFC", text.replace("\0", "")).encode(errors="ignore") + b"\n"
                pipe.write(words[:left])
                left -= len(words)
                if left < 0:
                    return CUT
    except BaseException:  # whatever it was, nothing of this process may go on as if it were the other
        return _FAILED
    return 0


def _limit_resources() -> None:
    import resource  # not on every system; there the time limit of the parent remains

    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _pdf(content: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(content)
    if reader.is_encrypted:
        reader.decrypt("")
    for page in reader.pages:
        yield page.extract_text()


def _docx(content: BinaryIO) -> Iterator[str]:
    import docx
    from docx.oxml.ns import qn

    paragraph, text, tab, line = qn("w:p"), qn("w:t"), qn("w:tab"), qn("w:br")
    for element in docx.Document(content).element.body.iter(paragraph):
        yield "".join(part.text or "" if part.tag == text else " " for part in element.iter(text, tab, line))


READERS: dict[str, Callable[[BinaryIO], Iterator[str]]] = {"pdf": _pdf, "docx": _docx}

if __name__ == "__main__":
    main()
