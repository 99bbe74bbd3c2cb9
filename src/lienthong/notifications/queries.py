"""What people were told. Lists page by keyset and count nothing but the unread, and of those no more than a hundred."""

from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.entries import Subject
from lienthong.notifications.models import Delivery, Notification, Preferences

PAGE = 20
MOST_COUNTED = 99


class NoSuchNotification(NotFound):
    code = "notifications.no_such_notification"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list goes on: behind that message, among the unread or the read ones."""

    among: Literal["unread", "read"]
    id: int

    def __str__(self) -> str:
        return f"{self.among}-{self.id}"

    @staticmethod
    def of(text: str) -> "Place | None":
        """The place that an address names; None for anything else."""
        among, _dash, digits = text.partition("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            return None
        if among == "unread":
            return Place("unread", int(digits))
        return Place("read", int(digits)) if among == "read" else None


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """A stretch of the list, and where the next one begins."""

    rows: tuple[Notification, ...]
    next: Place | None


def page_of(account_id: int, after: Place | None = None) -> NotificationPage:
    """The unread first, each half from the newest on. Two queries at most, whatever the number of messages."""
    own = Notification.objects.filter(account_id=account_id).defer("data").order_by("-id")
    found: list[Notification] = []
    if after is None or after.among == "unread":
        unread = own.filter(read_at__isnull=True)
        found += (unread.filter(id__lt=after.id) if after else unread)[: PAGE + 1]
    if len(found) <= PAGE:
        read = own.filter(read_at__isnull=False)
        behind = read.filter(id__lt=after.id) if after and after.among == "read" else read
        found += behind[: PAGE + 1 - len(found)]
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = Place("read" if last.read_at else "unread", last.pk) if last else None
    return NotificationPage(tuple(found[:PAGE]), following)


def own(account_id: int, notification_id: int) -> Notification:
    """Raises NoSuchNotification when it is not this person's."""
    found = Notification.objects.filter(pk=notification_id, account_id=account_id).first()
    if found is None:
        raise NoSuchNotification(_("There is no such message for you."))
    return found


def unread_count(account_id: int) -> int:
    """At most one more than is shown as a number. One look into the index of unread messages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM notifications_notification"
            " WHERE account_id = %s AND read_at IS NULL LIMIT %s) unread",
            [account_id, MOST_COUNTED + 1],
        )
        return int(cursor.fetchone()[0])


def preferences_of(account_id: int) -> Preferences:
    return Preferences.objects.filter(account_id=account_id).first() or Preferences(account_id=account_id)


def told_about(subject: Subject) -> list[tuple[Notification, list[Delivery]]]:
    """Everything that was told about a thing, newest first, each with its deliveries. Two queries."""
    told = list(Notification.objects.filter(subject_type=subject[0], subject_id=subject[1]).order_by("-id"))
    deliveries: dict[int, list[Delivery]] = {}
    for each in Delivery.objects.filter(notification_id__in=[row.pk for row in told]).order_by("id"):
        deliveries.setdefault(each.notification_id, []).append(each)
    return [(row, deliveries.get(row.pk, [])) for row in told]
