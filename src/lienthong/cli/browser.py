"""The browser of the tests: Chromium as Debian packages it, or one that somebody names in LT_CHROMIUM."""

import os
import shutil
from pathlib import Path

from lienthong.cli import debian, terminal
from lienthong.runtime.process import is_root, last_lines

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find() -> str:
    """The path of a browser, "" when there is none. LT_CHROMIUM decides where it is set, also to none."""
    if "LT_CHROMIUM" in os.environ:
        return os.environ["LT_CHROMIUM"]
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), "") or next((path for path in MAC if os.access(path, os.X_OK)), "")


def find_or_install(log: Path) -> str:
    """The same, after installing Debian's where that is possible; says how to install it where it is not."""
    found = find()
    if found or "LT_CHROMIUM" in os.environ:
        return found
    way_out = "Install Chromium (Debian: sudo apt-get install chromium), or name a browser in LT_CHROMIUM."
    if not (is_root() and shutil.which("apt-get")):
        terminal.warn(f"No browser was found: the tests that need one are skipped. {way_out}")
        return ""
    with terminal.step("Chromium") as step:
        if not debian.install(log, "chromium"):
            step.note = "could not be installed"
        else:
            step.note = "installed"
    found = find()
    if not found:
        said = "\n".join(last_lines(log, 5))
        terminal.warn(f"Chromium could not be installed: the tests that need a browser are skipped. {way_out}\n{said}")
    return found
