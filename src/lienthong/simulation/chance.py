"""Chance that can be repeated: every decision has dice of its own, named by what is decided.

So no decision depends on how many were taken before it, on the order of rows or on the number of processes, and a run
that was killed goes on as if it had not been.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from random import Random
from typing import TypeVar

T = TypeVar("T")


def dice(*decision: object) -> Random:
    """The dice of one decision: the same names give the same throws, in every process and on every machine."""
    name = ":".join(map(str, decision)).encode()
    return Random(int.from_bytes(blake2b(name, digest_size=8).digest()))  # noqa: S311 - nothing secret


def one_of(rng: Random, weights: Mapping[T, float]) -> T:
    """One of the keys, by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def about(rng: Random, middle: float, spread: float = 0.4) -> float:
    """A positive amount around a middle: half lie below it, and a few are much larger. `spread` of 0.4: 95 of 100 lie
    between less than half and more than twice the middle."""
    return middle * rng.lognormvariate(0, spread)


def pick(rng: Random, items: Sequence[T]) -> T:
    return items[int(rng.random() * len(items))]
