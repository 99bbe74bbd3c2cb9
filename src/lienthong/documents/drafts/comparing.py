"""What differs between two versions of a document: paragraph by paragraph, within one word by word. Pure.

Nothing is lost in it: what is the same and what was added make up the new text, what is the same and what was taken
out the old one. What would take too long, as words that are repeated a thousand times, counts as written anew. That is
counted in pairs that are looked at, not timed: two versions differ in the same way whenever one asks.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import StrEnum
from itertools import islice, zip_longest
from typing import TypeVar

from lienthong.documents.rules.blocks import Block, Table, text_of
from lienthong.documents.rules.contents import Appendix, Contents, Signer

MOST_COMPARED, MOST_AT_ONCE = 2_000_000, 500_000
"""Pairs of paragraphs, or of words, that are looked at in two versions as a whole, and within one stretch of them."""
RESEMBLING = 10
"""Among so many paragraphs one looks for the one that another has become."""
ALIKE = 0.3
"""The share of words two paragraphs have in common from which on one is the other, changed."""

_WORD = re.compile(r"\S+|\s+")
Item = TypeVar("Item")
Keys = Callable[[Sequence[Item]], Sequence[Item]]


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    TAKEN = "taken"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, were added or were taken out. `whole`: without being compared, which was too much."""

    text: str
    change: Change
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the text, or a row of a table. CHANGED with all pieces SAME: only its looks are others."""

    pieces: tuple[Piece, ...]
    change: Change

    @property
    def whole(self) -> bool:
        return any(piece.whole for piece in self.pieces)


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

    @property
    def whole(self) -> bool:
        """Whether something was not compared, because that was too much."""
        fields = (piece.whole for field in self.fields for piece in field.pieces)
        return any(fields) or any(line.whole for part in self.parts for line in part.lines)


@dataclass(slots=True)
class Budget:
    """The pairs that may still be looked at."""

    left: int = MOST_COMPARED


@dataclass(frozen=True, slots=True)
class Written:
    """A paragraph or a row, with its looks spelled out so that they can be told apart."""

    text: str
    looks: str


def compare(old: Contents, new: Contents) -> Comparison:
    appendices = zip_longest(old.appendices, new.appendices, fillvalue=Appendix())
    budget = Budget()
    texts = [(old.body, new.body), *((each.blocks, other.blocks) for each, other in appendices)]
    return Comparison(
        fields=tuple(_fields(old, new, budget)),
        parts=tuple(
            PartChange(number, compare_lines(_lines(before), _lines(after), budget))
            for number, (before, after) in enumerate(texts)
        ),
    )


def _fields(old: Contents, new: Contents, budget: Budget) -> Iterator[FieldChange]:
    for (name, before), (_name, after) in zip(_head(old), _head(new), strict=True):
        if before != after:
            yield FieldChange(name, compare_words(before, after, budget))


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


def compare_lines(old: Sequence[Written], new: Sequence[Written], budget: Budget | None = None) -> tuple[Line, ...]:
    budget = budget or Budget()
    found: list[Line] = []
    for change, before, after in _stretches(old, new, budget):
        if change is Stretch.SAME:
            found += [_line(each, Change.SAME) for each in after]
        elif change is Stretch.WHOLE:
            found += [_line(each, Change.TAKEN, whole=True) for each in before]
            found += [_line(each, Change.ADDED, whole=True) for each in after]
        else:
            found += _replaced(before, after, budget)
    return tuple(found)


def _line(each: Written, change: Change, *, whole: bool = False) -> Line:
    return Line((Piece(each.text, change, whole),), change)


def _replaced(before: Sequence[Written], after: Sequence[Written], budget: Budget) -> Iterator[Line]:
    """Paragraphs that stand for each other, in their order; what resembles nothing was taken out or added."""
    waiting = deque((each, frozenset(each.text.split())) for each in after)
    for each in before:
        words = frozenset(each.text.split())
        near = enumerate(islice(waiting, RESEMBLING))
        match = next((place for place, (_other, others) in near if _resembles(words, others)), None)
        if match is None:
            yield _line(each, Change.TAKEN)
            continue
        for _added in range(match):
            yield _line(waiting.popleft()[0], Change.ADDED)
        yield Line(compare_words(each.text, waiting.popleft()[0].text, budget), Change.CHANGED)
    for added, _words in waiting:
        yield _line(added, Change.ADDED)


def _resembles(words: frozenset[str], others: frozenset[str]) -> bool:
    shared = len(words & others)
    return 2 * shared >= ALIKE * (len(words) + len(others)) and shared > 0


def compare_words(old: str, new: str, budget: Budget | None = None) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for change, before, after in _stretches(_WORD.findall(old), _WORD.findall(new), budget or Budget(), _known_as):
        if change is Stretch.SAME:
            found.append(Piece("".join(after), Change.SAME))
            continue
        whole, blank = change is Stretch.WHOLE, _blank_after(before, after)
        sides = (before, Change.TAKEN), (after, Change.ADDED)
        texts = ((kind, "".join(words).removesuffix(blank)) for words, kind in sides)
        found += [Piece(text, kind, whole) for kind, text in texts if text]
        found += [Piece(blank, Change.SAME)] if blank else []
    return tuple(found)


def _blank_after(before: Sequence[str], after: Sequence[str]) -> str:
    """The blank that both end with, which is no change."""
    return before[-1] if before and after and before[-1] == after[-1] and before[-1].isspace() else ""


class Stretch(StrEnum):
    SAME = "same"
    OTHER = "other"
    WHOLE = "whole"
    """It was too much to look at."""


Found = tuple[Stretch, Sequence[Item], Sequence[Item]]


def _known_as(words: Sequence[str]) -> list[str]:
    """A blank by the word before it: blanks alone are no likeness, and every one is like every other."""
    return [before + word if word.isspace() else word for before, word in zip(("", *words), words, strict=False)]


def _stretches(
    old: Sequence[Item],
    new: Sequence[Item],
    budget: Budget,
    known_as: Callable[[Sequence[Item]], Sequence[Item]] = list,
) -> Iterator[Found[Item]]:
    """What is the same in both and what is not, in their order. What both begin and end with is not looked at twice."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield Stretch.SAME, old[:start], new[:start]
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    matches = _matches(known_as(before), known_as(after), budget)
    if matches is None:
        yield Stretch.WHOLE, before, after
    else:
        yield from _around(matches, before, after)
    if end:
        yield Stretch.SAME, old[len(old) - end :], new[len(new) - end :]


