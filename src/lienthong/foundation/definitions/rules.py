"""Definitions as plain values: what is in force, canonical form, checksum. No database, no clock."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, TypeAlias

from django.utils.functional import Promise

LONGEST_SHOWN = 80

Path: TypeAlias = tuple[str | int, ...]
"""A place in a body: names of fields and positions (from 0) in lists."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a body. `path` counts list items from 0: ("steps", 2, "role")."""

    path: Path
    message: str | Promise


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a file. `line` counts from 1; `file` is relative to the declared folder; `path` may be empty."""

    file: str
    line: int
    path: Path
    message: str

    def __str__(self) -> str:
        """procedures/cap-phep-xay-dung.yaml:41 steps[2].role: there is no role “tham-dinh”"""
        place = f"{self.file}:{self.line} {spelled(self.path)}".rstrip()
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version and the days it covers, both included. `last_day` None: no end is known."""

    id: int
    version: int
    first_day: date
    last_day: date | None


def ended(editions: Iterable[Edition], *, version: int, last_day: date) -> tuple[Edition, ...]:
    """The same editions after a retirement: the version and all older ones end on `last_day` at the latest."""
    return tuple(
        Edition(each.id, each.version, each.first_day, min(each.last_day or last_day, last_day))
        if each.version <= version
        else each
        for each in editions
    )


def in_force(newest_first: Sequence[Edition], day: date) -> Edition | None:
    """What counts on the day: the newest version that has begun, unless it has ended.

    An older version never comes back when a newer one ends: a thing that was given an end was abolished.
    """
    begun = next((each for each in newest_first if each.first_day <= day), None)
    if begun is None or (begun.last_day is not None and begun.last_day < day):
        return None
    return begun


def spelled(path: Iterable[object]) -> str:
    """A place as people write it: steps[2].role."""
    written = "".join(f".{part}" if isinstance(part, str) else f"[{part}]" for part in path)
    return written.removeprefix(".")


def canonical(value: Any) -> str:
    """The one way to write a JSON value: names sorted, no spaces, no escapes that are not needed."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def checksum(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


class Absent(Enum):
    """Nothing there, which is not the same as an empty value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Item:
    """The item of a list that has this value in this field: lists of named things are compared by name."""

    field: str
    value: str

    def __str__(self) -> str:
        return self.value


Place: TypeAlias = tuple[str | int | Item, ...]
"""A place in a body that stays the same when items are moved; a position where items have no name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed. `old` or `new` is ABSENT for what was added or removed.

    `position`: where in its list the added item stands. `order_by`: the items of the list at `path` stand in another
    order; `old` and `new` are their values of this field.
    """

    path: Place
    old: Any
    new: Any
    position: int | None = None
    order_by: str | None = None

    def __str__(self) -> str:
        place = spelled(self.path)
        if self.old is ABSENT:
            return f"+ {place}: {_shown(self.new)}"
        if self.new is ABSENT:
            return f"- {place}: {_shown(self.old)}"
        return f"{'↕' if self.order_by else '~'} {place}: {_shown(self.old)} → {_shown(self.new)}"


def differences(old: Any, new: Any, path: Place = ()) -> Iterator[Difference]:
    """What leads from the old JSON value to the new one, in an order in which `changed` can follow it."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from (Difference((*path, name), old[name], ABSENT) for name in old if name not in new)
        for name in new:
            if name in old:
                yield from differences(old[name], new[name], (*path, name))
            else:
                yield Difference((*path, name), ABSENT, new[name])
    elif isinstance(old, list) and isinstance(new, list):
        if name := _naming_field(old, new):
            yield from _of_named_items(old, new, path, name)
        elif any(isinstance(item, dict | list) for item in (*old, *new)):
            yield from _of_positions(old, new, path)
        elif canonical(old) != canonical(new):
            yield Difference(path, old, new)
    elif canonical(old) != canonical(new):
        yield Difference(path, old, new)


def changed(value: Any, following: Iterable[Difference]) -> Any:
    """The value after the differences; the value given is left as it is."""
    box = [deepcopy(value)]
    for difference in following:
        _follow(box, difference)
    return box[0]


def _naming_field(old: list[Any], new: list[Any]) -> str | None:
    """The field that names every item of both lists, once each."""
    for name in ("key", "code"):
        if all(_all_named(items, name) for items in (old, new)) and (old or new):
            return name
    return None


def _all_named(items: list[Any], name: str) -> bool:
    names = [item.get(name) for item in items if isinstance(item, dict)]
    return len(names) == len(items) == len({each for each in names if isinstance(each, str)})


def _of_named_items(old: list[Any], new: list[Any], path: Place, name: str) -> Iterator[Difference]:
    before = {item[name]: item for item in old}
    after = {item[name]: item for item in new}
    yield from (Difference((*path, Item(name, key)), before[key], ABSENT) for key in before if key not in after)
    for position, key in enumerate(after):
        if key not in before:
            yield Difference((*path, Item(name, key)), ABSENT, after[key], position)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Difference(path, kept, list(after), order_by=name)
    for key in kept:
        yield from differences(before[key], after[key], (*path, Item(name, key)))


def _of_positions(old: list[Any], new: list[Any], path: Place) -> Iterator[Difference]:
    """Removals by the old positions from the end, additions by the new ones, then what changed by the new ones."""
    blocks = SequenceMatcher(None, [*map(canonical, old)], [*map(canonical, new)], autojunk=False).get_opcodes()
    removed: list[int] = []
    added: list[int] = []
    paired: list[tuple[int, int]] = []
    for _what, old_start, old_end, new_start, new_end in blocks:
        both = min(old_end - old_start, new_end - new_start)
        paired += zip(range(old_start, old_start + both), range(new_start, new_start + both), strict=True)
        removed += range(old_start + both, old_end)
        added += range(new_start + both, new_end)
    yield from (Difference((*path, position), old[position], ABSENT) for position in reversed(removed))
    yield from (Difference((*path, position), ABSENT, new[position], position) for position in added)
    for before, after in paired:
        yield from differences(old[before], new[after], (*path, after))


def _follow(box: list[Any], difference: Difference) -> None:
    """Make one change in the value that the box holds."""
    holder, part = _reached(box, difference.path)
    value = deepcopy(difference.new)
    if difference.order_by:
        items = {item[difference.order_by]: item for item in holder[part]}
        holder[part] = [items[name] for name in value]
    elif value is ABSENT:
        del holder[part]
    elif difference.position is not None:
        holder.insert(difference.position, value)
    else:
        holder[part] = value


def _reached(box: list[Any], path: Place) -> tuple[Any, Any]:
    """The group or list that the path leads into, and the name or position in it (an added item has none yet)."""
    holder: Any = box
    part: Any = 0
    for step in path:
        holder = holder[part]
        part = _position(holder, step) if isinstance(step, Item) else step
    return holder, part


def _position(items: list[Any], wanted: Item) -> int | None:
    return next((at for at, item in enumerate(items) if item[wanted.field] == wanted.value), None)


def _shown(value: Any) -> str:
    """A value on one short line: a thing by its name, a list by its items."""
    match value:
        case str():
            shown = value
        case dict():
            shown = str(next((value[name] for name in ("name", "label", "key", "code", "title") if name in value), "…"))
        case list():
            shown = ", ".join(map(_shown, value))
        case _:
            shown = canonical(value)
    shown = " ".join(shown.split())
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
