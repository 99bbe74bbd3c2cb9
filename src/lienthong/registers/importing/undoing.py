"""Taking back what an import did, as far as nobody has touched it since.

What it entered was never so: the entries are withdrawn. They go out of the register and stand in its past as what we
thought until now, so that a list as it was known on a day in between still has them. What it changed is corrected to
what stood there before. An entry that somebody has changed, corrected or ended since stays as it is, and is counted.
"""

from datetime import timedelta

from django.db import connection, transaction

from lienthong.foundation import clock, ledger
from lienthong.foundation.statements import run
from lienthong.registers import events, queries, searching
from lienthong.registers.definition import RegisterBody
from lienthong.registers.importing.judging import requests_of
from lienthong.registers.importing.models import Import, ImportRow
from lienthong.registers.importing.running import officer_of

CHUNK = 5_000
WITHIN = timedelta(days=30)
Status = Import.Status


def undo(import_id: int) -> None:
    """Go on until nothing is left that can be taken back."""
    while _next(import_id):
        pass


@transaction.atomic
def _next(import_id: int) -> bool:
    found = Import.objects.select_for_update().filter(pk=import_id, status=Status.UNDOING).first()
    if found is None:
        return False
    body = queries.register(found.register)
    withdrawn, restored = _withdraw(body, found), _restore(body, found)
    if not withdrawn and restored is None:
        found.status, found.finished_at = Status.UNDONE, clock.now()
        found.save(update_fields=["status", "finished_at"])
        return False
    found.withdrawn += len(withdrawn) + len(restored or ())
    found.save(update_fields=["withdrawn"])
    ledger.record(
        events.IMPORT_UNDONE,
        subject=("register-import", found.pk),
        actor=officer_of(found),
        organisation_id=found.organisation_id,
        data={
            "register": found.register,
            **({"withdrawn": len(withdrawn), "entries": [min(withdrawn), max(withdrawn)]} if withdrawn else {}),
            **({"restored": restored} if restored else {}),
        },
    )
    return True


def _withdraw(body: RegisterBody, found: Import) -> list[int]:
    """Ids of entries that are in the register no more."""
    table, past = body.layout.table, body.layout.past
    first, last = requests_of(found.key)
    with run(
        f"SELECT id FROM {table} WHERE request BETWEEN %s AND %s AND revision = 1 ORDER BY request LIMIT {CHUNK}"
        " FOR UPDATE",
        [first, last],
    ) as cursor:
        ids = [id for (id,) in cursor.fetchall()]
    if not ids:
        return []
    with connection.cursor() as cursor:
        names = ", ".join(_shared(table, past))
        cursor.execute(
            f"CREATE TEMPORARY TABLE withdrawn ON COMMIT DROP AS SELECT * FROM {table} WHERE id = ANY(%s)", [ids]
        )
        cursor.execute("SELECT set_config('lienthong.erase', 'on', true)")
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
        cursor.execute("SELECT set_config('lienthong.erase', 'off', true)")
        cursor.execute(
            f"INSERT INTO {past} (entry_id, recorded_until, {names}) SELECT id, %s, {names} FROM withdrawn",
            [clock.now()],
        )
        cursor.execute("DROP TABLE withdrawn")
    return ids


def _shared(table: str, past: str) -> list[str]:
    """The columns that both have, beside their own ids; also those that no version names any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname FROM pg_attribute a JOIN pg_attribute b USING (attname) WHERE a.attrelid = %s::regclass"
            " AND b.attrelid = %s::regclass AND a.attnum > 0 AND b.attnum > 0 AND NOT a.attisdropped"
            " AND NOT b.attisdropped AND a.attgenerated = '' AND a.attname <> 'id'",
            [table, past],
        )
        return [name for (name,) in cursor.fetchall()]


def _restore(body: RegisterBody, found: Import) -> list[int] | None:
    """Ids of entries that are again as they were before they were changed; None when none is left to look at."""
    layout = body.layout
    lines = list(found.lines.filter(outcome=ImportRow.Outcome.CHANGED, revision__isnull=False).order_by("row")[:CHUNK])
    if not lines:
        return None
    names = [*layout.names(layout.leaves), "search", "origin"]
    changes = ", ".join(f"{name} = before.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lienthong.correcting', 'on', true)")
        cursor.execute(
            f"UPDATE {layout.table} entry SET {changes}, revision = entry.revision + 1, recorded_at = %s"
            f" FROM {layout.past} before, unnest(%s::bigint[], %s::int[]) changed(id, revision)"
            " WHERE entry.id = changed.id AND entry.revision = changed.revision + 1 AND entry.valid_until IS NULL"
            " AND before.entry_id = entry.id AND before.revision = changed.revision"
            " AND before.recorded_until IS NOT NULL RETURNING entry.id",
            [clock.now(), [line.entry_id for line in lines], [line.revision for line in lines]],
        )
        restored = [id for (id,) in cursor.fetchall()]
        cursor.execute("SELECT set_config('lienthong.correcting', 'off', true)")
    found.lines.filter(pk__in=[line.pk for line in lines]).update(revision=None)
    searching.called_otherwise(body, restored)
    return restored
