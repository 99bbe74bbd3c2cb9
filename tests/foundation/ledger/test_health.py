"""What the examination of an installation says about the ledger."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.ledger import health, sealing
from lienthong.runtime.health import State
from lienthong.settings.environment import environment
from tests.foundation.ledger.helpers import happened

pytestmark = pytest.mark.django_db


def states() -> list[State]:
    return [finding.state for finding in health.ledger()]


def test_a_guarded_and_sealed_ledger_is_fine():
    happened()
    sealing.seal_now()
    happened()
    assert states() == [State.FINE]


def test_a_ledger_that_could_be_changed_is_broken():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER append_only ON ledger_block")
    assert states() == [State.BROKEN]


def test_entries_that_wait_long_to_be_sealed_are_worth_a_look():
    happened()
    with clock.at(clock.now() + timedelta(hours=1)):
        assert states() == [State.WORTH_A_LOOK]


def test_a_machine_without_the_key_is_told_which_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    happened()
    sealing.seal_now()
    monkeypatch.setattr(environment, "home", tmp_path / "another machine")
    assert states() == [State.WORTH_A_LOOK]


def test_a_subscriber_that_was_given_up_is_worth_a_look():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            """ VALUES ('ledger', 'ledger.deliver', '{"entry": 12, "subscriber": "mails.welcome"}', 'failed')"""
        )
    (finding,) = health.ledger()
    assert finding.state == State.WORTH_A_LOOK
    assert "mails.welcome" in finding.what and "12" in finding.what