def _around(matches: Iterable[Match], old: Sequence[Item], new: Sequence[Item]) -> Iterator[Found[Item]]:
    at, there = 0, 0
    for match in (*matches, Match(len(old), len(new), 0)):
        if at < match.a or there < match.b:
            yield Stretch.OTHER, old[at : match.a], new[there : match.b]
        at, there = match.a + match.size, match.b + match.size
        if match.size:
            yield Stretch.SAME, old[match.a : at], new[match.b : there]


def _matches(old: Sequence[Item], new: Sequence[Item], budget: Budget) -> list[Match] | None:
    """Where both are the same, in order; None where it is too much to find out. `difflib` looks at every pair of equal
    items each time it searches for the longest match: they are counted before it does."""
    left = min(budget.left, MOST_AT_ONCE)
    waiting, found = [(0, len(old), 0, len(new))], []
    while waiting:
        i, j, k, m = waiting.pop()
        before, after = old[i:j], new[k:m]
        cost = _cost(before, after)
        if cost > left:
            return None
        left, budget.left = left - cost, budget.left - cost
        match = SequenceMatcher(None, before, after, autojunk=False).find_longest_match()
        if match.size:
            at, there, size = i + match.a, k + match.b, match.size
            found.append(Match(at, there, size))
            sides = (i, at, k, there), (at + size, j, there + size, m)
            waiting += [each for each in sides if each[0] < each[1] and each[2] < each[3]]
    return sorted(found)


def _cost(old: Sequence[Item], new: Sequence[Item]) -> int:
    alike = Counter(new)
    return len(old) + len(new) + sum(alike[each] for each in old)
