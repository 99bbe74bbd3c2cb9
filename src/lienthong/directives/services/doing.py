"""What whoever has a task does: accepts it, hands parts of it on, reports progress, reports it as completed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.directives import events, policy, rules
from lienthong.directives.models import Entry, MoreTime, Task
from lienthong.directives.rules import Stage
from lienthong.directives.services import carrying
from lienthong.directives.services.carrying import Carried, NotTaken, Said
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import more_time
from lienthong.work.rules import Part

ALL = 100


@dataclass(frozen=True, slots=True)
class Whom:
    """A unit, by those who lead it, or one post in it."""

    organisation_id: int
    post_id: int | None = None


@transaction.atomic
def accept(*, directive_id: int, task_id: int, officer: Officer, key: UUID) -> Carried:
    """Say that one has it and sets to work. The same key accepts once.

    Raises NoSuchDirective, NotWithYou, NotOpen, NotNow.
    """
    carried, task, post = carrying.held(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    rules.accept(carrying.as_rule(task))
    _set_to_work(task)
    _put_down(carried, task, Entry.About.ACCEPTED, events.ACCEPTED, Said(), officer, post, key=key)
    return carried


@transaction.atomic
def hand_on(
    *,
    directive_id: int,
    task_id: int,
    officer: Officer,
    key: UUID,
    content: str,
    whom: Whom | None,
    due_at: datetime | None = None,
) -> Carried:
    """Hand a part of a task on to a unit or somebody of one's own, due with the whole where no day is said. Whoever
    hands on has accepted. The same key hands on once.

    Raises NoSuchDirective, NotWithYou, NotOpen, NotNow, NotTaken, Incomplete.
    """
    carried, task, post = carrying.held(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    said, desk = Said(words=content), _desk(task, whom)
    rules.check_part(carrying.as_rule(task), desk=desk, content=content, due_at=due_at, now=carried.now)
    _set_to_work(task)
    part = Task(
        directive=carried.directive,
        parent=task,
        part=Part.LEAD,
        content=content,
        organisation_id=desk[0],
        role=desk[1],
        post_id=desk[2],
        opened_at=carried.now,
        due_at=due_at or task.due_at,
        stage=Stage.GIVEN,
    )
    carrying.open_tasks(carried.directive, [part])
    _put_down(carried, task, Entry.About.HANDED_ON, events.HANDED_ON, said, officer, post, key=key, to=list(desk))
    return carried


def _desk(task: Task, whom: Whom | None) -> rules.Desk:
    """Raises NotTaken, Incomplete."""
    if whom is None:
        raise rules.Incomplete({"whom": _("Choose to whom.")})
    units = policy.below(task)
    if whom.post_id is None:
        return carrying.leaders_of(whom.organisation_id, among=units)
    post = tree().posts.get(whom.post_id)
    if post is None or post.organisation_id not in {unit.id for unit in units} or not post.in_force(clock.today()):
        raise NotTaken(_("There is no such post any more."))
    return post.organisation_id, min(post.roles, default=""), post.id


@transaction.atomic
def report(*, directive_id: int, task_id: int, officer: Officer, key: UUID, said: Said) -> Carried:
    """Report how far a task has come. The same key reports once.

    Raises NoSuchDirective, NotWithYou, NotOpen, Incomplete, FileRefused.
    """
    carried, task, post = carrying.held(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    rules.report(carrying.as_rule(task), percent=said.percent, text=said.words, has_files=bool(said.uploads))
    assert said.percent is not None
    _set_to_work(task)
    task.percent = said.percent
    rows.change(task, "percent")
    _put_down(
        carried, task, Entry.About.PROGRESS, events.PROGRESS, said, officer, post, key=key, percent=said.percent
    )  # fmt: skip
    return carried


@transaction.atomic
def complete(*, directive_id: int, task_id: int, officer: Officer, key: UUID, said: Said) -> Carried:
    """Report a task as completed, with its evidence; what leads waits then for whoever gave it. Who is only to
    know says with it that they know. The same key reports once.

    Raises NoSuchDirective, NotWithYou, NotOpen, StillBelow, Incomplete, FileRefused.
    """
    carried, task, post = carrying.held(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    if task.part == Part.KNOW:
        rules.must_be_open(carrying.as_rule(task))
        _finish(carried, task, Stage.DONE, officer)
        _put_down(carried, task, Entry.About.KNOWN, events.KNOWN, said, officer, post, key=key)
        return carried
    stage = rules.complete(
        carried.rules,
        carrying.as_rule(task),
        text=said.words,
        product=said.product_code,
        has_files=bool(said.uploads),
    )
    _finish(carried, task, stage, officer)
    _put_down(
        carried, task, Entry.About.COMPLETED, events.COMPLETED, said, officer, post, key=key,
        product=said.product_code,
    )  # fmt: skip
    if stage is Stage.REPORTED:
        carrying.open_judging(carried, task)
    return carried


def _finish(carried: Carried, task: Task, stage: Stage, officer: Officer) -> None:
    task.stage, task.percent, task.finished_at = stage, ALL, carried.now
    task.ended_at = carried.now if stage is Stage.DONE else None
    rows.change(task, "stage", "percent", "finished_at", "ended_at")
    carrying.close_item(carried, [task], stage, officer)
    more_time.lapse(MoreTime, [task], officer, now=carried.now)


def _set_to_work(task: Task) -> None:
    if task.stage == Stage.GIVEN:
        task.stage = Stage.UNDER_WAY
        rows.change(task, "stage")


def _put_down(
    carried: Carried,
    task: Task,
    about: str,
    event: ledger.EventKind,
    said: Said,
    officer: Officer,
    post: HeldPost,
    *,
    key: UUID,
    **data: str | int | Sequence[object],
) -> None:
    carrying.write(carried, task, about, said, officer, post, key=key)
    carrying.record(event, carried.directive, officer, {"task": task.pk, **data})
