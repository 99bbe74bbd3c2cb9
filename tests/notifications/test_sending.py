"""Sending: until it is taken or given up, at most once in effect, whatever breaks in between."""

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from lienthong.foundation import clock
from lienthong.notifications import gateways, jobs, services
from lienthong.notifications.gateways import Gateway, NotTaken, Outgoing, Refused, Report, Taken, Unavailable, file
from lienthong.notifications.models import Delivery, Told
from lienthong.notifications.services import sending
from tests import cast
from tests.notifications import messages
from tests.notifications.messages import CODE, WALK_IN, declare, deliveries, told

pytestmark = pytest.mark.django_db

State = Delivery.State


class Probe(Gateway):
    """Does what a test wants, and remembers what it was given."""

    key = "probe"
    reaches = ("mobile",)
    sent: list[Outgoing] = []
    answer: Any = Taken(reference="abc")
    knows = False

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.knows_repeats = Probe.knows

    def send(self, message: Outgoing) -> Taken:
        Probe.sent.append(message)
        if isinstance(Probe.answer, Exception):
            raise Probe.answer
        return Probe.answer


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> type[Probe]:
    """SMS go by the probe."""
    monkeypatch.setattr(gateways, "_known", {**gateways._known, "probe": Probe})
    Probe.sent, Probe.answer, Probe.knows = [], Taken(reference="abc"), False
    declare(
        """
kind: message-channel
key: sms
name: Tin nhắn SMS
effective_from: 2020-01-01
reaches: mobile
full: false
marks: false
gateway: {uses: probe}
"""
    )
    return Probe


def sms() -> Delivery:
    message = told(WALK_IN)
    return deliveries(message)["sms"]


def send(delivery: Delivery) -> Delivery:
    services.deliver(delivery.pk, delivery.created_at)
    delivery.refresh_from_db()
    return delivery


def test_the_worker_sends_everything_that_was_enqueued():
    message = told()
    for call in messages.jobs():
        jobs.deliver(**call)
    states = {key: each.state for key, each in deliveries(message).items()}
    assert states == {"email": State.SENT, "sms": State.DELIVERED}
    assert len(mail.outbox) == 1 and len(file.written("sms")) == 1


def test_an_e_mail_says_it_in_text_and_html_with_the_way_to_it():
    send(deliveries(told())["email"])
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    assert letter.subject == f"Hồ sơ {CODE} đã được tiếp nhận"
    assert letter.body.startswith("Kính gửi Nguyễn Văn An,\n")
    assert "https://dichvucong.daknong.example/ho-so-cua-toi/12/" in letter.body
    ((html, _kind),) = letter.alternatives
    assert "https://dichvucong.daknong.example/ho-so-cua-toi/12/" in html and "Hẹn trả kết quả" in html


def test_an_sms_is_short_without_marks_and_says_nothing_personal(probe: type[Probe]):
    send(sms())
    (sent,) = probe.sent
    assert sent.text == f"Ho so {CODE} da duoc tiep nhan, hen tra 16:30 24/03/2025. Tra cuu: dichvucong.daknong.example"
    assert len(sent.text) <= 160 and sent.to == "0912345678"


def test_what_was_sent_is_not_sent_again(probe: type[Probe]):
    delivery = sms()
    for _time in range(3):
        send(delivery)
    assert len(probe.sent) == 1
    assert (delivery.state, delivery.tries, delivery.reference) == (State.SENT, 1, "abc")


def test_a_gateway_that_is_down_for_a_day_loses_nothing(probe: type[Probe]):
    delivery = sms()
    probe.answer = Unavailable("no answer")
    now = cast.MONDAY
    for _hour in range(24):
        now += timedelta(hours=1)
        with clock.at(now), pytest.raises(Unavailable):
            _after_the_pause()
            send(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.error) == (State.WAITING, 24, "no answer")
    probe.answer = Taken()
    _after_the_pause()
    assert send(delivery).state == State.SENT
    assert delivery.error == ""


def _after_the_pause() -> None:
    sending.cache.clear()


def test_a_gateway_that_does_not_answer_is_left_alone_for_a_while(probe: type[Probe]):
    first, second = sms(), deliveries(told(WALK_IN, key="2"))["sms"]
    probe.answer = Unavailable("no answer")
    for delivery in (first, second):
        with pytest.raises(Unavailable):
            send(delivery)
    second.refresh_from_db()
    assert len(probe.sent) == 1
    assert (second.state, second.tries, second.error) == (State.WAITING, 0, "no answer")


