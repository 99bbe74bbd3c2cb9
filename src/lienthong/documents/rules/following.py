"""Following up what was handed on: more time, urging, and what of it was settled in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.rules.journey import Journey, NotOpen, Outcome, Task
from lienthong.foundation.errors import DomainError
from lienthong.work.rules import Part, check_none_pending


class NoMoreTime(DomainError):
    """A new day that cannot be asked for, or cannot be granted."""

    code = "documents.no_more_time"


def ask(task: Task, *, wanted: datetime, pending: bool, now: datetime) -> None:
    """Whether a new day may be asked for. `pending`: one was asked for and is not decided.

    Raises NotOpen, NoMoreTime, AskedAlready.
    """
    _must_be_open(task)
    if task.part is not Part.LEAD:
        raise NoMoreTime(_("Whoever leads asks for more time; tell them what you need."))
    if task.due_at is None:
        raise NoMoreTime(_("No time limit was set, so no more time is needed."))
    check_none_pending(pending)
    _must_be_later(task, wanted, now)


def grant(task: Task, above: Task | None, *, new_due: datetime, now: datetime) -> None:
    """Whether the new day may be set by whoever has the task above. Without one above, whoever got the document from
    the clerk sets the day alone: the agency answers for it to the sender.

    Raises NotOpen, NoMoreTime.
    """
    _must_be_open(task)
    _must_be_later(task, new_due, now)
    if above and above.due_at and new_due > above.due_at:
        raise NoMoreTime(
            _("You have to be ready yourself until %(day)s, and cannot give more time than you have."),
            way_out=_("Grant an earlier day, or ask for more time yourself first."),
            day=f"{above.due_at:%d/%m/%Y}",
        )


def _must_be_later(task: Task, wanted: datetime, now: datetime) -> None:
    if wanted <= now:
        raise NoMoreTime(_("The new day lies in the past."))
    if task.due_at and wanted <= task.due_at:
        raise NoMoreTime(_("The new day is not later than the present one, %(day)s."), day=f"{task.due_at:%d/%m/%Y}")


def _must_be_open(task: Task) -> None:
    if not task.is_open:
        raise NotOpen(_("This is done already."), way_out=_("Load the page again to see what has happened."))


def urgeable(journey: Journey, own: Iterable[int], *, every: bool = False) -> list[Task]:
    """Whom somebody may urge (NĐ 30/2020 art. 24): those who have the document open below one of the tasks `own`, and
    with `every`, as for the clerk, all others. Who is only to know is not urged, and nobody urges themselves."""
    mine = set(own)
    return [
        task
        for task in journey.tasks.values()
        if task.is_open
        and task.part is not Part.KNOW
        and task.id not in mine
        and (every or not mine.isdisjoint(_above(journey, task)))
    ]


def _above(journey: Journey, task: Task) -> list[int]:
    found, parent = [], task.parent
    while parent is not None:
        found.append(parent)
        parent = journey.tasks[parent].parent
    return found


class Progress(StrEnum):
    """How a document stands against its time limit, for the statistics. Each is in one class only."""

    IN_TIME = "in-time"
    LATE = "late"
    OPEN_IN_TIME = "open-in-time"
    OPEN_LATE = "open-late"
    UNLIMITED = "unlimited"
    UNLIMITED_OPEN = "unlimited-open"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Progress.IN_TIME: pgettext_lazy("documents", "settled in time"),
    Progress.LATE: pgettext_lazy("documents", "settled late"),
    Progress.OPEN_IN_TIME: pgettext_lazy("documents", "open, in time"),
    Progress.OPEN_LATE: pgettext_lazy("documents", "open, late"),
    Progress.UNLIMITED: pgettext_lazy("documents", "settled, without a limit"),
    Progress.UNLIMITED_OPEN: pgettext_lazy("documents", "open, without a limit"),
}


def progress(due: datetime | None, done: datetime | None, *, now: datetime) -> Progress:
    """By the time limit in force, which is the last one granted; to the moment."""
    if due is None:
        return Progress.UNLIMITED if done else Progress.UNLIMITED_OPEN
    if done:
        return Progress.IN_TIME if done <= due else Progress.LATE
    return Progress.OPEN_IN_TIME if now <= due else Progress.OPEN_LATE


@dataclass(frozen=True, slots=True)
class Settlement:
    """How many documents stand how: of an agency, or handed to a unit of it."""

    in_time: int = 0
    late: int = 0
    open_in_time: int = 0
    open_late: int = 0
    unlimited: int = 0
    unlimited_open: int = 0

    @property
    def received(self) -> int:
        return sum(count for _progress, count in self.counts())

    def counts(self) -> list[tuple[Progress, int]]:
        return [(each, getattr(self, each.value.replace("-", "_"))) for each in Progress]

    @property
    def share(self) -> float | None:
        """Settled in time, in percent of what should have been settled by now: what is open and late counts against it,
        so that leaving something undone never looks better. None where nothing had to be settled."""
        wanted = self.in_time + self.late + self.open_late
        return 100 * self.in_time / wanted if wanted else None


UNDONE = (Outcome.RETURNED, Outcome.TAKEN_BACK)
"""Tasks that ended so were nobody's to settle."""
