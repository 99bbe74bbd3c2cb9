"""Box 6 and 9a, and the appendices: the text (NĐ 30/2020 App. I.II.6, I.II.9, I.III.1)."""

import re
from itertools import pairwise

from django.utils.translation import gettext as _

from lienthong.documents.checking.boxes import LEVELS, Boxes
from lienthong.documents.checking.deviations import Box, Found, Look
from lienthong.documents.checking.paper import Line, Paper

_ADDRESSED = Box("addressees", "9a", "I.II.9.d", Look(13, 14, bold=False, italic=False))
_AUTHORITY = Box("authority", "6", "III.II", Look(13, 14, bold=True, italic=False, capitals=True))
_BASIS = Box("basis", "6", "I.II.6.a", Look(13, 14, bold=False, italic=True))
_TEXT = Box("text", "6", "I.II.6.e", Look(13, 14))
_LEVEL = Box("level", "6", "I.II.6.đ", Look(13, 14, bold=True, italic=False))
_LEVEL_TITLE = Box("level-title", "6", "I.II.6.đ", Look(13, 14, bold=True, italic=False, capitals=True))
_ARTICLE = Box("article", "6", "I.II.6.đ", Look(13, 14))
_CLAUSE = Box("clause", "6", "I.II.6.đ", Look(13, 14))
_POINT = Box("point", "6", "I.II.6.đ", Look(13, 14))
_CELL = Box("table", "6", "I.I.4", Look(1, 100))
_APPENDIX = Box("appendix", "6", "I.III.1.b", Look(14, 14, bold=True, italic=False))
_APPENDIX_TITLE = Box("appendix-title", "6", "I.III.1.b", Look(13, 14, bold=True, italic=False, capitals=True))

INDENTS = (28.35, 36.0)
"""First lines begin 1 cm or 1.27 cm further in; in points (App. I.II.6.e)."""

LEAST_APART = 6
"""Points between paragraphs (App. I.II.6.e)."""

_GROUPS = re.compile(r"[IVXL]+\. ")
_ARTICLES = re.compile(r"(điều)\s+([0-9]+|[IVXLC]+)\s*([.:)\-–]?)\s*", re.IGNORECASE)
_BASES = re.compile(r"Căn cứ\s.*[;.,]|Theo đề nghị\s.*[;.,]")
_WRONG_CLAUSE = re.compile(r"[0-9]{1,2}[/):\-–]\s*[^\W\d_]")
_WRONG_POINT = re.compile(r"[a-zđ]\s?[./\-]\s*[^\W\d_]")
_ENACTS = re.compile(r"[A-ZĐÀ-Ỹ ]+:")


def text(paper: Paper, boxes: Boxes) -> Found:
    yield from _addressees(boxes)
    for line in boxes.authority:
        yield from _AUTHORITY.looks(line)
    yield from _bases(boxes)
    yield from _levels(boxes.body)
    for line in boxes.body:
        yield from _running(paper, line)
    if paper.has_paragraphs:
        yield from _apart(boxes.body)
    yield from _appendices(boxes)
    for line in paper.lines:
        if line.place.value == "cell":
            yield from _CELL.looks(line, sized=False)


def _addressees(boxes: Boxes) -> Found:
    line = boxes.addressed
    if line is None:
        if boxes.kind and boxes.kind.code == "cong-van":
            yield _ADDRESSED.off("missing", None, _("not found above the text"), "Kính gửi: …")
        return
    yield from _ADDRESSED.looks(line)
    if ":" not in line.text:
        yield _ADDRESSED.off("colon", line, line.words, _("a colon after “Kính gửi”"))
    for each in boxes.addressees:
        yield from _ADDRESSED.looks(each)
    for index, each in enumerate(boxes.addressees, start=1):
        end = "." if index == len(boxes.addressees) else ";"
        if not each.text.endswith(end):
            yield _ADDRESSED.off("end", each, each.words, _("each line ends with a semicolon, the last with a dot"))


def _bases(boxes: Boxes) -> Found:
    """Only at the beginning: “căn cứ” may begin a sentence further down."""
    bases = []
    for line in boxes.body:
        if not _BASES.fullmatch(line.text):
            break
        bases.append(line)
    for index, line in enumerate(bases, start=1):
        yield from _BASIS.looks(line)
        if not line.text.endswith(";" if index < len(bases) else "."):
            wanted = _("each basis ends with a semicolon, the last with a dot")
            yield _BASIS.off("end", line, f"“{line.text[-1]}”", wanted)


