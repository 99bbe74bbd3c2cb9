"""More time: asked for by who leads, decided by whoever gave the task. The due day moves when it is granted, not
before, and those of parts handed on stay as they are."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.directives import events, notifying, rules
from lienthong.directives.models import MoreTime, Task
from lienthong.directives.rules import Incomplete
from lienthong.directives.services import carrying
from lienthong.directives.services.carrying import DIRECTIVE, Carried, Said
from lienthong.foundation import rows
from lienthong.identity.actors import Officer
from lienthong.work import more_time
from lienthong.work import services as work
from lienthong.work.rules import Part


@transaction.atomic
def ask_more_time(
    *, directive_id: int, task_id: int, officer: Officer, key: UUID, until: datetime | None, reason: str
) -> MoreTime:
    """Ask whoever gave the task for a new due day. The same key asks once.

    Raises NoSuchDirective, NotWithYou, and what `rules.ask_more_time` refuses.
    """
    carried, task, _post = carrying.held(directive_id, task_id, officer)
    if earlier := more_time.asked_with(MoreTime, key):
        return earlier
    said, pending = Said(words=reason), more_time.is_pending(MoreTime, task)
    rules.ask_more_time(carrying.as_rule(task), wanted=until, reason=said.words, pending=pending, now=carried.now)
    assert until
    asked = more_time.ask(MoreTime, task, officer=officer, key=key, until=until, reason=reason, now=carried.now)
    work.open_items([_item(carried, task, asked)])
    carrying.record(events.MORE_TIME_ASKED, carried.directive, officer, more_time.told(asked))
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

    Raises NoSuchDirective, NotWithYou, DecidedAlready, and what `rules.grant` refuses.
    """
    found = MoreTime.objects.select_related("task").filter(pk=request_id).first()
    if found is None:
        raise carrying.no_such_directive()
    carried, task, _post = carrying.given_by(found.task.directive_id, found.task_id, officer)
    if more_time.is_decided(found, key, way_out=_("Look at the directive as it is now.")):
        return found
    said, new_due = Said(words=words), until or found.wanted_due
    if grant:
        above = carried.above(task)
        rules.grant(
            carrying.as_rule(task), carrying.as_rule(above) if above else None, new_due=new_due, now=carried.now
        )  # fmt: skip
    elif not said.words:
        raise Incomplete({"words": _("Say why you refuse it.")})
    more_time.decide(found, new_due=new_due if grant else None, words=words, officer=officer, key=key, now=carried.now)
    event = events.MORE_TIME_GRANTED if grant else events.MORE_TIME_REFUSED
    carrying.record(event, carried.directive, officer, more_time.told(found))
    if grant:
        _move(carried, task, new_due)
    _tell(carried, found, task, officer)
    return found


def _move(carried: Carried, task: Task, new_due: datetime) -> None:
    """At the root with it the days of those who co-operate, which are that of the whole."""
    beside = (each for each in carried.tasks.values() if task.parent_id is None and each.parent_id is None)
    for each in (task, *(other for other in beside if other.part == Part.COOPERATE and other.stage in rules.OPEN)):
        each.due_at = new_due
        rows.change(each, "due_at")
        work.postpone(subject=(DIRECTIVE, carried.directive.pk), part_id=each.pk, due_at=new_due, waiting=False)


def _item(carried: Carried, task: Task, asked: MoreTime) -> work.NewItem:
    above = carried.above(task)
    organisation_id, role, post_id = carrying.desk(above) if above else carrying.giver_desk(carried.directive)
    return work.NewItem(
        subject=(asked.subject_type, asked.pk),
        part_id=asked.pk,
        task=_now("Decide on more time for the directive"),
        title=task.content or carried.directive.content,
        code=carried.directive.code,
        organisation_id=organisation_id,
        role=role,
        post_id=post_id,
        opened_at=carried.now,
        due_at=carrying.next_day(carried.now),
    )


def _tell(carried: Carried, asked: MoreTime, task: Task, officer: Officer) -> None:
    kind = notifying.MORE_TIME_GRANTED if asked.new_due else notifying.MORE_TIME_REFUSED
    carrying.tell(
        kind, carried.directive, task, [asked.asked_by_id], who=officer, words=asked.words, key=f"more-time-{asked.pk}"
    )  # fmt: skip
