"""Reading the letters on scans: by OCRmyPDF and Tesseract with its Vietnamese, where the machine has them.

They are programs of the system, not of ours (Debian: ocrmypdf, tesseract-ocr-vie). Without them a scan stays a picture,
and whoever asks for its words is told so. A scan is read from a copy: the file that was stored is never touched.
"""

import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict
from lienthong.foundation.files import bounded, pdf_copies
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import Reading
from lienthong.foundation.files.word_reader import LIMIT

LANGUAGE = "vie"
MOST_PAGES = 3
"""Of a scan that are read, from the first on: what somebody waits for at a page."""

_SECONDS, _MEMORY, _LARGEST = 60, 2 * 1024**3, 512 * 1024**2
_PATIENCE = 5.0
_SKIPPED = "[OCR skipped on page"
_one_at_a_time = threading.BoundedSemaphore(1)


class Busy(Conflict):
    code = "files.recognition_busy"


@dataclass(frozen=True, slots=True)
class Programs:
    """Paths of what was found; empty where it is not there. `speaks`: Tesseract knows Vietnamese."""

    tesseract: str
    ocrmypdf: str
    speaks: bool

    def reads(self, format_key: str) -> bool:
        if not (self.tesseract and self.speaks):
            return False
        return bool(self.ocrmypdf) if format_key == "pdf" else BY_KEY[format_key].kind == "image"


@cache
def programs() -> Programs:
    """What this machine has, looked for once."""
    tesseract = shutil.which("tesseract") or ""
    return Programs(tesseract, shutil.which("ocrmypdf") or "", bool(tesseract) and LANGUAGE in _languages(tesseract))


def _languages(tesseract: str) -> list[str]:
    try:
        said = subprocess.run([tesseract, "--list-langs"], capture_output=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return []
    return (said.stdout + said.stderr).decode(errors="ignore").split()


def read(content: IO[bytes], format_key: str) -> tuple[Reading, str]:
    """The words on the first pages of a scan and how far the reading came. One scan is read at a time in a process.

    Raises Busy when another one takes long.
    """
    if not programs().reads(format_key):
        return Reading.NO_TEXT, ""
    if not _one_at_a_time.acquire(timeout=_PATIENCE):
        raise Busy(
            _("Another scan is being read at this moment."), way_out=_("Press again in half a minute, or type it.")
        )
    try:
        with tempfile.TemporaryDirectory(prefix="lienthong-scan-") as folder:
            return _read(content, format_key, Path(folder))
    finally:
        _one_at_a_time.release()


def _read(content: IO[bytes], format_key: str, folder: Path) -> tuple[Reading, str]:
    known = programs()
    scan = folder / f"scan.{BY_KEY[format_key].endings[0]}"
    if format_key == "pdf":  # without signatures: OCRmyPDF does not touch what is signed
        beginning = pdf_copies.first_pages(content, MOST_PAGES)
        if beginning is None:
            return Reading.FAILED, ""
        scan.write_bytes(beginning)
        command = [
            *(known.ocrmypdf, "--quiet", "--language", LANGUAGE, "--skip-text", "--output-type", "pdf"),
            *("--optimize", "0", "--jobs", "1", "--max-image-mpixels", "120", "--sidecar", "words.txt"),
            *(scan.name, "read.pdf"),
        ]
    else:
        with scan.open("wb") as copy:
            content.seek(0)
            shutil.copyfileobj(content, copy)
        command = [known.tesseract, scan.name, "words", "-l", LANGUAGE]
    end = bounded.run(command, folder=folder, seconds=_SECONDS, memory=_MEMORY, largest=_LARGEST)
    words = folder / "words.txt"
    if end != 0 or not words.is_file():
        return Reading.FAILED, ""
    with words.open("rb") as written:
        lines = written.read(LIMIT).decode(errors="ignore").replace("\0", "").splitlines()
    text = "\n".join(line for line in lines if not line.startswith(_SKIPPED))
    return (Reading.READ, text) if text.strip() else (Reading.NO_TEXT, "")
