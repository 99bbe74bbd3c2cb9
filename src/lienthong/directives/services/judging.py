"""What whoever gave a task says of its completion: it is done, or it goes back."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.directives import events, notifying, rules
from lienthong.directives.models import Entry
from lienthong.directives.rules import Incomplete, Mark, Stage
from lienthong.directives.services import carrying
from lienthong.directives.services.carrying import Carried, Said
from lienthong.foundation import rows
from lienthong.identity.actors import Officer
from lienthong.work.queries import acting_on


@transaction.atomic
def judge(*, directive_id: int, task_id: int, officer: Officer, key: UUID, mark: str, words: str = "") -> Carried:
    """Say that a task is done, and how well. What others still had to do with it ends. The same key judges once.

    Raises NoSuchDirective, NotWithYou, NotNow, Incomplete.
    """
    carried, task, post = carrying.judged_by(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    rules.judge(carrying.as_rule(task))
    if mark not in set(Mark):
        raise Incomplete({"mark": _("Choose how well it is done.")})
    said = Said(words=words)
    task.mark, task.stage, task.ended_at = Mark(mark), Stage.DONE, carried.now
    rows.change(task, "mark", "stage", "ended_at")
    carrying.close_item(carried, [task], Stage.DONE, officer)
    carrying.end(carried, rules.ended_with(carried.rules, carrying.as_rule(task)), Stage.ENDED, officer)
    carrying.write(carried, task, Entry.About.JUDGED, said, officer, post, key=key)
    carrying.record(events.JUDGED, carried.directive, officer, {"task": task.pk, "mark": mark})
    return carried


@transaction.atomic
def send_back(*, directive_id: int, task_id: int, officer: Officer, key: UUID, reason: str) -> Carried:
    """It is not done yet: back to whoever has it, with the due day it had. The same key sends back once.

    Raises NoSuchDirective, NotWithYou, NotNow, Incomplete.
    """
    carried, task, post = carrying.judged_by(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    rules.judge(carrying.as_rule(task))
    said = Said(words=reason)
    if not reason:
        raise Incomplete({"words": _("Say what is missing.")})
    task.stage, task.finished_at = Stage.UNDER_WAY, None
    rows.change(task, "stage", "finished_at")
    carrying.close_item(carried, [task], "returned", officer)
    carrying.open_again(carried, task)
    carrying.write(carried, task, Entry.About.RETURNED, said, officer, post, key=key)
    carrying.record(events.RETURNED, carried.directive, officer, {"task": task.pk, "reason": reason})
    to = acting_on([task])[task.pk]
    carrying.tell(notifying.RETURNED, carried.directive, task, to, who=officer, words=reason, key=str(key))
    return carried
