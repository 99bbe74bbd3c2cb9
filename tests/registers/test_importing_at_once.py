"""Imports outside of any test's transaction: workers that are killed, two at once, others who enter meanwhile."""

import pytest
from django.db import connection

from lienthong.foundation.ledger.queries import search
from lienthong.registers import access, queries, services
from lienthong.registers.importing import running
from lienthong.registers.importing import services as importing
from tests import cast
from tests.at_once import at_once
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.importing import bring, check, enter, line, undo, xlsx


class Killed(BaseException):
    """What a worker sees that is killed: no handler of errors catches it."""


@pytest.fixture
def handler(committed):
    publish()
    return officer_of("case-handler", GIA_NGHIA)


def ready(officer, rows):
    found = check(bring(xlsx(rows), officer), officer)
    importing.start(register=KEY, key=found.key, officer=officer)
    return found


def numbers(officer):
    body = queries.register(KEY)
    found = queries.page(body, access.rights_of(officer, body, to="read"), size=500)
    return sorted(int(entry.values["so"].split("/")[0]) for entry in found)


@pytest.mark.parametrize("where", ["_copy", "_count", "_record"])
def test_a_worker_that_is_killed_goes_on_where_it_stopped_and_enters_no_row_twice(handler, monkeypatch, where):
    monkeypatch.setattr(running, "CHUNK", 3)
    found = ready(handler, [line(n) for n in range(1, 11)])
    real, calls = getattr(running, where), []

    def killed(*given):
        calls.append(1)
        real(*given)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(running, where, killed)
    with pytest.raises(Killed):
        running.enter(found.pk)
    found.refresh_from_db()
    assert (found.status, found.entered, found.position) == ("running", 3, 4)
    assert numbers(handler) == [1, 2, 3], "what was in hand is gone, what was done is there"
    monkeypatch.setattr(running, where, real)
    running.enter(found.pk)
    found.refresh_from_db()
    assert (found.status, found.entered, found.passed) == ("done", 10, 10) and numbers(handler) == list(range(1, 11))
    assert sum(each.data["entered"] for each in search(kind="registers.imported").entries) == 10
    running.enter(found.pk)
    assert numbers(handler) == list(range(1, 11)), "a job that comes twice does nothing"


def test_of_two_workers_at_the_same_import_one_does_it(handler, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 3)
    found = ready(handler, [line(n) for n in range(1, 20)])
    at_once(lambda: running.enter(found.pk), lambda: running.enter(found.pk))
    running.enter(found.pk)
    found.refresh_from_db()
    assert (found.status, found.entered) == ("done", 19) and numbers(handler) == list(range(1, 20))


def test_what_somebody_enters_in_the_same_moment_is_found_there(handler, monkeypatch):
    found = ready(handler, [line(n) for n in range(1, 6)])
    real = running._copy

    def meanwhile(*given):
        if 3 not in numbers(handler):
            typed = lambda: services.enter(register=KEY, raw=permit(so="3/GPXD"), officer=handler)  # noqa: E731
            (outcome,) = at_once(typed)
            assert outcome.id
        real(*given)

    monkeypatch.setattr(running, "_copy", meanwhile)
    running.enter(found.pk)
    found.refresh_from_db()
    assert (found.entered, found.skipped) == (4, 1) and numbers(handler) == [1, 2, 3, 4, 5]


def test_what_the_table_refuses_costs_its_row_only(handler, monkeypatch):
    found = ready(handler, [line(n) for n in range(1, 6)])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE register_giay_phep_thu ADD CONSTRAINT odd CHECK (so <> '4/GPXD')")
    running.enter(found.pk)
    found.refresh_from_db()
    assert (found.status, found.entered, found.wrong) == ("done", 4, 1) and numbers(handler) == [1, 2, 3, 5]


def test_undoing_that_is_killed_goes_on(handler, monkeypatch):
    from lienthong.registers.importing import undoing

    monkeypatch.setattr(undoing, "CHUNK", 2)
    found = enter(check(bring(xlsx([line(n) for n in range(1, 8)]), handler), handler), handler)
    real, calls = undoing._restore, []

    def killed(*given):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return real(*given)

    monkeypatch.setattr(undoing, "_restore", killed)
    with pytest.raises(Killed):
        undo(found, handler)
    assert len(numbers(handler)) == 5
    monkeypatch.setattr(undoing, "_restore", real)
    undoing.undo(found.pk)
    found.refresh_from_db()
    assert (found.status, found.withdrawn) == ("undone", 7) and numbers(handler) == []


def test_whoever_lost_the_post_meanwhile_enters_nothing_more(handler, monkeypatch):
    found = ready(handler, [line(1)])
    account = cast.account(cast.HANDLER)
    account.is_active = False
    account.save()
    running.enter(found.pk)
    found.refresh_from_db()
    assert found.status == "stopped" and found.problem and numbers(handler) == []
