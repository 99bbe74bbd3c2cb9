"""Tasks of a document and the work items that stand for them, written together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.models import Arrival, Document, MoreTime, Note, Task
from lienthong.documents.queries.incoming import visible_among
from lienthong.documents.rules import journey as rules
from lienthong.documents.rules.journey import Desk, Journey, Outcome, Status
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import more_time
from lienthong.work import services as work
from lienthong.work.rules import Part

DOCUMENT = "incoming-document"
"""The type of subject under which the ledger and work items know documents that came in; by the id of the arrival."""

AT_THE_CLERK = 0
"""The part of a document's work items that lies with the clerks, before and beside all tasks."""

WITHOUT_LIMIT = timedelta(days=15)
"""When a task without a limit is wanted in the inbox."""


class NoSuchDocument(NotFound):
    code = "documents.no_such_document"


class NotTaken(NotFound):
    """The desk that was chosen is not one of the agency."""

    code = "documents.no_such_desk"


def no_such_document() -> NoSuchDocument:
    """The same words whether it is not there or not for this person."""
    return NoSuchDocument(_("There is no such document, or it is not for you to see."))


@dataclass
class Handled:
    """A document that came in, locked, with the tasks that it lies with."""

    arrival: Arrival
    tasks: dict[int, Task]

    @property
    def journey(self) -> Journey:
        return Journey.of(as_rule(task) for task in self.tasks.values())

    @property
    def agency(self) -> Node:
        return tree()[self.arrival.organisation_id]

    @property
    def now(self) -> datetime:
        """The present, never before what has already happened to the document."""
        opened = (task.opened_at for task in self.tasks.values())
        return clock.local(max(clock.now(), self.arrival.registered_at or self.arrival.arrived_at, *opened))


def lock(arrival_id: int) -> Handled:
    """Raises NoSuchDocument."""
    found = rows.fetch(Arrival, "id = %s FOR NO KEY UPDATE", arrival_id)
    if not found:
        raise no_such_document()
    tasks = rows.fetch(Task, "arrival_id = %s ORDER BY id", arrival_id)
    return Handled(found[0], {task.pk: task for task in tasks})


def clerk_with(handled: Handled, officer: Officer) -> HeldPost | None:
    """The post by which an officer is the clerk with it; None where it is limited to others."""
    post = policy.post_for(officer, handled.agency)
    if post and handled.arrival.limited and not visible_among(officer, [handled.arrival.pk]).exists():
        return None
    return post


def as_rule(task: Task) -> rules.Task:
    return rules.Task(
        id=task.pk,
        parent=task.parent_id,
        part=Part(task.part),
        desk=(task.organisation_id, task.role, task.post_id),
        due_at=task.due_at,
        seen_at=task.seen_at,
        done_at=task.done_at,
        outcome=Outcome(task.outcome) if task.outcome else None,
    )


def holds(officer: Officer, task: Task) -> HeldPost | None:
    """The post by which a task lies with an officer."""
    if task.post_id:
        return next((post for post in officer.posts if post.id == task.post_id), None)
    return next(
        (post for post in officer.posts if task.role in post.roles and post.organisation.id == task.organisation_id),
        None,
    )


def desk_of(organisation_id: int, post_id: int | None = None) -> Desk:
    """The desk of a unit's heads, or of one post in it. Raises NotTaken."""
    agencies, today = tree(), clock.today()
    if post_id is None:
        node = agencies.nodes.get(organisation_id)
        role = policy.LEADER if node and agencies.posts_in(organisation_id, policy.LEADER, today) else policy.HEAD
        if node is None or not agencies.posts_in(organisation_id, role, today):
            raise NotTaken(_("Nobody leads this unit; choose a post."))
        return organisation_id, role, None
    post = agencies.posts.get(post_id)
    if post is None or not post.in_force(today):
        raise NotTaken(_("There is no such post any more."))
    return post.organisation_id, min(post.roles, default=""), post.id


def open_first(
    arrival: Arrival,
    agency: Node,
    clerk: HeldPost,
    officer: Officer,
    *,
    to: int,
    words: str,
    key: UUID,
    now: datetime,
) -> Task:
    """Present a document to whoever sees it first. Raises NotTaken."""
    if to not in {post.id for post in policy.presented_to(agency)}:
        raise NotTaken(_("Documents are presented to the leaders of the agency or the head of its office."))
    (task,) = open_tasks(arrival, None, [(Part.LEAD, desk_of(agency.id, to))], due_at=arrival.due_at, now=now)
    if words.strip():
        write(arrival, task, Note.About.PRESENTED, words, officer, clerk, key=key, now=now)
    record(events.PRESENTED, arrival, officer, {"to": to})
    return task


def open_tasks(
    arrival: Arrival,
    parent: int | None,
    parts: Sequence[tuple[Part, Desk]],
    *,
    due_at: datetime | None,
    now: datetime,
) -> list[Task]:
    """In three statements, however many there are."""
    tasks = [
        Task(
            arrival=arrival,
            parent_id=parent,
            part=part,
            organisation_id=organisation,
            role=role,
            post_id=post,
            opened_at=now,
            due_at=due_at if part is not Part.KNOW else None,
        )
        for part, (organisation, role, post) in parts
    ]
    rows.insert(tasks)
    document = arrival.document
    wanted = _wanted(arrival, document, parent, now)
    work.open_items(
        [
            work.NewItem(
                subject=(DOCUMENT, arrival.pk),
                part_id=task.pk,
                purpose=work.PURPOSES[Part(task.part)],
                task=task_words(Part(task.part), first=parent is None),
                title=document.abstract,
                code=code_of(arrival, document),
                organisation_id=task.organisation_id,
                role=task.role,
                post_id=task.post_id,
                opened_at=now,
                due_at=task.due_at or wanted,
            )
            for task in tasks
        ]
    )
    return tasks


