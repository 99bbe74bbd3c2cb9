"""What the house tells people: kinds of messages, in groups that people turn on and off together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.functional import Promise

ALWAYS: Mapping[str, Any] = {
    "recipient": "Nguyễn Văn An",
    "portal": "Cổng dịch vụ công",
    "site": "dichvucong.example",
    "link": "https://dichvucong.example/ho-so-cua-toi/1/",
}
"""What every template may read, each with a sample. `link` may be empty; `site` is the host of the portal."""


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of messages that people choose channels for together."""

    key: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message. `gives` are the names that its template may read, each with a sample of its value."""

    key: str
    label: str | Promise
    group: Group
    gives: Mapping[str, Any] = field(hash=False)

    @property
    def names(self) -> Mapping[str, Any]:
        return {**ALWAYS, **self.gives}


T = TypeVar("T")

_groups: dict[str, Group] = {}
_kinds: dict[str, MessageKind] = {}


def group(key: str, label: str | Promise) -> Group:
    """Make a group known. A room does this once, in its `notifying.py`."""
    return _once(_groups, key, Group(key, label))


def message(key: str, label: str | Promise, group: Group, *, gives: Mapping[str, Any]) -> MessageKind:
    """Make a kind of message known; its template is declared under the same key."""
    return _once(_kinds, key, MessageKind(key, label, group, gives))


def find(key: str) -> MessageKind | None:
    return _kinds.get(key)


def label_of(key: str) -> str:
    """The words for a kind; its key when the room that told it is no longer installed."""
    kind = _kinds.get(key)
    return str(kind.label) if kind else key


def all_kinds() -> list[MessageKind]:
    return [_kinds[key] for key in sorted(_kinds)]


def all_groups() -> list[Group]:
    """In the order in which they were made known."""
    return list(_groups.values())


def _once(known: dict[str, T], key: str, new: T) -> T:
    if key in known:
        raise ValueError(f"{key!r} is known already")
    known[key] = new
    return new
