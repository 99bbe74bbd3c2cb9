"""The page on opening a one-stop shop, followed on an empty database by its own commands."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import CHECKOUT, DOCS, Page

OPENING = Page(DOCS / "how-to" / "open-a-one-stop-shop.md")
EXAMPLES = DOCS / "how-to" / "examples" / "mot-cua"
PASSWORD = "mot-cua-phuong-bac-gia-nghia"

REHEARSAL = Path(__file__).with_name("rehearsal.py")


def commands() -> list[list[str]]:
    lines = [line for block in OPENING.blocks if block.language == "sh" for line in block.text.splitlines()]
    return [shlex.split(line)[1:] for line in lines]


def test_the_page_shows_the_lines_of_the_example():
    example = (EXAMPLES / "bo-may.yaml").read_text(encoding="utf-8").splitlines()
    for block in OPENING.blocks:
        if block.language == "yaml":
            assert not [line for line in block.text.splitlines() if line not in example]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation in which nothing was done yet."""
    left_out = ("LT_", "DJANGO_", "PYTEST_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return env | {
        "LT_HOME": str(tmp_path_factory.mktemp("shop") / "var"),
        "LT_SECRET": "nothing that is used anywhere, for the time of a test only, and long enough",
        "LT_ORIGIN": "https://dichvucong.example",
        "LT_HOSTS": "dichvucong.example",
    }


def ran(env: dict[str, str], *command: str, answer: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *command], env=env, cwd=CHECKOUT, input=answer, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_ward_receives_and_settles_its_first_dossier(shop: dict[str, str]):
    followed = []
    for command in commands():
        if command[0] == "doctor":
            continue  # asks for the processes and the mail of a real installation
        answer = f"{PASSWORD}\n{PASSWORD}\n" if command[0] == "administrator" else ""
        followed.append(command[0])
        ran(shop, "-m", "lienthong.cli", *command, answer=answer)
    assert followed == ["manage", "plan", "apply", "administrator"]
    said = ran(shop, "-m", "lienthong.cli", "manage", "shell", "-c", REHEARSAL.read_text(encoding="utf-8"))
    assert "returned" in said
