"""Urging those who have a task open (đôn đốc): told to them, on record, once a day a task."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.directives import events, notifying, policy, rules
from lienthong.directives.models import Task, Urging
from lienthong.directives.services import carrying
from lienthong.directives.services.carrying import Carried, Said
from lienthong.foundation import clock, rows
from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer

MOST_AT_ONCE = 100


class NotUrged(DomainError):
    code = "directives.not_urged"


@dataclass(frozen=True, slots=True)
class Urged:
    """How many tasks somebody was urged for, how many were urged for today before."""

    urged: int
    before: int


@transaction.atomic
def urge(*, task_ids: Collection[int], officer: Officer, words: str = "") -> Urged:
    """Urge those with whom these tasks lie. What has been done meanwhile, or is not the officer's to urge, is left out.

    Raises NotUrged where nothing is left, Incomplete where there are too many words.
    """
    said, wanted = Said(words=words), set(task_ids)
    if len(wanted) > MOST_AT_ONCE:
        raise NotUrged(_("Choose %(most)s at most."), most=MOST_AT_ONCE)
    directives = Task.objects.filter(pk__in=wanted).values_list("directive_id", flat=True)
    urged = before = 0
    for directive_id in sorted(set(directives)):  # locked in one order, whoever chooses
        carried = carrying.lock(directive_id)
        chosen = [task for task in carried.tasks.values() if task.pk in wanted and may_urge(officer, carried, task)]
        done = set(Urging.objects.filter(task__in=chosen, day=clock.today()).values_list("task_id", flat=True))
        fresh = [task for task in chosen if task.pk not in done]
        urged, before = urged + len(fresh), before + len(done)
        if fresh:
            _put_down(carried, fresh, officer, said.words)
    if not urged and not before:
        raise NotUrged(_("Nobody was urged: it is done meanwhile, or not yours to urge."))
    return Urged(urged, before)


def may_urge(officer: Officer, carried: Carried, task: Task) -> bool:
    """The giver's side any task that is open, whoever has a task those below it."""
    if not rules.can_be_urged(carrying.as_rule(task)):
        return False
    directive, above = carried.directive, carried.above(task)
    if policy.gives(officer, directive) or policy.follows(officer, directive):
        return True
    while above is not None:
        if policy.has(officer, above):
            return True
        above = carried.above(above)
    return False


def _put_down(carried: Carried, tasks: list[Task], officer: Officer, words: str) -> None:
    today = clock.today()
    rows.insert(
        Urging(task=task, day=today, urged_at=carried.now, author_id=officer.account_id, words=words) for task in tasks
    )
    carrying.record(events.URGED, carried.directive, officer, {"tasks": [task.pk for task in tasks]})
    whose = carrying.people(tasks)
    for task in tasks:
        key = f"urged-{today:%Y%m%d}"
        carrying.tell(notifying.URGED, carried.directive, task, whose(task), who=officer, words=words, key=key)
