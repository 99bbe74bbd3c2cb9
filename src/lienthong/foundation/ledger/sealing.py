"""Closing blocks behind the writers' backs.

No writer waits for the sealer, nor for another writer. So entries commit in another order than their ids, and a block
must not be closed over an id that may still appear. Which ids cannot appear any more:

1. every writer has a transaction number before it draws an id (`models.NEXT_ID`);
2. the sealer reads the last id drawn, and after that takes a transaction number itself;
3. so whoever drew an id up to that one has a smaller number, and once all smaller numbers have ended (the oldest
   running transaction is not older than the sealer's number), every such id is committed or will never be.

Transaction numbers are only remembered by the running process and never stored: a restored or copied database, whose
numbers start elsewhere, is sealed on from its last block.
"""

import time
from collections import deque
from dataclasses import dataclass

from django.db import connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.ledger import heads, keys, rules
from lienthong.foundation.ledger.models import Block

BLOCK_SIZE = 10_000
"""Most entries in a block; one block is what a check holds in memory."""

_SELECT = """
    SELECT id, at, kind, subject_type, subject_id, account_id, post_id, organisation_id, data::text
      FROM ledger_entry WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"""
_OLDEST_RUNNING = "SELECT pg_postmaster_start_time()::text, pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class _Observation:
    """No id up to `last_id` appears once the transaction numbers below `number` have ended.

    Numbers mean something only in the run of the server they come from.
    """

    server: str
    last_id: int
    number: int


_observed: deque[_Observation] = deque(maxlen=100)


def seal_now(*, patience: float = 5.0) -> int:
    """Seal every entry that no running transaction can still push a lower id before. Returns how many.

    Waits up to `patience` seconds for transactions that run now; what they hold back is left for the next call. When
    another process is sealing, leaves it to that one. Raises KeyUnusable when this machine may not seal.
    """
    upper = _settled(patience)
    total = 0
    while sealed := _seal_block(upper):
        total += sealed
    return total


def _settled(patience: float) -> int:
    """The highest id known to be settled. Older observations serve when a long transaction outlasts our patience."""
    _observed.append(_observe())
    deadline = time.monotonic() + patience
    while True:
        settled = _reached()
        if settled == _observed[-1] or time.monotonic() >= deadline:
            return settled.last_id if settled else 0
        time.sleep(0.02)


def _observe() -> _Observation:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger_entry_id_seq")
        last_id = cursor.fetchone()[0]
        # A statement of its own: our number must be taken after the last id was read.
        cursor.execute("SELECT pg_postmaster_start_time()::text, pg_current_xact_id()::text::bigint")
        server, number = cursor.fetchone()
    return _Observation(server, last_id, number)


def _reached() -> _Observation | None:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_RUNNING)
        server, oldest_running = cursor.fetchone()
    for observation in reversed(list(_observed)):
        if observation.server == server and observation.number <= oldest_running:
            return observation
    return None


def _seal_block(upper: int) -> int:
    """Close one block over the ids after the last block up to `upper`, in a transaction. Returns its entries."""
    with transaction.atomic():
        if not keys.try_to_be_the_only_one():
            return 0
        last = Block.objects.defer("digests").order_by("-number").first()
        after = last.to_id if last else 0
        with connection.cursor() as cursor:
            cursor.execute(_SELECT, [after, upper, BLOCK_SIZE])
            digests = [rules.digest(row) for row in cursor]
        if not digests:
            return 0
        key = keys.signing_key()
        packed = rules.pack(digests)
        header = rules.Header(
            number=last.number + 1 if last else 1,
            from_id=after + 1,
            to_id=upper if len(digests) < BLOCK_SIZE else digests[-1][0],
            count=len(digests),
            root=rules.root(packed),
            previous=last.header.hash() if last else rules.NO_BLOCK,
            sealed_at=clock.now(),
            key=key.id,
        )
        Block.objects.create(
            number=header.number,
            from_id=header.from_id,
            to_id=header.to_id,
            count=header.count,
            digests=packed,
            root=header.root,
            previous=header.previous,
            sealed_at=header.sealed_at,
            key=header.key,
            signature=key.private.sign(header.signed_bytes()),
        )
        transaction.on_commit(lambda: heads.remember(header))
    return header.count
