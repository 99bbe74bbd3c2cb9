"""Code lists as fields read them: items with days of validity, looked up by code, searched as people type, followed
from what they were to what they became. Pure."""

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Protocol

from lienthong.foundation.fields.typed import folded


@dataclass(frozen=True, slots=True)
class Item:
    """One code. The same code may come again with other days: communes merged in 2025 took over codes of old ones.

    `valid_from` and `valid_to` are both included; None: no end is known. `replaced_by` are the codes that took its
    place on the day after `valid_to`: several where it was divided.
    """

    code: str
    name: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    replaced_by: tuple[str, ...] = ()

    def valid(self, at: date) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at <= self.valid_to)

    @property
    def day_after(self) -> date | None:
        """The first day on which it is no more; None where no end is known."""
        return self.valid_to + timedelta(days=1) if self.valid_to and self.valid_to < date.max else None


@dataclass(frozen=True, slots=True)
class _Searched:
    text: str
    item: Item


@dataclass(frozen=True)
class _Day:
    """The list as it is on one day."""

    items: tuple[Item, ...]
    by_code: dict[str, Item]
    children: dict[str, tuple[Item, ...]]
    searched: tuple[_Searched, ...]

    @cached_property
    def by_name(self) -> dict[str, list[Item]]:
        names: dict[str, list[Item]] = {}
        for item in self.items:
            if name := folded(item.name):
                names.setdefault(name, []).append(item)
        return names


