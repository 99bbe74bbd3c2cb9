"""Finding a procedure by what people type: no accents needed, typing errors forgiven, the likeliest first. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lienthong.foundation.fields.typed import folded
from lienthong.procedures.shapes import ProcedureBody

MOST_WORDS = 12
"""Words of a query that are looked at; longer ones are pasted texts."""

LONGEST_QUERY = 200
ENOUGH = 0.5
"""The share of a query's weight that a procedure must answer to be shown."""

_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"\d+\.\d+")

_EXACT, _BEGINS, _MAY_BEGIN, _MISTYPED = 1.0, 0.8, 0.4, 0.55
_WHOLE_QUERY_NAMED = 1.0
"""What it adds when the words stand in a name or keyword as they were typed, one after the other."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A procedure as it is searched: the best weight of each of its words, and its names as one text."""

    key: str
    code: str
    weights: Mapping[str, float]
    named: str
    squeezed: str


class Index:
    """Procedures, looked up in memory. Immutable, so that one index serves every request until something changes."""

    def __init__(self, procedures: Iterable[ProcedureBody]) -> None:
        self._entries = [_entry(procedure) for procedure in procedures]
        spread = Counter(word for entry in self._entries for word in entry.weights)
        total = len(self._entries)
        self._rarity = {word: 1 + math.log((1 + total) / count) for word, count in spread.items()}
        self._alike = lru_cache(maxsize=4096)(self._work_out_alike)

    def find(self, text: str) -> list[str]:
        """Keys of the procedures that answer the text, the best first; none for a text without words."""
        text = folded(text[:LONGEST_QUERY])
        code = _CODE.search(text)
        words = list(dict.fromkeys(_WORD.findall(text)))[:MOST_WORDS]
        if not words:
            return []
        typed = " ".join(_WORD.findall(text))
        alike = [self._alike(word, word == words[-1]) for word in words]
        meant = [(self._weight(known), known) for known in alike]
        scored = (
            (self._score(entry, meant, typed, code.group() if code else ""), entry.key) for entry in self._entries
        )
        return [key for score, key in sorted(scored, key=lambda found: (-found[0], found[1])) if score > 0]

    def _score(self, entry: _Entry, meant: Sequence[tuple[float, Mapping[str, float]]], typed: str, code: str) -> float:
        if code and entry.code == code:
            return 100.0
        whole = f" {typed}" in entry.named or (len(typed) > 5 and typed.replace(" ", "") in entry.squeezed)
        answered, score = 0.0, _WHOLE_QUERY_NAMED if whole else 0.0
        for weight, alike in meant:
            found = [(near, near * entry.weights[word]) for word, near in alike.items() if word in entry.weights]
            if found:
                answered += weight * max(near for near, _best in found)
                score += weight * max(best for _near, best in found)
        asked = sum(weight for weight, _alike in meant)
        return score / asked if whole or answered >= ENOUGH * asked else 0.0

    def _weight(self, alike: Mapping[str, float]) -> float:
        """Rare words say more; one that no procedure has says little, so that talkative questions find something."""
        return max((self._rarity[known] for known in alike), default=0.4)

    def _work_out_alike(self, word: str, last: bool) -> dict[str, float]:
        """The known words that a typed word may mean, with how sure that is. The last may still be being typed."""
        if word in self._rarity:
            longer = (known for known in self._rarity if last and len(word) > 1 and known.startswith(word))
            return {**dict.fromkeys(longer, _MAY_BEGIN), word: _EXACT}
        begun = {known: _BEGINS for known in self._rarity if last and known.startswith(word)}
        if begun or len(word) < 3:
            return begun
        return {known: _MISTYPED for known in self._rarity if len(known) > 2 and _one_slip(word, known)}


def _entry(procedure: ProcedureBody) -> _Entry:
    parts = (
        (1.0, [procedure.name]),
        (0.9, procedure.keywords),
        (0.6, [procedure.field.name]),
        (0.5, [result.name for result in procedure.results]),
        (0.35, [procedure.summary]),
    )
    weights: dict[str, float] = {}
    for weight, texts in parts:
        for text in texts:
            for word in _WORD.findall(folded(text)):
                weights[word] = max(weights.get(word, 0), weight)
    names = [" ".join(_WORD.findall(folded(name))) for name in (procedure.name, *procedure.keywords)]
    return _Entry(
        key=procedure.key,
        code=procedure.code,
        weights=weights,
        named=" ".join(f" {name} ." for name in names),
        squeezed=".".join(name.replace(" ", "") for name in names),
    )


def _one_slip(typed: str, known: str) -> bool:
    """Whether one letter too many, too few or wrong, or two exchanged, lie between the words."""
    if abs(len(typed) - len(known)) > 1 or typed[0] != known[0]:
        return False
    at = next((n for n, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), min(len(typed), len(known)))
    a, b = typed[at:], known[at:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
