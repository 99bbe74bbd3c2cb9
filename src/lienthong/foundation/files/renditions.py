"""PDF/A renditions (ISO 19005) of what came as something else: made by OCRmyPDF with Ghostscript of a PDF, and by
LibreOffice of Word documents and workbooks, where the machine has them.

They are programs of the system, not of ours (Debian: ocrmypdf; libreoffice-writer-nogui, libreoffice-calc-nogui). The
original is never touched: what is made is a second file, once for a content, whoever has files with it. It bears no
signatures, as those hold for the bytes that were signed and for no other.
"""

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict
from lienthong.foundation.files import bounded, pdf_copies, services, storage
from lienthong.foundation.files.formats import ooxml
from lienthong.foundation.files.models import Rendition, StoredFile

Problem = Rendition.Problem

CLAIM = "2b"
"""What is made: PDF/A-2b. Signatures, forms and scripts are not in it, pictures stay as they are."""
OFFICE_FILTERS = {"docx": "writer_pdf_Export", "xlsx": "calc_pdf_Export"}
AGAIN_AFTER = timedelta(days=1)
"""What failed is tried anew no sooner: until then neither the machine nor its programs are likely to be others."""

LARGEST = 1024**3
_SECONDS, _SECONDS_A_PAGE, _LONGEST = 120, 4, 1800
_MEMORY, _LARGEST_MADE = 2 * 1024**3, 2 * 1024**3
_SUBJECT = "Bản PDF/A của tệp có SHA-256 {sha256}. Chữ ký số, nếu có, chỉ ở tệp gốc."
_EXPORT = {
    "SelectPdfVersion": {"type": "long", "value": "2"},
    "UseLosslessCompression": {"type": "boolean", "value": "true"},
    "ReduceImageResolution": {"type": "boolean", "value": "false"},
}
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
)
"""LibreOffice would fetch what a document links to, files of this machine and addresses of its network among it, and
show it in the rendition. It is told to fetch nothing and to run nothing; what it would fetch all the same is not given
to it (`takes_in`)."""
_one_at_a_time = threading.Lock()


class Busy(Conflict):
    code = "files.renditions_busy"


@dataclass(frozen=True, slots=True)
class Program:
    """One that makes renditions: `path` of what is run, empty where it is not there."""

    path: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Programs:
    pdf: Program
    office: Program

    def of(self, format_key: str) -> Program:
        """Raises KeyError for a kind of which no rendition is made."""
        return self.pdf if format_key == "pdf" else dict.fromkeys(OFFICE_FILTERS, self.office)[format_key]


@cache
def programs() -> Programs:
    """What this machine has, looked for once."""
    ocrmypdf, ghostscript, tesseract = (shutil.which(name) or "" for name in ("ocrmypdf", "gs", "tesseract"))
    office = shutil.which("soffice") or ""
    has_all = bool(ocrmypdf and ghostscript and tesseract)  # OCRmyPDF does not begin without Tesseract
    version = f"{_said(ocrmypdf)} (Ghostscript {_said(ghostscript)})" if has_all else ""
    return Programs(
        Program(ocrmypdf if has_all else "", "OCRmyPDF", version),
        Program(office, "LibreOffice", _said(office, "--headless").removeprefix("LibreOffice ") if office else ""),
    )


