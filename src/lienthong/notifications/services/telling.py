"""Telling somebody something: what was told is kept, and each way it goes by gets a job, all in one transaction."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from lienthong.foundation import clock, rows
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.expressions import template
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.ledger.entries import Subject
from lienthong.foundation.ledger.rules import plain
from lienthong.foundation.organisations.queries import province
from lienthong.identity.models import Account
from lienthong.notifications import channels, rules
from lienthong.notifications.definition import TEMPLATE, TemplateBody, Wording
from lienthong.notifications.kinds import MessageKind
from lienthong.notifications.models import Delivery, Notification, Preferences
from lienthong.notifications.rules import Contact

DELIVER_JOB = "notifications.deliver"
QUEUE = "notifications"

_EMPTY_LINES = re.compile(r"\n\s*\n")
"""Several of them are what stays of a paragraph that had nothing to say."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: by the account, or without one by what is known of the person.

    `phone` and `email` are those given for the matter; where one is empty, the account's own is used.
    """

    account_id: int | None = None
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class _Person:
    """The recipient with what the account and its preferences add."""

    account_id: int | None
    name: str
    contact: Contact
    language: str
    choices: Mapping[str, bool]


def notify(
    *,
    kind: MessageKind,
    to: Recipient,
    subject: Subject,
    key: str,
    context: Mapping[str, Any],
    link: str = "",
) -> int | None:
    """Tell somebody something in the caller's transaction; nothing is sent for what is rolled back.

    `subject` is what it is about, as the ledger names it. `context` has the names that the kind gives; what is None
    is left out of the text. `link` is an address within this site. What was told under a `key` of the kind is not told
    again. Returns the id of the message; None when it was told before, when nobody can be reached, or when the province
    has no wording for this kind in force: taking a wording out of force is how it says that this is not told.

    Raises TransactionManagementError outside a transaction, ValueError for names that the kind does not give.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("people are told only within the transaction of the change")
    if unknown := context.keys() - kind.gives.keys():
        raise ValueError(f"messages of the kind {kind.key!r} do not give {', '.join(sorted(unknown))}")
    person, worded = _person(to), _wording(kind)
    if person is None or worded is None:
        return None
    ways = [channel.way for channel in channels.offered().values()]
    chosen = rules.chosen(ways, person.contact, kind.group.key, person.choices)
    if (person.account_id is None and not chosen) or not _first_time(f"{kind.key}/{key}"):
        return None
    row = _message(kind, person, worded.wording(person.language), subject, context, link)
    rows.insert([row])
    _send_by(row, chosen)
    return row.pk


def _person(to: Recipient) -> _Person | None:
    """None for a closed account."""
    said = Contact(to.email, to.phone)
    if to.account_id is None:
        return _Person(None, to.name, said, settings.LANGUAGE_CODE, {})
    found = rows.fetch(Account, "id = %s AND is_active", to.account_id)
    if not found:
        return None
    account = found[0]
    chosen = rows.fetch(Preferences, "account_id = %s", account.pk)
    preferences = chosen[0] if chosen else Preferences()
    return _Person(
        account.pk,
        to.name or account.full_name,
        said.over(Contact(account.email, account.phone)),
        preferences.language or settings.LANGUAGE_CODE,
        preferences.choices,
    )


def _wording(kind: MessageKind) -> TemplateBody | None:
    try:
        return TEMPLATE.current(kind.key).body
    except DefinitionNotFound:
        return None


def _first_time(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_told (key, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [key, clock.now()]
        )
        return bool(cursor.rowcount)


def _message(
    kind: MessageKind, person: _Person, worded: Wording, subject: Subject, context: Mapping[str, Any], link: str
) -> Notification:
    names = {
        **dict.fromkeys(kind.gives),
        **context,
        "recipient": person.name,
        "portal": _portal_name(),
        "site": urlsplit(settings.ORIGIN).netloc,
        "link": settings.ORIGIN + link if link else "",
        "today": clock.today(),
    }
    with translation.override(person.language):
        title, text, short = (template(part).render(names) for part in (worded.title, worded.text, worded.short))
    title = rules.one_line(title)
    return Notification(
        created_at=clock.now(),
        account_id=person.account_id,
        kind=kind.key,
        recipient=person.name[:200],
        language=person.language,
        title=title[:300],
        text=_EMPTY_LINES.sub("\n\n", text.strip()),
        short=(short.strip() or title)[:500],
        link=link,
        data=plain(context),
        subject_type=subject[0],
        subject_id=subject[1],
    )


def _portal_name() -> str:
    try:
        return province().portal_name
    except NotFound:
        return ""


def _send_by(row: Notification, chosen: Iterable[tuple[str, str]]) -> None:
    deliveries = [
        Delivery(
            created_at=row.created_at,
            notification_id=row.pk,
            channel=channel,
            address=address,
            changed_at=row.created_at,
        )
        for channel, address in chosen
    ]
    rows.insert(deliveries)
    defer_deliveries(deliveries)


def defer_deliveries(deliveries: Iterable[Delivery]) -> None:
    """Enqueue the job that sends, for each."""
    calls = [{"delivery": each.pk, "at": each.created_at.isoformat()} for each in deliveries]
    defer_named(DELIVER_JOB, calls, queue=QUEUE)
