"""From telling to the mailbox, by the real queue and the real worker."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from lienthong.cli import worker
from lienthong.notifications.gateways import file
from lienthong.notifications.models import Delivery
from lienthong.notifications.services.telling import DELIVER_JOB
from tests.notifications.messages import WALK_IN, deliveries, told

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def empty_queue(committed: None) -> None:
    """What made the database of the tests left jobs of its own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def left() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE task_name = %s", [DELIVER_JOB])
        return cursor.fetchall()


def test_what_was_told_arrives():
    message = told(WALK_IN)
    worker.run(until_idle=True)
    assert {key: each.state for key, each in deliveries(message).items()} == {"email": "sent", "sms": "delivered"}
    assert [letter.to for letter in mail.outbox] == [["cuong@thu.example"]]
    assert [each.to for each in file.written("sms")] == ["0912345678"]
    assert left() == []


def test_nothing_arrives_of_what_was_taken_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        told(WALK_IN)
        raise RuntimeError
    worker.run(until_idle=True)
    assert mail.outbox == [] and file.channels() == [] and not Delivery.objects.exists()


def test_what_could_not_be_sent_waits_for_its_next_try(monkeypatch: pytest.MonkeyPatch):
    def fail(self: file.FileGateway, message: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(file.FileGateway, "send", fail)
    message = told(WALK_IN)
    worker.run(until_idle=True)
    sms = deliveries(message)["sms"]
    assert (sms.state, sms.tries, sms.error) == ("waiting", 1, "OSError: no space left on device")
    assert left() == [("todo", 1)]
