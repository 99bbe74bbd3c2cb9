"""What `lt doctor` says about messages."""

from datetime import timedelta
from typing import Any

import pytest

from lienthong.cases.notifying import WORD
from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.notifications.definition import TEMPLATE
from lienthong.notifications.health import messages
from lienthong.notifications.models import Delivery
from tests import cast
from tests.docs.pages import DOCS, Page
from tests.notifications.messages import WALK_IN, declare, deliveries, jobs, problems, told

pytestmark = pytest.mark.django_db

HOW_TO = Page(DOCS / "how-to" / "send-sms.md")


def said() -> str:
    return " ".join(f"{finding.what} {finding.mend}" for finding in messages())


def example() -> str:
    """The channel of the how-to, with its reports."""
    channel, reports = (block.text for block in HOW_TO.blocks if block.language == "yaml")
    return channel + "".join(f"    {line}\n" for line in reports.splitlines())


def test_the_demonstration_is_fine():
    assert said().strip() == "go out."


def test_outside_the_demonstration_a_channel_that_only_writes_files_is_named(settings: Any):
    settings.DEMO = False
    assert "sms: messages are only written to LT_HOME/messages/sms" in said()


def test_the_example_of_the_documentation_can_be_published_and_lacks_its_secrets(monkeypatch: pytest.MonkeyPatch):
    assert problems(example()) == []
    declare(example())
    assert "sms: GATEWAY_SMS is not set" in said()
    monkeypatch.setenv("GATEWAY_SMS", "x")
    assert "sms: GATEWAY_SMS_REPORTS is not set" in said()
    monkeypatch.setenv("GATEWAY_SMS_REPORTS", "x")
    assert "sms" not in said()


def test_messages_that_wait_too_long_are_named_with_the_reason():
    waiting = deliveries(told(WALK_IN))["sms"]
    with clock.at(cast.MONDAY + timedelta(minutes=59)):
        assert "wait since" not in said()
    Delivery.objects.filter(pk=waiting.pk).update(error="no answer", changed_at=cast.MONDAY - timedelta(minutes=1))
    with clock.at(cast.MONDAY + timedelta(minutes=61)):
        assert "sms: messages wait since 03/03/2025 08:30 (no answer)" in said()


def test_what_failed_is_counted():
    told(WALK_IN)
    ids = [call["delivery"] for call in jobs()]
    Delivery.objects.filter(pk__in=ids).update(state="failed", error="no such number")
    assert "2 could not be delivered in seven days; one of them: no such number" in said()


def test_a_kind_of_message_without_a_wording_is_named():
    definitions.retire(TEMPLATE, WORD.key, reason="Tỉnh không dùng")
    with clock.at(cast.MONDAY + timedelta(days=2)):
        assert "Nobody is told: dossier-word." in said()
