"""What each room holds about a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file as it lies in the archive."""

    path: str
    file: StoredFile


@dataclass(frozen=True, slots=True)
class Part:
    """What one room holds. `data` is what JSON can hold, with days and moments; its keys are for people to read."""

    data: Any
    files: Sequence[Enclosed] = ()


Source = Callable[[int], Part]
"""Gives what is held about the person of an account."""

_sources: dict[str, Source] = {}


def holds(name: str) -> Callable[[Source], Source]:
    """Make a source known; `name` is that of its file in the archive. Raises ValueError when it is taken."""

    def register(source: Source) -> Source:
        if _sources.setdefault(name, source) is not source:
            raise ValueError(f"two rooms give {name!r}")
        return source

    return register


def all_sources() -> list[tuple[str, Source]]:
    """By name."""
    return sorted(_sources.items())
