"""Reading scans with programs that the machine may have: here small ones that take their place."""

import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lienthong.foundation.files import bounded, health, recognition
from lienthong.foundation.files.models import Reading
from lienthong.runtime.health import State
from tests.foundation.files import samples

Install = Callable[..., None]

TESSERACT = """
if [ "$1" = --list-langs ]; then echo "List of available languages (2):"; echo eng; echo vie; exit; fi
echo "$@" > asked.txt; echo "Số: 15/QĐ-UBND" > words.txt
"""
OCRMYPDF = """
while [ $# -gt 2 ]; do if [ "$1" = --sidecar ]; then side=$2; fi; shift; done
pages=$(grep -ac "/Type /Page$" "$1")
echo changed >> "$1"
printf 'Số: 15/QĐ-UBND, %s trang\\n[OCR skipped on page(s) 4-9]\\n' "$pages" > "$side"
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts programs on the path, and nothing else that this machine may have under their names."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    which = recognition.shutil.which
    monkeypatch.setattr(recognition.shutil, "which", lambda name: which(name, path=str(folder)))

    def made(**programs: str) -> None:
        for name, text in programs.items():
            program = folder / name
            program.write_text(f"#!/bin/sh\n{text}")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        recognition.programs.cache_clear()

    made()
    yield made
    recognition.programs.cache_clear()


def read(content: bytes, format_key: str) -> tuple[Reading, str]:
    return recognition.read(io.BytesIO(content), format_key)


def test_without_the_programs_a_scan_stays_a_picture_and_the_doctor_says_so(install: Install):
    assert not recognition.programs().reads("pdf") and not recognition.programs().reads("jpeg")
    assert read(samples.picture(), "jpeg") == (Reading.NO_TEXT, "")
    finding = health.letters_on_scans()
    assert finding.state == State.FINE and "not installed" in finding.what


def test_a_picture_is_read_by_tesseract_in_vietnamese(install: Install):
    install(tesseract=TESSERACT)
    assert read(samples.picture(), "jpeg") == (Reading.READ, "Số: 15/QĐ-UBND")
    assert not recognition.programs().reads("pdf")
    assert health.letters_on_scans().state == State.WORTH_A_LOOK


def test_the_first_pages_of_a_pdf_are_read_from_a_copy(install: Install):
    install(tesseract=TESSERACT, ocrmypdf=OCRMYPDF)
    scan = io.BytesIO(samples.pdf(7))
    how, text = recognition.read(scan, "pdf")
    assert (how, text) == (Reading.READ, "Số: 15/QĐ-UBND, 3 trang")
    assert scan.getvalue() == samples.pdf(7)
    assert read(samples.pdf(1), "pdf")[1].endswith(" 1 trang")
    assert health.letters_on_scans().what == "read in Vietnamese"


def test_tesseract_without_vietnamese_is_not_asked(install: Install):
    install(tesseract="echo eng", ocrmypdf=OCRMYPDF)
    assert not recognition.programs().reads("pdf")
    assert "tesseract-ocr-vie" in health.letters_on_scans().mend


@pytest.mark.parametrize("does", ["exit 3", "kill -9 $$", "true"], ids=["fails", "is killed", "writes nothing"])
def test_a_program_that_breaks_is_a_reading_that_failed(install: Install, does: str):
    install(tesseract=f'if [ "$1" = --list-langs ]; then echo vie; exit; fi\n{does}')
    assert read(samples.picture(), "jpeg") == (Reading.FAILED, "")


def test_a_program_that_does_not_end_is_ended_with_its_children(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    child = tmp_path / "child"
    install(tesseract=f'if [ "$1" = --list-langs ]; then echo vie; exit; fi\nsleep 600 & echo $! > {child}; wait')
    monkeypatch.setattr(recognition, "_SECONDS", 1)
    assert read(samples.picture(), "jpeg") == (Reading.FAILED, "")
    assert ended(int(child.read_text()))


def ended(pid: int) -> bool:
    """Killed processes may wait a moment for somebody to take note of their end."""
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z"):
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


def test_memory_and_what_is_written_are_bounded(tmp_path: Path):
    limits = {"folder": tmp_path, "seconds": 20, "memory": 512 * 1024**2, "largest": 1024 * 1024}
    big = ["python3", "-c", "bytearray(10 ** 10)"]
    assert bounded.run(big, **limits) not in (0, None)
    long = ["sh", "-c", "exec dd if=/dev/zero of=long bs=65536 count=100"]
    assert bounded.run(long, **limits) != 0
    assert (tmp_path / "long").stat().st_size <= 1024 * 1024
    assert bounded.run(["true"], **limits) == 0


def test_only_one_scan_is_read_at_a_time(install: Install, monkeypatch: pytest.MonkeyPatch):
    install(tesseract=TESSERACT)
    monkeypatch.setattr(recognition, "_PATIENCE", 0.01)
    with recognition._one_at_a_time, pytest.raises(recognition.Busy):
        read(samples.picture(), "jpeg")
    assert read(samples.picture(), "jpeg")[0] == Reading.READ
