"""Boxes 1 to 5 and the marks: what stands above the text (NĐ 30/2020 App. I.II.1 to 5, I.III.2)."""

import re

from django.utils.translation import gettext as _

from lienthong.documents.checking.boxes import MOTTO, NATIONAL, Boxes
from lienthong.documents.checking.deviations import Box, Found, Look
from lienthong.documents.checking.paper import Line
from lienthong.documents.rules.kinds import KINDS, LETTER, MINUTES, PERSONAL_LETTER, DocumentKind
from lienthong.foundation.fields.typed import folded

_NATIONAL = Box("national", "1", "I.II.1.a", Look(12, 13, bold=True, italic=False))
_MOTTO = Box("motto", "1", "I.II.1.b", Look(13, 14, bold=True, italic=False))
_PARENT = Box("parent", "2", "I.II.2.b", Look(12, 13, bold=False, italic=False, capitals=True))
_ISSUER = Box("issuer", "2", "I.II.2.b", Look(12, 13, bold=True, italic=False, capitals=True))
_NUMBER = Box("number", "3", "I.II.3.c", Look(13, 13, bold=False, italic=False))
_PLACE = Box("place", "4", "I.II.4", Look(13, 14, bold=False, italic=True))
_TITLE = Box("type", "5a", "I.II.5.b", Look(13, 14, bold=True, italic=False, capitals=True))
_ABSTRACT = Box("abstract", "5a", "I.II.5.b", Look(13, 14, bold=True, italic=False, capitals=False))
_SUBJECT = Box("subject", "5b", "I.II.5.b", Look(12, 13, bold=False, italic=False, capitals=False))
_URGENCY = Box("urgency", "10b", "I.III.2.b", Look(13, 14, bold=True, italic=False, capitals=True))
_CIRCULATION = Box("circulation", "11", "I.III.2.c", Look(13, 14, bold=True, italic=False, capitals=True))

_MARK = re.compile(r"(S[ốỐ])\s*(:?)\s*([0-9…\.]*[a-zđ]?)\s*([/\-–]?)\s*(.*)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}/")
_DAY = re.compile(
    r"(?P<place>.*?)(?P<comma>,?)\s*ngày\s*(?P<day>[0-9…\. ]*?)\s*tháng\s*(?P<month>[0-9…\. ]*?)\s*năm\s*[0-9…\. ]*",
    re.IGNORECASE,
)
LONGEST_LINE = 300
"""Letters of a number or date that are looked at: the time for a longer one would grow with its square."""

_ABBREVIATIONS = {kind.abbreviation for kind in KINDS.values() if kind.abbreviation}


def head(boxes: Boxes) -> Found:
    yield from _national(boxes)
    yield from _issuer(boxes)
    yield from _number(boxes)
    yield from _place(boxes)
    yield from _subject(boxes) if boxes.kind and boxes.kind.code == LETTER else _title(boxes)
    for box, line, words in (
        (_URGENCY, boxes.urgency, ("khan", "thuong khan", "hoa toc")),
        (_CIRCULATION, boxes.circulation, ("xem xong tra lai", "luu hanh noi bo")),
    ):
        if line is not None:
            yield from box.looks(line)
            if folded(line.text) not in words:
                yield box.off("words", line, line.words, "HỎA TỐC, THƯỢNG KHẨN, KHẨN")


def _national(boxes: Boxes) -> Found:
    for box, line, text in ((_NATIONAL, boxes.national, NATIONAL), (_MOTTO, boxes.motto, MOTTO)):
        if line is None:
            yield box.off("missing", None, _("not found at the top right"), f"“{text}”")
            continue
        if line.text.replace("HOÀ", "HÒA") != text:
            yield box.off("text", line, f"“{line.words}”", f"“{text}”")
        yield from box.looks(line)
    if boxes.motto is not None and not any(piece.underlined for piece in boxes.motto.pieces):
        yield from _MOTTO.ruled(boxes.motto, 1, 1)


def _issuer(boxes: Boxes) -> Found:
    for line in boxes.parent:
        yield from _PARENT.looks(line)
    for line in boxes.issuer:
        yield from _ISSUER.looks(line)
    if boxes.issuer:
        yield from _ISSUER.ruled(boxes.issuer[-1], 1 / 3, 1 / 2)
    elif not (boxes.kind and boxes.kind.code == PERSONAL_LETTER):
        yield _ISSUER.off("missing", None, _("not found at the top left"), _("the name of the issuing agency"))


