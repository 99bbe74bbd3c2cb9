"""Statements that PostgreSQL plans once are seen, counted and undone like all others."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lienthong.foundation.statements import PREPARED_AFTER, run

pytestmark = pytest.mark.django_db

ADDED = "SELECT %s::bigint + %s::bigint"


def added(one: int, other: int) -> int:
    with run(ADDED, [one, other]) as cursor:
        return cursor.fetchone()[0]


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def test_a_statement_that_is_sent_again_and_again_is_planned_once_whatever_the_size_of_its_numbers() -> None:
    for number in range(PREPARED_AFTER):
        assert added(number, 1) == number + 1
    assert not any("bigint +" in statement for statement in prepared())
    assert [added(1, 2), added(40_000, 1), added(2**40, 1)] == [3, 40_001, 2**40 + 1]
    assert len([statement for statement in prepared() if "bigint +" in statement]) == 1


def test_a_number_larger_than_any_row_has_is_looked_for_in_vain() -> None:
    with run("SELECT 1 FROM django_migrations WHERE id = %s", [10**26]) as cursor:
        assert cursor.fetchall() == []


def test_whoever_counts_statements_sees_it_with_its_values() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert added(20, 22) == 42
    assert [query["sql"] for query in queries] == ["SELECT 20::bigint + 22::bigint"]


def test_it_is_undone_with_the_transaction_and_works_after_a_rollback() -> None:
    for _time in range(PREPARED_AFTER + 2):
        with pytest.raises(DataError), transaction.atomic():
            run("SELECT 1 / %s::bigint", [0])
        assert added(1, 1) == 2


def test_nothing_is_sent_in_a_transaction_that_is_broken() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            run("SELECT 1", [])
        transaction.set_rollback(False)
