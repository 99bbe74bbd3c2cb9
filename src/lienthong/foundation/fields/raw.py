"""What came from outside, before anything is made of it. Pure.

A *raw* value of a field list is nested as the data is: a dict with a key for every field that was there, dicts below
sections, lists of dicts below tables, and what was typed (text), or JSON, at the leaves. A draft is kept as raw JSON:
what is right in it in its final form, what is wrong as it was typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, TypeAlias

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

Raw: TypeAlias = dict[str, Any]

MOST_NAMES = 20_000


class Absent(Enum):
    """A field that the form did not have, as against one that was left empty."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class TooMuch(DomainError):
    """A form with more fields than any form of ours can have."""

    code = "fields.too_much"
    status = 413


class QueryData(Protocol):
    """Django's QueryDict, as far as forms are read."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...


@dataclass(slots=True)
class Posted:
    """What a form sent under one name, and under the names below it (`owner.name` is below `owner`)."""

    values: list[str] = field(default_factory=list)
    below: dict[str, "Posted"] = field(default_factory=dict)

    def at(self, path: Iterable[str]) -> "Posted":
        """Below a path; empty where nothing was sent."""
        found = self
        for step in path:
            found = found.below.get(step, Posted())
        return found

    @property
    def nothing(self) -> bool:
        return not self.values and not self.below


def posted(data: QueryData) -> Posted:
    """The names of a form as a tree. Raises TooMuch."""
    if len(data) > MOST_NAMES:
        raise TooMuch(_("The form has more fields than can be read."))
    root = Posted()
    for name in data:
        node = root
        for step in name.split(".", 20)[:20]:
            node = node.below.setdefault(step, Posted())
        node.values.extend(str(value) for value in data.getlist(name))
    return root
