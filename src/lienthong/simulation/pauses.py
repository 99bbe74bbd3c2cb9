"""Did a clock run while a dossier was paused? Counted again from what the ledger says, of every dossier that paused.

One question to the database for all of them, read in portions: what is kept in memory does not grow with their number.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from lienthong.cases import events
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier
from lienthong.cases.services.carrying import calendar_now, terms_of
from lienthong.foundation.calendars.rules import Calendar
from lienthong.procedures.definition import PROCEDURE

PORTION = 2000

Told = list[tuple[str, datetime]]
"""What happened to a dossier that moves its due date, in its order."""

_PAUSING = (events.SUPPLEMENT_REQUESTED, events.PAYMENT_REQUESTED)
_MOVING = (*_PAUSING, events.RECEIVED, events.SUPPLEMENTED, events.SETTLED, events.ACCEPTANCE_UNDONE)

_PAUSED = """
    SELECT d.id, d.procedure_id, d.variant, d.rule_set_id, d.channel, d.due_at,
           array_agg(e.kind ORDER BY e.id), array_agg(e.at ORDER BY e.id)
      FROM cases_dossier d JOIN ledger_entry e ON e.subject_type = 'dossier' AND e.subject_id = d.id
     WHERE d.id >= %s AND d.received_at IS NOT NULL AND d.due_at IS NOT NULL AND e.kind = ANY(%s)
     GROUP BY d.id HAVING bool_or(e.kind = ANY(%s)) ORDER BY d.id"""


def due_too_early(since: int) -> Iterator[tuple[int, datetime]]:
    """Dossiers from an id on that are due earlier than their pauses allow, each with when it is due at the earliest."""
    calendar = calendar_now()
    for dossier, procedure, variant, rule_set, channel, due, kinds, moments in _paused(since):
        declared = PROCEDURE.pinned(procedure).in_variant(variant)
        terms = terms_of(declared, RULE_SET.pinned(rule_set), online=channel == Dossier.Channel.ONLINE)
        least = least_due(list(zip(kinds, moments, strict=True)), terms.limit, terms.supplement, calendar)
        if least and due < least:
            yield dossier, least


def _paused(since: int) -> Iterator[tuple[Any, ...]]:
    moving, pausing = ([str(kind) for kind in kinds] for kinds in (_MOVING, _PAUSING))
    with connection.chunked_cursor() as cursor:
        cursor.execute(_PAUSED, [since, moving, pausing])
        while portion := cursor.fetchmany(PORTION):
            yield from portion


def least_due(told: Told, limit: Any, rule: str, calendar: Calendar) -> datetime | None:
    """When a dossier is due at the earliest. A new date that was promised may have made it later, never earlier.

    While it waits, its due date is still that of before; nothing is promised then.
    """
    due: datetime | None = None
    paused: datetime | None = None
    for kind, at in told:
        match kind:
            case "cases.received":
                due = calendar.add(at, limit)
            case "cases.acceptance_undone":
                due = None
            case "cases.supplement_requested" | "cases.payment_requested":
                paused = at
            case "cases.supplemented" if due and paused:
                due = calendar.add(at, limit) if rule == "restart" else calendar.resume(due, paused, at)
            case "cases.settled" if due and paused:
                due = calendar.resume(due, paused, at)
    return due
