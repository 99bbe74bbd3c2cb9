"""The way of an incoming document inside an agency: who was told to do what, and how far it has come.

A document lies with somebody as a task. Whoever has it to settle may settle it, or direct it to others: one who leads,
some who co-operate, some who are to know (NĐ 30/2020 art. 23 and 24). So tasks form a tree, whose first one is the
leader's to whom the clerk presents the document. The task of who directed stays open until the one who leads below has
reported; it is waiting meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict, DomainError
from lienthong.work.rules import Part


class Status(IntEnum):
    """How far a document has come at the agency that got it (QĐ 28/2018 art. 10.2.h; codes of QCVN 102:2016). 13 is the
    sender's word, who takes it back."""

    ARRIVED = 1
    REFUSED = 2
    REGISTERED = 3
    ASSIGNED = 4
    IN_PROCESS = 5
    DONE = 6
    RECALLED = 13


class Outcome(StrEnum):
    """How a task ended."""

    REPORTED = "reported"
    SAID = "said"
    KNOWN = "known"
    RETURNED = "returned"
    TAKEN_BACK = "taken-back"


Desk = tuple[int, str, int | None]
"""Organisation, role, and the post when one was chosen."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one desk has to do. `due_at` is None where no time was set."""

    id: int
    parent: int | None
    part: Part
    desk: Desk
    due_at: datetime | None
    seen_at: datetime | None = None
    done_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        return self.done_at is None


class NotOpen(Conflict):
    code = "documents.not_open"


class NotDirected(DomainError):
    """A direction that says nothing, or contradicts itself."""

    code = "documents.not_directed"


class StillBelow(Conflict):
    """Somebody below still works on it."""

    code = "documents.still_below"


@dataclass(frozen=True)
class Journey:
    """All tasks of one document."""

    tasks: Mapping[int, Task] = field(default_factory=dict)

    @classmethod
    def of(cls, tasks: Iterable[Task]) -> "Journey":
        return cls({task.id: task for task in tasks})

    @cached_property
    def _below(self) -> Mapping[int | None, list[Task]]:
        below: dict[int | None, list[Task]] = {}
        for task in sorted(self.tasks.values(), key=lambda task: task.id):
            below.setdefault(task.parent, []).append(task)
        return below

    def below(self, task: int | None) -> Sequence[Task]:
        return self._below.get(task, ())

    def lead_below(self, task: int | None) -> Task | None:
        """Who leads below a task now, or led it to its end."""
        standing = [each for each in self.below(task) if each.part is Part.LEAD and each.outcome not in _UNDONE]
        return standing[-1] if standing else None

    def is_waiting(self, task: Task) -> bool:
        """Whether somebody else must report first."""
        lead = self.lead_below(task.id)
        return task.is_open and lead is not None and lead.is_open

    @property
    def status(self) -> Status:
        """How far a registered document has come."""
        first = self.lead_below(None)
        if first is None:
            return Status.REGISTERED
        if not first.is_open:
            return Status.DONE
        directed = self.lead_below(first.id)
        if directed is None:
            return Status.REGISTERED
        return Status.IN_PROCESS if directed.seen_at or self.below(directed.id) else Status.ASSIGNED


