"""What tests need beside Python and are given where that is possible: packages of Debian."""

import os
import shutil
import subprocess
from pathlib import Path

from lienthong.cli import terminal
from lienthong.runtime.process import is_root


def install(package: str, log: Path) -> bool:
    """Whether apt-get could; only for root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install_it = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    with log.open("ab") as output:
        for command in (["apt-get", "update", "-qq"], install_it):
            done = subprocess.run(  # noqa: S603
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
            )
    return done.returncode == 0


def gdal(log: Path) -> bool:
    """Whether there is ogr2ogr, with which tests open layers as QGIS does; it is installed where that is possible."""
    if shutil.which("ogr2ogr"):
        return True
    done = False
    if is_root() and shutil.which("apt-get"):
        with terminal.step("GDAL") as step:
            done = install("gdal-bin", log)
            step.note = "installed" if done else "could not be installed"
    if not done:
        terminal.warn("No ogr2ogr was found: the test that needs it is skipped. Debian: sudo apt-get install gdal-bin.")
    return done
