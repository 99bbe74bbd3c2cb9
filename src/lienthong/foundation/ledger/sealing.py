"""Closing blocks behind the writers' backs.

No writer waits for the sealer, nor for another writer. So entries commit in another order than their ids, and a block
must not be closed over an id that may still appear. Which ids cannot appear any more:

1. an INSERT locks its table before it draws an id, and keeps the lock until its transaction ends;
2. the sealer reads the last id drawn, and after that asks who holds such a lock;
3. so once all of these have let go, every id up to that one is committed or will never be.

(CREATE INDEX CONCURRENTLY waits in the same way.) Transactions that write elsewhere hold nothing up, and nothing about
transactions is stored: a restored or copied database is sealed on from its last block.
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
_LAST_ID = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger_entry_id_seq"
# A prepared transaction has no process. Our own transaction sees its own entries.
_WRITERS = """
    SELECT pg_postmaster_start_time()::text,
           ARRAY(SELECT DISTINCT coalesce(pid, 0) || ' ' || virtualtransaction
                   FROM pg_locks
                  WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND relation IN (SELECT relid FROM pg_partition_tree('ledger_entry'))
                    AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid())"""
_PREPARED = "0 "


@dataclass(frozen=True, slots=True)
class _Observation:
    """No id up to `last_id` appears any more once these writers have ended. `server` is the run of the server that the
    writers belong to."""

    server: str
    last_id: int
    writers: frozenset[str]


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
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ID)
        last_id = cursor.fetchone()[0]
    server, writers = _writers()  # only now: whoever drew an id up to the last one is among them
    _observed.append(_Observation(server, last_id, writers))
    deadline = time.monotonic() + patience
    pause = 0.02
    while True:
        settled = _reached(server, writers)
        if settled == _observed[-1] or time.monotonic() >= deadline:
            return settled.last_id if settled else 0
        time.sleep(pause)
        pause = min(pause * 2, 0.5)
        server, writers = _writers()


def _writers() -> tuple[str, frozenset[str]]:
    """The run of the server, and the transactions that may still commit entries."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        server, writers = cursor.fetchone()
    return server, frozenset(writers)


def _reached(server: str, writers: frozenset[str]) -> _Observation | None:
    if any(writer.startswith(_PREPARED) for writer in writers):  # it may have been any of those observed
        return None
    for observation in reversed(list(_observed)):
        if observation.server == server and not observation.writers & writers:
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