_UNDONE = (Outcome.RETURNED, Outcome.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Direction:
    """What whoever has a document tells others: to lead, to co-operate, to know."""

    lead: Desk | None = None
    cooperate: tuple[Desk, ...] = ()
    know: tuple[Desk, ...] = ()
    due_at: datetime | None = None

    def parts(self) -> list[tuple[Part, Desk]]:
        return [
            *([(Part.LEAD, self.lead)] if self.lead else []),
            *((Part.COOPERATE, desk) for desk in self.cooperate),
            *((Part.KNOW, desk) for desk in self.know),
        ]


def direct(journey: Journey, task: Task, direction: Direction, *, now: datetime) -> list[tuple[Part, Desk]]:
    """What is to be opened below a task. Raises NotOpen, NotDirected.

    A second direction may add who co-operates or is to know; who leads is changed by taking the task back first.
    """
    _must_be_open(task)
    parts = direction.parts()
    if not parts:
        raise NotDirected(_("Choose at least one who has to do something, or is to know."))
    desks = [desk for _part, desk in parts]
    twice = next((desk for number, desk in enumerate(desks) if desk in desks[:number]), None)
    if twice is not None or task.desk in desks:
        raise NotDirected(_("Everybody gets the document once: to lead, to co-operate or to know; not yourself."))
    there = {each.desk for each in journey.below(task.id) if each.outcome not in _UNDONE}
    if there & set(desks):
        raise NotDirected(_("Somebody among them has it from you already."))
    if direction.cooperate and not direction.lead and journey.lead_below(task.id) is None:
        raise NotDirected(_("Where several work together one leads: choose who (NĐ 30/2020, art. 24)."))
    if direction.lead and journey.lead_below(task.id):
        raise NotDirected(
            _("Somebody leads already."), way_out=_("Take the document back from them first, then choose another.")
        )
    if direction.lead and task.part is not Part.LEAD:
        raise NotDirected(_("You co-operate: whoever leads can hand the document on, you can tell others of it."))
    if direction.due_at and direction.due_at <= now:
        raise NotDirected(_("The time limit lies in the past."))
    if direction.due_at and task.due_at and direction.due_at > task.due_at:
        raise NotDirected(
            _("The time limit is later than your own, %(day)s."),
            way_out=_("Ask for more time first."),
            day=f"{task.due_at:%d/%m/%Y}",
        )
    return parts


def due_below(task: Task, direction: Direction) -> datetime | None:
    """Until when those below have to be ready: as said, else when whoever told them has to be."""
    return direction.due_at or task.due_at


def finish(journey: Journey, task: Task) -> Outcome:
    """How a task ends by the work of who has it: a report by who leads, an opinion, the word that it is known.

    Raises NotOpen, StillBelow.
    """
    _must_be_open(task)
    match task.part:
        case Part.LEAD:
            lead = journey.lead_below(task.id)
            if lead and lead.is_open:
                raise StillBelow(
                    _("Whoever leads below you has not reported yet."),
                    way_out=_("Take the document back from them if you want to settle it yourself."),
                )
            return Outcome.REPORTED
        case Part.COOPERATE:
            return Outcome.SAID
        case Part.KNOW:
            return Outcome.KNOWN


def closed_with(journey: Journey, task: Task) -> list[Task]:
    """The open tasks below that end when this one does: nobody waits for their opinion any more. Who is only to know
    still reads it when it suits."""
    return [each for each in _all_below(journey, task) if each.is_open and each.part is not Part.KNOW]


def give_back(journey: Journey, task: Task) -> None:
    """It was assigned wrongly. Raises NotOpen, StillBelow, NotDirected."""
    _must_be_open(task)
    if task.parent is None:
        raise NotDirected(_("The first who got it from the clerk cannot give it back; direct it to somebody else."))
    if any(each.is_open and each.part is not Part.KNOW for each in journey.below(task.id)):
        raise StillBelow(_("You have handed it on: take it back from those below first."))


def take_back(journey: Journey, task: Task) -> list[Task]:
    """The tasks that end when who directed takes one back: it, and all that is open below it. Raises NotOpen."""
    _must_be_open(task)
    return [task, *(each for each in _all_below(journey, task) if each.is_open)]


def _all_below(journey: Journey, task: Task) -> list[Task]:
    found: list[Task] = []
    for each in journey.below(task.id):
        found += [each, *_all_below(journey, each)]
    return found


def _must_be_open(task: Task) -> None:
    if not task.is_open:
        raise NotOpen(_("This is done already."), way_out=_("Load the page again to see what has happened."))
