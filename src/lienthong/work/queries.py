"""Reads of the inbox. They look at the open partition only, whatever lies in the years behind."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, get_args

from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Concat

from lienthong.foundation import clock
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.queries import acting_in, tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work.models import WorkItem
from lienthong.work.services import Subject
from lienthong.work.subjects import SUBJECTS

PAGE = 50
COUNT_LIMIT = 100
"""Counts stop here; the page then shows 99+."""

Due = Literal["late", "soon", "later", "waiting"]
URGENCIES: tuple[Due, ...] = get_args(Due)


@dataclass(frozen=True, slots=True)
class Filters:
    """How an officer narrows the inbox.

    `day`: what falls due on it, and today also what is late already. `text`: words of the code or the title, in any
    order, accents or not.
    """

    post: HeldPost | None = None
    due: Due | None = None
    day: date | None = None
    role: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page begins behind it."""

    due_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with somebody."""

    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How many items of each urgency there are, each counted to COUNT_LIMIT at most, and how many fall due on each of
    the next days, today first; what is late counts today."""

    counts: dict[Due, int]
    days: list[tuple[date, int]]


# The parts read `mine` each by its own index and stop at their limit; their conditions are those of `_of_urgency`.
# Written here because Django would build the conditions of thirty posts five times over.
_STANDING = """
WITH mine AS NOT MATERIALIZED ({mine})
SELECT (SELECT count(*) FROM (SELECT FROM mine WHERE NOT waiting AND due_at < %s LIMIT {most}) late),
       (SELECT count(*) FROM (SELECT FROM mine WHERE NOT waiting AND due_at >= %s AND due_at < %s LIMIT {most}) soon),
       (SELECT count(*) FROM (SELECT FROM mine WHERE NOT waiting AND due_at >= %s LIMIT {most}) later),
       (SELECT count(*) FROM (SELECT FROM mine WHERE waiting LIMIT {most}) waiting),
       ARRAY(SELECT due_at FROM mine WHERE NOT waiting AND due_at < %s ORDER BY due_at LIMIT {week})"""


def lying_with(posts: Iterable[HeldPost]) -> Q:
    """The items that lie with these posts: one branch a role, however many posts there are."""
    held = list(posts)
    desks: dict[str, set[int]] = {}
    for post in held:
        for role in post.roles:
            desks.setdefault(role, set()).add(post.organisation.id)
    mine = Q(post_id__in=[post.id for post in held])
    for role, organisations in sorted(desks.items()):
        mine |= Q(post__isnull=True, role=role, organisation_id__in=sorted(organisations))
    return mine


def inbox(
    officer: Officer, filters: Filters, *, now: datetime, soon: datetime, after: Cursor | None = None
) -> list[WorkItem]:
    """A page of what the officer has to do, the most urgent first; one row more than a page when there is a next.

    `soon` is the end of the stretch that counts as due soon.
    """
    items = _narrowed(officer, filters, now=now, soon=soon)
    if after:
        items = items.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, id__gt=after.id))
    return _named(officer, items.order_by("due_at", "id")[: PAGE + 1])


def _named(officer: Officer, items: Iterable[WorkItem]) -> list[WorkItem]:
    """With the names of what is limited to posts by name, for those who may see it. Two queries for each kind of it,
    none where there is none. To be read, not to be saved."""
    found = list(items)
    limited: dict[str, set[int]] = {}
    for item in found:
        if item.limited and item.subject_type in SUBJECTS:
            limited.setdefault(item.subject_type, set()).add(item.subject_id)
    facts = {
        (kind, pk): fact
        for kind, ids in limited.items()
        if (seen := SUBJECTS[kind].seen_by(officer, ids))
        for pk, fact in SUBJECTS[kind].facts(seen).items()
    }
    for item in found:
        if fact := facts.get((item.subject_type, item.subject_id)) if item.limited else None:
            item.title, item.code = fact.title, fact.code
    return found


def matching(officer: Officer, filters: Filters, *, now: datetime, soon: datetime, most: int) -> list[WorkItem]:
    """Everything that `inbox` would show page by page, up to `most`."""
    return list(_narrowed(officer, filters, now=now, soon=soon).order_by("due_at", "id")[:most])


