"""Urging those who have a document open (đôn đốc, NĐ 30/2020 art. 24): told to them, on record, once a day a task."""

from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, notifying, policy
from lienthong.documents.models import Task, Urging
from lienthong.documents.rules import following as rules
from lienthong.documents.services import carrying
from lienthong.documents.services.carrying import DOCUMENT, Handled
from lienthong.documents.services.directing import LONGEST_WORDS, WordsNeeded
from lienthong.foundation import clock, rows
from lienthong.identity.actors import HeldPost, Officer
from lienthong.notifications.services import Recipient, notify
from lienthong.work import urging
from lienthong.work.queries import acting_on


@transaction.atomic
def urge(*, task_ids: Collection[int], officer: Officer, words: str = "") -> urging.Outcome:
    """Urge those with whom these tasks lie. What has been done meanwhile, or is not the officer's to urge, is left out.

    Raises NotUrged where nothing is left, WordsNeeded where there are too many words.
    """
    if len(words) > LONGEST_WORDS:
        raise WordsNeeded(_("It has more than %(most)s letters; attach a file instead."), most=LONGEST_WORDS)

    def put_down(handled: Handled, tasks: list[Task]) -> None:
        _put_down(handled, tasks, officer, words.strip())

    return urging.urge(Urging, _chosen(urging.wanted(task_ids), officer), put_down)


def _chosen(wanted: set[int], officer: Officer) -> Iterator[tuple[Handled, list[Task]]]:
    arrivals = Task.objects.filter(pk__in=wanted, done_at=None).values_list("arrival_id", flat=True)
    for arrival_id in sorted(set(arrivals)):  # locked in one order, whoever chooses
        handled = carrying.lock(arrival_id)
        yield handled, [task for task in _may_urge(handled, officer) if task.pk in wanted]


def _may_urge(handled: Handled, officer: Officer) -> list[Task]:
    """Those below the officer's own tasks; for the clerk all others."""
    own = [task.pk for task in handled.tasks.values() if carrying.holds(officer, task)]
    every = carrying.clerk_with(handled, officer) is not None
    return [handled.tasks[task.id] for task in rules.urgeable(handled.journey, own, every=every)]


def _put_down(handled: Handled, tasks: Sequence[Task], officer: Officer, words: str) -> None:
    post = _speaks_as(handled, officer)
    now = handled.now
    rows.insert(
        Urging(
            arrival=handled.arrival,
            task=task,
            day=clock.today(),
            urged_at=now,
            author_id=officer.account_id,
            post_id=post.id,
            words=words,
        )
        for task in tasks
    )
    carrying.record(events.URGED, handled.arrival, officer, {"tasks": [task.pk for task in tasks]})
    whose = acting_on(tasks)
    for task in tasks:
        for account_id in whose[task.pk]:
            notify(
                kind=notifying.URGED,
                to=Recipient(account_id),
                subject=(DOCUMENT, handled.arrival.pk),
                key=f"{task.pk}/{clock.today():%Y%m%d}/{account_id}",
                context={**carrying.told(handled.arrival), "who": officer.name, "words": words, "due": task.due_at},
                link=carrying.address(handled.arrival),
            )


def _speaks_as(handled: Handled, officer: Officer) -> HeldPost:
    """The post by which the document lies or lay with the officer, else that of the clerk."""
    by_task = (carrying.holds(officer, task) for task in handled.tasks.values())
    return next((post for post in by_task if post), None) or policy.post_for(officer, handled.agency) or officer.acting
