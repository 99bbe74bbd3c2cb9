"""Registers of NĐ 30/2020 App. IV of an agency for a period; here its incoming documents, and how they are settled.

What the paper register has clerks write by hand, whom a document was handed to, when, and who signed for it, follows
from the tasks: handed over when the task was opened, signed for by who saw it first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from lienthong.documents.models import Arrival, Task
from lienthong.documents.queries.relations import hide_answers
from lienthong.documents.queries.settlement import Period, handed_to, limited, progress_of
from lienthong.documents.rules.following import UNDONE, Progress
from lienthong.documents.rules.journey import Outcome
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.work.rules import Part

PAGE = 50
CHUNK = 500
LIMITED = "văn bản hạn chế"
"""What a register says in place of the mark of such a document: in the words of official lists."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines of an agency's register: `unit` those handed to it in the period, else those that arrived in it.
    `readers`: the posts of who reads, for what is limited to posts by name."""

    period: Period
    unit: Node | None = None
    progress: Progress | None = None
    readers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """How a register is read: `at` is the column by which its lines are ordered, before the id, a day or `by_moment`;
    `row` what a line was made of."""

    rows: Callable[[Node, Filters], QuerySet[Any]]
    at: str
    lines: Callable[[Sequence[Any]], list[Any]]
    row: Callable[[Any], Any]
    by_moment: bool = False

    def page(self, agency: Node, filters: Filters, *, after: tuple[datetime, int] | None = None) -> list[Any]:
        """The newest first; one more than a page when there is a next."""
        found = self.rows(agency, filters)
        if after:
            moment, pk = after
            at = moment if self.by_moment else moment.date()
            found = found.filter(Q(**{f"{self.at}__lt": at}) | Q(**{self.at: at, "pk__lt": pk}))
        return self.lines(list(found.order_by(f"-{self.at}", "-id")[: PAGE + 1]))

    def place(self, line: Any) -> tuple[datetime, int]:
        """Where a line stands; the page after it begins there."""
        row = self.row(line)
        at = getattr(row, self.at)
        return (at if self.by_moment else clock.day_start(at)), row.pk

    def whole(self, agency: Node, filters: Filters) -> Iterator[Any]:
        """All lines in the order of the register, read in portions."""
        found = self.rows(agency, filters).order_by(self.at, "id").iterator(chunk_size=CHUNK)
        while portion := list(islice(found, CHUNK)):
            yield from self.lines(portion)

    def longer_than(self, agency: Node, filters: Filters, most: int) -> bool:
        """Counts no further than that."""
        counted: int = self.rows(agency, filters).order_by()[: most + 1].count()
        return counted > most


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a document was handed to, when, and who saw it when."""

    name: str
    lead: bool
    handed_at: datetime
    seen_by: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    arrival: Arrival
    limit: datetime | None
    done_at: datetime | None
    progress: Progress
    receivers: tuple[Receiver, ...]


def _narrowed(agency: Node, filters: Filters) -> QuerySet[Arrival]:
    """With `limit`, `done` and `progress`: of the agency, or where a unit is asked for, of the unit."""
    found = Arrival.objects.filter(organisation_id=agency.id, number__isnull=False).select_related("document")
    named = Arrival.readers.through.objects.filter(arrival_id=OuterRef("pk"), post_id__in=filters.readers)
    found = found.filter(Q(limited=False) | Exists(named))
    if filters.unit:
        handed = handed_to([filters.unit.id], filters.period).filter(arrival=OuterRef("pk")).order_by("-id")
        due, done = Subquery(handed.values("due_at")[:1]), Subquery(handed.values("done_at")[:1])
        found = found.filter(Exists(handed)).annotate(limit=due, done=done)
    else:
        found = found.filter(arrived_on__range=(filters.period.first, filters.period.last))
        found = limited(found).annotate(done=F("finished_at"))
    found = found.annotate(progress=progress_of("limit", "done", clock.now()))
    return found.filter(progress=filters.progress) if filters.progress else found


def _lines(arrivals: Sequence[Arrival]) -> list[Line]:
    hide_answers(arrivals, posts=(), said=LIMITED)
    tasks = _handed_on(arrivals)
    names = _names(task for each in tasks.values() for task in each)
    return [
        Line(
            arrival,
            getattr(arrival, "limit"),  # noqa: B009 - the annotations of `_narrowed`
            getattr(arrival, "done"),  # noqa: B009
            Progress(getattr(arrival, "progress")),  # noqa: B009
            tuple(_receiver(task, names) for task in tasks.get(arrival.pk, [])),
        )
        for arrival in arrivals
    ]


def _handed_on(arrivals: Sequence[Arrival]) -> dict[int, list[Task]]:
    """Whom the leader directed each to, who leads first; until then, to whom it was presented. Who was to co-operate
    and was let go when it was settled had it all the same."""
    top = Q(parent=None) | Q(parent__parent=None)
    undone = Q(part=Part.LEAD, outcome__in=UNDONE) | Q(outcome=Outcome.RETURNED)
    found = Task.objects.filter(top, arrival_id__in=[arrival.pk for arrival in arrivals]).exclude(undone)
    presented: dict[int, list[Task]] = {}
    directed: dict[int, list[Task]] = {}
    for task in found.exclude(part=Part.KNOW).select_related("seen_by").order_by("id"):
        (directed if task.parent_id else presented).setdefault(task.arrival_id, []).append(task)
    return {
        arrival.pk: sorted(
            directed.get(arrival.pk) or presented.get(arrival.pk, []), key=lambda task: task.part != Part.LEAD
        )
        for arrival in arrivals
    }


def _names(tasks: Iterable[Task]) -> dict[int, str]:
    """Of the people who hold the posts with which tasks lie, by post. One query."""
    holders = holders_of(sorted({task.post_id for task in tasks if task.post_id}))
    return {post: ", ".join(name for _account, name in held) for post, held in holders.items()}


def _receiver(task: Task, names: dict[int, str]) -> Receiver:
    agencies = tree()
    post = agencies.posts.get(task.post_id) if task.post_id else None
    name = agencies[task.organisation_id].name
    if post:
        name = names.get(post.id) or post.title
    seen_by = task.seen_by.full_name if task.seen_by else ""
    return Receiver(name, task.part == Part.LEAD, task.opened_at, seen_by, task.seen_at)


INCOMING = Source(_narrowed, "arrived_on", _lines, row=lambda line: line.arrival)
"""Four queries for a page."""
