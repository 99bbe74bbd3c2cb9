"""What differs between two versions of a document: paragraph by paragraph, within one word by word. Pure.

Nothing is lost in it: what is the same and what was added make up the new text, what is the same and what was taken
out the old one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TypeVar

from lienthong.documents.rules.blocks import Block, Table, text_of
from lienthong.documents.rules.contents import Appendix, Contents, Signer

MOST_COMPARED = 1_000_000
"""Pairs of paragraphs, or of words, that are looked at; beyond that a stretch counts as written anew."""
ALIKE = 0.3
"""The share of words two paragraphs have in common from which on one is the other, changed."""

_WORD = re.compile(r"\S+|\s+")
Item = TypeVar("Item")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    TAKEN = "taken"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, were added or were taken out."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the text, or a row of a table. CHANGED with all pieces SAME: only its looks are others."""

    pieces: tuple[Piece, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A part of the head or foot that differs, by the name that `Contents` has for it."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PartChange:
    """A running text: the body (0) or an appendix by its number."""

    appendix: int
    lines: tuple[Line, ...]

    @property
    def differs(self) -> bool:
        return any(line.change is not Change.SAME for line in self.lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    fields: tuple[FieldChange, ...]
    parts: tuple[PartChange, ...]

    @property
    def differs(self) -> bool:
        return bool(self.fields) or any(part.differs for part in self.parts)

    @property
    def count(self) -> int:
        """How many places differ."""
        changed = (line.change is not Change.SAME for part in self.parts for line in part.lines)
        return len(self.fields) + sum(changed)


@dataclass(frozen=True, slots=True)
class Written:
    """A paragraph or a row, with its looks spelled out so that they can be told apart."""

    text: str
    looks: str


def compare(old: Contents, new: Contents) -> Comparison:
    appendices = zip_longest(old.appendices, new.appendices, fillvalue=Appendix())
    texts = [(old.body, new.body), *((each.blocks, other.blocks) for each, other in appendices)]
    return Comparison(
        fields=tuple(_fields(old, new)),
        parts=tuple(
            PartChange(number, compare_lines(_lines(before), _lines(after)))
            for number, (before, after) in enumerate(texts)
        ),
    )


def _fields(old: Contents, new: Contents) -> Iterator[FieldChange]:
    for (name, before), (_name, after) in zip(_head(old), _head(new), strict=True):
        if before != after:
            yield FieldChange(name, compare_words(before, after))


def _head(contents: Contents) -> Iterator[tuple[str, str]]:
    yield "kind", contents.described_kind.name
    for name in ("parent", "issuer", "symbol", "place", "abstract", "authority"):
        yield name, getattr(contents, name)
    yield "addressees", "; ".join(contents.addressees)
    yield "signer", _signer(contents.signer)
    yield "second_signer", _signer(contents.second_signer) if contents.second_signer else ""
    yield "recipients", "; ".join(contents.receivers())
    yield "urgency", str(contents.urgency.value)
    yield "circulation", contents.circulation.value
    yield "drafter", contents.drafter
    yield "copies", str(contents.copies or "")
    yield "address", contents.address
    yield "appendices", "; ".join(_appendix(each) for each in contents.appendices)


def _signer(signer: Signer) -> str:
    return " ".join(filter(None, (*signer.capacity(), signer.name, signer.other_title)))


def _appendix(appendix: Appendix) -> str:
    return f"{appendix.title or '…'}{' ↔' if appendix.landscape else ''}"


def _lines(blocks: Sequence[Block]) -> list[Written]:
    found: list[Written] = []
    for block in blocks:
        if isinstance(block, Table):
            found += [Written(" | ".join(row), "table") for row in (block.columns, *block.rows)]
        else:
            found.append(Written(text_of(block), block.model_dump_json()))
    return found


def compare_lines(old: Sequence[Written], new: Sequence[Written]) -> tuple[Line, ...]:
    found: list[Line] = []
    for same, before, after in _stretches(old, new):
        if same:
            found += [Line((Piece(each.text, Change.SAME),), Change.SAME) for each in after]
        else:
            found += _replaced(before, after)
    return tuple(found)


def _replaced(before: Sequence[Written], after: Sequence[Written]) -> Iterator[Line]:
    """Paragraphs that stand for each other, in their order; what resembles nothing was taken out or added."""
    waiting = list(after)
    for each in before:
        match = next((place for place, other in enumerate(waiting[:10]) if _resembles(each.text, other.text)), None)
        if match is None:
            yield Line((Piece(each.text, Change.TAKEN),), Change.TAKEN)
            continue
        for added in waiting[:match]:
            yield Line((Piece(added.text, Change.ADDED),), Change.ADDED)
        yield Line(compare_words(each.text, waiting[match].text), Change.CHANGED)
        del waiting[: match + 1]
    for added in waiting:
        yield Line((Piece(added.text, Change.ADDED),), Change.ADDED)


def _resembles(one: str, other: str) -> bool:
    words, others = one.split(), other.split()
    shared = len(set(words) & set(others))
    return 2 * shared >= ALIKE * (len(set(words)) + len(set(others))) and shared > 0


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for same, before, after in _stretches(_WORD.findall(old), _WORD.findall(new)):
        if same:
            found.append(Piece("".join(after), Change.SAME))
            continue
        if before:
            found.append(Piece("".join(before), Change.TAKEN))
        if after:
            found.append(Piece("".join(after), Change.ADDED))
    return tuple(found)


def _stretches(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[bool, Sequence[Item], Sequence[Item]]]:
    """What is the same in both and what is not, in their order. What both begin and end with is not looked at twice."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield True, old[:start], new[:start]
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) * len(after) > MOST_COMPARED:
        yield False, before, after
    else:
        for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=len(after) > 500).get_opcodes():
            yield tag == "equal", before[i:j], after[k:m]
    if end:
        yield True, old[len(old) - end :], new[len(new) - end :]
