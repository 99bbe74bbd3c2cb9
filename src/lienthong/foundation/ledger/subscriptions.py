"""Functions that want to know when something has happened."""

from collections import defaultdict
from collections.abc import Callable

from lienthong.foundation.ledger import kinds
from lienthong.foundation.ledger.entries import EntryView

Subscriber = Callable[[EntryView], None]

_by_name: dict[str, Subscriber] = {}
_by_kind: dict[str, list[str]] = defaultdict(list)


def subscribe(*wanted: str | kinds.EventKind, name: str = "") -> Callable[[Subscriber], Subscriber]:
    """Have the function called once for every entry of the wanted kinds, soon after the entry is committed.

    It runs in a worker, in a transaction of its own that also says that it ran: whatever it writes to the database
    happens exactly once, however often a worker dies. It must not do anything else that cannot be taken back (send a
    mail): for that it defers a job of its own. When it raises, it is tried again later, and later still.

    Waiting calls know the function by `name` (default: where it is defined). Keep the name when moving the function.
    """
    if not wanted:
        raise ValueError("say which kinds of events to subscribe to")

    def register(function: Subscriber) -> Subscriber:
        called = name or f"{function.__module__}.{function.__qualname__}"
        if len(called) > 128:
            raise ValueError(f"the name {called!r} of a subscriber is longer than 128 characters")
        if _by_name.setdefault(called, function) is not function:
            raise ValueError(f"two subscribers are called {called!r}")
        for kind in wanted:
            _by_kind[str(kind)].append(called)
        return function

    return register


def subscribers_of(kind: str) -> list[str]:
    return _by_kind.get(kind, [])


def find(name: str) -> Subscriber:
    """Raises LookupError when no installed room has a subscriber of this name."""
    try:
        return _by_name[name]
    except KeyError:
        raise LookupError(f"no installed room has a subscriber called {name!r}") from None


def kinds_nobody_knows() -> list[str]:
    """Kinds that are subscribed to and that no room has made known: a typing error. For a test of the whole house."""
    known = {kind.key for kind in kinds.all_kinds()}
    return sorted(kind for kind in _by_kind if kind not in known)
