"""The parts that official papers share, as plain values. `as_data()` gives what `papers.render` takes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from lienthong.foundation.papers.codes import qr_svg
from lienthong.foundation.papers.wording import day_in_words, moment_in_words, number_and_symbol, place_and_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A part of a paper. Moments and days become words; a field named `…_link` becomes the picture of its QR code."""

    def as_data(self) -> dict[str, Any]:
        return {field.name: _plain(field.name, getattr(self, field.name)) for field in fields(self)}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, Shape):
        return value.as_data()
    if isinstance(value, datetime):
        return moment_in_words(value)
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, (list, tuple)):
        return [_plain(name, part) for part in value]
    if isinstance(value, Mapping):
        return {key: _plain(name, part) for key, part in value.items()}
    return qr_svg(value) if name.endswith("_link") else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead(Shape):
    """Boxes 1 to 4 of an official paper (NĐ 30/2020 App. I.II.1-4); the national title is the library's own.

    `parent` is the agency above, empty where there is none; `issuer` the agency that issues. `number` empty leaves the
    room where the document clerk's number comes. `place` is the official name of the administrative unit.
    """

    issuer: str
    place: str
    day: date
    parent: str = ""
    number: int | str = ""
    symbol: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "parent": self.parent,
            "issuer": self.issuer,
            "number": number_and_symbol(self.number, self.symbol),
            "place_and_day": place_and_day(self.place, self.day),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePaper(Shape):
    """A list with its head and its end, A4 across: template papers/table, and `word`. `widths` are shares of it."""

    letterhead: Letterhead
    title: str
    subject: str
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: str
    left: str
    left_name: str
    right: str
    right_name: str
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Shape):
    """A person, family, business or organisation as papers name it. `identity` is the number of the identity paper."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Shape):
    """Who signs (NĐ 30/2020 App. I.II.7).

    `capacity` is one line each of power and post, e.g. ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH").
    """

    capacity: tuple[str, ...]
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Shape):
    """A part of the running content; `kind` tells the Typst library how to set it."""

    kind: ClassVar[str]

    def as_data(self) -> dict[str, Any]:
        return {"kind": self.kind, **{f.name: _plain(f.name, getattr(self, f.name)) for f in fields(self)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(Block):
    kind = "heading"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Centred(Block):
    """A line of its own in bold in the middle: "QUYẾT ĐỊNH:"."""

    kind = "centred"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis(Block):
    """The grounds of a paper (căn cứ), one a line in italics; the ";" and the last "." are set by the library."""

    kind = "basis"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Block):
    """Running text; an empty line or a line end begins a new paragraph."""

    kind = "paragraph"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Shape):
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Block):
    """Facts, one a line: "Diện tích xây dựng: 120 m²"."""

    kind = "lines"
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Block):
    """A ruled table; every row has one text for each of `columns`. `figures` are the columns set to the right."""

    kind = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    figures: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table has one text for each column")
