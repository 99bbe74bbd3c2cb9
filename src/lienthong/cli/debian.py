"""What tests need beside Python and are given where that is possible: packages of Debian."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lienthong.cli import terminal
from lienthong.runtime.process import is_root


def install(log: Path, *packages: str) -> bool:
    """Whether apt-get could; only for root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install_it = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    with log.open("ab") as output:
        for command in (["apt-get", "update", "-qq"], install_it):
            done = subprocess.run(  # noqa: S603
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
            )
    return done.returncode == 0


@dataclass(frozen=True, slots=True)
class Needed:
    """Programs that some tests need, with the packages that bring them."""

    name: str
    is_here: Callable[[], bool]
    packages: tuple[str, ...]


def _has(*programs: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(program) for program in programs)


def _reads_vietnamese() -> bool:
    if not _has("ocrmypdf", "tesseract")():
        return False
    said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S607
    return "vie" in (said.stdout + said.stderr).split()


NEEDED = (
    Needed("GDAL, to open layers as QGIS does", _has("ogr2ogr"), ("gdal-bin",)),
    Needed("readers of scans", _reads_vietnamese, ("ocrmypdf", "tesseract-ocr-vie")),
    Needed(
        "LibreOffice, to make PDF/A of Word and Excel",
        _has("soffice"),
        ("libreoffice-writer-nogui", "libreoffice-calc-nogui"),
    ),
    Needed("pdfsig, to check signatures as others do", _has("pdfsig", "certutil"), ("poppler-utils", "libnss3-tools")),
    Needed("SoftHSM2, to sign with a token", _has("softhsm2-util"), ("softhsm2",)),
)


def give_what_tests_need(log: Path) -> list[Needed]:
    """Install what is missing, where that is possible, all at once. What is missing then, which was said."""
    missing = [each for each in NEEDED if not each.is_here()]
    if missing and is_root() and shutil.which("apt-get"):
        with terminal.step("Programs that tests need") as step:
            done = install(log, *(package for each in missing for package in each.packages))
            step.note = "installed" if done else "could not be installed"
        missing = [each for each in missing if not each.is_here()]
    for each in missing:
        wanted = " ".join(each.packages)
        terminal.warn(f"No {each.name}; tests that need it are skipped. Debian: sudo apt-get install {wanted}.")
    return missing
