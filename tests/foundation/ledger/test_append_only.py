"""The database itself refuses to change what was recorded."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from lienthong.foundation import clock, partitions
from lienthong.foundation.ledger import keys, protection, queries, sealing, verification
from tests.foundation.ledger.helpers import happened, tamper

APPLICATION = "lt_test_application"


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def partitions_of_the_ledger() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree('ledger_entry')")
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def entry(db: None) -> int:
    return happened()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET kind = 'tests.other'",
        "UPDATE {} SET at = at + interval '20 years'",
        "DELETE FROM {}",
        "TRUNCATE {}",
    ],
)
def test_no_entry_is_changed_or_removed_in_any_partition_of_any_year(entry: int, statement: str):
    with clock.at(datetime(2050, 5, 5, tzinfo=clock.ZONE)):
        happened()
    partitions.ensure_years("ledger_entry", since=2040, through=2041)
    for year in (2040, 2041):
        with clock.at(datetime(year, 5, 5, tzinfo=clock.ZONE)):
            happened()
    before = len(queries.search().entries)
    for table in partitions_of_the_ledger():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            full = cursor.fetchone()
        if full or statement.startswith("TRUNCATE"):
            with pytest.raises(ProgrammingError, match="only added to"):
                run(statement.format(table))
    assert len(queries.search().entries) == before == 4
    assert protection.gaps() == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET number = 5", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_block_and_no_key_is_changed_or_removed(entry: int, statement: str):
    sealing.seal_now()
    for table in ("ledger_block", "ledger_key"):
        with pytest.raises(ProgrammingError, match="only added to"):
            run(statement.format(table))


def test_a_session_that_calls_itself_a_replica_changes_nothing_either(entry: int):
    run("SET LOCAL session_replication_role = replica")
    with pytest.raises(ProgrammingError, match="only added to"):
        run("DELETE FROM ledger_entry")


def test_entries_of_a_year_without_partition_move_into_it_when_it_is_made(db: None):
    with clock.at(datetime(2045, 5, 5, tzinfo=clock.ZONE)):
        number = happened()
    sealing.seal_now()
    partitions.ensure_years("ledger_entry", since=2045, through=2045)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_entry_2045")
        assert cursor.fetchall() == [(number,)]
    assert verification.verify().sound
    assert protection.gaps() == []


def test_a_guard_taken_away_is_noticed(entry: int):
    run("ALTER TABLE ledger_block DISABLE TRIGGER append_only")
    run("DROP TRIGGER never_emptied ON ledger_entry_default")
    assert protection.gaps() == ["ledger_block: DELETE", "ledger_block: UPDATE", "ledger_entry_default: TRUNCATE"]


@pytest.fixture
def application(db: None) -> Iterator[None]:
    """The rest of the test runs as a role that owns nothing."""
    run(f"CREATE ROLE {APPLICATION}")
    protection.grant_use(APPLICATION)
    protection.grant_use(APPLICATION)
    run(f"SET LOCAL ROLE {APPLICATION}")
    yield
    run("RESET ROLE")


def test_the_application_records_seals_and_checks_with_its_own_role(application: None):
    happened()
    assert sealing.seal_now() == 1
    report = verification.verify()
    assert report.sound and report.entries == 1
    assert keys.newest() is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET kind = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "ALTER TABLE ledger_entry DISABLE TRIGGER append_only",
        "INSERT INTO ledger_entry_default SELECT * FROM ledger_entry",
        "DROP TABLE ledger_entry_default",
        "DELETE FROM ledger_block",
        "UPDATE ledger_key SET public = ''",
        "SELECT setval('ledger_entry_id_seq', 1)",
    ],
)
def test_the_application_s_role_has_no_right_to_anything_else(application: None, statement: str):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(statement)


def test_tampering_in_these_tests_puts_the_guards_back(entry: int):
    tamper("DELETE FROM ledger_entry")
    assert queries.search().entries == []
    assert protection.gaps() == []
