"""The morning's reminder: one e-mail a working day to everybody with something due, whatever breaks in between."""

import json
from datetime import datetime, time, timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.clock import ZONE
from lienthong.foundation.organisations.models import Absence
from lienthong.identity.models import Account
from lienthong.work import jobs, reminders, services
from lienthong.work.models import Reminder
from tests import cast
from tests.work.items import handler, item

pytestmark = pytest.mark.django_db

MORNING = cast.MONDAY.replace(hour=7, minute=30)
TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def monday_morning():
    with clock.at(MORNING):
        yield


def sends() -> list[dict[str, object]]:
    """The jobs that were enqueued to send one reminder each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [reminders.SEND_JOB])
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


def send_all() -> None:
    for call in sends():
        jobs.send_reminder(**call)


def addresses() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def test_everybody_at_the_desk_and_nobody_else_is_reminded_of_what_is_due_today():
    item(1, MORNING.replace(hour=17))
    assert reminders.plan(TODAY) == 2
    send_all()
    assert sorted(addresses()) == ["mai.qldt@daknong.example", "tuan.qldt@daknong.example"]


def test_what_was_assigned_is_the_matter_of_that_person_alone():
    item(1, MORNING - timedelta(days=4), post_id=handler().acting.id)
    reminders.plan(TODAY)
    send_all()
    assert addresses() == ["mai.qldt@daknong.example"]


def test_who_stands_in_is_reminded_too_on_the_days_of_the_absence():
    item(1, MORNING - timedelta(days=4), post_id=handler().acting.id)
    absence = Absence.objects.create(
        post_id=handler().acting.id,
        account=cast.account(cast.HANDLER),
        substitute=cast.account(cast.HEAD),
        valid_from=TODAY,
        valid_to=TODAY,
    )
    reminders.plan(TODAY)
    send_all()
    assert sorted(addresses()) == ["hung.qldt@daknong.example", "mai.qldt@daknong.example"]
    assert reminders.acting_in([absence.post_id], TODAY + timedelta(days=1)) == {absence.post_id: {absence.account_id}}


@pytest.mark.parametrize(
    ("due", "waiting"), [(MORNING + timedelta(days=1), False), (MORNING - timedelta(days=1), True)]
)
def test_what_is_due_later_or_waits_for_somebody_is_no_reason_for_an_e_mail(due, waiting):
    item(1, due, waiting=waiting)
    assert reminders.plan(TODAY) == 0
    assert not Reminder.objects.exists()


def test_the_e_mail_says_what_is_late_and_what_is_due_and_nothing_of_the_applicant():
    item(1, MORNING - timedelta(days=3), post_id=handler().acting.id, title="Nhà của Nguyễn Văn An")
    item(2, MORNING.replace(hour=17), post_id=handler().acting.id, task="Dự thảo giấy phép")
    reminders.plan(TODAY)
    send_all()
    (message,) = mail.outbox
    assert message.subject == "1 việc quá hạn, 1 việc đến hạn hôm nay"
    assert isinstance(message, EmailMultiAlternatives)
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    for text in (message.body, html):
        assert "Kính gửi Trần Thị Mai" in text
        assert "000.00.31.H16-250303-0001" in text and "Dự thảo giấy phép" in text
        assert "28/02/2025 07:30" in text and "03/03/2025 17:30" in text
        assert "http://localhost:8000/ban-lam-viec/" in text
        assert "Nguyễn Văn An" not in text and "Trần Hưng Đạo" not in text
    assert message.body.index("0001") < message.body.index("0002")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_e_mail_is_vietnamese_and_harmless_whatever_a_task_is_called():
    item(1, post_id=handler().acting.id, due=MORNING, task="<script>alert(1)</script> & 100%")
    reminders.plan(TODAY)
    send_all()
    html = mail.outbox[0].alternatives[0][0]
    assert "<script>" not in html and "&lt;script&gt;" in html and "<script>" in mail.outbox[0].body


def test_of_many_tasks_the_most_urgent_are_named_and_the_rest_counted():
    for n in range(1, 21):
        item(n, MORNING - timedelta(hours=n), post_id=handler().acting.id)
    reminders.plan(TODAY)
    send_all()
    assert mail.outbox[0].subject == "20 việc quá hạn"
    assert mail.outbox[0].body.count("Quá hạn từ") == reminders.SHOWN
    assert "và 5 việc khác." in mail.outbox[0].body


def test_planning_twice_on_a_day_reminds_once():
    item(1, MORNING)
    assert reminders.plan(TODAY) == 2
    assert reminders.plan(TODAY) == 0
    item(2, MORNING, post_id=handler().acting.id)
    assert reminders.plan(TODAY) == 0
    assert len(sends()) == 2


def test_two_planners_at_once_put_everybody_down_once():
    item(1, MORNING)
    assert sorted(reminders._put_down([handler().account_id], TODAY)) == [handler().account_id]
    assert reminders._put_down([handler().account_id], TODAY) == []


def test_a_job_that_runs_twice_sends_once():
    item(1, MORNING, post_id=handler().acting.id)
    reminders.plan(TODAY)
    send_all()
    send_all()
    assert len(mail.outbox) == 1


def test_when_the_mail_server_refuses_it_is_tried_again_and_sent_once(monkeypatch):
    item(1, MORNING, post_id=handler().acting.id)
    reminders.plan(TODAY)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", lambda self: (_ for _ in ()).throw(SMTPException("busy")))
        with pytest.raises(SMTPException):
            send_all()
    assert mail.outbox == []
    send_all()
    send_all()
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_while_sending_costs_a_reminder_and_never_sends_two():
    item(1, MORNING, post_id=handler().acting.id)
    reminders.plan(TODAY)
    assert reminders._take(handler().account_id, TODAY)  # and here it died
    send_all()
    assert mail.outbox == []


def test_what_was_done_before_the_e_mail_went_out_is_not_named():
    item(1, MORNING, post_id=handler().acting.id)
    reminders.plan(TODAY)
    services.close_items(subject=("dossier", 1), parts=[1], at=MORNING, account_id=None, outcome="xong")
    send_all()
    assert mail.outbox == []


def test_yesterdays_reminder_is_not_sent_today():
    item(1, MORNING, post_id=handler().acting.id)
    reminders.plan(TODAY)
    with clock.at(MORNING + timedelta(days=1)):
        send_all()
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_has_no_address_or_no_account_any_more_gets_nothing(change):
    item(1, MORNING, post_id=handler().acting.id)
    reminders.plan(TODAY)
    Account.objects.filter(username=cast.HANDLER).update(**change)
    send_all()
    assert mail.outbox == []
    Reminder.objects.all().delete()
    assert reminders.plan(TODAY) == 0


@pytest.mark.parametrize("day", ["2025-03-02", "2025-04-30", "2025-01-29"])
def test_nobody_is_reminded_on_sundays_holidays_and_at_tet(day):
    moment = datetime.combine(datetime.fromisoformat(day), time(7, 30), ZONE)
    item(1, moment - timedelta(days=1))
    with clock.at(moment):
        jobs.plan_reminders(0)
    assert sends() == []


def test_nobody_is_reminded_before_half_past_seven_and_a_late_machine_still_reminds():
    item(1, MORNING)
    with clock.at(MORNING - timedelta(minutes=1)):
        jobs.plan_reminders(0)
    assert sends() == []
    with clock.at(MORNING + timedelta(minutes=80)):
        jobs.plan_reminders(0)
    assert len(sends()) == 2


def test_the_worker_plans_between_seven_and_nine_of_vietnam():
    periodic = jobs.app.periodic_registry.periodic_tasks[("work.plan_reminders", "")]
    midnight = datetime(2025, 3, 3, tzinfo=ZONE).timestamp()
    schedule = periodic.croniter
    schedule.set_current(start_time=midnight)
    moments = [datetime.fromtimestamp(schedule.get_next(ret_type=float), ZONE) for _n in range(12)]
    assert {moment.date() for moment in moments} == {TODAY}
    assert MORNING in moments and moments[-1].time() < time(9)


def test_who_was_reminded_is_forgotten_after_two_months():
    Reminder.objects.create(account_id=handler().account_id, day=TODAY - timedelta(days=61), sent_at=MORNING)
    Reminder.objects.create(account_id=handler().account_id, day=TODAY - timedelta(days=59), sent_at=MORNING)
    item(1, MORNING)
    reminders.plan(TODAY)
    assert Reminder.objects.filter(day__lt=TODAY).count() == 1
