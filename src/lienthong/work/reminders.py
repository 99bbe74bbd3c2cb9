"""The morning's reminder: one e-mail to everybody with whom something lies that is due today or overdue.

Two steps. `plan` puts down who is to be reminded, once a day; each row has a job of its own, enqueued with it. `send`
takes one row and sends. It marks the row before it sends and takes the mark off again when the mail server refuses:
a failure is tried again, and a process that dies in between costs one reminder rather than sending two.

The e-mail has codes, tasks and moments. Names and addresses of applicants stay at the desk.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.organisations.queries import acting_in, province, tree
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.work import queries
from lienthong.work.models import Reminder, WorkItem

QUEUE = "work"
SEND_JOB = "work.send_reminder"
SHOWN = 15
"""So many items are named; of the rest the e-mail says how many there are."""
COUNTED = 500
KEPT = timedelta(days=60)
"""How long it stays known who was reminded when."""


@dataclass(frozen=True, slots=True)
class Due:
    """What one person is reminded of: the most urgent items, and how many there are in all."""

    items: tuple[WorkItem, ...]
    late: int
    today: int

    @property
    def more(self) -> int:
        return self.late + self.today - len(self.items)


@transaction.atomic
def plan(day: date) -> int:
    """Put down everybody who is to be reminded on the day, each with a job. Returns how many.

    Does nothing on a day off, and nothing when it was done for the day: what comes in later in the morning is no
    reason for another e-mail.
    """
    if not calendar_of(province().calendar).is_working_day(day) or Reminder.objects.filter(day=day).exists():
        return 0
    Reminder.objects.filter(day__lt=day - KEPT).delete()
    planned = _put_down(_reachable(_people_with_work_due(day), day), day)
    defer_named(SEND_JOB, [{"account": account_id, "day": day.isoformat()} for account_id in planned], queue=QUEUE)
    return len(planned)


def _end_of(day: date) -> datetime:
    return clock.day_start(day + timedelta(days=1))


def _people_with_work_due(day: date) -> set[int]:
    agencies, posts = tree(), set()
    for post_id, organisation_id, role in queries.desks_with_work_due(_end_of(day)):
        at_desk = agencies.posts_in(organisation_id, role, day) if post_id is None else ()
        posts |= {post.id for post in at_desk} if post_id is None else {post_id}
    return {account_id for accounts in acting_in(sorted(posts), day).values() for account_id in accounts}


def _reachable(account_ids: Collection[int], day: date) -> list[int]:
    accounts = Account.objects.filter(pk__in=account_ids, is_active=True).exclude(email="")
    return list(accounts.order_by("pk").values_list("pk", flat=True))


def _put_down(account_ids: list[int], day: date) -> list[int]:
    """Those for whom there was no row yet: of two planners at once each gets its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_reminder (account_id, day) SELECT unnest(%s::bigint[]), %s"
            " ON CONFLICT (account_id, day) DO NOTHING RETURNING account_id",
            [account_ids, day],
        )
        return [row[0] for row in cursor.fetchall()]


def send(account_id: int, day: date) -> bool:
    """Send a planned reminder, if it is still its day, nobody has sent it yet and something is still due.

    Says whether an e-mail went out. Raises what the mail server raises; the reminder is then as it was before.
    """
    if day != clock.today() or not _take(account_id, day):
        return False
    try:
        return _send(account_id, day)
    except BaseException:
        Reminder.objects.filter(account_id=account_id, day=day).update(sent_at=None)
        raise


def _take(account_id: int, day: date) -> bool:
    waiting = Reminder.objects.filter(account_id=account_id, day=day, sent_at=None)
    return waiting.update(sent_at=clock.now()) == 1


def _send(account_id: int, day: date) -> bool:
    account = Account.objects.filter(pk=account_id, is_active=True).exclude(email="").first()
    officer = actor_of(account) if account else None
    if account is None or not isinstance(officer, Officer):
        return False
    due = _due(officer, day)
    if not due.items:
        return False
    _message(account, due, day).send()
    return True


def _due(officer: Officer, day: date) -> Due:
    found = list(queries.due_before(_end_of(day), officer.posts)[:COUNTED])
    now = clock.now()
    late = sum(item.due_at < now for item in found)
    return Due(tuple(found[:SHOWN]), late, len(found) - late)


def _message(account: Account, due: Due, day: date) -> EmailMultiAlternatives:
    """In Vietnamese, as text and as HTML. The same reminder always has the same Message-ID, by which mail programs
    know a second copy."""
    with translation.override(settings.LANGUAGE_CODE):
        given = {
            "name": account.full_name,
            "due": due,
            "now": clock.now(),
            "day": day,
            "inbox": settings.ORIGIN + reverse(settings.DESK_ADDRESS),
            "portal": province().portal_name,
        }
        message = EmailMultiAlternatives(
            subject=_subject(due),
            body=render_to_string("work/mail/reminder.txt", given),
            to=[account.email],
            headers={
                "Message-ID": f"<reminder.{day:%Y%m%d}.{account.pk}@{urlsplit(settings.ORIGIN).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("work/mail/reminder.html", given), "text/html")
    return message


def _subject(due: Due) -> str:
    late = ngettext("%(n)s task overdue", "%(n)s tasks overdue", due.late) % {"n": due.late}
    today = ngettext("%(n)s task due today", "%(n)s tasks due today", due.today) % {"n": due.today}
    if due.late and due.today:
        return gettext("%(late)s, %(today)s") % {"late": late, "today": today}
    return late if due.late else today
