"""Administrative units as tables name them: a code, or names from the lowest to the highest or the other way. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from lienthong.foundation.fields.lists import CodeList, Item
from lienthong.foundation.fields.typed import folded

_KIND = re.compile(
    r"^(?:tinh|thanh pho|thi xa|thi tran|quan|huyen|phuong|xa|dac khu|tp\.?|tx\.?|tt\.?|[qhpxt]\.)\s*(?=\S)(?![0-9]+$)"
)
_NUMBERED = re.compile(r"^(quan|phuong|q\.?|p\.?)\s*0*([0-9]+)$")


def place_named(
    codes: CodeList, at: date, parts: Sequence[str], *, digits: int, near: str = ""
) -> tuple[Item | None, int]:
    """The unit whose code has so many digits that the parts name, and how many parts at the beginning are none of its
    names (house number, street). Every part after them is the unit or one above it, in any order.

    None where there is none, or more than one even when those below `near` (a code) go first.
    """
    return _place_named(codes, at, tuple(parts), digits, near)


def places_named(codes: CodeList, at: date, parts: Sequence[str], *, digits: int) -> Sequence[Item]:
    """All units that the parts may name, where it is not clear which; empty where nothing is called so."""
    tries = (_called(codes, at, parts[skipped:], digits) for skipped in range(len(parts)))
    return next((found for found in tries if found), ())


def _called(codes: CodeList, at: date, parts: Sequence[str], digits: int) -> list[Item]:
    names = _names(codes, at)
    wanted = [_spoken(part) for part in parts]
    possible = {item.code: item for word in wanted for item in names.get(word, ()) if len(item.code) == digits}
    return [item for item in possible.values() if _covers(codes.chain(item.code, at), wanted)]


@lru_cache(maxsize=20_000)
def _place_named(codes: CodeList, at: date, parts: tuple[str, ...], digits: int, near: str) -> tuple[Item | None, int]:
    for skipped in range(len(parts)):
        found = _called(codes, at, parts[skipped:], digits)
        exact = [item for item in found if any(folded(item.name) == folded(part) for part in parts[skipped:])]
        for among in (found, exact, [item for item in exact or found if _below(codes, item, at, near)]):
            if len(among) == 1:
                return among[0], skipped
    return None, 0


@lru_cache(maxsize=8)
def _names(codes: CodeList, at: date) -> dict[str, list[Item]]:
    names: dict[str, list[Item]] = {}
    for item in codes.valid(at):
        names.setdefault(_spoken(item.name), []).append(item)
    return names


def _spoken(name: str) -> str:
    """Without accents and without what kind of unit it is: people write it in ten ways."""
    plain = folded(name).strip(" .")
    if numbered := _NUMBERED.fullmatch(plain):
        return numbered[2]
    return _KIND.sub("", plain)


def _covers(chain: Sequence[Item], wanted: Sequence[str]) -> bool:
    names = {_spoken(item.name) for item in chain}
    return all(word in names for word in wanted)


def _below(codes: CodeList, item: Item, at: date, near: str) -> bool:
    return any(above.code == near for above in codes.chain(item.code, at))
