"""A register as NĐ 30/2020 App. IV has it: title and columns, whose words are not translated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

Value = str | int | date | None

Kinds = dict[str, str]
"""Names of the types of documents, by code."""


@dataclass(frozen=True, slots=True)
class Form:
    """A register as it is kept: its title, its columns with their share of the width. `linked` is the column by which
    a line leads to its document; `counted` what a line is."""

    title: str
    columns: tuple[tuple[str, int], ...]
    values: Callable[[Any, Kinds], tuple[Value, ...]]
    linked: str
    counted: str = "văn bản"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _share in self.columns)
