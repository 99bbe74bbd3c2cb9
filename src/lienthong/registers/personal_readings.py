"""Who has opened entries that name somebody, as that person is told: which agency, when, for what kind of purpose.

As the copy of their data tells it (`personal_data`): only for an account whose number a clerk has confirmed, only of
registers that tell, no names of officers, and of a purpose only its kind, since its words may name others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.ledger.entries import EntryView, Subject
from lienthong.foundation.ledger.queries import about_all
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.statements import run
from lienthong.registers import purposes
from lienthong.registers.personal_data import MOST_ENTRIES, any_of, confirmed_number, named_by, telling
from lienthong.registers.services.reading import subject_of_readings

PAGE = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody in a post opened an entry on a day for one kind of purpose: once or several `times`."""

    first: datetime
    last: datetime
    times: int
    agency: str
    post: str
    register: str
    entry_id: int
    purpose: str
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Readings:
    """A page, newest first. `next` is where the following one begins. `confirmed`: whether the account's number is, so
    that anything can be told."""

    rows: list[Reading]
    next: int | None
    confirmed: bool


def readings_of(account_id: int, *, before: int | None = None, size: int = PAGE) -> Readings:
    """Four queries at most, however many registers there are and however often which entry was read."""
    number = confirmed_number(account_id)
    if not number:
        return Readings([], None, confirmed=False)
    named = _naming(number)
    page = about_all(list(named), before=before, size=size)
    return Readings(_together(_reading(entry, named[entry.subject]) for entry in page.entries), page.next, True)


def _naming(number: str) -> dict[Subject, str]:
    """Under what the ledger knows readings of the entries that name somebody, with what their register is called. One
    query over all registers."""
    bodies = [(body, conditions) for body in telling() if (conditions := named_by(body, number))]
    if not bodies:
        return {}
    pieces, values = [], []
    for place, (body, conditions) in enumerate(bodies):
        anywhere, given = any_of(conditions)
        pieces.append(
            f"(SELECT {place} AS place, id FROM {body.layout.table} WHERE {anywhere}"
            f" ORDER BY id DESC LIMIT {MOST_ENTRIES})"
        )
        values += given
    with run(" UNION ALL ".join(pieces), values) as cursor:
        found = cursor.fetchall()
    return {subject_of_readings(bodies[place][0].key, id): bodies[place][0].name for place, id in found}


def _reading(entry: EntryView, register: str) -> Reading:
    post = tree().posts.get(entry.post_id or 0)
    node = tree().nodes.get(post.organisation_id if post else entry.organisation_id or 0)
    return Reading(
        first=entry.at,
        last=entry.at,
        times=1,
        agency=node.name if node else "",
        post=post.title if post else "",
        register=register,
        entry_id=entry.subject[1],
        purpose=purposes.kind_of(str(entry.data.get("purpose", ""))) or _("Another purpose, which is on record"),
        account_id=entry.account_id,
    )


def _together(readings: Iterable[Reading]) -> list[Reading]:
    """What was read of one entry on one day in one post for one purpose, with nothing in between, is one line."""
    rows: list[Reading] = []
    for each in readings:
        if rows and _same(rows[-1], each):
            rows[-1] = replace(rows[-1], first=each.first, times=rows[-1].times + 1)
        else:
            rows.append(each)
    return rows


def _same(one: Reading, other: Reading) -> bool:
    def said(reading: Reading) -> tuple[object, ...]:
        day = clock.local(reading.first).date()
        return day, reading.account_id, reading.post, reading.register, reading.entry_id, reading.purpose

    return said(one) == said(other)