def lay_with_clerks(
    arrivals: Sequence[Arrival], document: Document, task: str, *, due_at: datetime, now: datetime
) -> None:
    """Open an item for the clerks of each agency to which a document came, in one statement."""
    agencies = tree()
    desks = [(arrival, policy.clerks_of(agencies[arrival.organisation_id])) for arrival in arrivals]
    work.open_items(
        [
            work.NewItem(
                subject=(DOCUMENT, arrival.pk),
                part_id=AT_THE_CLERK,
                task=task,
                **shared_name(document, code_of(arrival, document), limited=arrival.limited),
                organisation_id=desk[0],
                role=desk[1],
                opened_at=now,
                due_at=due_at,
            )
            for arrival, desk in desks
            if desk
        ]
    )


def end_all(arrival: Arrival, *, now: datetime) -> None:
    """Its sender recalled it: nobody has anything to do with it any more."""
    tasks = rows.fetch(Task, "arrival_id = %s AND done_at IS NULL ORDER BY id", arrival.pk)
    for task in tasks:
        task.done_at, task.outcome = now, Outcome.TAKEN_BACK
        rows.change(task, "done_at", "outcome")
    arrival.status, arrival.finished_at = Status.RECALLED, None
    rows.change(arrival, "status", "finished_at")
    parts = [AT_THE_CLERK, *(task.pk for task in tasks)]
    work.close_items(subject=(DOCUMENT, arrival.pk), parts=parts, at=now, account_id=None, outcome="recalled")


def _wanted(arrival: Arrival, document: Document, parent: int | None, now: datetime) -> datetime:
    """When a task without a limit stands in the inbox: the leader says on the next working day what is to be done."""
    if parent is None:
        return passed_on_by(now, Urgency(document.urgency), calendar_of(province().calendar))
    return arrival.due_at or now + WITHOUT_LIMIT


def task_words(part: Part, *, first: bool) -> str:
    """What an inbox says is to be done."""
    match part:
        case Part.LEAD:
            return _now("Direct the document") if first else _now("Settle the document")
        case Part.COOPERATE:
            return _now("Give an opinion on the document")
        case Part.KNOW:
            return _now("Take note of the document")


class SharedName(TypedDict):
    """How a work item that several share names a document."""

    title: str
    code: str
    limited: bool


def shared_name(document: Document, code: str, *, limited: bool) -> SharedName:
    """What is limited to posts by name is not named."""
    title = _now("a document that is limited to posts by name") if limited else document.abstract
    return {"title": title, "code": "" if limited else code, "limited": limited}


def code_of(arrival: Arrival, document: Document) -> str:
    """By what people call it: number and symbol, else the number of arrival."""
    return document.code or _now("incoming no. %(number)s") % {"number": arrival.number}


def told(arrival: Arrival) -> dict[str, str]:
    """By what a message names it."""
    return {"document": code_of(arrival, arrival.document), "abstract": arrival.document.abstract}


def address(arrival: Arrival) -> str:
    return reverse("documents:arrival", args=[arrival.pk])


def close(handled: Handled, tasks: Iterable[rules.Task], outcome: Outcome, officer: Officer, *, now: datetime) -> None:
    closed = [handled.tasks[task.id] for task in tasks]
    for task in closed:
        task.done_at, task.done_by_id, task.outcome = now, officer.account_id, outcome
        task.seen_at = task.seen_at or now
        rows.change(task, "done_at", "done_by", "outcome", "seen_at")
    work.close_items(
        subject=(DOCUMENT, handled.arrival.pk),
        parts=[task.pk for task in closed],
        at=now,
        account_id=officer.account_id,
        outcome=outcome,
    )
    more_time.lapse(MoreTime, closed, officer, now=now)


def settle(handled: Handled, *, now: datetime) -> Status:
    """Write down how far the document has come."""
    arrival, status = handled.arrival, handled.journey.status
    if arrival.status != status and arrival.number:
        arrival.status = status
        arrival.finished_at = now if status is Status.DONE else None
        rows.change(arrival, "status", "finished_at")
    return status


def write(
    arrival: Arrival,
    task: Task,
    about: str,
    text: str,
    officer: Officer,
    post: HeldPost,
    *,
    key: UUID,
    now: datetime,
) -> None:
    rows.insert(
        [
            Note(
                arrival=arrival,
                task=task,
                key=key,
                about=about,
                text=text.strip(),
                written_at=now,
                author_id=officer.account_id,
                post_id=post.id,
            )
        ]
    )


def put_registered_on_record(arrival: Arrival, officer: Officer) -> None:
    record(
        events.REGISTERED,
        arrival,
        officer,
        {"number": arrival.number, "book": arrival.book, "year": arrival.year},
    )


def record(event: ledger.EventKind, arrival: Arrival, officer: Officer | None, data: dict[str, object]) -> None:
    ledger.record(
        event,
        subject=(DOCUMENT, arrival.pk),
        actor=officer,
        organisation_id=arrival.organisation_id,
        data={name: value for name, value in data.items() if value},
    )
