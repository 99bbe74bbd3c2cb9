"""The documentation as its readers see it: pages, headings, links, blocks of code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DOCS = CHECKOUT / "docs"

_FENCE = re.compile(r"^```(?P<language>[a-z]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A block of code between fences; `line` is that of its first line, counted from 1."""

    page: "Page"
    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(CHECKOUT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without its blocks of code."""
        return _FENCE.sub("", self.text)

    @cached_property
    def headings(self) -> list[str]:
        return _HEADING.findall(self.prose)

    @cached_property
    def anchors(self) -> set[str]:
        made = {_anchor(heading) for heading in self.headings}
        return made | set(re.findall(r'<a id="([^"]+)">', self.prose))

    @cached_property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @cached_property
    def blocks(self) -> list[Block]:
        return [
            Block(self, found["language"], found["text"], self.text[: found.start()].count("\n") + 2)
            for found in _FENCE.finditer(self.text)
        ]


def all_pages() -> list[Page]:
    return [Page(path) for path in (*sorted(CHECKOUT.glob("*.md")), *sorted(DOCS.rglob("*.md")))]


def tables(page: Page) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Each table as its heading and its rows."""
    for found in re.finditer(r"(?:^\|.*\|$\n?)+", page.prose, re.MULTILINE):
        heading, _rule, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in found[0].splitlines())
        yield heading, rows


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    plain = re.sub(r"<[^>]+>|[`*]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