class CodeList:
    """An immutable list. What it looks like on a day is worked out once and kept for the days asked last."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items = tuple(items)
        self._periods: dict[str, list[Item]] = {}
        for item in self.items:
            self._periods.setdefault(item.code, []).append(item)
        for periods in self._periods.values():
            periods.sort(key=lambda item: item.valid_from or date.min)
        self._text = {id(item): f" {folded(item.code)} {folded(item.name)}" for item in self.items}
        self.turns = sorted({day for item in self.items for day in (item.valid_from, item.day_after) if day})
        self._from_turn = lru_cache(maxsize=8)(self._work_out)

    def _on(self, at: date) -> _Day:
        """The list is the same from one turn to the next, so that no other days are worked out."""
        before = bisect_right(self.turns, at)
        return self._from_turn(self.turns[before - 1] if before else date.min)

    def valid(self, at: date) -> Sequence[Item]:
        """In the order declared."""
        return self._on(at).items

    def find(self, code: str, at: date) -> Item | None:
        """The item of that code on the day."""
        return self._on(at).by_code.get(code)

    def name(self, code: str, at: date) -> str:
        """What the code is called on the day; outside its days what it was called nearest before, and the code itself
        when it was never in the list, so that old data can always be shown."""
        found = self.find(code, at)
        if found is None:
            periods = self.periods(code)
            begun = [item for item in periods if (item.valid_from or date.min) <= at]
            found = begun[-1] if begun else next(iter(periods), None)
        return found.name if found else code

    def periods(self, code: str) -> Sequence[Item]:
        """Everything that ever had the code, the first one first."""
        return self._periods.get(code, ())

    def became(self, item: Item) -> Sequence[Item]:
        """What took its place on the day after its last."""
        day = item.day_after
        found = (self._at(code, day) for code in item.replaced_by) if day else ()
        return [each for each in found if each]

    def was(self, item: Item) -> Sequence[Item]:
        """Those whose place it took."""
        return self._origins.get(id(item), ())

    def counterparts(self, item: Item, at: date) -> Sequence[Item]:
        """What it is on another day: itself while it is in force, else what became of it, or what it was made of.

        Empty where it was abolished, or where what it was before is not in the list.
        """
        if item.valid(at):
            return [item]
        begins_later = item.valid_from is not None and at < item.valid_from
        step: Callable[[Item], Sequence[Item]] = self.was if begins_later else self.became
        seen, found = {id(item)}, list[Item]()
        waiting = list(step(item))
        for each in waiting:
            if id(each) not in seen:
                seen.add(id(each))
                if each.valid(at):
                    found.append(each)
                else:
                    waiting += step(each)
        return found

    def _at(self, code: str, day: date) -> Item | None:
        return next((item for item in self.periods(code) if item.valid(day)), None)

    @cached_property
    def _origins(self) -> dict[int, list[Item]]:
        origins: dict[int, list[Item]] = {}
        for item in self.items:
            for later in self.became(item):
                origins.setdefault(id(later), []).append(item)
        return origins

    @property
    def is_followed(self) -> bool:
        """Whether it says of an item what became of it."""
        return bool(self._origins)

    def below(self, parent: str, at: date) -> Sequence[Item]:
        """Those directly below a code; "" for the tops, which are those whose parent is not in the list either."""
        return self._on(at).children.get(parent, ())

    def chain(self, code: str, at: date) -> Sequence[Item]:
        """The item and those above it, nearest first; empty for an unknown code."""
        day = self._on(at)
        found: list[Item] = []
        while (item := day.by_code.get(code)) is not None and item not in found:
            found.append(item)
            code = item.parent
        return found

    def search(self, text: str, at: date, *, limit: int = 20, level: int | None = None) -> Sequence[Item]:
        """Items whose code or name has every word typed, without regard to tone marks: best first.

        `level` keeps those at that depth of the tree (the tops are 1).
        """
        words = sorted(folded(text[:200]).split(), key=len, reverse=True)
        found = self._on(at).searched
        for word in words:
            found = tuple(searched for searched in found if word in searched.text)
        if level is not None:
            found = tuple(s for s in found if len(self.chain(s.item.code, at)) == level)
        typed = folded(text[:200])
        ranked = ((_rank(searched.text, typed, words), n) for n, searched in enumerate(found))
        return [found[n].item for _rank_of_it, n in heapq.nsmallest(limit, ranked)]

    def named(self, text: str, at: date) -> Item | None:
        """The only item that is called so, without regard to case and tone marks; None when there are several."""
        found = self.namesakes(text, at)
        return found[0] if len(found) == 1 else None

    def namesakes(self, text: str, at: date) -> Sequence[Item]:
        """All items that are called so, without regard to case and tone marks."""
        return self._on(at).by_name.get(folded(text), ())

    def _work_out(self, at: date) -> _Day:
        items = tuple(item for item in self.items if item.valid(at))
        by_code = {item.code: item for item in items}
        children: dict[str, list[Item]] = {}
        for item in items:
            children.setdefault(item.parent if item.parent in by_code else "", []).append(item)
        return _Day(
            items,
            by_code,
            {code: tuple(below) for code, below in children.items()},
            tuple(_Searched(self._text[id(item)], item) for item in items),
        )


def _rank(text: str, typed: str, words: Sequence[str]) -> int:
    """0 the code itself, 1 a name that begins so, 2 words that begin so, 3 the rest."""
    code, _, name = text[1:].partition(" ")
    if code == typed:
        return 0
    if name.startswith(typed):
        return 1
    return 2 if all(f" {word}" in text for word in words) else 3


def with_all_below(code: str, codes: CodeList, at: date) -> Sequence[str]:
    """The code and those of all items below it, on the day."""
    found = [code]
    for above in found:
        found += [item.code for item in codes.below(above, at) if item.code not in found]
    return found


class CodeLists(Protocol):
    """Where fields find code lists."""

    def code_list(self, key: str, at: date) -> CodeList:
        """The list in force on the day; an empty one when there is none."""
        ...


@dataclass(frozen=True)
class HeldLists:
    """Lists held in memory: those of a test, or none at all."""

    lists: dict[str, CodeList] = field(default_factory=dict)

    def code_list(self, key: str, at: date) -> CodeList:
        return self.lists.get(key, EMPTY)


class Remembered:
    """Lists that are asked for a million times on the same day, as for the rows of a file."""

    def __init__(self, lists: CodeLists) -> None:
        self._lists = lists
        self._known: dict[tuple[str, date], CodeList] = {}

    def code_list(self, key: str, at: date) -> CodeList:
        found = self._known.get((key, at))
        if found is None:
            found = self._known[key, at] = self._lists.code_list(key, at)
        return found


EMPTY = CodeList()
NO_LISTS = HeldLists()
