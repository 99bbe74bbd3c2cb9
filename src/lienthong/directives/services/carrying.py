"""Tasks of a directive, the work items that stand for them and what is said about them, written together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import IO
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.directives import policy, rules
from lienthong.directives.models import Directive, Entry, EntryFile, MoreTime, Task
from lienthong.directives.queries import visible_to
from lienthong.directives.rules import Stage
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files.receiving import Source
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.organisations import parts
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer
from lienthong.notifications.kinds import MessageKind
from lienthong.notifications.services import Recipient, notify
from lienthong.settings.environment import environment
from lienthong.work import more_time
from lienthong.work import services as work
from lienthong.work.rules import Part

DIRECTIVE = "directive"
"""The type of subject under which the ledger and work items know directives."""
WITHOUT_LIMIT = timedelta(days=365)
"""When a task without a due day is wanted in the inbox: it is looked at once a year, and never late."""
LONGEST_WORDS = 4000
MOST_FILES = 20
EVIDENCE = Policy(kinds=("pdf", "image", "docx"), max_bytes=environment.upload_limit_mb * 1024 * 1024)
"""What can be attached to a report."""


class NoSuchDirective(NotFound):
    code = "directives.no_such_directive"


class NotWithYou(NotAllowed):
    code = "directives.not_with_you"


class NotTaken(DomainError):
    """The organisation or the post that was chosen cannot be given this."""

    code = "directives.not_taken"


def no_such_directive() -> NoSuchDirective:
    """The same words whether it is not there or not for this person."""
    return NoSuchDirective(_("There is no such directive, or it is not for you to see."))


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes | IO[bytes] | Source


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with what they do: words, the document of the product, files."""

    words: str = ""
    percent: int | None = None
    product_code: str = ""
    product_dated: date | None = None
    uploads: Sequence[Upload] = ()

    def __post_init__(self) -> None:
        if len(self.words) > LONGEST_WORDS:
            wrong = _("It has more than %(most)s letters; attach a file instead.") % {"most": LONGEST_WORDS}
            raise rules.Incomplete({"words": wrong})
        if len(self.uploads) > MOST_FILES:
            raise rules.Incomplete({"files": _("At most %(most)s files.") % {"most": MOST_FILES}})


@dataclass
class Carried:
    """A directive, locked, with all its tasks."""

    directive: Directive
    tasks: dict[int, Task]
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        """The present, never before what has already happened to it."""
        opened = (task.opened_at for task in self.tasks.values())
        self.now = clock.local(max(clock.now(), self.directive.given_at, *opened))

    @property
    def rules(self) -> list[rules.Task]:
        return [as_rule(task) for task in self.tasks.values()]

    @cached_property
    def agency(self) -> Node:
        return tree()[self.directive.organisation_id]

    def above(self, task: Task) -> Task | None:
        return self.tasks.get(task.parent_id) if task.parent_id else None


def lock(directive_id: int) -> Carried:
    """Raises NoSuchDirective."""
    found = rows.fetch(Directive, "id = %s FOR NO KEY UPDATE", directive_id)
    if not found:
        raise no_such_directive()
    tasks = rows.fetch(Task, "directive_id = %s ORDER BY id", directive_id)
    return Carried(found[0], {task.pk: task for task in tasks})


def seen(directive_id: int, task_id: int, officer: Officer) -> tuple[Carried, Task]:
    """A directive that the officer may see, locked, and a task of it. Raises NoSuchDirective."""
    carried = lock(directive_id)
    if task_id not in carried.tasks or not visible_to(officer).filter(pk=directive_id).exists():
        raise no_such_directive()
    return carried, carried.tasks[task_id]


def held(directive_id: int, task_id: int, officer: Officer) -> tuple[Carried, Task, HeldPost]:
    """A task that lies with the officer. Raises NoSuchDirective, NotWithYou."""
    carried, task = seen(directive_id, task_id, officer)
    return carried, task, _through(policy.has(officer, task))


def judged_by(directive_id: int, task_id: int, officer: Officer) -> tuple[Carried, Task, HeldPost]:
    """A task of which the officer says whether it is done. Raises NoSuchDirective, NotWithYou."""
    carried, task = seen(directive_id, task_id, officer)
    above = carried.above(task)
    return carried, task, _through(
        policy.has(officer, above) if above else policy.follows(officer, carried.directive)
    )  # fmt: skip


def given_by(directive_id: int, task_id: int, officer: Officer) -> tuple[Carried, Task, HeldPost]:
    """A task that the officer gave: the whole in the name of the giver, a part by what lies with them.

    Raises NoSuchDirective, NotWithYou."""
    carried, task = seen(directive_id, task_id, officer)
    above = carried.above(task)
    return carried, task, _through(policy.has(officer, above) if above else policy.gives(officer, carried.directive))


def _through(post: HeldPost | None) -> HeldPost:
    if post is None:
        raise NotWithYou(_("This lies with somebody else."))
    return post


def as_rule(task: Task) -> rules.Task:
    return rules.Task(
        id=task.pk,
        parent=task.parent_id,
        part=Part(task.part),
        stage=Stage(task.stage),
        desk=desk(task),
        due_at=task.due_at,
        finished_at=task.finished_at,
    )


def desk(task: Task) -> rules.Desk:
    return task.organisation_id, task.role, task.post_id