def test_one_message_that_is_not_taken_does_not_stop_the_others(probe: type[Probe]):
    first, second = sms(), deliveries(told(WALK_IN, key="2"))["sms"]
    probe.answer = NotTaken("later")
    with pytest.raises(NotTaken):
        send(first)
    probe.answer = Taken()
    assert send(second).state == State.SENT


def test_after_three_days_it_is_given_up_with_the_reason(probe: type[Probe]):
    delivery = sms()
    probe.answer = Unavailable("no answer")
    with clock.at(cast.MONDAY + timedelta(days=3)):
        assert send(delivery).state == State.FAILED
    assert delivery.error == "no answer"


def test_what_the_gateway_refuses_is_not_tried_again(probe: type[Probe]):
    delivery = sms()
    probe.answer = Refused("no such number")
    send(send(delivery))
    assert (delivery.state, delivery.error, len(probe.sent)) == (State.FAILED, "no such number", 1)


def test_a_worker_that_died_while_sending_does_not_make_a_second_message(probe: type[Probe]):
    delivery = sms()
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SENDING)
    send(delivery)
    assert probe.sent == []
    assert (delivery.state, delivery.error) == (State.FAILED, sending.UNKNOWN)


def test_a_gateway_that_knows_repeats_is_asked_again_after_the_worker_died(probe: type[Probe]):
    probe.knows = True
    delivery = sms()
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SENDING)
    assert send(delivery).state == State.SENT
    assert [each.id for each in probe.sent] == [str(delivery.pk)]


def test_of_two_workers_at_once_one_sends(probe: type[Probe]):
    delivery = sms()
    other = Delivery.objects.get(pk=delivery.pk)
    assert sending._begin(delivery) and not sending._begin(other)


def test_a_channel_that_is_no_longer_offered_ends_its_messages(probe: type[Probe], monkeypatch: pytest.MonkeyPatch):
    delivery = sms()
    monkeypatch.delitem(gateways._known, "probe")
    assert send(delivery).state == State.FAILED


def test_a_delivery_that_lost_its_job_gets_a_new_one(probe: type[Probe]):
    waiting, sent = sms(), send(deliveries(told(WALK_IN, key="2"))["sms"])
    before = len(messages.jobs())
    assert services.take_up() == 0
    with clock.at(cast.MONDAY + timedelta(hours=3)):
        assert services.take_up() == 3  # of two SMS and two e-mails, less the one that was sent
    assert sent.state == State.SENT
    new = [call["delivery"] for call in messages.jobs()[before:]]
    assert waiting.pk in new and sent.pk not in new


@pytest.mark.parametrize(("delivered", "state"), [(True, State.DELIVERED), (False, State.FAILED)])
def test_what_the_gateway_reports_later_is_written_down(probe: type[Probe], delivered: bool, state: State):
    delivery = send(sms())
    report = Report("abc", delivered, "" if delivered else "out of reach")
    assert services.take_report(channel="sms", report=report)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (state, report.failed)


def test_a_late_report_of_a_failure_does_not_undo_that_it_arrived(probe: type[Probe]):
    delivery = send(sms())
    services.take_report(channel="sms", report=Report("abc", True))
    assert services.take_report(channel="sms", report=Report("abc", False, "?"))
    assert not services.take_report(channel="sms", report=Report("xyz", True))
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


def test_a_mailbox_that_does_not_exist_is_not_tried_again(monkeypatch: pytest.MonkeyPatch):
    delivery = deliveries(told(WALK_IN))["email"]

    def refuse(self: EmailMultiAlternatives) -> int:
        raise SMTPRecipientsRefused({"cuong@thu.example": (550, b"no such user")})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    assert send(delivery).state == State.FAILED
    assert delivery.error == "550 no such user"


@pytest.mark.parametrize(
    "error",
    [SMTPServerDisconnected("gone"), ConnectionRefusedError("refused"), SMTPRecipientsRefused({"a": (450, b"")})],
)
def test_a_mail_server_that_cannot_now_is_tried_again(monkeypatch: pytest.MonkeyPatch, error: Exception):
    delivery = deliveries(told(WALK_IN))["email"]

    def fail(self: EmailMultiAlternatives) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    with pytest.raises((Unavailable, SMTPRecipientsRefused)):
        send(delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.WAITING


def test_keys_are_forgotten_when_nothing_can_use_them_any_more():
    told()
    services.tidy()
    assert Told.objects.exists()
    with clock.at(cast.MONDAY + timedelta(days=401)):
        services.tidy()
    assert not Told.objects.exists()


def test_a_job_of_a_delivery_that_is_gone_does_nothing():
    services.deliver(10**9, datetime(2025, 3, 3, tzinfo=clock.ZONE))
