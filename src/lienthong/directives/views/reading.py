"""One directive: its tasks as a tree, what was reported and decided, and what the reader can do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from lienthong.directives import policy, queries, rules, services
from lienthong.directives.models import Entry, MoreTime, Task
from lienthong.directives.queries import Page
from lienthong.directives.rules import OVER, Mark, Stage
from lienthong.directives.services import carrying
from lienthong.directives.views.words import MARKS, PARTS, source_word, state_of, who_of
from lienthong.foundation import clock
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.work.rules import Part
from lienthong.work.subjects import SUBJECTS

Holders = Mapping[int, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Branch:
    """A task in the tree, and what the reader can do with it besides carrying it out. `first_due` where the day was
    moved, `asked` a request for more time that is not decided."""

    task: Task
    name: str
    unit: str
    part: str | Promise
    state: str | Promise
    tone: str
    mark: str | Promise
    first_due: datetime | None
    asked: MoreTime | None
    urged: tuple[date, int] | None
    can_be_urged: bool
    can_be_judged: bool
    can_be_cancelled: bool
    can_decide: bool
    below: "list[Branch]"


@dataclass(frozen=True, slots=True)
class Mine:
    """A task of the reader's that is open, and what can be done with it."""

    task: Task
    content: str
    is_new: bool
    leads: bool
    knows: bool
    can_hand_on: bool
    can_ask_for_time: bool


@require_safe
@signed_in_officer
def one(request: OfficerRequest, directive_id: int) -> HttpResponse:
    officer = request.officer
    page = queries.page_of(officer, directive_id)
    if page is None:
        raise services.no_such_directive()
    directive, agencies, root = page.directive, tree(), page.root
    giver = agencies.posts.get(directive.giver_id)
    holders = holders_of(sorted({directive.giver_id, *(task.post_id for task in page.tasks.values() if task.post_id)}))
    sides = policy.gives(officer, directive), policy.follows(officer, directive)
    state, tone = state_of(root)
    return render(
        request,
        "directives/one.html",
        {
            "page": page,
            "directive": directive,
            "root": root,
            "state": state,
            "tone": tone,
            "mark": MARKS[Mark(root.mark)] if root.mark else "",
            "agency": agencies[directive.organisation_id],
            "giver": giver,
            "giver_names": ", ".join(name for _id, name in holders.get(directive.giver_id, [])),
            "source_word": source_word(directive.source_type),
            "source_href": _source(officer, page),
            "branches": list(_branches(officer, page, holders, sides, None)),
            "mine": _mine(officer, page),
            "entries": [_entry(entry, page) for entry in reversed(page.entries)],
            "key": uuid4(),
        },
    )


def _source(officer: Officer, page: Page) -> str:
    """The page of what it was given in, where the reader may see that."""
    directive = page.directive
    kind = SUBJECTS.get(directive.source_type)
    if kind is None or directive.source_id is None or not kind.seen_by(officer, [directive.source_id]):
        return ""
    return reverse(kind.view, args=[directive.source_id])


def _branches(
    officer: Officer, page: Page, holders: Holders, sides: tuple[Any, Any], parent: Task | None
) -> Iterator[Branch]:
    has_above = bool(parent and policy.has(officer, parent))
    gives, judges = (has_above, has_above) if parent else (bool(sides[0]), bool(sides[1]))
    for task in page.tasks.values():
        if task.parent_id != (parent.pk if parent else None):
            continue
        name, unit = who_of(task, holders)
        state, tone = state_of(task)
        asked_for, urged = page.pending(task), page.urged.get(task.pk)
        yield Branch(
            task=task,
            name=name,
            unit=unit,
            part=PARTS[Part(task.part)] if parent is None else "",
            state=state,
            tone=tone,
            mark=MARKS[Mark(task.mark)] if task.mark else "",
            first_due=page.first_due(task),
            asked=asked_for,
            urged=urged,
            can_be_urged=_may_urge(officer, page, task, sides) and (urged is None or urged[0] != clock.today()),
            can_be_judged=judges and task.stage == Stage.REPORTED,
            can_be_cancelled=gives and task.stage not in OVER,
            can_decide=gives and asked_for is not None,
            below=list(_branches(officer, page, holders, sides, task)),
        )


def _may_urge(officer: Officer, page: Page, task: Task, sides: tuple[Any, Any]) -> bool:
    if not rules.can_be_urged(carrying.as_rule(task)):
        return False
    above = page.tasks.get(task.parent_id or 0)
    while above is not None:
        if policy.has(officer, above):
            return True
        above = page.tasks.get(above.parent_id or 0)
    return bool(sides[0] or sides[1])


def _mine(officer: Officer, page: Page) -> list[Mine]:
    found = [task for task in page.tasks.values() if carrying.as_rule(task).is_open and policy.has(officer, task)]
    return [
        Mine(
            task=task,
            content=task.content,
            is_new=task.stage == Stage.GIVEN and task.part != Part.KNOW,
            leads=task.part == Part.LEAD,
            knows=task.part == Part.KNOW,
            can_hand_on=task.part != Part.KNOW and task.post_id is None,
            can_ask_for_time=task.part == Part.LEAD and task.due_at is not None and page.pending(task) is None,
        )
        for task in found
    ]


def _entry(entry: Entry, page: Page) -> dict[str, Any]:
    post = tree().posts.get(entry.post_id)
    task = page.tasks[entry.task_id]
    return {
        "entry": entry,
        "about": Entry.About(entry.about).label,
        "post": post.title if post else "",
        "content": task.content if task.parent_id and entry.about != Entry.About.HANDED_ON else "",
        "files": list(entry.files.all()),
    }


@require_safe
@signed_in_officer
def file(request: OfficerRequest, directive_id: int, entry_id: int, place: int) -> HttpResponseBase:
    page = queries.page_of(request.officer, directive_id)
    entry = next((each for each in page.entries if each.pk == entry_id), None) if page else None
    files = list(entry.files.all()) if entry else []
    found = next((each for each in files if each.place == place), None)
    if found is None:
        raise services.no_such_directive()
    return serve(found.file, as_attachment="tai" in request.GET)
