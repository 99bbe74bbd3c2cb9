"""What of a document's layout is not as NĐ 30/2020 wants it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lienthong.documents.checking.paper import Line

Found = Iterator["Deviation"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing at one place. `box` is a number of App. I.IV, "" for the page itself; `paragraph` counts from 1, 0
    where none can be named; `words` are its first ones; `wanted` is what the decree asks for, `source` where it does
    (a place in its Appendix I)."""

    code: str
    box: str
    found: str
    wanted: str
    source: str
    paragraph: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How letters of a box have to look; None where the decree leaves it open."""

    least: float
    most: float
    bold: bool | None = None
    italic: bool | None = None
    capitals: bool | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the appendix: `name` begins the codes of its deviations."""

    name: str
    number: str
    source: str
    look: Look

    def off(self, what: str, line: Line | None, found: str, wanted: str) -> Deviation:
        return Deviation(
            code=f"{self.name}.{what}",
            box=self.number,
            found=found,
            wanted=wanted,
            source=self.source,
            paragraph=line.number if line else 0,
            words=line.words if line else "",
        )

    def looks(self, line: Line, *, sized: bool = True) -> Found:
        """Font, size, bold, italic, capitals; each at most once for a line."""
        yield from _font(self, line)
        look = self.look
        for what, differs, found, wanted in (
            ("size", _not_sized(look) if sized else None, _size, _sizes(look)),
            ("bold", _not_bold(look), None, _("bold") if look.bold else _("not bold")),
            ("italic", _not_italic(look), None, _("in italics") if look.italic else _("upright")),
        ):
            piece = next((each for each in line.written() if differs and differs(each)), None)
            if piece is not None:
                said = found(piece.size) if found else _said(what, bool(getattr(look, what)))
                yield self.off(what, line, said, wanted)
        if look.capitals is not None and line.text.isupper() is not look.capitals and _has_case(line.text):
            wanted = _("in capitals") if look.capitals else _("in small letters")
            yield self.off("capitals", line, line.words, wanted)

    def ruled(self, line: Line, least: float, most: float) -> Found:
        """The line below, as a share of the length of the words."""
        wanted = (
            _("an unbroken line below, as long as the words")
            if least >= 0.9
            else _("an unbroken line below, a third to a half as long as the words")
        )
        if line.rule == 0:
            yield self.off("rule", line, _("no line"), wanted)
        elif line.rule > 0 and not least - 0.1 <= line.rule <= most + 0.1:
            share = f"{line.rule:.0%}"
            yield self.off("rule", line, _("a line of %(share)s of the words") % {"share": share}, wanted)


Test = Callable[..., bool]


def _font(box: Box, line: Line) -> Found:
    strange = next((piece for piece in line.written() if piece.is_decreed_font is False), None)
    if strange is not None:
        yield Deviation(
            code="font",
            box=box.number,
            found=strange.font or "",
            wanted="Times New Roman",
            source="I.I.4",
            paragraph=line.number,
            words=line.words,
        )


def _not_sized(look: Look) -> Test:
    return lambda piece: piece.size is not None and not look.least - 0.1 <= piece.size <= look.most + 0.1


def _not_bold(look: Look) -> Test | None:
    return None if look.bold is None else lambda piece: piece.bold is not None and piece.bold is not look.bold


def _not_italic(look: Look) -> Test | None:
    return None if look.italic is None else lambda piece: piece.italic is not None and piece.italic is not look.italic


def _said(what: str, wanted: bool) -> str:
    if what == "bold":
        return _("not bold") if wanted else _("bold")
    return _("upright") if wanted else _("in italics")


def _size(points: float | None) -> str:
    return _("size %(size)s") % {"size": _figure(points or 0)}


def _sizes(look: Look) -> str:
    if look.least == look.most:
        return _size(look.least)
    return _("size %(least)s to %(most)s") % {"least": _figure(look.least), "most": _figure(look.most)}


def _figure(points: float) -> str:
    return number_format(round(points, 1), decimal_pos=0 if round(points, 1) == round(points) else 1)


def _has_case(text: str) -> bool:
    """Whether capitals can be told at all: “…” and figures have none."""
    return text.upper() != text.lower()
