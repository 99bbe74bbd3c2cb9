"""The lines of a document's text, with the right column of its head taken apart from the left one."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Generic, TypeVar

Value = TypeVar("Value", covariant=True)

MOST_LETTERS = 200_000
"""Of a text that is looked at: some eighty pages."""
MOST_LINES = 4_000
_LONGEST_LINE = 600
_HEAD_LINES, _SHORTEST_HEAD = 60, 4

SURE, LIKELY, UNSURE = 0.95, 0.75, 0.5
"""How sure a finding is: as the decree wants it; with a letter or a line not as it should be; a guess."""


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A finding: `sure` from 0 to 1, `words` as they stand in the text."""

    value: Value
    sure: float
    words: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of documents: its code, its name and what stands for it in the symbol, which some have not."""

    code: str
    name: str
    abbreviation: str = ""


def flat(text: str) -> str:
    """Small letters without marks, one for each letter, so that a place in it is the same place in the text."""
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def squeezed(text: str) -> str:
    """Only its letters and digits: for comparing what a scan may have broken."""
    return re.sub(r"[\W_]+", "", flat(text))


def alike(one: str, other: str) -> float:
    """From 0 to 1, of two short texts that are squeezed already."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > 0.7 else 0.0


def is_capital(text: str) -> bool:
    """Whether most of its letters are capitals, as in titles and names of agencies."""
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and sum(letter.isupper() for letter in letters) >= 0.8 * len(letters)


_NAME_OF_THE_STATE = re.compile(
    r"c[o0]ng\s*h[o0]a\s*xa\s*h[o0][il1]\s*chu\s*ngh[il1]a(?:\s*v[il1][ei]t\s*nam)?|dang\s*c[o0]ng\s*san\s*v[il1]et\s*nam"
)
_MOTTO = re.compile(r"d[o0]c\s*lap\W{0,5}t[u0o]\s*d[o0]\W{0,5}hanh\s*ph[u0o]c")
_STATE = squeezed("Cộng hòa xã hội chủ nghĩa Việt Nam")
_MOTTO_WORDS = squeezed("Độc lập - Tự do - Hạnh phúc")

DIGIT = "[0-9oil]"
"""Also what a scan makes of 0 and 1."""
DAY = re.compile(
    rf"ng[a-z]{{1,2}}y?\s*({DIGIT}{{1,2}})\s*th[a-z]{{1,3}}g?\s*({DIGIT}{{1,2}})\s*n[a-z]m\s*([12]\s?{DIGIT}\s?{DIGIT}\s?{DIGIT})(?![0-9])"
)
_BLANK_DAY = re.compile(r"ng[a]y[\s._…]*(?:\d{0,2})[\s._…]*thang[\s._…]*\d{0,2}[\s._…]*nam[\s._…]*\d{0,4}")
_PLACE_WORD = re.compile(r"(?:(?:TP\.?|[^\W\d_][^\W\d_]*\.?)\s*)$")

_BODY = re.compile(
    r"\W*(?:kinh\s*gui|kinh\s*thua|can\s*cu\b|dieu\s*1\b|thuc\s*hien\b|xet\b|theo\b|phan\s*(?:thu\s*nhat|i|1)\b|i\s*[.,]\s|1\s*[.,]\s|hom\s*nay\b)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """`text` of the left column, composed and with single blanks. `gap`: an empty line stood before it."""

    text: str
    flat: str
    gap: bool = False

    @classmethod
    def of(cls, text: str, *, gap: bool = False) -> "Line":
        return cls(text, flat(text), gap)


@dataclass(frozen=True)
class Sheet:
    """`left`: all lines without what belongs to the right column; `days`: the lines of place and date."""

    left: tuple[Line, ...]
    days: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Sheet":
        left: list[Line] = []
        days: list[str] = []
        gap = False
        for number, raw in enumerate(unicodedata.normalize("NFC", text[:MOST_LETTERS]).splitlines()[:MOST_LINES]):
            line = " ".join(raw[:_LONGEST_LINE].split())
            if number < _HEAD_LINES * 2:
                line = _without_state(line)
                line, day = _without_day(line)
                days += [day] if day else []
            if not re.search(r"\w", line):
                gap = True
                continue
            left.append(Line.of(line, gap=gap))
            gap = False
        return cls(tuple(left), tuple(days))

    @cached_property
    def body(self) -> int:
        """At which line the head ends: where it says to whom it goes, or on what ground it stands."""
        for place, line in enumerate(self.left[:_HEAD_LINES]):
            if _BODY.match(line.flat):
                return place
        return min(len(self.left), _HEAD_LINES)

    @cached_property
    def below(self) -> int:
        """From which line on a signature may stand: in the body, or below number and title where nothing begins it."""
        return self.body + 1 if self.body < min(len(self.left), _HEAD_LINES) else min(_SHORTEST_HEAD, len(self.left))

    @property
    def head(self) -> tuple[Line, ...]:
        return self.left[: self.body]

    def joined(self) -> Iterator[tuple[int, str]]:
        """Every line of the head with its place, alone and with the next one: scans break lines."""
        head = self.head
        for place, line in enumerate(head):
            yield place, line.text
        for place in range(len(head) - 1):
            yield place, f"{head[place].text} {head[place + 1].text}"


def _without_state(line: str) -> str:
    """Cut the name of the state and its motto out, which stand in the right column."""
    if len(line) > 160:
        return line
    for pattern, words in ((_NAME_OF_THE_STATE, _STATE), (_MOTTO, _MOTTO_WORDS)):
        found = pattern.search(flat(line))
        if found and is_state(line, found):
            line = f"{line[: found.start()]} {line[found.end() :]}".strip(" -–_.")
        elif len(line) < 50 and alike(squeezed(line), words) > 0.7:
            return ""
    return line


def is_state(line: str, found: "re.Match[str]") -> bool:
    """Whether it is the head and not a sentence that names the state."""
    return line[found.start()].isupper()


def _without_day(line: str) -> tuple[str, str]:
    """The line without “Đắk Nông, ngày 05 tháng 3 năm 2025”, and that."""
    plain = flat(line)
    found = DAY.search(plain) or _BLANK_DAY.search(plain)
    if not found or len(line) > 160:
        return line, ""
    before, after = line[: found.start()], line[found.end() :]
    start = _start_of_place(before)
    if start is None:
        return line, ""
    if re.search(r"\w{3}", after) and not before[:start].strip():  # a sentence that begins with a day
        return line, ""
    return f"{before[:start]} {after}".strip(" .,;-–"), line[start : found.end()]


def _start_of_place(before: str) -> int | None:
    """Where the name of the place begins that stands before the day; None where a sentence goes on to the day."""
    trimmed = before.rstrip(" ,.;:'’`")
    if not trimmed:
        return len(before)
    if trimmed == before.rstrip() and trimmed[-1].islower() and len(trimmed.split()) > 4:  # no comma
        return None
    start, words = len(trimmed), 0
    while words < 5:
        found = re.search(r"(?:^|(?<=\s))([^\W\d_]+\.?|[-–])\s*$", trimmed[:start])
        if not found or not _is_of_a_name(found[1]):
            break
        start, words = found.start(), words + 1
    return start if words else None


def _is_of_a_name(word: str) -> bool:
    return word in {"-", "–", "TP", "TP."} or (word[0].isupper() and (len(word) < 2 or word[1:].islower()))
