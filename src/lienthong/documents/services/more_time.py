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
from lienthong.documents.rules.following import Decision
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import carrying
from lienthong.documents.services.carrying import DOCUMENT, MORE_TIME, Handled
from lienthong.documents.services.directing import LONGEST_WORDS, NotWithYou, WordsNeeded, held
from lienthong.foundation import rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.queries import province
from lienthong.identity.actors import Officer
from lienthong.notifications.services import Recipient, notify
from lienthong.work import services as work


class DecidedAlready(Conflict):
    code = "documents.more_time_decided_already"


@transaction.atomic
def ask_more_time(
    *, arrival_id: int, task_id: int, officer: Officer, key: UUID, until: datetime | None, reason: str
) -> MoreTime:
    """Ask whoever directed the task for a new due day. Whoever has it from the clerk sets the new day alone, and that
    of the document with it. The same key asks once.

    Raises NoSuchDocument, NotWithYou, WordsNeeded, and what `rules.ask` and `rules.grant` refuse.
    """
    handled, task, _post = held(arrival_id, task_id, officer)
    if earlier := MoreTime.objects.filter(key=key).first():
        return earlier
    if until is None:
        raise rules.NoMoreTime(_("Choose the new day."))
    reason = _said(reason)
    if not reason:
        raise WordsNeeded(_("Say why you need more time."))
    now, rule_task = handled.now, carrying.as_rule(task)
    pending = MoreTime.objects.filter(task_id=task.pk, decided_at=None).exists()
    rules.ask(rule_task, wanted=until, pending=pending, now=now)
    assert task.due_at
    asked = MoreTime(
        task=task,
        key=key,
        reason=reason,
        old_due=task.due_at,
        wanted_due=until,
        asked_at=now,
        asked_by_id=officer.account_id,
    )
    rows.insert([asked])
    data = {"task": task.pk, "request": asked.pk, "until": until.isoformat()}
    carrying.record(events.MORE_TIME_ASKED, handled.arrival, officer, data)
    if task.parent_id is None:
        rules.grant(rule_task, None, new_due=until, now=now)
        _decide(handled, asked, task, officer, Decision.GRANTED, new_due=until, words="", key=key, now=now)
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
    found.refresh_from_db()
    task = handled.tasks[found.task_id]
    if not any(carrying.holds(officer, each) for each in handled.tasks.values()):
        raise carrying.no_such_document()
    above = handled.tasks.get(task.parent_id or 0)
    if above is None or carrying.holds(officer, above) is None:
        raise NotWithYou(_("Whoever directed the task decides on more time."))
    if found.decision_key == key:
        return found
    if found.decided_at is not None:
        raise DecidedAlready(
            _("This was decided already, or the task has ended."), way_out=_("Look at the document as it is now.")
        )
    now, words = handled.now, _said(words)
    new_due = until or found.wanted_due
    if grant:
        rules.grant(carrying.as_rule(task), carrying.as_rule(above), new_due=new_due, now=now)
    elif not words:
        raise WordsNeeded(_("Say why you refuse it."))
    decision = Decision.GRANTED if grant else Decision.REFUSED
    _decide(handled, found, task, officer, decision, new_due=new_due, words=words, key=key, now=now)
    carrying.close_request(found, officer, now=now)
    _tell(handled, found, task, officer)
    return found


def _decide(
    handled: Handled,
    asked: MoreTime,
    task: Task,
    officer: Officer,
    decision: Decision,
    *,
    new_due: datetime,
    words: str,
    key: UUID,
    now: datetime,
) -> None:
    granted = decision is Decision.GRANTED
    asked.decision, asked.decided_at, asked.decided_by_id = decision, now, officer.account_id
    asked.decision_key, asked.words, asked.new_due = key, words, new_due if granted else None
    rows.change(asked, "decision", "decided_at", "decided_by", "decision_key", "words", "new_due")
    if granted:
        _move(handled, task, new_due)
    event = events.MORE_TIME_GRANTED if granted else events.MORE_TIME_REFUSED
    data: dict[str, object] = {"task": task.pk, "request": asked.pk}
    if granted:
        data["until"] = new_due.isoformat()
    carrying.record(event, handled.arrival, officer, data)


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
        subject=(MORE_TIME, asked.pk),
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
    granted = asked.decision == Decision.GRANTED
    notify(
        kind=notifying.MORE_TIME_GRANTED if granted else notifying.MORE_TIME_REFUSED,
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
