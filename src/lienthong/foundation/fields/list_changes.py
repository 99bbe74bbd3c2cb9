"""What is different between two editions of a code list. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import zip_longest

from lienthong.foundation.fields.lists import Item


@dataclass(frozen=True, slots=True)
class Changed:
    """An item before and after, and the names of what is different in it."""

    before: Item
    after: Item

    @property
    def what(self) -> tuple[str, ...]:
        return tuple(
            each.name for each in fields(Item) if getattr(self.before, each.name) != getattr(self.after, each.name)
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """In the order of the lists."""

    added: Sequence[Item]
    changed: Sequence[Changed]
    removed: Sequence[Item]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def changes(before: Iterable[Item], after: Iterable[Item]) -> Changes:
    """Items are the same by their code; of those that share a code, the first is compared with the first."""
    old, new = _by_code(before), _by_code(after)
    added: list[Item] = []
    changed: list[Changed] = []
    for code, items in new.items():
        for former, item in zip_longest(old.get(code, ()), items):
            if former is None:
                added.append(item)
            elif item is not None and former != item:
                changed.append(Changed(former, item))
    removed = [item for code, items in old.items() for item in items[len(new.get(code, ())) :]]
    return Changes(added, changed, removed)


def _by_code(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.code, []).append(item)
    for periods in found.values():
        periods.sort(key=lambda item: item.valid_from or date.min)
    return found
