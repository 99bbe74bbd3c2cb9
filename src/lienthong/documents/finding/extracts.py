"""A short extract of a text around the words that were looked for, with those marked. Pure; never raises."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

AROUND = 200
"""Letters of an extract, about two lines."""
MOST_WORDS = 20
_BEFORE = 60

_QUOTED = re.compile(r'-?"[^"]*"?|\S+')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an extract; `found`: it is what was looked for."""

    text: str
    found: bool


@cache
def _plain_letters() -> dict[int, str]:
    """Letters with marks of Latin script, each with the one small letter that it is compared by."""
    pairs = {}
    for code in range(0x41, 0x1F00):
        letter = chr(code)
        plain = unicodedata.normalize("NFD", letter)[0].lower()
        if letter.isalpha() and plain != letter and len(plain) == 1:
            pairs[code] = plain
    return pairs | {ord("đ"): "d", ord("Đ"): "d"}


def folded(text: str) -> str:
    """Small letters without marks, one for each letter of the text, so that places in it stay the same."""
    return text.translate(_plain_letters())


def looked_for(query: str) -> list[str]:
    """The words and the phrases in quotation marks of what was typed, folded; not what was excluded."""
    wanted: dict[str, None] = {}
    for part in _QUOTED.findall(unicodedata.normalize("NFC", query)):
        if part.startswith("-") or part == "OR":
            continue
        words = _WORD.findall(folded(part))
        if part.startswith('"'):
            wanted[" ".join(words)] = None
        else:
            wanted.update(dict.fromkeys(words))
    return [each for each in wanted if each][:MOST_WORDS]


def _pattern(wanted: Sequence[str]) -> re.Pattern[str] | None:
    """Longer ones first, so that a phrase is marked as a whole."""
    each = [r"\W+".join(map(re.escape, phrase.split())) for phrase in sorted(wanted, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)") if each else None


def extract(text: str, query: str) -> list[Piece]:
    """The stretch of a text in which most of the different words stand; nothing where none does."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    pattern = _pattern(looked_for(query))
    if pattern is None:
        return []
    found = [(match.start(), match.end(), match.group()) for match in pattern.finditer(folded(text))]
    if not found:
        return []
    begin = _opening(text, _best(found))
    end = _closing(text, begin + AROUND)
    inside = [(start, stop) for start, stop, _word in found if begin <= start and stop <= end]
    pieces = list(_pieces(text, begin, end, inside))
    return [*([Piece("… ", False)] if begin else []), *pieces, *([Piece(" …", False)] if end < len(text) else [])]


def marked(text: str, query: str) -> list[Piece]:
    """The whole of a short text."""
    text = unicodedata.normalize("NFC", text)
    pattern = _pattern(looked_for(query))
    found = [match.span() for match in pattern.finditer(folded(text))] if pattern else []
    return list(_pieces(text, 0, len(text), found))


def _best(found: Sequence[tuple[int, int, str]]) -> int:
    """Where the stretch with the most different words begins; the first of several."""
    best, most, last = found[0][0], 0, 0
    counts: dict[str, int] = {}
    for start, _stop, _word in found:
        while last < len(found) and found[last][0] < start + AROUND - _BEFORE:
            counts[found[last][2]] = counts.get(found[last][2], 0) + 1
            last += 1
        if len(counts) > most:
            best, most = start, len(counts)
        counts[_word] -= 1
        if not counts[_word]:
            del counts[_word]
    return best


def _opening(text: str, place: int) -> int:
    if place <= _BEFORE:
        return 0
    space = text.find(" ", place - _BEFORE, place)
    return space + 1 if space >= 0 else place


def _closing(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - 30, place)
    return space if space >= 0 else place


def _pieces(text: str, begin: int, end: int, found: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    place = begin
    for start, stop in found:
        if place < start:
            yield Piece(text[place:start], False)
        yield Piece(text[start:stop], True)
        place = stop
    if place < end:
        yield Piece(text[place:end], False)
