"""The reference is made from the program, so it cannot say anything else."""

import subprocess
import sys
from pathlib import Path

from tests.docs.pages import CHECKOUT, DOCS


def make_reference(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(DOCS / "make_reference.py"), *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def test_the_reference_is_what_the_program_says():
    done = make_reference("--check")
    assert done.returncode == 0, done.stderr


def test_a_page_that_fell_behind_is_named(tmp_path: Path, monkeypatch, capsys):
    from docs import make_reference as maker

    monkeypatch.setattr(maker, "PAGES", tmp_path)
    monkeypatch.setattr(maker, "pages", lambda: {"cli.md": lambda: "what it says now"})
    (tmp_path / "cli.md").write_text("what it said")
    assert maker.main(["--check"]) == 1
    assert "cli.md" in capsys.readouterr().err
    assert maker.main() == 0
    assert (tmp_path / "cli.md").read_text() == "what it says now"
    assert maker.main(["--check"]) == 0
