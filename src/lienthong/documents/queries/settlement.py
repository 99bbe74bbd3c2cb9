"""How documents are settled: counted for agencies and for units of them; and what is late, with those who have it now.

A unit is counted by what was handed to it from outside, once, whatever becomes of it inside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from lienthong.documents import policy
from lienthong.documents.models import Arrival, MoreTime, Task, Urging
from lienthong.documents.queries.incoming import not_kept_from
from lienthong.documents.rules.following import UNDONE, Progress, Settlement
from lienthong.documents.rules.journey import Status
from lienthong.foundation import clock
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.work.rules import Part
from lienthong.work.urging import last_and_times

PAGE = 50
SOON = timedelta(days=3)
Due = Literal["late", "soon", "open"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of arrival at the agency, or of being handed to the unit; both included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return clock.day_start(self.first), clock.day_start(self.last + timedelta(days=1))


def limited(arrivals: QuerySet[Arrival]) -> QuerySet[Arrival]:
    """With `limit`: until when the document is to be settled, else what the leader gave who settles it."""
    directed = Task.objects.filter(
        arrival=OuterRef("pk"), parent__parent=None, parent__isnull=False, part=Part.LEAD
    ).exclude(outcome__in=UNDONE)
    given = Subquery(directed.order_by("-id").values("due_at")[:1], output_field=DateTimeField())
    return arrivals.annotate(limit=Coalesce("due_at", given))


def progress_of(due: str, done: str, now: datetime) -> Case:
    """The class of `rules.progress`, by the names of the columns."""
    return Case(
        When(Q(**{f"{due}__isnull": True, f"{done}__isnull": True}), then=Value(Progress.UNLIMITED_OPEN.value)),
        When(Q(**{f"{due}__isnull": True}), then=Value(Progress.UNLIMITED.value)),
        When(Q(**{f"{done}__isnull": True, f"{due}__lt": now}), then=Value(Progress.OPEN_LATE.value)),
        When(Q(**{f"{done}__isnull": True}), then=Value(Progress.OPEN_IN_TIME.value)),
        When(Q(**{f"{done}__lte": F(due)}), then=Value(Progress.IN_TIME.value)),
        default=Value(Progress.LATE.value),
        output_field=CharField(),
    )


def of_agencies(agencies: Iterable[Node], period: Period) -> dict[int, Settlement]:
    """What was registered and not recalled by its sender, but what is limited to posts by name. One query; an agency
    that received nothing is missing."""
    arrivals = Arrival.objects.filter(
        organisation_id__in=[node.id for node in agencies],
        arrived_on__range=(period.first, period.last),
        number__isnull=False,
        limited=False,
    ).exclude(status=Status.RECALLED)
    found = limited(arrivals).annotate(progress=progress_of("limit", "finished_at", clock.now()))
    return _counted(found.order_by().values("organisation_id", "progress").annotate(count=Count("id")))


def of_units(units: Iterable[Node], period: Period) -> dict[int, Settlement]:
    """One query; a unit to which nothing was handed is missing."""
    found = handed_to([node.id for node in units], period).filter(arrival__limited=False)
    found = found.annotate(progress=progress_of("due_at", "done_at", clock.now()))
    return _counted(found.order_by().values("organisation_id", "progress").annotate(count=Count("id")))


def handed_to(units: list[int], period: Period) -> QuerySet[Task]:
    """What units were to settle, as it came in: not what went from hand to hand inside, nor what was given or taken
    back."""
    first, end = period.moments
    return (
        Task.objects.filter(organisation_id__in=units, part=Part.LEAD, opened_at__gte=first, opened_at__lt=end)
        .filter(Q(parent=None) | ~Q(parent__organisation=F("organisation")))
        .exclude(outcome__in=UNDONE)
    )


def _counted(rows: Iterable[Mapping[str, Any]]) -> dict[int, Settlement]:
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["organisation_id"], {})[row["progress"].replace("-", "_")] = row["count"]
    return {organisation: Settlement(**each) for organisation, each in counts.items()}


@dataclass(frozen=True, slots=True)
class Cursor:
    due_at: datetime
    id: int


@dataclass(frozen=True)
class Open:
    """A page of open tasks with a time limit, and all about them. Four queries."""

    tasks: list[Task]
    beside: Mapping[int, list[Task]]
    urged: Mapping[int, tuple[date, int]]
    asked: frozenset[int]


def open_tasks(
    officer: Officer, *, agency: Node | None, unit: Node | None, due: Due, after: Cursor | None = None
) -> Open:
    """Who has what to settle or to give an opinion on now, with a time limit: what is late, what is due within SOON,
    or all of it; the latest first, one more than a page when there is a next. Whoever waits for somebody below is not
    there: it is with those below."""
    now = clock.now()
    below = Task.objects.filter(parent=OuterRef("pk"), part=Part.LEAD, done_at=None)
    found = (
        Task.objects.filter(_followed(officer), done_at=None, due_at__isnull=False)
        .exclude(part=Part.KNOW)
        .filter(~Exists(below), not_kept_from(officer, "arrival__"))
    )
    if due == "late":
        found = found.filter(due_at__lt=now)
    elif due == "soon":
        found = found.filter(due_at__gte=now, due_at__lt=now + SOON)
    if agency:
        found = found.filter(arrival__organisation_id=agency.id)
    if unit:
        found = found.filter(organisation_id=unit.id)
    if after:
        found = found.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, id__gt=after.id))
    tasks = list(found.select_related("arrival__document").order_by("due_at", "id")[: PAGE + 1])
    beside: dict[int, list[Task]] = {}
    for task in Task.objects.filter(arrival_id__in={task.arrival_id for task in tasks}).order_by("id"):
        beside.setdefault(task.arrival_id, []).append(task)
    ids = [task.pk for task in tasks]
    return Open(tasks, beside, urged_of(ids), frozenset(_asked(ids)))


def _followed(officer: Officer) -> Q:
    clerk_of = [node.id for node in policy.agencies_of(officer)]
    return (
        Q(arrival__organisation_id__in=clerk_of)
        | Q(organisation_id__in=officer.organisation_ids(policy.SEE))
        | Q(organisation__path__within_any=officer.paths(policy.SEE))
    )


def urged_of(task_ids: Iterable[int]) -> dict[int, tuple[date, int]]:
    """When each was last urged, and how often. One query."""
    return last_and_times(Urging.objects.filter(task_id__in=list(task_ids)))


def _asked(task_ids: Iterable[int]) -> Iterable[int]:
    return MoreTime.objects.filter(task_id__in=list(task_ids), decided_at=None).values_list("task_id", flat=True)


@dataclass(frozen=True)
class Following:
    """What the page of a document says of its follow-up: requests for more time and urgings. Two queries."""

    requests: list[MoreTime]
    urgings: list[Urging]

    def first_due(self, task_id: int) -> datetime | None:
        """The first due day of a task whose day was moved."""
        granted = (each for each in self.requests if each.task_id == task_id and each.new_due)
        return next((each.old_due for each in granted), None)

    def pending(self, task_id: int) -> MoreTime | None:
        return next((each for each in self.requests if each.task_id == task_id and not each.decided_at), None)


def following_of(arrival_id: int) -> Following:
    requests = MoreTime.objects.filter(task__arrival_id=arrival_id).select_related("asked_by", "decided_by", "task")
    urgings = Urging.objects.filter(arrival_id=arrival_id).select_related("author", "task")
    return Following(list(requests.order_by("id")), list(urgings.order_by("id")))
