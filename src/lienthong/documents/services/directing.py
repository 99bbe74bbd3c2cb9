"""What whoever has a document does with it: hands it on, settles it, gives an opinion, gives it back, takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.models import Note, Task
from lienthong.documents.rules import journey as rules
from lienthong.documents.rules.journey import Outcome
from lienthong.documents.services import carrying, phrases
from lienthong.documents.services.carrying import Handled, NotTaken
from lienthong.foundation import ledger, rows
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import services as work
from lienthong.work.rules import Part

LONGEST_WORDS = 4000


class NotWithYou(NotAllowed):
    code = "documents.not_with_you"


class WordsNeeded(DomainError):
    code = "documents.words_needed"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A unit, by its heads, or one post in it."""

    organisation_id: int
    post_id: int | None = None


@transaction.atomic
def direct(
    *,
    arrival_id: int,
    task_id: int,
    officer: Officer,
    key: UUID,
    words: str = "",
    lead: Chosen | None = None,
    cooperate: Sequence[Chosen] = (),
    know: Sequence[Chosen] = (),
    due_at: datetime | None = None,
) -> Handled:
    """Say who settles the document, who helps, who is to know, and until when (bút phê). The same key directs once.

    Raises NoSuchDocument, NotWithYou, NotTaken, and what `rules.direct` refuses.
    """
    handled, task, post = held(arrival_id, task_id, officer)
    if _written(key):
        return handled
    now = handled.now
    direction = rules.Direction(
        lead=_desk(handled, lead) if lead else None,
        cooperate=tuple(_desk(handled, each) for each in cooperate),
        know=tuple(_desk(handled, each) for each in know),
        due_at=due_at,
    )
    rule_task = carrying.as_rule(task)
    parts = rules.direct(handled.journey, rule_task, direction, now=now)
    opened = carrying.open_tasks(handled.arrival, task.pk, parts, due_at=rules.due_below(rule_task, direction), now=now)
    handled.tasks |= {each.pk: each for each in opened}
    _see(task, officer, now)
    if direction.lead:
        _lay_aside(handled, task, waiting=True)
    _say(handled, task, Note.About.DIRECTION, words, officer, post, key=key, now=now)
    phrases.count_use(words, officer)
    carrying.settle(handled, now=now)
    carrying.record(
        events.DIRECTED,
        handled.arrival,
        officer.acting_in(post),
        {"task": task.pk, "to": [[part.value, *desk] for part, desk in parts], "due": due_at and due_at.isoformat()},
    )
    return handled


@transaction.atomic
def finish(*, arrival_id: int, task_id: int, officer: Officer, key: UUID, words: str = "", answer: str = "") -> Handled:
    """Report that the document is settled, give one's opinion, or say that one knows, as the task is. `answer` is the
    number and symbol of the document that answers it. Whoever handed it on gets it back to be looked at.

    Raises NoSuchDocument, NotWithYou, WordsNeeded, and what `rules.finish` refuses.
    """
    handled, task, post = held(arrival_id, task_id, officer)
    if _written(key):
        return handled
    now = handled.now
    rule_task = carrying.as_rule(task)
    outcome = rules.finish(handled.journey, rule_task)
    if outcome is Outcome.SAID and not words.strip():
        raise WordsNeeded(_("Write your opinion."))
    beside = rules.closed_with(handled.journey, rule_task)
    carrying.close(handled, [rule_task], outcome, officer, now=now)
    if beside:
        carrying.close(handled, beside, Outcome.TAKEN_BACK, officer, now=now)
    if answer.strip():
        handled.arrival.answer = answer.strip()[:60]
        rows.change(handled.arrival, "answer")
    about = Note.About.OPINION if outcome is Outcome.SAID else Note.About.REPORT
    _say(handled, task, about, words, officer, post, key=key, now=now)
    if task.part == Part.LEAD and task.parent_id:
        _lay_aside(handled, handled.tasks[task.parent_id], waiting=False)
    carrying.settle(handled, now=now)
    said = {"task": task.pk, "answer": answer.strip()[:60]}
    carrying.record(_EVENTS[outcome], handled.arrival, officer.acting_in(post), said)
    return handled


_EVENTS: dict[Outcome, ledger.EventKind] = {
    Outcome.REPORTED: events.REPORTED,
    Outcome.SAID: events.SAID,
    Outcome.KNOWN: events.KNOWN,
}


