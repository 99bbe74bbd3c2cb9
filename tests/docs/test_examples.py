"""What the documentation shows is what happens: declarations and their mistakes, due dates, a class of a field."""

import ast
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.clock import ZONE
from lienthong.foundation.definitions import services as definitions
from tests.docs.pages import CHECKOUT, DOCS, Page, tables

HOW_TO = DOCS / "how-to"
EXAMPLE = HOW_TO / "examples" / "trich-luc" / "cap-ban-sao-trich-luc-ho-tich.yaml"
PROCEDURE = Page(HOW_TO / "add-a-procedure.md")
CALENDAR = Page(DOCS / "explanation" / "calendar.md")
VERIFY = Page(HOW_TO / "verify-the-ledger.md")


def plan(text: str) -> definitions.Plan:
    with translation.override("vi"):
        return definitions.plan_text(text, folder=EXAMPLE.parent.name, file=EXAMPLE.name)


# Add a procedure


@pytest.mark.django_db
def test_the_example_can_be_published():
    planned = plan(EXAMPLE.read_text())
    assert not planned.problems
    assert len(planned.additions) == 1


def test_the_page_shows_the_lines_of_the_example():
    example = EXAMPLE.read_text().splitlines()
    for block in PROCEDURE.blocks:
        if block.language == "yaml":
            assert not [line for line in block.text.splitlines() if line not in example]


def mistakes() -> list[tuple[str, str, str]]:
    """Each as the text before, the text after, and what the plan says."""
    found = re.findall(r"```diff\n-(.*)\n\+(.*)\n```\n\n```\n! (.*)\n```", PROCEDURE.text)
    return [pytest.param(*mistake, id=mistake[1].strip()) for mistake in found]


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after", "said"), mistakes())
def test_a_mistake_is_told_as_the_page_shows_it(before: str, after: str, said: str):
    whole = EXAMPLE.read_text()
    assert before in whole
    planned = plan(whole.replace(before, after, 1))
    assert [str(problem) for problem in planned.problems] == [said]


def test_mistakes_are_shown():
    assert len(mistakes()) >= 5


# Write results into registers


def test_what_is_shown_of_registers_is_declared():
    folder = CHECKOUT / "src/lienthong/provinces/dak_nong/procedures"
    names = ("cap-giay-phep-xay-dung-nha-o-rieng-le", "dang-ky-thuong-tru-tre-em")
    declared = {line for name in names for line in (folder / f"{name}.yaml").read_text().splitlines()}
    blocks = [block for block in Page(HOW_TO / "write-results-into-registers.md").blocks if block.language == "yaml"]
    assert len(blocks) == 3
    assert not [line for block in blocks for line in block.text.splitlines() if line not in declared]


# The calendar


def moment(text: str) -> datetime:
    return datetime.strptime(text.split(" ", text.count(" ") - 1)[-1], "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


def weekday_and(text: str) -> str:
    return moment(text).strftime("%A") if text[0].isalpha() else ""


def rows(*heading: str) -> list[list[str]]:
    return [row for found, body in tables(CALENDAR) if found == list(heading) for row in body]


@pytest.mark.django_db
@pytest.mark.parametrize(("received", "limit", "due"), rows("Received", "Limit", "Due"))
def test_a_due_date_is_the_one_shown(received: str, limit: str, due: str):
    assert calendar_of("hanh-chinh").add(moment(received), Limit.parse(limit)) == moment(due)
    assert weekday_and(due) in due
    assert weekday_and(received) in received


@pytest.mark.django_db
@pytest.mark.parametrize(("due", "paused", "resumed", "then"), rows("Due", "Paused", "Resumed", "New due"))
def test_a_pause_moves_a_due_date_as_shown(due: str, paused: str, resumed: str, then: str):
    calendar = calendar_of("hanh-chinh")
    assert calendar.resume(moment(due), moment(paused), moment(resumed)) == moment(then)
    assert weekday_and(then) in then


def test_due_dates_are_shown():
    assert len(rows("Received", "Limit", "Due")) >= 10
    assert len(rows("Due", "Paused", "Resumed", "New due")) >= 3


# What commands say


def test_the_ledger_speaks_as_the_page_says():
    """Each Vietnamese finding of the table is one of the ledger's messages, numbers aside."""
    catalogue = (CHECKOUT / "src/lienthong/foundation/ledger/locale/vi/LC_MESSAGES/django.po").read_text()
    messages = {_without_values(text) for text in re.findall(r'^msgstr "(.+)"$', catalogue, re.MULTILINE)}
    shown = [cell for _, body in tables(VERIFY) for row in body for cell in re.findall(r"`([^`]+)`", row[0])]
    vietnamese = [text for text in shown if text.startswith(("Khối", "Khóa", "Thiếu"))]
    assert len(vietnamese) == len(set(vietnamese)) == 8
    assert {_without_values(text) for text in vietnamese} <= messages


def _without_values(text: str) -> str:
    return re.sub(r"%\(\w+\)s|\d+|…|definitions\.published", "*", text)


# Code


@pytest.mark.parametrize("page", [Page(path) for path in sorted(DOCS.rglob("*.md"))], ids=str)
def test_shown_python_can_be_read_and_names_what_exists(page: Page):
    for block in page.blocks:
        if block.language == "python":
            ast.parse(block.text)


def test_the_field_that_is_shown_is_the_one_that_is_tested():
    shown = next(block.text for block in Page(HOW_TO / "add-a-type-of-field.md").blocks if block.language == "python")
    tested = (CHECKOUT / "tests/foundation/fields/test_new_type.py").read_text()
    for name in ("type", "province", "about"):
        assert re.search(rf"^ +{name}: .*$", shown, re.MULTILINE)[0].strip() in tested
    assert re.search(r"re\.fullmatch\(.*\)", shown)[0] in tested


def test_programs_in_the_examples_import_what_exists():
    for path in sorted((HOW_TO / "examples").glob("*.py")):
        _import_all(path)


def _import_all(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = __import__(node.module, fromlist=[name.name for name in node.names])
            assert all(hasattr(module, name.name) for name in node.names), f"{path.name}: {node.module}"
