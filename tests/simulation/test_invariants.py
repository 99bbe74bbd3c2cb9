"""Every promise about dossiers notices when it is broken. The breaking goes past the services, as a fault would."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction

from lienthong.cases import events, services
from lienthong.cases.models import Component, Dossier
from lienthong.cases.services.carrying import calendar_now
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.storage import content_name
from lienthong.foundation.ledger import services as ledger
from lienthong.simulation import invariants
from lienthong.simulation.pauses import least_due
from tests import cast
from tests.cases import dossiers
from tests.simulation import test_registers

pytestmark = pytest.mark.django_db

BREAKING = {
    "owner": "UPDATE cases_stepvisit SET done_at = opened_at WHERE done_at IS NULL",
    "end": "UPDATE cases_dossier SET status = 8, finished_at = submitted_at",
    "items": "UPDATE work_workitem SET is_open = false, done_at = opened_at WHERE is_open",
    "one-item": """INSERT INTO work_workitem (is_open, subject_type, subject_id, part_id, purpose, task, title, code,
                   organisation_id, role, opened_at, due_at, waiting, outcome)
                   SELECT is_open, subject_type, subject_id, part_id, purpose, task, title, code,
                   organisation_id, role, opened_at, due_at, waiting, outcome FROM work_workitem WHERE is_open""",
    "days": "UPDATE cases_dossier SET code = regexp_replace(code, '-[0-9]{6}-', '-990101-')",
    "books": "UPDATE numbering_numberbook SET last = 0",
    "waiting": "UPDATE cases_stepvisit SET waiting = true WHERE done_at IS NULL",
    "steps": "UPDATE cases_dossier SET status = 9",
    "ledger": "UPDATE cases_dossier SET status = 2",
    "order": "UPDATE cases_stepvisit SET done_at = opened_at - interval '1 hour' WHERE done_at IS NOT NULL",
}


@pytest.fixture(autouse=True)
def some_dossiers():
    with clock.at(cast.MONDAY):
        dossiers.submitted()
        dossiers.in_hand()
        dossiers.approved()
        yield


def broken() -> set[str]:
    return {verdict.invariant.name for verdict in invariants.look() if verdict.offenders}


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_the_services_made_breaks_nothing():
    assert broken() == set()


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_row_is_found(name):
    run(BREAKING[name])
    assert name in broken()


def test_a_code_that_was_given_twice_is_found():
    constraints = "SELECT conname FROM pg_constraint WHERE conrelid = 'cases_dossier'::regclass AND contype = 'u'"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(constraints)
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE cases_dossier DROP CONSTRAINT "{name}"')
    run("UPDATE cases_dossier SET code = 'H16.31-250303-0001'")
    assert "codes" in broken()


def test_a_clock_that_ran_while_a_dossier_was_paused_is_found():
    with clock.at(cast.MONDAY):
        asked = dossiers.in_hand()
        dossiers.act(asked, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu bản vẽ móng.")
    with clock.at(cast.MONDAY.replace(day=6)):
        services.supplement(dossier_id=asked.pk, applicant=cast.actor(cast.AN), note="Tôi gửi lại bản vẽ.")
    assert broken() == set()
    run(f"UPDATE cases_dossier SET due_at = due_at - interval '3 days' WHERE id = {asked.pk}")
    assert broken() == {"pauses"}


MORNING = datetime(2025, 3, 3, 8, 0, tzinfo=clock.ZONE)


def at(day: int, hour: int = 8) -> datetime:
    return MORNING.replace(day=day, hour=hour)


def test_the_earliest_due_date_is_counted_over_payments_supplements_and_corrections():
    calendar, limit = calendar_now(), Limit.parse("5 working days")
    received, asked, paid = ("cases.received", at(3)), ("cases.payment_requested", at(4)), ("cases.settled", at(6))
    whole = least_due([received], limit, "restart", calendar)
    assert whole == at(10)
    assert least_due([received, asked], limit, "restart", calendar) == whole, "while it waits nothing is promised"
    assert least_due([received, asked, paid], limit, "restart", calendar) == at(12), "a payment is never counted again"
    brought = [("cases.supplement_requested", at(10)), ("cases.supplemented", at(11))]
    assert least_due([received, asked, paid, *brought], limit, "restart", calendar) == at(18)
    assert least_due([received, asked, paid, *brought], limit, "pause", calendar) == at(13)
    again = [("cases.acceptance_undone", at(5)), ("cases.received", at(6))]
    assert least_due([received, *again], limit, "restart", calendar) == at(13)
    assert least_due(brought, limit, "restart", calendar) is None, "before the reception no time runs"


def test_a_clock_that_ran_while_a_payment_was_awaited_is_found():
    asked = dossiers.in_hand()
    for hours, kind in ((1, events.PAYMENT_REQUESTED), (50, events.SETTLED)):
        with clock.at(cast.MONDAY + timedelta(hours=hours)):
            data = {"status": int(asked.status)}
            ledger.record(kind, subject=("dossier", asked.pk), actor=None, organisation_id=None, data=data)
    assert broken() == {"pauses"}
    run(f"UPDATE cases_dossier SET due_at = due_at + interval '3 days' WHERE id = {asked.pk}")
    assert broken() == set()


def test_a_new_date_that_nobody_decides_on_is_found():
    asked = dossiers.in_hand()
    services.ask_extension(
        dossier_id=asked.pk,
        visit_id=dossiers.visit(asked, "tham-dinh").pk,
        officer=cast.actor(cast.HANDLER),
        day=date(2025, 4, 15),
        reason="Chờ kết quả đo đạc.",
    )
    assert broken() == set()
    run("UPDATE work_workitem SET is_open = false, done_at = opened_at WHERE subject_type = 'extension'")
    assert broken() == {"extensions"}


def test_a_file_without_content_is_found():
    file = StoredFile.objects.first()
    storages["default"].delete(content_name(file.sha256))
    assert "contents" in broken()


def test_a_file_that_belongs_to_nothing_is_found():
    Component.objects.filter(pk=Component.objects.values("pk")[:1]).delete()
    dossiers.stored()
    assert "files" in broken()


def test_a_new_file_of_an_old_dossier_belongs_to_it():
    oldest, newest = Dossier.objects.earliest("pk"), Dossier.objects.latest("pk")
    files = next(one for one in invariants.INVARIANTS if one.name == "files")
    with clock.at(cast.MONDAY + timedelta(hours=1)):
        file = dossiers.stored()
        oldest.data["photo"] = {"id": str(file.pk), "name": file.name, "size": file.size, "kind": "image"}
        oldest.save(update_fields=["data"])
        assert files.find(newest.pk) == [f"file {file.pk} belongs to nothing"], "nothing tells that the old one has it"
        with transaction.atomic():
            ledger.record(
                events.SUPPLEMENTED,
                subject=("dossier", oldest.pk),
                actor=cast.actor(cast.AN),
                organisation_id=oldest.competent_id,
                data={},
            )
    assert files.find(newest.pk) == [] == files.find(0)


def test_only_the_newest_are_looked_at_when_that_is_asked():
    run("UPDATE cases_dossier SET status = 2 WHERE id = (SELECT min(id) FROM cases_dossier)")
    ledger = next(one for one in invariants.INVARIANTS if one.name == "ledger")
    looked = {v.invariant: v.offenders for v in invariants.look(newest=2)}
    assert not looked[ledger] and ledger.find(0)


def test_every_promise_has_a_test_that_breaks_it():
    others = {"codes", "pauses", "extensions", "contents", "files"}
    of_registers = {*test_registers.BREAKING, "references", "proposals"}
    assert {invariant.name for invariant in invariants.INVARIANTS} == set(BREAKING) | others | of_registers
