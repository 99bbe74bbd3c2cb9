"""State secrets: a document that bears a mark of secrecy stays out of this system (QĐ 28/2018/QĐ-TTg art. 1.2).

mật, tối mật, tuyệt mật: the mark stands in a box of its own in the head of the document (NĐ 30/2020 App. I, 10a), or
behind the symbol or the abstract. The word itself is common (bí mật, bảo mật, mật độ), so only what looks like the mark
is taken for it. Pure.
"""

import re
import unicodedata
from typing import Literal

Secrecy = Literal["mật", "tối mật", "tuyệt mật"]

HEAD_LINES = 25
"""So far down the mark stands."""

_MARKS: tuple[Secrecy, ...] = ("tuyệt mật", "tối mật", "mật")
_WORDS = {mark: r"\s+".join(map(re.escape, mark.upper().split())) for mark in _MARKS}
_AFTER_SYMBOL = {mark: re.compile(rf"(?<![^\W_]){words}(?![^\W_])", re.UNICODE) for mark, words in _WORDS.items()}
_BESIDE_ABSTRACT = {
    mark: re.compile(rf"\(\s*{words}\s*\)|\[\s*{words}\s*\]|^{words}\s*(?:[:.\-–]|$)|(?:[.,:;\-–]\s*|^){words}\W*$")
    for mark, words in _WORDS.items()
}
_LEVEL = {mark: re.compile(rf"\b(?:độ|mức độ|mức)\s+mật\s*:?\s*{re.escape(mark)}\b", re.IGNORECASE) for mark in _MARKS}
_LINE = {mark: re.compile(rf"\W*{words}\W*") for mark, words in _WORDS.items()}


def in_symbol(symbol: str) -> Secrecy | None:
    """The mark behind number and symbol: 15/BC-UBND (MẬT)."""
    text = unicodedata.normalize("NFC", symbol)
    return next((mark for mark in _MARKS if _AFTER_SYMBOL[mark].search(text)), None)


def in_abstract(abstract: str) -> Secrecy | None:
    """The mark in brackets, before or behind what the document is about, or named as its level."""
    text = unicodedata.normalize("NFC", abstract).strip()
    return next((mark for mark in _MARKS if _BESIDE_ABSTRACT[mark].search(text) or _LEVEL[mark].search(text)), None)


def in_head(text: str) -> Secrecy | None:
    """The mark in a line of its own, in capitals, in the head of a document's text."""
    lines = [line.strip() for line in unicodedata.normalize("NFC", text[:20_000]).splitlines() if line.strip()]
    head = lines[:HEAD_LINES]
    return next((mark for mark in _MARKS if any(_LINE[mark].fullmatch(line) for line in head)), None)
