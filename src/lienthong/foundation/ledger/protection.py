"""What keeps the ledger append-only in the database itself.

Triggers refuse UPDATE, DELETE and TRUNCATE on the ledger's tables and on every partition of them, whoever asks, the
owner and a superuser included: those could only take the triggers away first, which `gaps` shows, and whatever they
then change the sealed blocks show (`verification.py`).

Better still is a role of its own for the application, apart from the owner of the tables, who alone migrates. The owner
creates the role once and runs `./lt ledger grant ROLE` (`grant_use`) after every migration; the role can
then add entries and read them, and has no right at all on partitions or triggers.
"""

from django.db import connection, transaction
from psycopg import sql

GUARDED = ("ledger_entry", "ledger_block", "ledger_key")

_TRIGGERS = """
    SELECT part.relid::regclass::text, t.tgtype, t.tgenabled
      FROM unnest(%s::text[]) AS guarded(name),
           LATERAL pg_partition_tree(to_regclass(guarded.name)) AS part
      LEFT JOIN pg_trigger t ON t.tgrelid = part.relid AND t.tgfoid = to_regproc('ledger_refuse')::oid
    UNION ALL
    SELECT name, t.tgtype, t.tgenabled
      FROM unnest(%s::text[]) AS guarded(name)
      LEFT JOIN pg_trigger t ON t.tgrelid = to_regclass(name) AND t.tgfoid = to_regproc('ledger_refuse')::oid
     WHERE NOT EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = to_regclass(name))"""

# Bits of pg_trigger.tgtype (catalog/pg_trigger.h).
_EVENTS = {"DELETE": 1 << 3, "UPDATE": 1 << 4, "TRUNCATE": 1 << 5}


def gaps() -> list[str]:
    """Tables and partitions of the ledger that may be changed, each with what may be done: "ledger_block: DELETE"."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS, [list(GUARDED), list(GUARDED)])
        rows = cursor.fetchall()
    guarded: dict[str, int] = {}
    for table, kind, enabled in rows:
        guarded.setdefault(table, 0)
        if kind is not None and enabled in "OA":
            guarded[table] |= kind
    return [
        f"{table}: {event}"
        for table, events in sorted(guarded.items())
        for event, bit in _EVENTS.items()
        if not events & bit
    ]


def grant_use(role: str) -> None:
    """Let a role that owns nothing record, seal, deliver and read, and no more. May be repeated."""
    name = sql.Identifier(role)
    statements = [
        "REVOKE ALL ON ledger_entry, ledger_block, ledger_key, ledger_delivery, ledger_faileddelivery FROM {}",
        "GRANT SELECT, INSERT ON ledger_entry, ledger_block, ledger_key, ledger_delivery TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_faileddelivery TO {}",
        "GRANT USAGE, SELECT ON SEQUENCE ledger_entry_id_seq TO {}",
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(name))