def _number(boxes: Boxes) -> Found:
    line = boxes.number
    if line is None:
        if not (boxes.kind and boxes.kind.code == PERSONAL_LETTER):
            yield _NUMBER.off("missing", None, _("not found below the agency"), "Số: …/…")
        return
    yield from _NUMBER.looks(line)
    if line.alignment not in (None, "center"):
        yield _NUMBER.off("alignment", line, _("not in the middle"), _("in the middle below the agency"))
    found = _MARK.fullmatch(line.text[:LONGEST_LINE])
    if found is None:
        return
    word, colon, number, slash, symbol = found.groups()
    if not colon or word != "Số":
        yield _NUMBER.off("colon", line, line.words, _("“Số” in small letters and a colon"))
    if number.isdigit() and (len(number) < 2 or (number.startswith("0") and len(number.lstrip("0")) > 1)):
        yield _NUMBER.off("leading-zero", line, number, _("a zero before numbers below 10, none before others"))
    if slash and slash != "/":
        yield _NUMBER.off("slash", line, line.words, _("a slash between number and symbol"))
    yield from _symbol(boxes.kind, line, _YEAR.sub("", symbol))


def _symbol(kind: DocumentKind | None, line: Line, symbol: str) -> Found:
    groups = [group.strip() for group in re.split(r"[-–—]", symbol)]
    if re.search(r"\s|[–—]", symbol) or " /" in line.text or "/ " in line.text:
        yield _NUMBER.off("hyphen", line, symbol, _("hyphens between the groups of the symbol, without spaces"))
    small = [group for group in groups if group.upper() != group and group not in _ABBREVIATIONS]
    if small:
        yield _NUMBER.off("capitals", line, symbol, _("the symbol in capitals"))
    if kind is None or not groups[0]:
        return
    expected = kind.abbreviation
    if expected and groups[0].casefold() != expected.casefold():
        wanted = _("the symbol begins with %(abbreviation)s: the document is “%(kind)s”")
        yield _NUMBER.off("kind", line, symbol, wanted % {"abbreviation": expected, "kind": kind.name})
    elif kind.code == LETTER and groups[0] in _ABBREVIATIONS:
        yield _NUMBER.off("kind", line, symbol, _("the symbol of a letter begins with that of the agency"))


def _place(boxes: Boxes) -> Found:
    line = boxes.place
    if line is None:
        if not (boxes.kind and boxes.kind.code == MINUTES):
            yield _PLACE.off("missing", None, _("not found below the motto"), "…, ngày … tháng … năm …")
        return
    yield from _PLACE.looks(line)
    found = _DAY.fullmatch(line.text[:LONGEST_LINE])
    if found is None:
        yield _PLACE.off("form", line, line.words, "…, ngày … tháng … năm …")
        return
    if not found["comma"]:
        yield _PLACE.off("comma", line, line.words, _("a comma after the place"))
    if any(word[0].islower() for word in found["place"].split()):
        yield _PLACE.off("capitals", line, found["place"], _("capitals at the beginning of the words of a place"))
    day, month = found["day"].strip(), found["month"].strip()
    if _is_short(day, below=10) or _is_short(month, below=3):
        yield _PLACE.off("leading-zero", line, line.words, _("a zero before days below 10 and the months 1 and 2"))


def _is_short(figures: str, *, below: int) -> bool:
    """Whether a number is written with another number of figures than the decree says."""
    if not figures.isdecimal() or not figures.isascii() or len(figures) > 4:
        return False
    written = f"{int(figures):02}" if int(figures) < below else str(int(figures))
    return figures != written


def _title(boxes: Boxes) -> Found:
    if boxes.title is None:
        yield _TITLE.off("missing", None, _("not found above the text"), _("the type of the document"))
        return
    yield from _TITLE.looks(boxes.title)
    yield from _centred(_TITLE, boxes.title)
    for line in boxes.abstract:
        yield from _ABSTRACT.looks(line)
        yield from _centred(_ABSTRACT, line)
    if boxes.abstract:
        yield from _ABSTRACT.ruled(boxes.abstract[-1], 1 / 3, 1 / 2)


def _centred(box: Box, line: Line) -> Found:
    if line.alignment not in (None, "center"):
        yield box.off("alignment", line, _("not in the middle"), _("in the middle"))


def _subject(boxes: Boxes) -> Found:
    if not boxes.abstract:
        yield _SUBJECT.off("missing", None, _("not found below the number"), "V/v …")
        return
    first = boxes.abstract[0]
    if not first.text.startswith("V/v "):
        yield _SUBJECT.off("form", first, first.words, "V/v …")
    for line in boxes.abstract:
        for each in _SUBJECT.looks(line):
            if not (each.code == "subject.capitals" and each.words.startswith("V/V")):
                yield each
