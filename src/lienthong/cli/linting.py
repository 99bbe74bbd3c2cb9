"""lt lint: everything that is checked without running the program."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lienthong.cli import installation, terminal, translations

TOOLS = Path(sys.executable).parent


def run() -> int:
    """Stops at the first check that fails, says which, and answers 1."""
    checkout = installation.checkout()
    for name, check in checks(checkout).items():
        began = time.monotonic()
        code = check()
        took = f"{time.monotonic() - began:.1f} s"
        if code:
            terminal.fail(f"{name} ({took})", "See above.")
            return 1
        terminal.out.print(f"[green]✓[/] {name} [dim]{took}[/]")
    return 0


def checks(checkout: Path) -> dict[str, Callable[[], int]]:
    def tool(*command: str) -> Callable[[], int]:
        return lambda: run_tool(checkout, [str(TOOLS / command[0]), *command[1:]])

    return {
        "Style (ruff check)": tool("ruff", "check", "--quiet", ".", "lt"),
        "Layout (ruff format)": tool("ruff", "format", "--quiet", "--check", ".", "lt"),
        "Types (mypy)": tool("mypy", "--no-error-summary"),
        "Layers of imports (import-linter)": tool("lint-imports", "--no-cache"),
        "Messages and translations": translations.check,
        "Migrations": tool("python", "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"),
    }


def run_tool(checkout: Path, command: list[str]) -> int:
    """Quiet while all is well; everything the tool printed when it is not."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "lienthong.settings.test"}
    done = subprocess.run(  # noqa: S603
        command, cwd=checkout, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stdout.write(done.stdout)
        sys.stdout.write(done.stderr)
    return done.returncode
