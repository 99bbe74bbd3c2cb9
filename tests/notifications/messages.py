"""Messages for tests: told to the people of the cast, sent as the worker would."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lienthong.cases.notifying import RECEIVED
from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.notifications import services
from lienthong.notifications.models import Delivery, Notification
from lienthong.notifications.services import Recipient
from lienthong.notifications.services.telling import DELIVER_JOB
from tests import cast

CODE = "000.00.17.H16-250303-0001"
DUE = datetime(2025, 3, 24, 16, 30, tzinfo=clock.ZONE)
CONTEXT: dict[str, Any] = {
    "code": CODE,
    "procedure": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "agency": "UBND thành phố Gia Nghĩa",
    "due": DUE,
}
WALK_IN = Recipient(name="Lê Văn Cường", phone="0912345678", email="cuong@thu.example")


def somebody(username: str = cast.AN, **given: str) -> Recipient:
    return Recipient(account_id=cast.account(username).pk, **given)


@transaction.atomic
def told(to: Recipient | None = None, *, key: str = "1", **rest: Any) -> Notification | None:
    """What was told; None when nobody was."""
    given = {"kind": RECEIVED, "subject": ("dossier", 12), "context": CONTEXT, "link": "/ho-so-cua-toi/12/", **rest}
    made = services.notify(to=to or somebody(), key=key, **given)
    return Notification.objects.get(pk=made) if made else None


def jobs() -> list[dict[str, Any]]:
    """The calls that were enqueued to send one delivery each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [DELIVER_JOB])
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


def deliveries(notification: Notification | None) -> dict[str, Delivery]:
    """By channel."""
    assert notification
    return {each.channel: each for each in Delivery.objects.filter(notification_id=notification.pk)}


def declare(text: str) -> None:
    """Publish declarations of a test."""
    plan = definitions.plan_text(text, folder="tests", file="test.yaml")
    assert not plan.problems, "\n".join(map(str, plan.problems))
    definitions.apply(plan)


def problems(text: str) -> list[str]:
    """What is wrong with declarations."""
    return [str(each) for each in definitions.plan_text(text, folder="tests", file="test.yaml").problems]