@transaction.atomic
def give_back(*, arrival_id: int, task_id: int, officer: Officer, key: UUID, reason: str) -> Handled:
    """It is not ours: back to whoever handed it on. Raises NoSuchDocument, NotWithYou, WordsNeeded, and what
    `rules.give_back` refuses."""
    handled, task, post = held(arrival_id, task_id, officer)
    if _written(key):
        return handled
    now = handled.now
    rules.give_back(handled.journey, carrying.as_rule(task))
    if not reason.strip():
        raise WordsNeeded(_("Say why, and who it is for."))
    carrying.close(handled, [carrying.as_rule(task)], Outcome.RETURNED, officer, now=now)
    _say(handled, task, Note.About.GIVEN_BACK, reason, officer, post, key=key, now=now)
    if task.part == Part.LEAD and task.parent_id:
        _lay_aside(handled, handled.tasks[task.parent_id], waiting=False)
    carrying.settle(handled, now=now)
    said = {"task": task.pk, "reason": reason.strip()}
    carrying.record(events.GIVEN_BACK, handled.arrival, officer.acting_in(post), said)
    return handled


@transaction.atomic
def take_back(*, arrival_id: int, task_id: int, officer: Officer, key: UUID, reason: str = "") -> Handled:
    """Take a task back from those to whom one handed it on; with it ends all that they handed on.

    Raises NoSuchDocument, NotWithYou, and what `rules.take_back` refuses.
    """
    handled = carrying.lock(arrival_id)
    task = handled.tasks.get(task_id)
    above = handled.tasks.get(task.parent_id or 0) if task else None
    post = carrying.holds(officer, above) if above else None
    if task is None or above is None or post is None:
        raise carrying.no_such_document()
    if _written(key):
        return handled
    now = handled.now
    ended = rules.take_back(handled.journey, carrying.as_rule(task))
    carrying.close(handled, ended, Outcome.TAKEN_BACK, officer, now=now)
    _say(handled, above, Note.About.TAKEN_BACK, reason, officer, post, key=key, now=now)
    if task.part == Part.LEAD:
        _lay_aside(handled, above, waiting=False)
    carrying.settle(handled, now=now)
    said = {"task": task.pk, "reason": reason.strip()}
    carrying.record(events.TAKEN_BACK, handled.arrival, officer.acting_in(post), said)
    return handled


def held(arrival_id: int, task_id: int, officer: Officer) -> tuple[Handled, Task, HeldPost]:
    """The document, locked, and the officer's task. Raises NoSuchDocument, NotWithYou."""
    handled = carrying.lock(arrival_id)
    if not any(carrying.holds(officer, task) for task in handled.tasks.values()):
        raise carrying.no_such_document()
    task = handled.tasks.get(task_id)
    post = carrying.holds(officer, task) if task else None
    if task is None or post is None:
        raise NotWithYou(_("This lies with somebody else."))
    return handled, task, post


def _desk(handled: Handled, chosen: Chosen) -> rules.Desk:
    """A desk of the same agency. Raises NotTaken."""
    desk = carrying.desk_of(chosen.organisation_id, chosen.post_id)
    if desk[0] not in {unit.id for unit in policy.units_of(handled.agency)}:
        raise NotTaken(_("%(name)s is no part of this agency; send it the document."), name=tree()[desk[0]].name)
    return desk


def _see(task: Task, officer: Officer, now: datetime) -> None:
    if task.seen_at is None:
        task.seen_at, task.seen_by_id = now, officer.account_id
        rows.change(task, "seen_at", "seen_by")


def _lay_aside(handled: Handled, task: Task, *, waiting: bool) -> None:
    """In the inbox of who handed it on it waits while somebody below leads."""
    if task.done_at is None:
        work.wait(subject=(carrying.DOCUMENT, handled.arrival.pk), part_id=task.pk, waiting=waiting)


def _say(
    handled: Handled,
    task: Task,
    about: str,
    words: str,
    officer: Officer,
    post: HeldPost,
    *,
    key: UUID,
    now: datetime,
) -> None:
    """Kept though it has no words: by its key a second press is known."""
    if len(words) > LONGEST_WORDS:
        raise WordsNeeded(_("It has more than %(most)s letters; attach a file instead."), most=LONGEST_WORDS)
    carrying.write(handled.arrival, task, about, words, officer, post, key=key, now=now)


def _written(key: UUID) -> bool:
    return Note.objects.filter(key=key).exists()
