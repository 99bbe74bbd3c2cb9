"""Two people publish at once; other processes publish, or are killed in the middle."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from django.db import connection, connections

from lienthong.foundation.definitions import services, shelf
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.planning import Plan
from lienthong.foundation.definitions.queries import DefinitionNotFound
from tests import databases
from tests.foundation.definitions import lending
from tests.foundation.definitions.lending import ARCHIVE, CENTRAL

pytestmark = pytest.mark.usefixtures("committed")


def planned(folder: Path, text: str) -> Plan:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return services.plan([folder])


def apply(plan: Plan) -> list[int]:
    """In a thread of its own, with its own connection."""
    try:
        return [row.pk for row in services.apply(plan)]
    finally:
        connections.close_all()


def at_once(first: Plan, second: Plan, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    """Apply both: the second begins while the first is in the middle and waits until it has ended."""
    in_the_middle, go_on = Event(), Event()

    def wait(*_: object) -> None:
        in_the_middle.set()
        assert go_on.wait(10)

    monkeypatch.setitem(ARCHIVE.__dict__, "materialise", wait)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(apply, first)
        assert in_the_middle.wait(10)
        with pytest.raises(DefinitionNotFound):
            ARCHIVE.current("kho-trung-tam")
        two = pool.submit(apply, second)
        while not _somebody_waits_for_a_lock():
            sleep(0.01)
        go_on.set()
        return one.exception() or one.result(), two.exception() or two.result()


def test_of_two_who_publish_different_things_one_wins_and_the_other_is_told(folder: Path, monkeypatch):
    first = planned(folder, CENTRAL)
    second = planned(folder, CENTRAL.replace("metres: 3", "metres: 4"))
    won, lost = at_once(first, second, monkeypatch)
    assert won == [row.pk for row in lending.rows()]
    assert isinstance(lost, services.PublishedMeanwhile)
    assert lost.way_out == "Plan again."
    assert ARCHIVE.current("kho-trung-tam").body.shelves[1].metres == 3


def test_the_same_plan_applied_twice_at_once_publishes_once(folder: Path, monkeypatch):
    plan = planned(folder, CENTRAL)
    won, again = at_once(plan, plan, monkeypatch)
    assert (won, again) == ([lending.rows().get().pk], [])


def test_a_plan_is_stale_when_anything_it_was_checked_against_has_changed(folder: Path):
    publish: Callable[[str], list[Definition]] = lambda text: services.apply(planned(folder, text))  # noqa: E731
    publish(CENTRAL)
    plan = planned(folder, CENTRAL.replace("metres: 3", "metres: 4"))
    services.retire(ARCHIVE, "kho-trung-tam", reason="x")
    with pytest.raises(services.PublishedMeanwhile):
        services.apply(plan)


def test_a_process_killed_in_the_middle_leaves_nothing_and_holds_nobody_up(folder: Path):
    plan = planned(folder, CENTRAL)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.definitions.interrupted", str(folder)],
        env={**os.environ, "LT_DATABASE_URL": databases.address()},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"published\n"
    process.kill()
    process.communicate()
    assert not lending.rows().exists()
    assert len(services.apply(plan)) == 1


def test_who_asks_while_another_is_reading_what_was_published_here_waits_for_it(folder: Path, monkeypatch):
    services.apply(planned(folder, CENTRAL))
    assert ARCHIVE.current("kho-trung-tam").body.shelves[1].metres == 3
    services.apply(planned(folder, CENTRAL.replace("metres: 3", "metres: 4")))
    reading, go_on, read = Event(), Event(), shelf._read

    def slowly() -> shelf.Shelf:
        reading.set()
        assert go_on.wait(10)
        return read()

    def ask() -> object:
        try:
            return ARCHIVE.current("kho-trung-tam").body.shelves[1].metres
        finally:
            connections.close_all()

    monkeypatch.setattr(shelf, "_read", slowly)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask)]
        assert reading.wait(10)
        asked.append(pool.submit(ask))
        sleep(0.1)
        assert not asked[1].done()
        go_on.set()
        assert [each.result() for each in asked] == [4, 4]


def test_what_another_process_publishes_is_seen_after_a_moment(
    publish: Callable[..., object], settings, django_assert_num_queries
):
    settings.DEFINITIONS_RECHECK_SECONDS = float("inf")
    publish(central=CENTRAL)
    assert ARCHIVE.current("kho-trung-tam").name == "Kho lưu trữ trung tâm"
    with connection.cursor() as cursor:  # as another process would: nothing here is told
        cursor.execute(
            "INSERT INTO definitions_definition"
            " (kind, key, version, body, checksum, effective_from, published_at, note, folder, file, source)"
            " SELECT kind, key, version + 1, jsonb_set(body, '{name}', '\"Kho hai\"'), checksum, effective_from,"
            " published_at, note, folder, file, source FROM definitions_definition WHERE kind = 'archive'"
        )
    with django_assert_num_queries(0):
        assert ARCHIVE.current("kho-trung-tam").name == "Kho lưu trữ trung tâm"
    settings.DEFINITIONS_RECHECK_SECONDS = 0
    assert ARCHIVE.current("kho-trung-tam").name == "Kho hai"
    with django_assert_num_queries(1):
        assert ARCHIVE.current("kho-trung-tam").name == "Kho hai"


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])
