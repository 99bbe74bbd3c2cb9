"""Finding a procedure by what people type: no accents needed, typing errors forgiven, the likeliest first. Pure."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lienthong.foundation.fields.typed import folded
from lienthong.procedures.shapes import ProcedureBody

MOST_WORDS = 12
"""Words of a query that are looked at; longer ones are pasted texts."""

LONGEST_QUERY = 200
LEAST_SQUEEZED = 6
"""Letters of a query without its spaces from which on it is looked for inside names without theirs."""

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


@dataclass(frozen=True, slots=True)
class _Score:
    """`answered` is how much of the query's weight was found, `value` how well it fits."""

    answered: float = 0.0
    value: float = 0.0
    whole: bool = False

    def more(self, answered: float, value: float) -> "_Score":
        return _Score(self.answered + answered, self.value + value, self.whole)

    def named(self) -> "_Score":
        return _Score(self.answered, self.value + _WHOLE_QUERY_NAMED, whole=True)


class Index:
    """Procedures, looked up in memory. Immutable, so that one index serves every request until something changes."""

    def __init__(self, procedures: Iterable[ProcedureBody]) -> None:
        self._entries = [_entry(procedure) for procedure in procedures]
        self._having: dict[str, list[tuple[int, float]]] = {}
        for number, entry in enumerate(self._entries):
            for word, weight in entry.weights.items():
                self._having.setdefault(word, []).append((number, weight))
        total = len(self._entries)
        self._rarity = {word: 1 + math.log((1 + total) / len(having)) for word, having in self._having.items()}
        self._alike = lru_cache(maxsize=4096)(self._work_out_alike)

    def find(self, text: str) -> list[str]:
        """Keys of the procedures that answer the text, the best first; none for a text without words."""
        text = folded(text[:LONGEST_QUERY])
        words = list(dict.fromkeys(_WORD.findall(text)))[:MOST_WORDS]
        if not words:
            return []
        scores = self._by_words(words)
        for number in self._naming(" ".join(_WORD.findall(text))):
            scores[number] = scores.get(number, _Score()).named()
        asked = sum(self._weight(self._alike(word, word == words[-1])) for word in words)
        found = {n: score.value for n, score in scores.items() if score.whole or score.answered >= ENOUGH * asked}
        if code := _CODE.search(text):
            found |= {n: math.inf for n, entry in enumerate(self._entries) if entry.code == code.group()}
        keys = {self._entries[number].key: value for number, value in found.items()}
        return sorted(keys, key=lambda key: (-keys[key], key))

    def _by_words(self, words: Sequence[str]) -> dict[int, "_Score"]:
        """What each procedure answers of the words. The last may still be being typed."""
        scores: dict[int, _Score] = {}
        for word in words:
            alike = self._alike(word, word == words[-1])
            best: dict[int, tuple[float, float]] = {}
            for known, near in alike.items():
                for number, weight in self._having[known]:
                    nearest, most = best.get(number, (0.0, 0.0))
                    best[number] = max(nearest, near), max(most, near * weight)
            rarity = self._weight(alike)
            for number, (near, value) in best.items():
                scores[number] = scores.get(number, _Score()).more(rarity * near, rarity * value)
        return scores

    def _naming(self, typed: str) -> Iterator[int]:
        """Those with the words as they were typed, one after the other, in a name or keyword."""
        squeezed = typed.replace(" ", "")
        for number, entry in enumerate(self._entries):
            if f" {typed}" in entry.named or (len(squeezed) >= LEAST_SQUEEZED and squeezed in entry.squeezed):
                yield number

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