def _levels(lines: list[Line]) -> Found:
    for line, below in pairwise([*lines, None]):
        found = LEVELS.fullmatch(line.text) if line else None
        if line is None or found is None:
            continue
        yield from _LEVEL.looks(line)
        if line.alignment not in (None, "center"):
            yield _LEVEL.off("alignment", line, _("not in the middle"), _("in the middle on a line of its own"))
        word, number = found[1], found[2]
        if word != word.capitalize():
            yield _LEVEL.off(
                "capitals", line, line.words, _("“%(word)s” in small letters") % {"word": word.capitalize()}
            )
        if (word.lower() in ("phần", "chương")) is number.isdigit():
            wanted = _("Roman numerals for parts and chapters, Arabic ones for sections")
            yield _LEVEL.off("number", line, number, wanted)
        if below is not None and _is_title(below):
            yield from _LEVEL_TITLE.looks(below)


def _is_title(line: Line) -> bool:
    return line.alignment == "center" or (line.alignment is None and line.text.isupper())


def _running(paper: Paper, line: Line) -> Found:
    if line.alignment == "center" or LEVELS.fullmatch(line.text) or _BASES.fullmatch(line.text):
        return
    yield from _TEXT.looks(line)
    yield from _numbering(line)
    coloured = next((each for each in line.written() if each.colour not in (None, "000000")), None)
    if coloured is not None:
        yield _TEXT.off("colour", line, f"#{coloured.colour}", _("black"))
    if line.is_italic and not _BASES.fullmatch(line.text) and not line.text.startswith("("):
        yield _TEXT.off("italic", line, _("in italics"), _("upright"))
    if not paper.has_paragraphs or _ENACTS.fullmatch(line.text):
        return
    if line.alignment not in (None, "justify"):
        yield _TEXT.off("alignment", line, _("not justified"), _("justified on both sides"))
    if line.indent is not None and not line.bulleted and not any(abs(line.indent - each) <= 1.5 for each in INDENTS):
        found = _("%(length)s cm") % {"length": f"{line.indent / 28.35:.2f}".replace(".", ",")}
        yield _TEXT.off("indent", line, found, _("first line 1 cm or 1.27 cm further in"))
    if line.spacing is not None and not 0.97 <= line.spacing <= 1.53:
        found = _("%(number)s lines") % {"number": f"{line.spacing:.2f}".replace(".", ",")}
        yield _TEXT.off("line-spacing", line, found, _("single to 1.5 lines"))


def _numbering(line: Line) -> Found:
    if article := _ARTICLES.match(line.text):
        word, number, dot = article.groups()
        begins_article = bool(dot) or (line.is_bold and word[0].isupper())
        if not begins_article:
            return
        if word != "Điều" or not number.isdigit() or dot != ".":
            yield _ARTICLE.off("number", line, line.words, "Điều 1. …")
        first = next(line.written(), None)
        if first is not None and first.bold is False:
            yield _ARTICLE.off("bold", line, _("not bold"), _("the number of an article is bold"))
    elif _WRONG_CLAUSE.match(line.text):
        yield _CLAUSE.off("number", line, line.words, "1. …")
    elif _WRONG_POINT.match(line.text):
        yield _POINT.off("letter", line, line.words, "a) …")


def _apart(lines: list[Line]) -> Found:
    for line, below in pairwise(lines):
        if "center" in (line.alignment, below.alignment) or line.after is None or below.before is None:
            continue
        apart = line.after + below.before
        if apart < LEAST_APART - 0.1:
            found = _("%(points)s pt below") % {"points": f"{apart:g}".replace(".", ",")}
            yield _TEXT.off("spacing", line, found, _("at least 6 pt between paragraphs"))


def _appendices(boxes: Boxes) -> Found:
    for line in boxes.appendices:
        yield from _APPENDIX.looks(line)
        if line.alignment not in (None, "center"):
            yield _APPENDIX.off("alignment", line, _("not in the middle"), _("in the middle on a line of its own"))
        number = line.text.rstrip(".: ")[len("Phụ lục") :].strip()
        if not line.text.startswith("Phụ lục"):
            yield _APPENDIX.off("capitals", line, line.words, _("“%(word)s” in small letters") % {"word": "Phụ lục"})
        if (number and not re.fullmatch("[IVXLC]+", number)) or (not number and len(boxes.appendices) > 1):
            yield _APPENDIX.off("number", line, line.words, _("Roman numerals where there are several appendices"))
    for line in boxes.appendix_titles:
        yield from _APPENDIX_TITLE.looks(line)
