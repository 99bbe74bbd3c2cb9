"""Events, somebody who causes them, and somebody who tampers with them."""

from dataclasses import dataclass

from django.db import connection, transaction

from lienthong.foundation import ledger

ledger.event("tests.happened", "Something happened")
ledger.event("tests.happened_again", "It happened again")


@dataclass(frozen=True)
class Officer:
    account_id: int | None = 7
    post_id: int | None = 70


def tamper(statement: str, table: str = "ledger_entry") -> None:
    """Do what the database refuses, as only the owner of the tables can: take the guards away and put them back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree(%s) UNION SELECT %s", [table, table])
        parts = [part for (part,) in cursor.fetchall()]
        for part in parts:
            cursor.execute(f"ALTER TABLE {part} DISABLE TRIGGER USER")
        cursor.execute(statement)
        for part in parts:
            cursor.execute(f"ALTER TABLE {part} ENABLE ALWAYS TRIGGER append_only")
            cursor.execute(f"ALTER TABLE {part} ENABLE ALWAYS TRIGGER never_emptied")


def happened(subject_id: int = 1, **data: object) -> int:
    """One committed entry."""
    with transaction.atomic():
        return ledger.record(
            "tests.happened", subject=("thing", subject_id), actor=Officer(), organisation_id=5, data=data
        )
