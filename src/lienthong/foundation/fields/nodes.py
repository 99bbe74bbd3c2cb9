"""A field with its place, in the data and in the declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.expressions import template
from lienthong.foundation.fields.references import ELEMENT
from lienthong.foundation.fields.types.structure import Computed

Path: TypeAlias = tuple[str, ...]
"""Where a field is in the data; a field of a table's rows has the step [] before its key: ("people", "[]", "name")."""

Place: TypeAlias = tuple[str | int, ...]
"""Where something is in the declaration: (0, "fields", 2, "when")."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a declaration, and where."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Node:
    """`reads` are the fields that decide whether this one is asked, or what its value is."""

    path: Path
    field: Field
    place: Place
    reads: frozenset[Path] = frozenset()
    reads_for_required: frozenset[Path] = frozenset()

    @property
    def table(self) -> Path | None:
        """The table in whose rows it is."""
        return self.path[: self.path.index(ELEMENT)] if ELEMENT in self.path else None

    @property
    def name(self) -> str:
        return written(self.path)


def written(path: Path) -> str:
    """As expressions write it: people[].name."""
    return ".".join(path).replace("." + ELEMENT, ELEMENT)


def expressions_of(declared: Field) -> Mapping[str, tuple[str, ...]]:
    """The CEL sources of a field, by the attribute in which they stand."""
    found: dict[str, tuple[str, ...]] = {}
    if declared.when is not None:
        found["when"] = (declared.when,)
    if isinstance(declared.required, str):
        found["required"] = (declared.required,)
    if declared.checks:
        found["checks"] = tuple(check.that for check in declared.checks)
    if isinstance(declared, Computed):
        found["value"] = (declared.value,)
    if isinstance(declared.default, str) and "${" in declared.default:
        found["default"] = template(declared.default).sources
    return found