def _said(program: str, *options: str) -> str:
    """The version that it calls itself; on some machines more words follow it."""
    try:
        said = subprocess.run(  # noqa: S603
            [program, *options, "--version"], capture_output=True, timeout=30, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = said.stdout.decode(errors="ignore").splitlines()
    return " ".join(lines[0].split()[:2])[:60] if lines else ""


def can_be_made_of(format_key: str) -> bool:
    return format_key == "pdf" or format_key in OFFICE_FILTERS


def are_made_of(format_key: str) -> bool:
    """Whether this machine has what makes them."""
    return can_be_made_of(format_key) and bool(programs().of(format_key).path)


def of_contents(digests: Iterable[str]) -> dict[str, Rendition]:
    """What is known, by the SHA-256 of the original. One query."""
    found = Rendition.objects.filter(of__in=set(digests)).select_related("file")
    return {each.of: each for each in found}


def is_worth_trying(known: Rendition | None) -> bool:
    """Whether there is none yet, and it was not found out just now that none can be made."""
    return known is None or (known.file_id is None and known.made_at <= clock.now() - AGAIN_AFTER)


@contextmanager
def turn() -> Iterator[None]:
    """For whoever makes some: one in a process does at a time. Raises Busy at once, so that nobody who waits for a long
    turn keeps others from their work."""
    if not _one_at_a_time.acquire(blocking=False):
        raise Busy(_("Other files are being converted at this moment."), way_out=_("Try again in a minute."))
    try:
        yield
    finally:
        _one_at_a_time.release()


def make(*, sha256: str, size: int, format_key: str) -> None:
    """Make the rendition of a content and keep it, or keep why there is none. May run twice: the first that is made
    stays. Nothing is kept when the content is nobody's any more. Raises ContentMissing, NoRoom."""
    with tempfile.TemporaryDirectory(prefix="lienthong-rendition-") as name:
        made = _Making(Path(name), sha256, format_key)
        problem = made.problem() if size <= LARGEST else Problem.TOO_LARGE
        _keep(made, "" if problem is None else problem)


@transaction.atomic
def _keep(made: "_Making", problem: str) -> None:
    holders = StoredFile.objects.select_for_update(no_key=True).filter(sha256=made.sha256)
    if holders.order_by("pk").first() is None:
        return
    known = Rendition.objects.select_for_update(of=("self",)).filter(of=made.sha256).first()
    if known and known.file_id:
        return
    found = known or Rendition(of=made.sha256)
    found.program, found.version = made.program.name, made.program.version
    found.problem, found.signed, found.made_at = problem, made.signed, clock.now()
    if not problem:
        with made.pdf.open("rb") as pdf, storage.told_when_full():
            found.file = services.keep(pdf, name=f"{made.sha256[:12]} (PDF-A).pdf", format_key="pdf")
    found.save()


class _Making:
    """One rendition, in a folder of its own."""

    def __init__(self, folder: Path, sha256: str, format_key: str) -> None:
        self.folder, self.sha256, self.format_key = folder, sha256, format_key
        self.program = programs().of(format_key)
        self.pdf = folder / "made" / "document.pdf"
        self.signed = False

    def problem(self) -> Problem | None:
        """Make it. Why there is none; None when it is there and is what it has to be."""
        original = self.folder / f"document.{self.format_key}"
        with storage.open_content(self.sha256) as content, original.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        self.pdf.parent.mkdir()
        return self._of_pdf() if self.format_key == "pdf" else self._of_office(original)

    def _of_pdf(self) -> Problem | None:
        """Of a copy without forms and signatures where it has any: OCRmyPDF leaves their fields, which PDF/A may not
        have. Only the first page is looked at for letters, and none are read: a picture stays a picture."""
        seen = pdf_copies.looked_at(self.folder, "document.pdf", copy="copy.pdf")
        if seen is None:
            return Problem.DAMAGED
        if seen.locked:
            return Problem.LOCKED
        self.signed = seen.signed
        source = "copy.pdf" if seen.copied else "document.pdf"
        command = [
            *(self.program.path, "--quiet", "--skip-text", "--tesseract-timeout", "0", "--pages", "1"),
            *("--output-type", "pdfa-2", "--pdfa-image-compression", "lossless", "--optimize", "0", "--jobs", "1"),
            *("--max-image-mpixels", "500"),
            *("--subject", _SUBJECT.format(sha256=self.sha256), source, str(self.pdf)),
        ]
        seconds = min(_SECONDS + _SECONDS_A_PAGE * seen.pages, _LONGEST)
        return self._run(command, seconds) or self._unsound(pages=seen.pages)

    def _of_office(self, original: Path) -> Problem | None:
        with original.open("rb") as document:
            if ooxml.takes_in(document):
                return Problem.TAKES_IN
        profile = self.folder / "profile"
        _write_settings(profile)
        command = [
            *(self.program.path, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
            *("--convert-to", f"pdf:{OFFICE_FILTERS[self.format_key]}:{json.dumps(_EXPORT)}"),
            *("--outdir", str(self.pdf.parent), original.name),
        ]
        return self._run(command, _SECONDS) or self._unsound(pages=None)

    def _run(self, command: list[str], seconds: int) -> Problem | None:
        end = bounded.run(command, folder=self.folder, seconds=seconds, memory=_MEMORY, largest=_LARGEST_MADE)
        if end is None:
            return Problem.TOO_LONG
        return None if end == 0 and self.pdf.is_file() else Problem.FAILED

    def _unsound(self, *, pages: int | None) -> Problem | None:
        """What a program calls PDF/A is looked at before it is kept."""
        seen = pdf_copies.looked_at(self.folder, f"{self.pdf.parent.name}/{self.pdf.name}")
        if seen is None or seen.claim != CLAIM or not seen.has_intent or seen.signed or not seen.pages:
            return Problem.UNSOUND
        return Problem.UNSOUND if pages is not None and seen.pages != pages else None


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )
