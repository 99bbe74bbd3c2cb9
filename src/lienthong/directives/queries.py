"""Directives as boards, as one page, as the table of a month. Each read is limited to what the asker may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal, get_args

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from lienthong.directives import policy
from lienthong.directives.models import Directive, Entry, MoreTime, Task, Urging
from lienthong.directives.rules import OPEN, OVER, Month, Stage, Standing
from lienthong.foundation import clock
from lienthong.foundation.files import search
from lienthong.identity.actors import Officer
from lienthong.work.rules import Decision, Part
from lienthong.work.subjects import SUBJECTS, Ids
from lienthong.work.urging import last_and_times

PAGE = 50
COUNT_LIMIT = 100
"""Counts stop here; the page then shows 99+."""
FAR = datetime(2999, 12, 31, tzinfo=clock.ZONE)
"""Where what has no due day stands in the order of due days."""

Tab = Literal["late", "week", "in-time", "reported", "done"]
TABS: tuple[Tab, ...] = get_args(Tab)
Figure = Literal["carried", "new", "in-time", "late", "open-in-time", "open-late"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
ROOT_LEAD = Q(parent=None, part=Part.LEAD)


def visible_to(officer: Officer) -> QuerySet[Directive]:
    """What somebody may see: what they gave, what lies or lay with them, and both for the organisations over which they
    have `directives.see` or for which they give or follow."""
    seen = policy.seen_by(officer)
    desks = [Q(post_id__in=officer.post_ids), Q(organisation_id__in=seen)]
    desks += [Q(post=None, role=role, organisation_id__in=each) for role, each in officer.desks().items()]
    lay = Task.objects.filter(reduce(or_, desks), directive=OuterRef("pk"))
    return Directive.objects.filter(
        Q(giver_id__in=officer.post_ids) | Q(organisation_id__in=policy.given_by(officer, seen)) | Exists(lay)
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """How a board is narrowed. `month` and `figure` are a figure of the table of that month, `by` the agency that
    gave."""

    tab: Tab | None = None
    lead: int | None = None
    giver: int | None = None
    by: int | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""
    month: date | None = None
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page begins behind it."""

    moment: datetime
    id: int


def leads(officer: Officer) -> QuerySet[Task]:
    """The tasks at the roots of the directives somebody sees, one each: of who leads."""
    return Task.objects.filter(ROOT_LEAD, directive__in=visible_to(officer))


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One more task than a page when there is a next; how many there are in each tab, each counted to COUNT_LIMIT."""

    tasks: list[Task]
    counts: dict[Tab, int]


def board_page(officer: Officer, filters: Filters, *, now: datetime, after: Cursor | None = None) -> BoardPage:
    """A page of a board under its tabs. Two queries, and those of `_with_words` and `_hide_sources`."""
    found = _narrowed(officer, filters, now)
    return BoardPage(_listed(officer, found, filters.tab, now, after, PAGE), _counts(found, now))


def board(
    officer: Officer, filters: Filters, *, now: datetime, after: Cursor | None = None, most: int = PAGE
) -> list[Task]:
    """The list of a board without its tabs, one more than `most` when there are more."""
    return _listed(officer, _narrowed(officer, filters, now), filters.tab, now, after, most)


def _listed(
    officer: Officer, narrowed: QuerySet[Any], tab: Tab | None, now: datetime, after: Cursor | None, most: int
) -> list[Task]:
    """Of what is open the most urgent first, else the latest first. To be read, not to be saved."""
    by_due = tab in ("late", "week", "in-time", "reported")
    found = _of_tab(narrowed, tab, now).annotate(place=_place(tab))
    if after:
        beyond = "gt" if by_due else "lt"
        found = found.filter(
            Q(**{f"place__{beyond}": after.moment}) | Q(**{"place": after.moment, f"id__{beyond}": after.id})
        )
    order = ("place", "id") if by_due else ("-place", "-id")
    tasks: list[Task] = list(found.select_related("directive").order_by(*order)[: most + 1])
    _hide_sources(officer, [task.directive for task in tasks])
    return tasks


def _hide_sources(officer: Officer, shown: Iterable[Directive]) -> None:
    """Of a source that is limited to others nothing is said but what kind it is. Two queries for each kind of source at
    most."""
    cited: dict[str, dict[int, list[Directive]]] = {}
    for each in shown:
        if each.source_id is not None and each.source_type in SUBJECTS:
            cited.setdefault(each.source_type, {}).setdefault(each.source_id, []).append(each)
    for kind, directives in cited.items():
        for each in (each for pk in _hidden(kind, directives, officer) for each in directives[pk]):
            each.source_code = each.source_title = each.source_clause = ""
            each.source_dated = None


def _hidden(kind: str, ids: Ids, officer: Officer) -> set[int]:
    """Of these sources, those that are limited to others."""
    limited = SUBJECTS[kind].limited(ids)
    return limited - SUBJECTS[kind].seen_by(officer, limited) if limited else limited


def _with_words(officer: Officer, text: str) -> Q:
    """The tasks of directives with the words. Where its source is limited to others, a directive is found by its own
    words alone, and words that are left out are left out of those: else the source could be guessed word by word. Two
    queries for each kind of source at most."""
    wanted = search.query(text)
    found = Directive.objects.filter(Q(search=wanted) | Q(words=wanted))
    kept = Q()
    for kind in SUBJECTS:
        if hidden := _hidden(kind, found.filter(source_type=kind).values_list("source_id", flat=True), officer):
            kept |= Q(directive__source_type=kind, directive__source_id__in=hidden)
    said = Q(directive__search=wanted)
    return Q(kept, directive__words=wanted) | ~kept & said if kept else said


def _place(tab: Tab | None) -> Coalesce | F:
    if tab == "done":
        return F("finished_at")
    return Coalesce("due_at", Value(FAR, output_field=DateTimeField())) if tab else F("opened_at")


def _counts(found: QuerySet[Any], now: datetime) -> dict[Tab, int]:
    parts = [
        _of_tab(found, tab, now)
        .annotate(tab=Value(tab, output_field=CharField()))
        .values_list("tab", flat=True)[:COUNT_LIMIT]
        for tab in TABS
    ]
    counted = list(parts[0].union(*parts[1:], all=True))
    return {tab: counted.count(tab) for tab in TABS}


def _of_tab(found: QuerySet[Task], tab: Tab | None, now: datetime) -> QuerySet[Task]:
    week = clock.day_start(clock.local(now).date() + timedelta(days=7 - clock.local(now).weekday()))
    match tab:
        case "late":
            return found.filter(stage__in=OPEN, due_at__lt=now)
        case "week":
            return found.filter(stage__in=OPEN, due_at__gte=now, due_at__lt=week)
        case "in-time":
            return found.filter(Q(due_at=None) | Q(due_at__gte=week, due_at__gt=now), stage__in=OPEN)
        case "reported":
            return found.filter(stage=Stage.REPORTED)
        case "done":
            return found.filter(stage=Stage.DONE)
    return found


def _narrowed(officer: Officer, filters: Filters, now: datetime) -> QuerySet[Any]:
    found: QuerySet[Any] = leads(officer)
    if filters.lead:
        found = found.filter(organisation_id=filters.lead)
    if filters.giver:
        found = found.filter(directive__giver_id=filters.giver)
    if filters.by:
        found = found.filter(directive__organisation_id=filters.by)
    if filters.first:
        found = found.filter(opened_at__gte=clock.day_start(filters.first))
    if filters.last:
        found = found.filter(opened_at__lt=clock.day_start(filters.last + timedelta(days=1)))
    if filters.text.strip():
        found = found.filter(_with_words(officer, filters.text))
    if filters.month:
        found = _in_month(found, filters.month, now)
        match filters.figure:
            case "carried" | "new":
                found = found.filter(is_new=filters.figure == "new")
            case str():
                found = found.filter(standing=filters.figure)
    return found


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _in_month(found: QuerySet[Any], month: date, now: datetime) -> QuerySet[Any]:
    """With `is_new` and `standing`: what was not completed before the month began, as it stood at its end, by the due
    days that were in force then. What was cancelled is left out."""
    start, end = clock.day_start(month), clock.day_start(next_month(month))
    at = min(end, now)
    later = MoreTime.objects.filter(task=OuterRef("pk"), decision=Decision.GRANTED, decided_at__gte=end)
    then = Subquery(later.order_by("decided_at").values("old_due")[:1], output_field=DateTimeField())
    was_done, was_reported = Q(stage=Stage.DONE, finished_at__lt=end), Q(finished_at__lt=end)
    no_limit, finished_in_time = Q(due_then=None), Q(finished_at__lte=F("due_then"))
    counted: QuerySet[Any] = (
        found.filter(opened_at__lt=end)
        .exclude(stage__in=[Stage.CANCELLED, Stage.ENDED])
        .exclude(stage=Stage.DONE, finished_at__lt=start)
        .annotate(
            due_then=Coalesce(then, "due_at"),
            is_new=ExpressionWrapper(Q(opened_at__gte=start), output_field=BooleanField()),
        )
        .annotate(
            standing=Case(
                When(was_done & (no_limit | finished_in_time), then=Value(Standing.IN_TIME.value)),
                When(was_done, then=Value(Standing.LATE.value)),
                When(no_limit | was_reported & finished_in_time, then=Value(Standing.OPEN_IN_TIME.value)),
                When(~was_reported & Q(due_then__gte=at), then=Value(Standing.OPEN_IN_TIME.value)),
                default=Value(Standing.OPEN_LATE.value),
                output_field=CharField(),
            )
        )
    )
    return counted


def month(officer: Officer, first: date, *, by: int | None, now: datetime) -> dict[int, Month]:
    """The table of a month by the agencies that lead. One query; an agency without any is missing."""
    found = _narrowed(officer, Filters(by=by, month=first), now)
    rows = found.order_by().values("organisation_id", "is_new", "standing").annotate(count=Count("id"))
    table: dict[int, Month] = {}
    for row in rows:
        one = {"new" if row["is_new"] else "carried": row["count"], row["standing"].replace("-", "_"): row["count"]}
        organisation = row["organisation_id"]
        table[organisation] = table.get(organisation, Month()) + Month(**one)
    return table


@dataclass(frozen=True)
class Beside:
    """What a board says beside each task. Three queries."""

    parts: Mapping[int, tuple[int, int]]
    """By directive: how many parts were handed on, how many of them are over."""
    urged: Mapping[int, tuple[date, int]]
    """By task: when last, how often."""
    asked: frozenset[int]
    """The tasks for which more time was asked for."""


def beside(tasks: Iterable[Task]) -> Beside:
    shown = list(tasks)
    ids = [task.pk for task in shown]
    handed = Task.objects.filter(directive_id__in=[task.directive_id for task in shown], parent__isnull=False)
    counted = handed.order_by().values("directive_id").annotate(
        all=Count("id"), over=Count("id", filter=Q(stage__in=OVER))
    )  # fmt: skip
    return Beside(
        {row["directive_id"]: (row["all"], row["over"]) for row in counted},
        last_and_times(Urging.objects.filter(task_id__in=ids)),
        frozenset(MoreTime.objects.filter(task_id__in=ids, decided_at=None).values_list("task_id", flat=True)),
    )


@dataclass(frozen=True)
class Page:
    """A directive with everything about it. Eight queries at most."""

    directive: Directive
    tasks: Mapping[int, Task]
    entries: list[Entry]
    requests: list[MoreTime]
    urged: Mapping[int, tuple[date, int]]

    @property
    def root(self) -> Task:
        return next(task for task in self.tasks.values() if task.parent_id is None and task.part == Part.LEAD)

    def pending(self, task: Task) -> MoreTime | None:
        return next((each for each in self.requests if each.task_id == task.pk and not each.decided_at), None)

    def first_due(self, task: Task) -> datetime | None:
        """The first due day of a task whose day was moved."""
        granted = (each for each in self.requests if each.task_id == task.pk and each.new_due)
        return next((each.old_due for each in granted), None)


def page_of(officer: Officer, directive_id: int) -> Page | None:
    """None for what is not there, and for what is not to be seen. To be read, not to be saved."""
    directive = visible_to(officer).select_related("written_by").filter(pk=directive_id).first()
    if directive is None:
        return None
    _hide_sources(officer, [directive])
    entries = Entry.objects.filter(directive=directive).select_related("author", "task")
    requests = MoreTime.objects.filter(task__directive=directive).select_related("asked_by", "decided_by", "task")
    return Page(
        directive,
        {task.pk: task for task in Task.objects.filter(directive=directive).order_by("id")},
        list(entries.prefetch_related("files__file").order_by("id")),
        list(requests.order_by("id")),
        last_and_times(Urging.objects.filter(task__directive=directive)),
    )
