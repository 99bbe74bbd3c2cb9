"""More time: asked for by who leads, decided by whoever directed them. Due days move when it is granted, not before,
and those of tasks below stay as they are."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, notifying
from lienthong.documents.models import MoreTime, Task
from lienthong.documents.rules import following as rules
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import carrying
from lienthong.documents.services.carrying import DOCUMENT, Handled
from lienthong.documents.services.directing import LONGEST_WORDS, NotWithYou, WordsNeeded, held
from lienthong.foundation import rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.queries import province
from lienthong.identity.actors import Officer
from lienthong.notifications.services import Recipient, notify
from lienthong.work import more_time
from lienthong.work import services as work


@transaction.atomic
def ask_more_time(
    *, arrival_id: int, task_id: int, officer: Officer, key: UUID, until: datetime | None, reason: str
) -> MoreTime:
    """Ask whoever directed the task for a new due day. Whoever has it from the clerk sets the new day alone, and that
    of the document with it. The same key asks once.

    Raises NoSuchDocument, NotWithYou, WordsNeeded, and what `rules.ask` and `rules.grant` refuse.
    """
    handled, task, _post = held(arrival_id, task_id, officer)
    if earlier := more_time.asked_with(MoreTime, key):
        return earlier
    if until is None:
        raise rules.NoMoreTime(_("Choose the new day."))
    reason = _said(reason)
    if not reason:
        raise WordsNeeded(_("Say why you need more time."))
    now, rule_task = handled.now, carrying.as_rule(task)
    pending = more_time.is_pending(MoreTime, task)
    rules.ask(rule_task, wanted=until, pending=pending, now=now)
    asked = more_time.ask(MoreTime, task, officer=officer, key=key, until=until, reason=reason, now=now)
    carrying.record(events.MORE_TIME_ASKED, handled.arrival, officer, more_time.told(asked))
    if task.parent_id is None:
        rules.grant(rule_task, None, new_due=until, now=now)
        _decide(handled, asked, task, officer, new_due=until, words="", key=key)
    else:
        work.open_items([_item(handled, asked, handled.tasks[task.parent_id], now)])
    return asked


@transaction.atomic
def decide_more_time(
    *,
    request_id: int,
    officer: Officer,
    key: UUID,
    grant: bool,
    until: datetime | None = None,
    words: str = "",
) -> MoreTime:
    """Grant the day that was asked for, or another one, or refuse it with a reason. The same key decides once.

    Raises NoSuchDocument, NotWithYou, DecidedAlready, WordsNeeded, and what `rules.grant` refuses.
    """
    found = MoreTime.objects.select_related("task").filter(pk=request_id).first()
    if found is None:
        raise carrying.no_such_document()
    handled = carrying.lock(found.task.arrival_id)
    task = handled.tasks[found.task_id]
    if not any(carrying.holds(officer, each) for each in handled.tasks.values()):
        raise carrying.no_such_document()
    above = handled.tasks.get(task.parent_id or 0)
    if above is None or carrying.holds(officer, above) is None:
        raise NotWithYou(_("Whoever directed the task decides on more time."))
    if more_time.is_decided(found, key, way_out=_("Look at the document as it is now.")):
        return found
    now, words = handled.now, _said(words)
    new_due = until or found.wanted_due
    if grant:
        rules.grant(carrying.as_rule(task), carrying.as_rule(above), new_due=new_due, now=now)
    elif not words:
        raise WordsNeeded(_("Say why you refuse it."))
    _decide(handled, found, task, officer, new_due=new_due if grant else None, words=words, key=key)
    _tell(handled, found, task, officer)
    return found


def _decide(
    handled: Handled,
    asked: MoreTime,
    task: Task,
    officer: Officer,
    *,
    new_due: datetime | None,
    words: str,
    key: UUID,
) -> None:
    more_time.decide(asked, new_due=new_due, words=words, officer=officer, key=key, now=handled.now)
    if new_due:
        _move(handled, task, new_due)
    event = events.MORE_TIME_GRANTED if new_due else events.MORE_TIME_REFUSED
    carrying.record(event, handled.arrival, officer, more_time.told(asked))


def _move(handled: Handled, task: Task, new_due: datetime) -> None:
    task.due_at = new_due
    rows.change(task, "due_at")
    waiting = handled.journey.is_waiting(carrying.as_rule(task))
    work.postpone(subject=(DOCUMENT, handled.arrival.pk), part_id=task.pk, due_at=new_due, waiting=waiting)
    if task.parent_id is None:
        handled.arrival.due_at = new_due
        rows.change(handled.arrival, "due_at")


def _item(handled: Handled, asked: MoreTime, above: Task, now: datetime) -> work.NewItem:
    """It is wanted on the next working day, of an urgent document at once, like a direction."""
    document = handled.arrival.document
    return work.NewItem(
        subject=(asked.subject_type, asked.pk),
        part_id=asked.pk,
        task=_now("Decide on more time for the document"),
        title=document.abstract,
        code=carrying.code_of(handled.arrival, document),
        organisation_id=above.organisation_id,
        role=above.role,
        post_id=above.post_id,
        opened_at=now,
        due_at=passed_on_by(now, Urgency(document.urgency), calendar_of(province().calendar)),
    )


def _tell(handled: Handled, asked: MoreTime, task: Task, officer: Officer) -> None:
    notify(
        kind=notifying.MORE_TIME_GRANTED if asked.new_due else notifying.MORE_TIME_REFUSED,
        to=Recipient(asked.asked_by_id),
        subject=(DOCUMENT, handled.arrival.pk),
        key=f"{asked.pk}",
        context={**carrying.told(handled.arrival), "who": officer.name, "words": asked.words, "due": task.due_at},
        link=carrying.address(handled.arrival),
    )


def _said(words: str) -> str:
    if len(words) > LONGEST_WORDS:
        raise WordsNeeded(_("It has more than %(most)s letters; attach a file instead."), most=LONGEST_WORDS)
    return words.strip()
