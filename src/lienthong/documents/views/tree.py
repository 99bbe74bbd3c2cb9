"""The tree of who has a document, as its page shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.models import Arrival, MoreTime, Task
from lienthong.documents.queries.settlement import Following
from lienthong.documents.rules import following as rules
from lienthong.documents.rules.journey import Journey, Outcome
from lienthong.documents.services import carrying
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.identity.actors import Officer
from lienthong.work.rules import Part

PARTS: dict[Part, str | Promise] = {
    Part.LEAD: _("leads"),
    Part.COOPERATE: _("co-operates"),
    Part.KNOW: _("to know"),
}
OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    Outcome.REPORTED: (_("reported"), "ok"),
    Outcome.SAID: (_("gave an opinion"), "ok"),
    Outcome.KNOWN: (_("took note"), "ok"),
    Outcome.RETURNED: (_("gave it back"), "late"),
    Outcome.TAKEN_BACK: (_("not needed any more"), "neutral"),
}

Holders = Mapping[int, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Branch:
    """Somebody in the tree of who has the document, with those to whom they handed it on.

    `first_due` where the due day was moved, `asked` a request for more time that is not decided, `urged` the days on
    which they were urged.
    """

    task: Task
    name: str
    unit: str
    part: str | Promise
    state: str | Promise
    tone: str
    late: bool
    can_be_taken_back: bool
    can_be_urged: bool
    can_decide: bool
    first_due: datetime | None
    asked: MoreTime | None
    urged: Sequence[date]
    below: "list[Branch]"


@dataclass(frozen=True, slots=True)
class _Known:
    journey: Journey
    tasks: Mapping[int, Task]
    holders: Holders
    officer: Officer
    following: Following
    urgeable: frozenset[int]


def branches(arrival: Arrival, tasks: Sequence[Task], following: Following, officer: Officer) -> list[Branch]:
    """One query."""
    journey = Journey.of(map(carrying.as_rule, tasks))
    own = [task.pk for task in tasks if carrying.holds(officer, task)]
    every = policy.post_for(officer, tree()[arrival.organisation_id]) is not None
    known = _Known(
        journey,
        {task.pk: task for task in tasks},
        holders_of(sorted({task.post_id for task in tasks if task.post_id})),
        officer,
        following,
        frozenset(task.id for task in rules.urgeable(journey, own, every=every)),
    )
    return list(_below(known, None))


def _below(known: _Known, parent: Task | None) -> Iterator[Branch]:
    mine = bool(parent and carrying.holds(known.officer, parent))
    for each in known.journey.below(parent.pk if parent else None):
        task = known.tasks[each.id]
        name, unit = desk_of(task, known.holders)
        state, tone = state_of(task)
        asked = known.following.pending(task.pk)
        yield Branch(
            task=task,
            name=name,
            unit=unit,
            part=PARTS[Part(task.part)],
            state=state,
            tone=tone,
            late=bool(task.due_at and (task.done_at or clock.now()) > task.due_at),
            can_be_taken_back=mine and task.done_at is None,
            can_be_urged=task.pk in known.urgeable,
            can_decide=mine and asked is not None,
            first_due=known.following.first_due(task.pk),
            asked=asked,
            urged=[urging.day for urging in known.following.urgings if urging.task_id == task.pk],
            below=list(_below(known, task)),
        )


def desk_of(task: Task, holders: Holders) -> tuple[str, str]:
    """Who it is and where: the people who hold the post, else the heads of the unit."""
    agencies = tree()
    unit = agencies[task.organisation_id].name
    post = agencies.posts.get(task.post_id) if task.post_id else None
    if post is None:
        return unit, ""
    people = ", ".join(name for _account, name in holders.get(post.id, []))
    return f"{people} ({post.title})" if people else post.title, unit


def state_of(task: Task) -> tuple[str | Promise, str]:
    if task.outcome:
        return OUTCOMES[task.outcome]
    return (_("has seen it"), "info") if task.seen_at else (_("has not seen it"), "soon")
