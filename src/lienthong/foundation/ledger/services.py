"""Recording what happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.ledger import kinds, rules, subscriptions
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.ledger.entries import STANDING_IN, Actor, Subject
from lienthong.foundation.statements import run

DELIVER_JOB = "ledger.deliver"
QUEUE = "ledger"

_INSERT = """
    INSERT INTO ledger_entry (at, kind, subject_type, subject_id, account_id, post_id, organisation_id, data)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb) RETURNING id"""


def record(
    kind: str | kinds.EventKind,
    *,
    subject: Subject,
    actor: Actor | None,
    organisation_id: int | None,
    data: Mapping[str, Any],
    at: datetime | None = None,
) -> int:
    """Add an entry to the ledger in the caller's transaction and call its subscribers after the commit.

    `kind` must have been made known with `event`. `actor` is None when the system itself acts. `data` is plain (texts,
    whole numbers, Decimals, days, moments, lists and mappings of them), at most 64 KiB, and without personal data:
    an entry can never be taken out again; where the actor stands in for somebody it says so. `at` is the present when
    not said. Returns the id of the entry.

    What is recorded while the clock is held is of another time: its subscribers run with the clock at `at`, whenever a
    worker comes to them.

    Raises TransactionManagementError outside a transaction: what happened and its entry must be saved together.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the ledger records only within the transaction of the change")
    key = kinds.known(str(kind)).key
    at = at or clock.now()
    account, post = (actor.account_id, actor.post_id) if actor else (None, None)
    if getattr(actor, STANDING_IN, False):
        data = {**data, STANDING_IN: True}
    subject_type, subject_id = subject
    values = [at, key, subject_type, subject_id, account, post, organisation_id, rules.data_as_json(data)]
    with run(_INSERT, values) as cursor:
        entry_id: int = cursor.fetchone()[0]
    if subscribers := subscriptions.subscribers_of(key):
        call = {"entry": entry_id, "at": at.isoformat(), **({"held": True} if clock.is_held() else {})}
        calls = [{**call, "subscriber": name} for name in subscribers]
        defer_named(DELIVER_JOB, calls, queue=QUEUE)
    return entry_id
