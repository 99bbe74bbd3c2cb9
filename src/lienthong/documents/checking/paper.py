"""A document as its layout is looked at, whether it came as DOCX or PDF. What a format does not tell is None."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

FONTS = ("timesnewroman", "liberationserif")
"""Times New Roman, and the free face of the same widths that our own papers are set in; without spaces and small."""


class NotReadable(DomainError):
    """No file of its format, or a broken one."""

    code = "documents.not_readable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("This file cannot be read: %(reason)s."),
            way_out=_("Save it anew in the program it was written with, and try again."),
            reason=reason,
        )


class Place(Enum):
    HEAD_LEFT = "head-left"
    HEAD_RIGHT = "head-right"
    BODY = "body"
    CELL = "cell"
    FOOT_LEFT = "foot-left"
    FOOT_RIGHT = "foot-right"


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look. `size` in points; `colour` as six hexadecimal digits."""

    text: str
    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool = False
    colour: str | None = None

    @property
    def is_decreed_font(self) -> bool | None:
        if self.font is None:
            return None
        return re.sub(r"[^a-z]", "", self.font.lower()).startswith(FONTS)


@dataclass(slots=True)
class Line:
    """A paragraph of a DOCX, a line of a PDF. `number` counts those with words from 1.

    Lengths in points; `spacing` in lines, 1 for single. `rule`: the length of the line below it as a share of its own
    length; 0 where there is none, -1 where there is one of unknown length.
    """

    number: int
    place: Place
    pieces: tuple[Piece, ...]
    alignment: str | None = None
    indent: float | None = None
    before: float | None = None
    after: float | None = None
    spacing: float | None = None
    rule: float = 0
    bulleted: bool = False
    page: int = 1

    @property
    def text(self) -> str:
        return " ".join("".join(piece.text for piece in self.pieces).split())

    @property
    def words(self) -> str:
        """Its beginning, by which people find it."""
        text = self.text
        return text if len(text) <= 60 else f"{text[:60].rsplit(' ', 1)[0]} …"

    def written(self) -> Iterator[Piece]:
        return (piece for piece in self.pieces if piece.text.strip())

    @property
    def is_bold(self) -> bool:
        return all(piece.bold for piece in self.written())

    @property
    def is_italic(self) -> bool:
        return all(piece.italic for piece in self.written())


@dataclass(frozen=True, slots=True)
class Page:
    """In millimetres. Margins that are not known are None."""

    width: float
    height: float
    top: float | None = None
    bottom: float | None = None
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """`on_first`: whether the first page shows one."""

    in_header: bool
    alignment: str | None = None
    size: float | None = None
    upright: bool = True
    on_first: bool = False


@dataclass(slots=True)
class Paper:
    pages: list[Page]
    lines: list[Line] = field(default_factory=list)
    numbers: PageNumbers | None = None
    is_longer: bool = False
    """Whether it has more pages than one."""
    has_paragraphs: bool = True
    """Whether a line is a paragraph, so that indents and the room between them are known."""
