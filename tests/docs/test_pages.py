"""What the documentation says exists: pages, pictures, commands, settings."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from lienthong.cli import commands
from lienthong.settings.environment import Environment
from tests.docs.pages import CHECKOUT, DOCS, Block, Page, all_pages

PAGES = all_pages()
LONGEST_LINE = 125


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Page):
    broken = [link for link in page.links if not _leads_somewhere(page, link)]
    assert not broken


def _leads_somewhere(page: Page, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return link.startswith("https://")
    place, _, anchor = unquote(link).partition("#")
    target = (page.path.parent / place).resolve() if place else page.path
    if not (target.exists() and target.is_relative_to(CHECKOUT)):
        return False
    return not anchor or (target.suffix == ".md" and anchor in Page(target).anchors)


def test_every_page_is_reached_from_the_first():
    reached, waiting = set(), [CHECKOUT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path.suffix == ".md" and path not in reached:
            reached.add(path)
            links = (link.partition("#")[0] for link in Page(path).links if not link.startswith("https:"))
            waiting += [(path.parent / unquote(link)).resolve() for link in links if link]
    assert {page.path for page in PAGES} == reached


def test_every_picture_is_shown():
    shown = {(page.path.parent / link).resolve() for page in PAGES for link in page.links if link.endswith(".png")}
    assert set((DOCS / "images").glob("*.png")) == shown


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_speaks_of_the_machine_it_was_written_on(page: Page):
    assert not re.findall(r"/(?:home|root|work|tmp|Users)/\S*", page.text)


@pytest.mark.parametrize("page", [page for page in PAGES if page.path.parent.name != "reference"], ids=str)
def test_lines_can_be_read_in_an_editor(page: Page):
    assert not [line for line in page.prose.splitlines() if len(line) > LONGEST_LINE and not line.startswith("|")]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_setting_that_is_named_exists(page: Page):
    known = {f"LT_{name.upper()}" for name in Environment.model_fields}
    others = {
        "LT_CHROMIUM",
        "LT_TEST_ADDRESS",
        "LT_TEST_PICTURES",
        "LT_TEST_KILLS",
        "LT_BENCH_DOSSIERS",
        "LT_BENCH_ENTRIES",
    }
    assert set(re.findall(r"\bLT_[A-Z_]+\b", page.text)) <= known | others


# Commands


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_that_is_named_exists(page: Page):
    named = [*(words for block in page.blocks for words in run_in(block)), *mentioned_in(page)]
    assert not [fault for words in named if (fault := _fault_of(words))]


def test_commands_are_found():
    tutorial = Page(DOCS / "tutorial" / "one-dossier.md")
    assert [words for block in tutorial.blocks for words in run_in(block)] == [["up"], ["ledger", "verify"]]
    assert _fault_of(["upp"]) and _fault_of(["up", "--frish"]) and not _fault_of(["test", "-x"])


def run_in(block: Block) -> Iterator[list[str]]:
    """The words behind each `./lt` of a block that is to be run, and behind the `lt` that a unit file starts."""
    lines = block.text.splitlines() if block.language in {"sh", "ini"} else []
    for line in lines:
        if found := re.match(r"(?:ExecStart=\S*/|\./)lt\b([^\"<]*)", line):
            yield found[1].split()


def mentioned_in(page: Page) -> Iterator[list[str]]:
    """The words of each `lt …` or `./lt …` inside a line of text."""
    for found in re.finditer(r"`(?:\./)?lt ([a-z][^`…]*)`", page.prose):
        yield found[1].split()


def _fault_of(words: list[str]) -> str:
    command: Any = get_command(commands())
    rest = words
    while isinstance(command, TyperGroup) and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return f"there is no command lt {' '.join(words)}"
        command, rest = command.commands[rest[0]], rest[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = {word for word in rest if word.startswith("-")} - known - {"--help", "--version"}
    return (
        ""
        if command.context_settings.get("ignore_unknown_options") or not unknown
        else f"lt {' '.join(words)}: {unknown}"
    )
