"""Urging those who have a task open (đôn đốc): told to them, on record, once a day a task."""

from collections.abc import Collection, Iterator

from django.db import transaction

from lienthong.directives import events, notifying, policy, rules
from lienthong.directives.models import Task, Urging
from lienthong.directives.services import carrying
from lienthong.directives.services.carrying import Carried, Said
from lienthong.foundation import clock, rows
from lienthong.identity.actors import Officer
from lienthong.work import urging
from lienthong.work.queries import acting_on


@transaction.atomic
def urge(*, task_ids: Collection[int], officer: Officer, words: str = "") -> urging.Outcome:
    """Urge those with whom these tasks lie. What has been done meanwhile, or is not the officer's to urge, is left out.

    Raises NotUrged where nothing is left, Incomplete where there are too many words.
    """
    said = Said(words=words)

    def put_down(carried: Carried, tasks: list[Task]) -> None:
        _put_down(carried, tasks, officer, said.words)

    return urging.urge(Urging, _chosen(urging.wanted(task_ids), officer), put_down)


def _chosen(wanted: set[int], officer: Officer) -> Iterator[tuple[Carried, list[Task]]]:
    directives = Task.objects.filter(pk__in=wanted).values_list("directive_id", flat=True)
    for directive_id in sorted(set(directives)):  # locked in one order, whoever chooses
        carried = carrying.lock(directive_id)
        yield (
            carried,
            [each for each in carried.tasks.values() if each.pk in wanted and may_urge(officer, carried, each)],
        )


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
    whose = acting_on(tasks)
    for task in tasks:
        key = f"urged-{today:%Y%m%d}"
        carrying.tell(notifying.URGED, carried.directive, task, whose[task.pk], who=officer, words=words, key=key)
