"""The kinds of events the house knows, each with the words people see for it."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise

_PATTERN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_known: dict[str, "EventKind"] = {}


@dataclass(frozen=True, slots=True)
class EventKind:
    """`key` is "<room>.<past tense>" and is stored for ever; `label` says what happened, as a whole sentence."""

    key: str
    label: str | Promise

    def __str__(self) -> str:
        return self.key


def event(key: str, label: str | Promise) -> EventKind:
    """Make a kind of event known. A room does this once for each kind, where its services record it."""
    if not _PATTERN.fullmatch(key) or len(key) > 64:
        raise ValueError(f"{key!r} is no key of an event: write '<room>.<what_happened>', at most 64 characters")
    kind = EventKind(key, label)
    if _known.setdefault(key, kind) != kind:
        raise ValueError(f"the event {key!r} has two meanings: {_known[key].label!r} and {label!r}")
    return kind


def known(key: str) -> EventKind:
    """Raises LookupError for a kind that no room has made known."""
    try:
        return _known[key]
    except KeyError:
        raise LookupError(f"no room has made the event {key!r} known: say ledger.event({key!r}, _(…)) once") from None


def label(key: str) -> str:
    """The words for a kind; its key when the room that recorded it is no longer installed."""
    kind = _known.get(key)
    return str(kind.label) if kind else key


def all_kinds() -> list[EventKind]:
    """Every known kind in the order of their keys, for the auditor's choice."""
    return [_known[key] for key in sorted(_known)]
