"""What this process knows of what is published.

Versions never change, so a compiled body is kept for ever, by its id. What can change is only which versions there are;
that list (ids and days, no bodies) is the shelf. It is read again when something was published or retired: by this
process at once, by another one within DEFINITIONS_RECHECK_SECONDS, which costs one tiny query in that time.

A transaction that publishes sees its own shelf until it ends: others never see what may yet be rolled back.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from lienthong.foundation.definitions import rules
from lienthong.foundation.definitions.models import Definition, Retirement
from lienthong.foundation.definitions.rules import Edition

Stamp: TypeAlias = tuple[int | None, int | None]

MOST_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Shelf:
    """`stamp` names the last publication and the last retirement; `editions` are newest first, by kind and key."""

    stamp: Stamp
    editions: Mapping[str, Mapping[str, tuple[Edition, ...]]]
    _in_force: dict[tuple[str, date], tuple[int, ...]] = field(default_factory=dict, compare=False)

    def of(self, kind: str) -> Mapping[str, tuple[Edition, ...]]:
        return self.editions.get(kind, {})

    def in_force(self, kind: str, day: date) -> tuple[int, ...]:
        """Ids of the versions in force on the day, by key. What was asked for is kept, of a few hundred days."""
        found = self._in_force.get((kind, day))
        if found is None:
            known = self.of(kind)
            chosen = (rules.in_force(known[key], day) for key in sorted(known))
            found = tuple(edition.id for edition in chosen if edition)
            if len(self._in_force) >= MOST_DAYS:
                self._in_force.clear()
            self._in_force[kind, day] = found
        return found


@dataclass(slots=True)
class _Pending:
    """The shelf of a transaction that has published and not ended.

    `marks` are what it will call after its commit, one for each publication.
    """

    marks: list[Callable[[], None]] = field(default_factory=list)
    shelf: Shelf | None = None


class _Shared:
    """`published` counts what this process published; `seen` is how many of them the shelf knows for certain."""

    shelf: Shelf | None = None
    checked: float = float("-inf")
    published: int = 0
    seen: int = 0
    lock = Lock()


_pending: WeakKeyDictionary[BaseDatabaseWrapper, _Pending] = WeakKeyDictionary()


def now(*, recheck: bool = False) -> Shelf:
    """What is published, as this transaction may see it. `recheck`: as of this moment, not of a second ago."""
    if pending := _pending_here():
        pending.shelf = pending.shelf or _read()
        return pending.shelf
    shelf = None if recheck or _Shared.seen != _Shared.published else _Shared.shelf
    if shelf is not None and time.monotonic() - _Shared.checked < _recheck_seconds():
        return shelf
    if not _Shared.lock.acquire(blocking=shelf is None):
        assert shelf is not None
        return shelf  # another thread is looking at this moment
    try:
        began, published = time.monotonic(), _Shared.published
        if _Shared.shelf is None or _Shared.shelf.stamp != stamp():
            _Shared.shelf = _read()
        _Shared.checked, _Shared.seen = began, published
        return _Shared.shelf
    finally:
        _Shared.lock.release()


def changed() -> None:
    """Called by whoever has just published or retired, inside its transaction."""
    connection = connections[DEFAULT_DB_ALIAS]

    def done() -> None:
        if not connection.in_atomic_block:  # tests call what waits for a commit without committing
            _pending.pop(connection, None)
            _Shared.published += 1

    pending = _pending.setdefault(connection, _Pending())
    pending.marks.append(done)
    pending.shelf = None
    transaction.on_commit(done)


def forget() -> None:
    """Know nothing: for tests that empty the tables under us."""
    _Shared.shelf, _Shared.checked = None, float("-inf")
    for pending in list(_pending.values()):
        pending.shelf = None


def stamp() -> Stamp:
    """The last publication and retirement in the database. Publishing takes a lock, so ids come in order of commit."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT max(id) FROM {Definition._meta.db_table}),"  # noqa: S608
            f" (SELECT max(id) FROM {Retirement._meta.db_table})"
        )
        last_definition, last_retirement = cursor.fetchone()
    return last_definition, last_retirement


def _recheck_seconds() -> float:
    return float(getattr(settings, "DEFINITIONS_RECHECK_SECONDS", 1.0))


def _pending_here() -> _Pending | None:
    """The pending shelf of this connection.

    A mark that no longer waits was committed, or its savepoint or transaction was rolled back: then Django drops what
    waits for a commit, and what was marked was not published after all.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    pending = _pending.get(connection)
    if not pending:
        return None
    waiting = {id(each[1]) for each in connection.run_on_commit}
    marks = [mark for mark in pending.marks if id(mark) in waiting]
    if len(marks) < len(pending.marks):
        pending.marks, pending.shelf = marks, None
        _Shared.published += 1
    if not marks:
        del _pending[connection]
        return None
    return pending


def _read() -> Shelf:
    read_at = stamp()
    editions: dict[str, dict[str, list[Edition]]] = {}
    retired: dict[tuple[str, str], list[tuple[int, date]]] = {}
    rows = Definition.objects.order_by("kind", "key", "-version").values_list(
        "id", "kind", "key", "version", "effective_from", "effective_to", "retirement__last_day"
    )
    for id, kind, key, version, first_day, effective_to, last_day in rows.iterator():
        editions.setdefault(kind, {}).setdefault(key, []).append(Edition(id, version, first_day, effective_to))
        if last_day:
            retired.setdefault((kind, key), []).append((version, last_day))
    shelf = {kind: {key: tuple(versions) for key, versions in keys.items()} for kind, keys in editions.items()}
    for (kind, key), retirements in retired.items():
        for version, day in retirements:
            shelf[kind][key] = rules.ended(shelf[kind][key], version=version, last_day=day)
    return Shelf(read_at, shelf)
