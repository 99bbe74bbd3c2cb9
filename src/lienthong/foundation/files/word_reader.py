"""The words of a document, read in a process of its own that a hostile document may exhaust or crash.

    python -m lienthong.foundation.files.word_reader pdf < document > words

Writes UTF-8, at most LIMIT bytes, and ends with 0, or with CUT when there was more. Knows nothing of the house.
"""

import contextlib
import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import BinaryIO

LIMIT = 600_000
"""Bytes. What is searched of a document; PostgreSQL's tsvector holds at most a megabyte."""

CUT = 3

_MEMORY = 1024**3
_SECONDS = 30


def main() -> int:
    _limit_resources()
    left = LIMIT
    for text in READERS[sys.argv[1]](sys.stdin.buffer):
        words = unicodedata.normalize("NFC", text.replace("\0", "")).encode(errors="ignore") + b"\n"
        sys.stdout.buffer.write(words[:left])
        left -= len(words)
        if left < 0:
            return CUT
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
    sys.exit(main())
