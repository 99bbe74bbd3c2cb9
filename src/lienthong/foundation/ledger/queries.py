"""Reading the ledger. Who may read which entries is for the room that shows them to decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from lienthong.foundation import clock
from lienthong.foundation.ledger.entries import EntryView, Subject
from lienthong.foundation.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and where the next page begins (None: there is none)."""

    entries: Sequence[EntryView]
    next: int | None


def entry(entry_id: int, at: datetime | None = None) -> EntryView:
    """One entry; quicker with its moment, which tells the year's partition. Raises LookupError when it is not there."""
    found = Entry.objects.filter(id=entry_id)
    row = (found.filter(at=at) if at else found).first()
    if row is None:
        raise LookupError(f"the ledger has no entry {entry_id}")
    return _view(row)


def timeline(subject: Subject, since: int | None = None, *, limit: int = 500) -> list[EntryView]:
    """What happened to a subject, newest last. With `since` only what came after that entry; at most the newest
    `limit` entries."""
    subject_type, subject_id = subject
    found = Entry.objects.filter(subject_type=subject_type, subject_id=subject_id)
    if since is not None:
        found = found.filter(id__gt=since)
    return [_view(row) for row in reversed(found.order_by("-id")[:limit])]


def search(
    *,
    kind: str | None = None,
    subject: Subject | None = None,
    account_id: int | None = None,
    organisation_ids: Collection[int] | None = None,
    post_ids: Collection[int] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    before: int | None = None,
    size: int = 50,
) -> Page:
    """Entries that fit all that is asked for, newest first. Days are Vietnam's and both included.

    `organisation_ids` limits to these agencies, `post_ids` to what was done in these posts (empty: nothing). `before`
    continues a page: it is the `next` of the page shown.
    """
    found = _chosen(kind=kind, subject=subject, account_id=account_id, organisation_ids=organisation_ids)
    if post_ids is not None:
        found = found.filter(post_id__in=post_ids)
    if first_day is not None:
        found = found.filter(at__gte=_start(first_day))
    if last_day is not None and last_day < date.max:
        found = found.filter(at__lt=_start(last_day + timedelta(days=1)))
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: size + 1])
    return Page([_view(row) for row in rows[:size]], rows[size - 1].id if len(rows) > size else None)


_ABOUT_ALL = """
    SELECT found.id FROM unnest(%(types)s::text[], %(ids)s::bigint[]) AS wanted (subject_type, subject_id)
    CROSS JOIN LATERAL (
        SELECT entry.id FROM ledger_entry entry
         WHERE entry.subject_type = wanted.subject_type AND entry.subject_id = wanted.subject_id {before}
         ORDER BY entry.id DESC LIMIT %(limit)s
    ) found ORDER BY found.id DESC LIMIT %(limit)s"""


def about_any(subject_type: str, subject_ids: Collection[int], *, before: int | None = None, size: int = 50) -> Page:
    """As `about_all`, of things of one type."""
    return about_all([(subject_type, each) for each in subject_ids], before=before, size=size)


def about_all(subjects: Collection[Subject], *, before: int | None = None, size: int = 50) -> Page:
    """Entries about any of several things, newest first, as `search`. Two queries.

    Of each thing a page's length is looked at, in the order of the index: the cost grows with the number of things, not
    with how much happened to them.
    """
    values: dict[str, Any] = {
        "types": [subject_type for subject_type, _id in subjects],
        "ids": [id for _type, id in subjects],
        "limit": size + 1,
        "before": before,
    }
    statement = _ABOUT_ALL.format(before="AND entry.id < %(before)s" if before is not None else "")
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ids = [row[0] for row in cursor.fetchall()]
    rows = list(Entry.objects.filter(id__in=ids[:size]).order_by("-id"))
    return Page([_view(row) for row in rows], ids[size - 1] if len(ids) > size else None)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A subscriber that failed for an entry so often that it is no longer called, or whose job kills its worker.

    `error` is what it raised last; empty when it never came so far.
    """

    job_id: int
    entry_id: int
    subscriber: str
    attempts: int
    error: str


def dead_letters(limit: int = 100) -> list[DeadLetter]:
    """What needs somebody's help, the latest first; `delivery.try_again` enqueues it again."""
    with connection.cursor() as cursor:
        cursor.execute(_DEAD_LETTERS, [limit])
        return [DeadLetter(*row) for row in cursor.fetchall()]


_DEAD_LETTERS = """
    SELECT job.id, (job.args->>'entry')::bigint, job.args->>'subscriber', job.attempts, coalesce(failed.error, '')
      FROM procrastinate_jobs job
      LEFT JOIN ledger_faileddelivery failed
        ON failed.entry_id = (job.args->>'entry')::bigint AND failed.subscriber = job.args->>'subscriber'
     WHERE job.task_name = 'ledger.deliver' AND job.status = 'failed'
     ORDER BY job.id DESC LIMIT %s"""


def _chosen(
    *,
    kind: str | None,
    subject: Subject | None,
    account_id: int | None,
    organisation_ids: Collection[int] | None,
) -> QuerySet[Entry]:
    found = Entry.objects.all()
    if kind is not None:
        found = found.filter(kind=kind)
    if subject is not None:
        found = found.filter(subject_type=subject[0], subject_id=subject[1])
    if account_id is not None:
        found = found.filter(account_id=account_id)
    if organisation_ids is not None:
        found = found.filter(organisation_id__in=organisation_ids)
    return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.ZONE)


def _view(row: Entry) -> EntryView:
    return EntryView(
        id=row.id,
        at=clock.local(row.at),
        kind=row.kind,
        subject=(row.subject_type, row.subject_id),
        account_id=row.account_id,
        post_id=row.post_id,
        organisation_id=row.organisation_id,
        data=row.data,
    )
