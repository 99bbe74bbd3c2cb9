"""Programs that make PDF/A: small ones in the place of the machine's, and the machine's own where it has them."""

from pathlib import Path
from typing import Any

import pytest
import typst

from lienthong.foundation.files import renditions
from lienthong.foundation.files.renditions import Program, Programs

REAL = renditions.programs
office_needed = pytest.mark.skipif(not REAL().office.path, reason="LibreOffice is not installed")
NOWHERE = Programs(Program("", "OCRmyPDF", ""), Program("", "LibreOffice", ""))


def pdf_a(*pages: str) -> bytes:
    """As the house itself makes papers: PDF/A-2b."""
    text = "\n#pagebreak()\n".join(pages)
    made = typst.compile(text.encode(), format="pdf", pdf_standards=["a-2b"])
    assert isinstance(made, bytes)
    return made


def none(monkeypatch: Any) -> None:
    monkeypatch.setattr(renditions, "programs", lambda: NOWHERE)


def real(monkeypatch: Any) -> None:
    monkeypatch.setattr(renditions, "programs", REAL)


def instead(monkeypatch: Any, folder: Path, does: str = "", *, makes: bytes | None = None) -> Path:
    """A program in OCRmyPDF's place. It does a thing, notes that it ran in the file that is given back, and leaves
    what it `makes`."""
    folder.mkdir(exist_ok=True)
    program, sample, runs = folder / "ocrmypdf", folder / "sample.pdf", folder / "runs"
    sample.write_bytes(pdf_a("Công văn") if makes is None else makes)
    program.write_text(f'#!/bin/sh\necho >> {runs}\n{does}\nfor last; do :; done\ncp {sample} "$last"\n')
    program.chmod(0o755)
    runs.write_text("")
    found = Programs(Program(str(program), "OCRmyPDF", "14.0 (Ghostscript 10.0)"), NOWHERE.office)
    monkeypatch.setattr(renditions, "programs", lambda: found)
    return runs
