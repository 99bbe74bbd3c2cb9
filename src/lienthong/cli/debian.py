"""What tests need beside Python and are given where that is possible: packages of Debian."""

import os
import shutil
import subprocess
from collections.abc import Callable
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


def gdal(log: Path) -> bool:
    """Whether there is ogr2ogr, with which tests open layers as QGIS does; it is installed where that is possible."""
    return _given("GDAL", lambda: bool(shutil.which("ogr2ogr")), log, "gdal-bin")


def readers_of_scans(log: Path) -> bool:
    """Whether there are OCRmyPDF and Tesseract with its Vietnamese; they are installed where that is possible."""
    return _given("Reading of scans", _reads_vietnamese, log, "ocrmypdf", "tesseract-ocr-vie")


def _reads_vietnamese() -> bool:
    if not (shutil.which("ocrmypdf") and shutil.which("tesseract")):
        return False
    said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S607
    return "vie" in (said.stdout + said.stderr).split()


def _given(name: str, is_here: Callable[[], bool], log: Path, *packages: str) -> bool:
    if is_here():
        return True
    done = False
    if is_root() and shutil.which("apt-get"):
        with terminal.step(name) as step:
            done = install(log, *packages)
            step.note = "installed" if done else "could not be installed"
    if not done:
        wanted = " ".join(packages)
        terminal.warn(f"{name}: not found; tests that need it are skipped. Debian: sudo apt-get install {wanted}.")
    return done