def leaders_of(organisation_id: int, *, among: Iterable[Node]) -> rules.Desk:
    """The desk of those who lead an organisation. Raises NotTaken."""
    node = next((each for each in among if each.id == organisation_id), None)
    role = parts.led_by(node) if node else None
    if role is None:
        raise NotTaken(_("This organisation cannot be chosen: nobody leads it, or it is not below the giver."))
    return organisation_id, role, None


def open_tasks(directive: Directive, tasks: Sequence[Task]) -> None:
    """In two statements, however many there are."""
    rows.insert(tasks)
    work.open_items([_item(directive, task, _words(Part(task.part)), desk(task)) for task in tasks])


def open_again(carried: Carried, task: Task) -> None:
    """It was returned to whoever has it."""
    work.open_items([_item(carried.directive, task, _words(Part(task.part)), desk(task), at=carried.now)])


def open_judging(carried: Carried, task: Task) -> None:
    """For whoever gave the task: to say whether it is done, by the end of the next working day."""
    above = carried.above(task)
    place = desk(above) if above else _office(carried)
    words = _now("Say whether the directive is carried out")
    work.open_items([_item(carried.directive, task, words, place, at=carried.now, due=next_day(carried.now))])


def _office(carried: Carried) -> rules.Desk:
    office = policy.office_of(carried.agency)
    return (office, policy.OFFICE, None) if office else giver_desk(carried.directive)


def giver_desk(directive: Directive) -> rules.Desk:
    return directive.organisation_id, parts.LEADER, directive.giver_id


def next_day(now: datetime) -> datetime:
    calendar = calendar_of(province().calendar)
    return calendar.closing(calendar.next_working_day(clock.local(now).date())) or now + timedelta(days=1)


def _item(
    directive: Directive,
    task: Task,
    words: str,
    place: rules.Desk,
    *,
    at: datetime | None = None,
    due: datetime | None = None,
) -> work.NewItem:
    return work.NewItem(
        subject=(DIRECTIVE, directive.pk),
        part_id=task.pk,
        purpose=work.PURPOSES[Part(task.part)],
        task=words,
        title=task.content or directive.content,
        code=directive.code,
        organisation_id=place[0],
        role=place[1],
        post_id=place[2],
        opened_at=at or task.opened_at,
        due_at=due or task.due_at or task.opened_at + WITHOUT_LIMIT,
    )


def _words(part: Part) -> str:
    """What an inbox says is to be done."""
    match part:
        case Part.LEAD:
            return _now("Carry out the directive")
        case Part.COOPERATE:
            return _now("Co-operate in the directive")
        case Part.KNOW:
            return _now("Take note of the directive")


def close_item(carried: Carried, tasks: Iterable[Task], outcome: str, officer: Officer) -> None:
    work.close_items(
        subject=(DIRECTIVE, carried.directive.pk),
        parts=[task.pk for task in tasks],
        at=carried.now,
        account_id=officer.account_id,
        outcome=outcome,
    )


def end(carried: Carried, ended: Sequence[rules.Task], stage: Stage, officer: Officer) -> list[Task]:
    """Tasks with which nobody has anything to do any more, and requests for more time that nobody decides now."""
    tasks = [carried.tasks[each.id] for each in ended]
    for task in tasks:
        task.stage, task.ended_at = stage, carried.now
        rows.change(task, "stage", "ended_at")
    close_item(carried, tasks, stage, officer)
    more_time.lapse(MoreTime, tasks, officer, now=carried.now)
    return tasks


def is_written(key: UUID) -> bool:
    return Entry.objects.filter(key=key).exists()


def write(
    carried: Carried, task: Task, about: str, said: Said, officer: Officer, post: HeldPost, *, key: UUID
) -> Entry:
    """Put down what was said with what was done; by its key a second press is known. Raises FileRefused."""
    entry = Entry(
        directive=carried.directive,
        task=task,
        key=key,
        about=about,
        text=said.words,
        percent=said.percent,
        product_code=said.product_code,
        product_dated=said.product_dated,
        written_at=carried.now,
        author_id=officer.account_id,
        post_id=post.id,
    )
    rows.insert([entry])
    with transaction.atomic():
        stored = [files.store(each.content, name=each.name, policy=EVIDENCE, actor=officer) for each in said.uploads]
        rows.insert(EntryFile(entry=entry, file=file, place=place) for place, file in enumerate(stored, start=1))
    return entry


def record(event: ledger.EventKind, directive: Directive, officer: Officer, data: dict[str, object]) -> None:
    ledger.record(
        event,
        subject=(DIRECTIVE, directive.pk),
        actor=officer,
        organisation_id=directive.organisation_id,
        data={name: value for name, value in data.items() if value},
    )


def address(directive: Directive) -> str:
    return reverse("directives:one", args=[directive.pk])


def tell(
    kind: MessageKind, directive: Directive, task: Task, to: Iterable[int], *, who: Officer, words: str, key: str
) -> None:
    """The same key tells somebody once."""
    for account_id in sorted(set(to)):
        notify(
            kind=kind,
            to=Recipient(account_id),
            subject=(DIRECTIVE, directive.pk),
            key=f"{task.pk}/{key}/{account_id}",
            context={
                "directive": directive.code,
                "content": task.content or directive.content,
                "who": who.name,
                "words": words,
                "due": task.due_at,
            },
            link=address(directive),
        )
