"""Of what type a document is and what it is about: the lines under the type, or “V/v …” under a letter's number."""

import re
from collections.abc import Iterable, Sequence

from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.recognising.heads import urgency_of
from lienthong.documents.rules.recognising.sheet import (
    LIKELY,
    SURE,
    UNSURE,
    Found,
    Kind,
    Line,
    Sheet,
    alike,
    flat,
    is_capital,
    squeezed,
)

LETTER, OTHER = "cong-van", "khac"
LONGEST = 500
"""Letters of an abstract (NĐ 30/2020 App. VI)."""

_MOST_LINES = 8
_OF_OTHER_LAWS = ("Nghị định", "Thông tư liên tịch", "Thông tư", "Luật", "Pháp lệnh", "Lệnh")
_OF_OTHER_SYMBOLS = {"ND", "TT", "TTLT", "NĐ"}
_ABOUT = re.compile(r"\W*v\s*[/.\\|l1i]\s*v\b\.?\s*[:.]?\s*|\W*ve\s+viec\s+")
_ENDS = re.compile(
    r"\W*(?:kinh\s*gui|kinh\s*thua|can\s*cu\b|dieu\s*\d|thuc\s*hien\s+(?:cong|van|chi|ke|nghi|quyet|y|thong|luat)"
    r"|xet\b|theo\s+(?:de|cong|chi)|noi\s*nhan|so\s*[:.]|phan\s+(?:thu|i|1)\b|chuong\s+i|[ivx]+\s*[.,)]\s|\d\s*[.,)]\s"
    r"|(?:chu tich|giam doc|uy ban nhan dan|ubnd|hoi dong nhan dan|bo truong|thu truong|truong phong|chanh)\b.*)"
)
_NUMBER = re.compile(r"\W*[s5][o06]\s*[:;.,]?\s*[0-9oil]")
_LONG_LINE = 75


def kind(sheet: Sheet, mark: Found[Mark] | None, kinds: Sequence[Kind]) -> Found[str] | None:
    """The code of the type: by the title, by the abbreviation in the symbol; by “V/v” it is a letter."""
    title = _title(sheet.left, kinds)
    by_symbol = _by_symbol(mark, kinds)
    if title:
        _place, named, words, sure = title
        agrees = by_symbol is not None and by_symbol.value == named.code
        return Found(named.code, SURE if agrees else min(sure, LIKELY), words)
    about = next((line for line in sheet.head if _ABOUT.match(line.flat)), None)
    if by_symbol and not (about and by_symbol.value == OTHER):
        return by_symbol
    codes = {each.code for each in kinds}
    if about and LETTER in codes:
        return Found(LETTER, SURE, about.text)
    if mark and "-" in mark.value.symbol and LETTER in codes:
        return Found(LETTER, UNSURE, mark.words)
    return None


def _by_symbol(mark: Found[Mark] | None, kinds: Sequence[Kind]) -> Found[str] | None:
    if not mark:
        return None
    first = mark.value.symbol.partition("-")[0]
    for each in kinds:
        if each.abbreviation and each.abbreviation == first:
            return Found(each.code, LIKELY, mark.words)
    if first in _OF_OTHER_SYMBOLS and mark.value.year and any(each.code == OTHER for each in kinds):
        return Found(OTHER, LIKELY, mark.words)
    return None


def _title(lines: Sequence[Line], kinds: Sequence[Kind]) -> tuple[int, Kind, str, float] | None:
    """The line that names the type in capitals, with what is sure of it; the abstract may follow in the same line."""
    names = [(squeezed(each.name), each) for each in kinds if each.code not in {LETTER, OTHER}]
    if any(each.code == OTHER for each in kinds):
        names += [(squeezed(name), Kind(OTHER, name)) for name in _OF_OTHER_LAWS]
    names.sort(key=lambda named: -len(named[0]))
    for place, line in enumerate(lines[:50]):
        words = line.text.split()
        for length in range(min(4, len(words)), 0, -1):
            first = " ".join(words[:length])
            if not is_capital(first) or len(first) < 4:
                continue
            plain = squeezed(first)
            for name, each in names:
                if plain == name or (len(name) > 5 and len(words) == length and alike(plain, name) > 0.83):
                    sure = SURE if plain == name and len(words) == length else LIKELY
                    return place, each, line.text, sure
    return None


def abstract(sheet: Sheet, found: Found[str] | None, kinds: Sequence[Kind]) -> Found[str] | None:
    """What it is about, its lines joined."""
    if found and found.value != LETTER and (titled := _under_the_title(sheet, kinds)):
        return titled
    for place, line in enumerate(sheet.head):
        if start := _ABOUT.match(line.flat):
            rest = line.text[start.end() :]
            lines = [rest, *_going_on(sheet.left[place + 1 :], first=rest)]
            return _joined(lines, [line.text, *lines[1:]], before="Về việc ")
    return None


def _under_the_title(sheet: Sheet, kinds: Sequence[Kind]) -> Found[str] | None:
    title = _title(sheet.left, kinds)
    if title is None:
        return None
    place, named, words, _sure = title
    rest = " ".join(words.split()[len(named.name.split()) :]).strip(" :.-–")
    lines = [rest] if rest else []
    lines += _going_on(sheet.left[place + 1 :], first=rest)
    return _joined(lines, lines) if lines else None


def _going_on(lines: Iterable[Line], *, first: str) -> list[str]:
    """The lines until something else begins."""
    taken: list[str] = []
    for line in lines:
        begun = bool(first) or bool(taken)
        if len(taken) >= _MOST_LINES or _ENDS.match(line.flat) or _NUMBER.match(line.flat):
            break
        if urgency_of(line.text):
            continue
        goes_on = line.text[:1].islower() or line.text[:1].isdigit()
        before = taken[-1] if taken else first
        if begun and line.gap and not goes_on:
            break
        if begun and not goes_on and (len(line.text) > _LONG_LINE or before.endswith((".", ";", ":"))):
            break
        taken.append(line.text)
    return taken


def _joined(lines: Sequence[str], words: Sequence[str], *, before: str = "") -> Found[str] | None:
    text = " ".join(" ".join(lines).split()).strip(" .;:-–_")
    if len(text) < 4:
        return None
    if is_capital(text) and len(text) > 20:
        text = text.capitalize()
    if before and not flat(text).startswith(flat(before)):
        text = f"{before}{text[:1].lower() if not is_capital(text.split()[0]) else text[:1]}{text[1:]}"
    sure = LIKELY if len(lines) > 3 or len(text) > 250 else SURE
    return Found(text[:LONGEST], sure, " ".join(words)[:LONGEST])
