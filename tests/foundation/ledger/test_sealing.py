"""Blocks are closed behind the writers' backs, and never over an entry that may still appear."""

import random
import threading
from itertools import pairwise

import psycopg
import pytest
from django.db import connection, transaction

from lienthong.foundation.ledger import keys, sealing, verification
from lienthong.foundation.ledger.models import Block, Key
from tests.foundation.ledger.helpers import happened

INSERT = "INSERT INTO ledger_entry (at, kind, subject_type, subject_id, data) VALUES (now(), 'k', 's', 1, '{}')"


def another_connection() -> psycopg.Connection:
    return psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None})


def blocks() -> list[tuple[int, int, int, int]]:
    return list(Block.objects.order_by("number").values_list("number", "from_id", "to_id", "count"))


@pytest.mark.django_db
def test_blocks_cover_the_ids_without_a_gap():
    last = 0
    for number in range(1, 4):
        first = happened()
        last = happened()
        assert sealing.seal_now() == 2
        assert blocks()[-1][0] == number and blocks()[-1][2:] == (last, 2)
        assert first <= last
    covered = blocks()
    assert covered[0][1] == 1
    assert all(later[1] == earlier[2] + 1 for earlier, later in pairwise(covered))


@pytest.mark.django_db
def test_nothing_new_makes_no_block():
    assert sealing.seal_now() == 0
    happened()
    assert sealing.seal_now() == 1
    assert sealing.seal_now() == 0
    assert len(blocks()) == 1


@pytest.mark.django_db
def test_many_entries_are_sealed_in_blocks_of_bounded_size(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "BLOCK_SIZE", 4)
    for _ in range(10):
        happened()
    assert sealing.seal_now() == 10
    assert [count for *_, count in blocks()] == [4, 4, 2]
    assert verification.verify().sound


@pytest.mark.usefixtures("committed")
def test_ids_of_undone_transactions_are_no_findings():
    happened()
    with another_connection() as other:
        other.execute(INSERT)
        other.rollback()
    happened()
    assert sealing.seal_now() == 2
    assert verification.verify().sound


@pytest.mark.usefixtures("committed")
def test_an_entry_that_commits_late_is_waited_for_by_the_sealer_and_by_nobody_else():
    happened()
    with another_connection() as slow:
        slow.execute(INSERT)  # it has drawn its id, and takes its time
        happened()
        assert sealing.seal_now(patience=0.1) == 0
        slow.commit()
    assert sealing.seal_now() == 3
    assert verification.verify().sound


@pytest.mark.usefixtures("committed")
def test_a_transaction_that_began_later_does_not_hold_back_what_was_there_before():
    happened()
    with another_connection() as first:
        first.execute(INSERT)
        assert sealing.seal_now(patience=0) == 0
        first.commit()
        with another_connection() as second:
            second.execute(INSERT)
            assert sealing.seal_now(patience=0) == 2
            assert sealing.seal_now(patience=0) == 0
    assert sealing.seal_now() == 1
    assert verification.verify().sound


@pytest.mark.usefixtures("committed")
def test_readers_hold_nothing_back():
    with another_connection() as reader:
        reader.execute("SELECT count(*) FROM ledger_entry")
        happened()
        assert sealing.seal_now(patience=0) == 1


@pytest.mark.usefixtures("committed")
def test_long_transactions_that_write_elsewhere_hold_nothing_back():
    with another_connection() as other:
        other.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        happened()
        assert sealing.seal_now(patience=0) == 1


@pytest.mark.usefixtures("committed")
def test_an_entry_written_after_going_back_to_a_savepoint_is_waited_for():
    with another_connection() as slow:
        slow.execute("SAVEPOINT before")
        slow.execute(INSERT)
        slow.execute("ROLLBACK TO SAVEPOINT before")
        slow.execute(INSERT)
        happened()
        assert sealing.seal_now(patience=0) == 0
        slow.commit()
    assert sealing.seal_now() == 2
    assert verification.verify().sound


@pytest.mark.usefixtures("committed")
def test_while_one_process_seals_others_leave_it_to_that_one():
    happened()
    with another_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [0x6C656467])
        assert sealing.seal_now(patience=0) == 0
    assert sealing.seal_now() == 1


@pytest.mark.usefixtures("committed")
def test_many_writers_at_once_with_undone_and_slow_transactions_lose_nothing():
    """Six writers commit in any order and undo every fourth transaction while two sealers run without a pause."""
    committed: list[int] = []
    writing = threading.Event()
    writing.set()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        with another_connection() as own:
            for _ in range(60):
                number = own.execute(f"{INSERT} RETURNING id").fetchone()
                if chance.random() < 0.3:
                    own.execute("SELECT pg_sleep(%s)", [chance.random() / 50])
                if chance.random() < 0.25:
                    own.rollback()
                else:
                    own.commit()
                    committed.append(number[0])

    def seal() -> None:
        try:
            while writing.is_set():
                sealing.seal_now(patience=0.05)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[seed]) for seed in range(6)]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    for thread in sealers:
        thread.join()
    sealing.seal_now()

    report = verification.verify()
    assert report.sound, report.findings
    assert (report.entries, report.unsealed) == (len(committed), 0)
    assert report.blocks > 1


@pytest.mark.usefixtures("committed")
def test_a_sealer_that_fails_leaves_no_half_block(monkeypatch: pytest.MonkeyPatch):
    happened()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sealing.seal_now()
        raise ZeroDivisionError
    assert blocks() == []
    assert sealing.seal_now() == 1
    assert verification.verify().sound


@pytest.mark.usefixtures("committed")
def test_processes_that_start_at_once_make_one_key():
    made: list[str] = []
    ready = threading.Barrier(8)

    def start() -> None:
        try:
            ready.wait()
            made.append(keys.signing_key().id)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8 and len(set(made)) == 1
    assert Key.objects.count() == 1
