"""More time for a task: asked for once at a time, decided once, on record, away from the inbox when it is decided.

A room says who may ask and decide, which days are possible, and what moves when a new one is granted. It calls this
inside its own transactions, with the subject locked.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise

from lienthong.foundation import rows
from lienthong.identity.actors import Officer
from lienthong.work import services as work
from lienthong.work.models import AskedMoreTime
from lienthong.work.rules import Decision, check_not_decided


class Task(Protocol):
    """Whatever row a room has of what is to be done."""

    pk: int
    due_at: datetime | None


Asked = TypeVar("Asked", bound=AskedMoreTime)


def asked_with(table: type[Asked], key: UUID) -> Asked | None:
    """What the same form asked for before."""
    return table._default_manager.filter(key=key).first()


def is_pending(table: type[AskedMoreTime], task: Task) -> bool:
    """Whether more time was asked for with it that nobody has decided on."""
    return table._default_manager.filter(Q(task_id=task.pk), decided_at=None).exists()


def ask(
    table: type[Asked], task: Task, *, officer: Officer, key: UUID, until: datetime, reason: str, now: datetime
) -> Asked:
    """Put down that a new due day is asked for."""
    assert task.due_at, "what has no due day needs no other"
    asked = table(
        task=task,
        key=key,
        reason=reason,
        old_due=task.due_at,
        wanted_due=until,
        asked_at=now,
        asked_by_id=officer.account_id,
    )
    rows.insert([asked])
    return asked


def is_decided(asked: AskedMoreTime, key: UUID, *, way_out: str | Promise) -> bool:
    """Whether the same form has decided it. Raises DecidedAlready where something else has."""
    asked.refresh_from_db()
    if asked.decision_key == key:
        return True
    check_not_decided(asked.decided_at is not None, way_out=way_out)
    return False


def decide(
    asked: AskedMoreTime, *, new_due: datetime | None, words: str, officer: Officer, key: UUID, now: datetime
) -> None:
    """Put down that this day was granted; without one that it was refused."""
    asked.decision = Decision.GRANTED if new_due else Decision.REFUSED
    asked.decided_at, asked.decided_by_id = now, officer.account_id
    asked.decision_key, asked.words, asked.new_due = key, words, new_due
    rows.change(asked, "decision", "decided_at", "decided_by", "decision_key", "words", "new_due")
    _close(asked, officer, now)


def lapse(table: type[AskedMoreTime], tasks: Iterable[Task], officer: Officer, *, now: datetime) -> None:
    """Nobody decides any more on more time for what has ended."""
    for asked in table._default_manager.filter(Q(task_id__in=[task.pk for task in tasks]), decided_at=None):
        asked.decision, asked.decided_at = Decision.LAPSED, now
        rows.change(asked, "decision", "decided_at")
        _close(asked, officer, now)


def told(asked: AskedMoreTime) -> dict[str, object]:
    """What the ledger says of a request: the day that is wanted, or was granted."""
    until = asked.new_due if asked.decided_at else asked.wanted_due
    return {"task": asked.task_id, "request": asked.pk, "until": until.isoformat() if until else ""}


def _close(asked: AskedMoreTime, officer: Officer, now: datetime) -> None:
    """Take it from the inbox of who was to decide."""
    work.close_items(
        subject=(asked.subject_type, asked.pk),
        parts=[asked.pk],
        at=now,
        account_id=officer.account_id,
        outcome=asked.decision,
    )
