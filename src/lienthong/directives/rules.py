"""Directives (ý kiến chỉ đạo, nhiệm vụ giao) as pure values: what somebody has to do, and how it goes on.

A directive is a tree of tasks. At its root one agency leads, others co-operate or are to know. Whoever has a task may
hand parts of it on to units and people of their own, each with a due day that is not after that of the whole. A task is
at its end when whoever gave it has said so: of the whole the office of the giver's agency, of a part whoever handed it
on. No legal text gives the states; these are those of the practice of the People's Committees.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict, DomainError
from lienthong.work.rules import Part, check_none_pending

Desk = tuple[int, str, int | None]
"""Organisation, role, and the post when one was chosen."""


class Stage(StrEnum):
    """How far a task has come. What co-operates, or is to know, ends with the whole."""

    GIVEN = "given"
    UNDER_WAY = "under-way"
    REPORTED = "reported"
    DONE = "done"
    ENDED = "ended"
    CANCELLED = "cancelled"


OPEN = frozenset({Stage.GIVEN, Stage.UNDER_WAY})
"""Somebody still has to do something."""
OVER = frozenset({Stage.DONE, Stage.ENDED, Stage.CANCELLED})


class Mark(StrEnum):
    """How the office finds what was done."""

    GOOD = "good"
    MET = "met"
    POOR = "poor"


class Standing(StrEnum):
    """How a task stands against its due day; each is in one class only. Without a due day nothing is ever late."""

    IN_TIME = "in-time"
    LATE = "late"
    OPEN_IN_TIME = "open-in-time"
    OPEN_LATE = "open-late"


class NotOpen(Conflict):
    code = "directives.not_open"


class NotNow(Conflict):
    """It is not at the point where this can be done."""

    code = "directives.not_now"


class Incomplete(DomainError):
    """`errors` by the name of the field."""

    code = "directives.incomplete"

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(_("Some fields are missing or wrong."))
        self.errors = errors


class StillBelow(Conflict):
    """A part of it is still open."""

    code = "directives.still_below"


@dataclass(frozen=True, slots=True)
class Task:
    """`due_at` is None where there is no time limit. `finished_at` is when its completion was last reported."""

    id: int
    parent: int | None
    part: Part
    stage: Stage
    desk: Desk
    due_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN


def standing(due: datetime | None, finished: datetime | None, *, now: datetime) -> Standing:
    """By the due day in force when its completion was reported, or now."""
    is_late = due is not None and (finished or now) > due
    if finished:
        return Standing.LATE if is_late else Standing.IN_TIME
    return Standing.OPEN_LATE if is_late else Standing.OPEN_IN_TIME


def check_order(
    *,
    content: str,
    lead: Desk | None,
    cooperate: Iterable[Desk] = (),
    know: Iterable[Desk] = (),
    due_at: datetime | None,
    now: datetime,
) -> None:
    """Whether a directive can be given so. Raises Incomplete."""
    errors: dict[str, Any] = {}
    if not content:
        errors["content"] = _("Write what is to be done.")
    if lead is None:
        errors["lead"] = _("Choose who leads.")
    if due_at and due_at <= now:
        errors["due"] = _("The due day lies in the past.")
    desks = [desk for desk in (lead, *cooperate, *know) if desk]
    if len(set(desks)) < len(desks):
        errors["cooperate"] = _("Everybody has one part: to lead, to co-operate or to know.")
    if errors:
        raise Incomplete(errors)


def check_part(task: Task, *, desk: Desk, content: str, due_at: datetime | None, now: datetime) -> None:
    """Whether a part of a task can be handed on. Raises NotOpen, NotNow, Incomplete."""
    must_be_open(task)
    if task.part is Part.KNOW:
        raise NotNow(_("You are only to know of it."))
    errors: dict[str, Any] = {}
    if not content:
        errors["content"] = _("Write what is to be done.")
    if desk == task.desk:
        errors["whom"] = _("That is yourself.")
    if due_at and due_at <= now:
        errors["due"] = _("The due day lies in the past.")
    elif task.due_at and due_at and due_at > task.due_at:
        errors["due"] = _("The whole is due earlier.")
    if errors:
        raise Incomplete(errors)


def accept(task: Task) -> None:
    """Raises NotOpen, NotNow."""
    must_be_open(task)
    if task.stage is not Stage.GIVEN:
        raise NotNow(_("It was accepted already."))


def report(task: Task, *, percent: int | None, text: str, has_files: bool) -> None:
    """Whether progress can be reported. Raises NotOpen, Incomplete."""
    must_be_open(task)
    errors: dict[str, Any] = {}
    if percent is None or not 0 <= percent <= 100:
        errors["percent"] = _("Write a whole number from 0 to 100.")
    if not text and not has_files:
        errors["words"] = _("Write what was done.")
    if errors:
        raise Incomplete(errors)


def complete(tree: Iterable[Task], task: Task, *, text: str, product: str, has_files: bool) -> Stage:
    """Report a task as completed, with evidence: words, a file, or number and symbol of the document of the product.

    What leads waits then for whoever gave it; what co-operates is done with it. Raises NotOpen, StillBelow, Incomplete.
    """
    must_be_open(task)
    if any(each.parent == task.id and each.stage in OPEN | {Stage.REPORTED} for each in tree):
        raise StillBelow(
            _("Parts of it that you handed on are not at their end."),
            way_out=_("Wait for them and say whether they are done, or take them back."),
        )
    if task.part is Part.LEAD and not (product or has_files):
        raise Incomplete({"product": _("Give the number of the document of the product, or attach a file.")})
    if not text and not has_files and not product:
        raise Incomplete({"words": _("Write what was done.")})
    return Stage.REPORTED if task.part is Part.LEAD else Stage.DONE


def judge(task: Task) -> None:
    """Whether it can be said now that it is done, or not yet. Raises NotNow."""
    if task.stage is not Stage.REPORTED:
        raise NotNow(
            _("Its completion is not reported, or somebody else has looked at it."),
            way_out=_("Load the page again to see what has happened."),
        )


def ended_with(tree: Iterable[Task], task: Task) -> list[Task]:
    """What ends when a task is done: all that is below it and is not over; with who leads at the root the whole."""
    tasks = list(tree)
    top = None if task.parent is None and task.part is Part.LEAD else task.id
    return [each for each in _below(tasks, top) if each.id != task.id and each.stage not in OVER]


def cancel(tree: Iterable[Task], task: Task) -> list[Task]:
    """What ends when a task is cancelled, itself first. Raises NotOpen."""
    if task.stage in OVER:
        raise NotOpen(_("It is at its end already."), way_out=_("Load the page again to see what has happened."))
    return [task, *ended_with(tree, task)]


def _below(tasks: list[Task], top: int | None) -> list[Task]:
    found: list[Task] = []
    for each in tasks:
        if each.parent == top:
            found += [each, *_below(tasks, each.id)]
    return found


def ask_more_time(task: Task, *, wanted: datetime | None, reason: str, pending: bool, now: datetime) -> None:
    """Raises NotOpen, NotNow, AskedAlready, Incomplete."""
    must_be_open(task)
    if task.part is not Part.LEAD:
        raise NotNow(_("Whoever leads asks for more time; tell them what you need."))
    if task.due_at is None:
        raise NotNow(_("No due day was set, so no more time is needed."))
    check_none_pending(pending)
    errors: dict[str, Any] = {}
    if wrong := _not_later(task, wanted, now):
        errors["due"] = wrong
    if not reason:
        errors["words"] = _("Say why you need more time.")
    if errors:
        raise Incomplete(errors)


def grant(task: Task, above: Task | None, *, new_due: datetime, now: datetime) -> None:
    """Whether whoever gave a task may set this day. Raises NotOpen, Incomplete."""
    must_be_open(task)
    wrong: Any = _not_later(task, new_due, now)
    if above and above.due_at and new_due > above.due_at:
        wrong = _("The whole is due earlier.")
    if wrong:
        raise Incomplete({"due": wrong})


def _not_later(task: Task, wanted: datetime | None, now: datetime) -> Any:
    if wanted is None:
        return _("Choose the new day.")
    if wanted <= now:
        return _("The new day lies in the past.")
    if task.due_at and wanted <= task.due_at:
        return _("The new day is not later than the present one.")
    return None


def can_be_urged(task: Task) -> bool:
    return task.is_open and task.part is not Part.KNOW


def must_be_open(task: Task) -> None:
    if not task.is_open:
        raise NotOpen(_("There is nothing more to do with it."), way_out=_("Load the page again."))


@dataclass(frozen=True, slots=True)
class Month:
    """How the directives that an agency leads stood in a month: those carried over into it and those new in it, by what
    had become of them at its end."""

    carried: int = 0
    new: int = 0
    in_time: int = 0
    late: int = 0
    open_in_time: int = 0
    open_late: int = 0

    @property
    def total(self) -> int:
        return self.carried + self.new

    @property
    def share(self) -> float | None:
        """Completed in time, in percent of what should have been: what is open and late counts against it, so that
        leaving something undone never looks better."""
        wanted = self.in_time + self.late + self.open_late
        return 100 * self.in_time / wanted if wanted else None

    def __add__(self, other: "Month") -> "Month":
        return Month(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))