def standing(officer: Officer, filters: Filters, *, now: datetime, soon: datetime, days: int) -> Standing:
    """What the inbox says above its list, on whichever day and of whichever urgency the list is. One query."""
    items = _narrowed(officer, replace(filters, due=None, day=None), now=now, soon=soon)
    mine, of_mine = items.order_by().values_list("due_at", "waiting").query.sql_with_params()
    today = clock.local(now).date()
    end = clock.day_start(today + timedelta(days=days))
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING.format(mine=mine, most=COUNT_LIMIT, week=COUNT_LIMIT * days),
            [*of_mine, now, now, soon, soon, end],
        )
        *counted, moments = cursor.fetchone()
    found = Counter(max(clock.local(moment).date(), today) for moment in moments)
    return Standing(
        dict(zip(URGENCIES, counted, strict=True)),
        [(day, found[day]) for day in (today + timedelta(days=n) for n in range(days))],
    )


def _narrowed(officer: Officer, filters: Filters, *, now: datetime, soon: datetime) -> QuerySet[WorkItem]:
    posts = (filters.post,) if filters.post else officer.posts
    items = WorkItem.objects.filter(lying_with(posts), is_open=True)
    if filters.role:
        items = items.filter(role=filters.role)
    if words := folded(filters.text).split():
        items = items.annotate(known_by=Fold(Concat("code", Value(" "), "title")))
        for word in words:
            items = items.filter(known_by__contains=word)
    if filters.day is not None:
        items = _due_on(items, filters.day, clock.local(now).date())
    return _of_urgency(items, filters.due, now, soon)


def _of_urgency(items: QuerySet[WorkItem], due: Due | None, now: datetime, soon: datetime) -> QuerySet[WorkItem]:
    match due:
        case "late":
            return items.filter(waiting=False, due_at__lt=now)
        case "soon":
            return items.filter(waiting=False, due_at__gte=now, due_at__lt=soon)
        case "later":
            return items.filter(waiting=False, due_at__gte=soon)
        case "waiting":
            return items.filter(waiting=True)
    return items


def _due_on(items: QuerySet[WorkItem], day: date, today: date) -> QuerySet[WorkItem]:
    due = items.filter(waiting=False, due_at__lt=clock.day_start(day + timedelta(days=1)))
    return due if day == today else due.filter(due_at__gte=clock.day_start(day))


def next_item(officer: Officer, *, besides: Subject) -> WorkItem | None:
    """What the officer had best do next: the most urgent item about something else that does not wait for others."""
    items = WorkItem.objects.filter(lying_with(officer.posts), is_open=True, waiting=False)
    others = items.exclude(subject_type=besides[0], subject_id=besides[1])
    return others.order_by("due_at", "id").first()


def loads(post_ids: Iterable[int], *, now: datetime) -> dict[int, Load]:
    """How much was assigned to each of these posts and is not done yet. One query; a post without items is missing."""
    items = WorkItem.objects.filter(is_open=True, post_id__in=list(post_ids)).order_by()
    late = Count("id", filter=Q(due_at__lt=now, waiting=False))
    rows = items.values("post_id").annotate(open=Count("id"), late=late)
    return {row["post_id"]: Load(row["open"], row["late"]) for row in rows}


def overdue(subject_type: str, *, purpose: str, now: datetime) -> list[WorkItem]:
    """Open items of a kind whose moment has passed, the oldest first."""
    items = WorkItem.objects.filter(is_open=True, subject_type=subject_type, purpose=purpose, due_at__lt=now)
    return list(items.order_by("due_at", "id"))


def due_before(moment: datetime, posts: Iterable[HeldPost]) -> QuerySet[WorkItem]:
    """What lies with these posts, waits for nobody and falls due before the moment; the most urgent first."""
    items = WorkItem.objects.filter(lying_with(posts), is_open=True, waiting=False, due_at__lt=moment)
    return items.order_by("due_at", "id")


def desks_with_work_due(moment: datetime) -> list[tuple[int | None, int, str]]:
    """Where work lies that falls due before the moment: (post, organisation, role), each once, the whole province."""
    items = WorkItem.objects.filter(is_open=True, waiting=False, due_at__lt=moment)
    return list(items.order_by().values_list("post_id", "organisation_id", "role").distinct())


class AtDesk(Protocol):
    """Whatever lies with somebody: with a post, or with whoever has the role in an organisation."""

    pk: int
    organisation_id: int
    role: str
    post_id: int | None


def acting_on(tasks: Collection[AtDesk]) -> dict[int, list[int]]:
    """By task the accounts with which it lies, those who stand in for somebody away among them. Two queries."""
    agencies, today = tree(), clock.today()
    posts = {
        task.pk: [task.post_id]
        if task.post_id
        else [post.id for post in agencies.posts_in(task.organisation_id, task.role, today)]
        for task in tasks
    }
    acting = acting_in(sorted({post for each in posts.values() for post in each}))
    return {task: sorted({who for post in each for who in acting.get(post, ())}) for task, each in posts.items()}
