"""Telling people: once, in their words, by the ways they chose, and never for a change that was taken back."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lienthong.cases.notifying import RECEIVED, WORD
from lienthong.foundation import clock, partitions
from lienthong.foundation.definitions import services as definitions
from lienthong.identity.models import Account
from lienthong.notifications import services
from lienthong.notifications.definition import TEMPLATE
from lienthong.notifications.models import Delivery, Notification
from lienthong.notifications.services import Recipient, telling
from tests import cast
from tests.notifications.messages import CODE, CONTEXT, WALK_IN, deliveries, jobs, somebody, told

pytestmark = pytest.mark.django_db


def test_a_message_stands_in_the_account_and_goes_out_by_what_is_turned_on():
    message = told()
    assert message and message.account_id == cast.account(cast.AN).pk
    assert message.title == f"Hồ sơ {CODE} đã được tiếp nhận"
    assert "Hẹn trả kết quả: 16:30 24/03/2025" in message.text
    sent = deliveries(message)
    assert set(sent) == {"email", "sms"}
    assert sent["sms"].address == cast.account(cast.AN).phone
    assert [call["delivery"] for call in jobs()] == sorted(each.pk for each in sent.values())


def test_what_was_told_under_a_key_is_not_told_again():
    assert told() and told() is None and told(key="2")
    assert len(jobs()) == 4


def test_nothing_is_told_and_nothing_sent_for_what_was_taken_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        told()
        raise RuntimeError
    assert not Notification.objects.exists() and not Delivery.objects.exists() and jobs() == []
    assert told()  # the key is free


def test_nobody_is_told_outside_a_transaction(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telling, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(transaction.TransactionManagementError):
        services.notify(kind=RECEIVED, to=WALK_IN, subject=("dossier", 1), key="1", context=CONTEXT)


def test_who_has_no_account_is_reached_by_telephone_and_e_mail():
    message = told(WALK_IN)
    assert message and message.account_id is None
    assert {key: each.address for key, each in deliveries(message).items()} == {
        "email": "cuong@thu.example",
        "sms": "0912345678",
    }


def test_who_cannot_be_reached_at_all_is_not_told():
    assert told(Recipient(name="Lê Văn Cường")) is None
    assert told(Recipient(name="Lê Văn Cường", phone="02613543210")) is None
    assert told(WALK_IN)  # the key is free


def test_the_contact_given_for_the_matter_goes_before_the_accounts_own():
    sent = deliveries(told(somebody(phone="0987654321")))
    assert sent["sms"].address == "0987654321"
    assert sent["email"].address == cast.account(cast.AN).email


def test_a_closed_account_is_not_told():
    Account.objects.filter(username=cast.AN).update(is_active=False)
    assert told() is None


def test_who_turned_everything_off_still_reads_it_in_the_account():
    services.save_preferences(actor=cast.actor(cast.AN), wanted=[], language="vi")
    message = told()
    assert message and deliveries(message) == {} and jobs() == []


def test_who_chose_english_is_told_in_english():
    services.save_preferences(actor=cast.actor(cast.AN), wanted=["dossiers/email"], language="en")
    message = told()
    assert message and message.title == f"Dossier {CODE} was received"
    assert message.language == "en"


def test_what_is_unknown_is_left_out_with_its_paragraph():
    message = told(context={**CONTEXT, "due": None})
    assert message and "Hẹn trả" not in message.text and "\n\n\n" not in message.text
    assert ", hen tra" not in message.short


def test_a_context_holds_what_its_kind_gives_and_nothing_else():
    with pytest.raises(ValueError, match="do not give person_id"):
        told(context={**CONTEXT, "person_id": "067085004127"})


def test_a_wording_out_of_force_means_that_this_is_not_told():
    definitions.retire(TEMPLATE, WORD.key, reason="Tỉnh không dùng")
    with clock.at(cast.MONDAY.replace(day=5)):
        assert told(kind=WORD, context={}) is None
        assert told()


def test_telling_costs_a_fixed_handful_of_statements():
    told(key="warm")
    with CaptureQueriesContext(connection) as captured:
        told(key="measured")
    own = [each for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]]
    assert len(own) <= 8, [each["sql"][:80] for each in own]


def test_messages_lie_in_the_partition_of_their_year():
    tables = ("notifications_notification", "notifications_delivery")
    for table in tables:
        partitions.ensure_years(table, since=cast.MONDAY.year, through=cast.MONDAY.year)
    told()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT DISTINCT tableoid::regclass::text FROM {table}")
            assert cursor.fetchall() == [(f"{table}_2025",)]
