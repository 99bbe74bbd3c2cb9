"""The register of incoming documents, and the page of one: what it is, who has it, what was said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lienthong.documents import policy, queries, services
from lienthong.documents.definition import DOCUMENT_KINDS
from lienthong.documents.models import Arrival, Note, Task
from lienthong.documents.queries.incoming import PAGE, ArrivalPage, Cursor, Filters
from lienthong.documents.rules.journey import Journey, Outcome, Part, Status
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import carrying
from lienthong.documents.services.stamping import stampable
from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.files.serving import serve, serve_made
from lienthong.foundation.organisations.queries import holders_of, province, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer

STATUSES: dict[Status, tuple[str | Promise, str]] = {
    Status.REGISTERED: (_("registered"), "info"),
    Status.ASSIGNED: (_("assigned"), "info"),
    Status.IN_PROCESS: (_("being settled"), "info"),
    Status.DONE: (_("settled"), "ok"),
}
"""How each that a registered document can have is called, and its tone."""

NOT_PRESENTED = "chua-trinh"
"""In addresses: what was presented to nobody yet."""

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
URGENCIES: dict[int, str | Promise] = {
    Urgency.URGENT: _("urgent"),
    Urgency.VERY_URGENT: _("very urgent"),
    Urgency.EXPRESS: _("express"),
    Urgency.EXPRESS_AT_A_TIME: _("express, at a time"),
}


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer may see, the newest first; clerks see the whole register of their agencies."""
    agencies = policy.agencies_of(request.officer)
    filters = _filters(request, agencies)
    place = asked.placed(request.GET.get("truoc", ""))
    after = Cursor(place[0].date(), place[1]) if place else None
    found = queries.listing(request.officer, filters, after=after)
    page = found[:PAGE]
    last = page[-1] if len(found) > PAGE else None
    kinds = kind_names()
    return render(
        request,
        "documents/incoming.html",
        {
            "rows": [_row(arrival, kinds) for arrival in page],
            "agencies": agencies,
            "filters": filters,
            "kinds": kinds.items(),
            "statuses": [(str(status.value), word) for status, (word, _tone) in STATUSES.items()],
            "status": NOT_PRESENTED if filters.not_presented else "".join(map(str, filters.statuses)),
            "not_presented": NOT_PRESENTED,
            "narrowed": filters != Filters(agency_id=filters.agency_id),
            "newest": asked.with_query(request, truoc="") if after else "",
            "older": asked.with_query(request, truoc=asked.place(_moment(last), last.pk)) if last else "",
        },
    )


def _moment(arrival: Arrival) -> datetime:
    return clock.day_start(arrival.arrived_on)


def _filters(request: OfficerRequest, agencies: list[Node]) -> Filters:
    given = request.GET
    status, agency = given.get("trang-thai", ""), given.get("co-quan", "")
    return Filters(
        agency_id=next((node.id for node in agencies if node.key == agency), None),
        text=asked.words(given, "tim"),
        kind=given.get("loai", "") if given.get("loai", "") in kind_names() else "",
        not_presented=status == NOT_PRESENTED,
        statuses=(int(status),) if status in {str(each.value) for each in STATUSES} else (),
        first=asked.day(given.get("tu", "")),
        last=asked.day(given.get("den", "")),
    )


def kind_names() -> dict[str, str]:
    """The types of documents by code, in the order of the list."""
    return {item.code: item.name for item in CODE_LIST.current(DOCUMENT_KINDS).body.items}


def _row(arrival: Arrival, kinds: dict[str, str]) -> dict[str, Any]:
    document = arrival.document
    word, tone = STATUSES[Status(arrival.status)]
    return {
        "arrival": arrival,
        "document": document,
        "kind": kinds.get(document.kind, document.kind),
        "status": word,
        "tone": tone,
        "urgency": URGENCIES.get(document.urgency, ""),
        "present_until": None if arrival.is_presented else present_until(arrival),  # type: ignore[attr-defined]
    }


def present_until(arrival: Arrival) -> datetime:
    """Until when a document that was not presented yet has to be (NĐ 30/2020 art. 22, 23)."""
    calendar = calendar_of(province().calendar)
    return passed_on_by(arrival.arrived_at, Urgency(arrival.document.urgency), calendar)


@require_safe
@signed_in_officer
def arrival(request: OfficerRequest, arrival_id: int) -> HttpResponse:
    return shown(request, services.read(arrival_id=arrival_id, officer=request.officer))


def shown(request: OfficerRequest, page: ArrivalPage) -> HttpResponse:
    document = page.arrival.document
    word, tone = STATUSES[Status(page.arrival.status)]
    holders = holders_of(sorted({task.post_id for task in page.tasks if task.post_id}))
    mine = [task for task in page.tasks if task.done_at is None and carrying.holds(request.officer, task)]
    journey = Journey.of(map(carrying.as_rule, page.tasks))
    return render(
        request,
        "documents/arrival.html",
        {
            "page": page,
            "stampable": stampable(page.files),
            "present_until": None if page.tasks else present_until(page.arrival),
            "presented_to": _presented_to(request.officer, page),
            "key": uuid4(),
            "arrival": page.arrival,
            "document": document,
            "kind": kind_names().get(document.kind, document.kind),
            "status": word,
            "tone": tone,
            "urgency": URGENCIES.get(document.urgency, ""),
            "agency": tree()[page.arrival.organisation_id],
            "who": list(_branches(journey, {task.pk: task for task in page.tasks}, None, holders, request.officer)),
            "mine": [Mine(task, journey.is_waiting(journey.tasks[task.pk])) for task in mine],
            "notes": [_note(note) for note in page.notes if note.text],
        },
    )


def _presented_to(officer: Officer, page: ArrivalPage) -> list[tuple[PostNode, str]]:
    """To whom the reader may present it: a clerk, what was presented to nobody."""
    agency = tree()[page.arrival.organisation_id]
    if page.tasks or policy.post_for(officer, agency) is None:
        return []
    posts = policy.presented_to(agency)
    holders = holders_of([post.id for post in posts])
    return [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in posts]


@require_POST
@officer_with(policy.REGISTER)
def present(request: OfficerRequest, arrival_id: int) -> HttpResponse:
    services.present(
        arrival_id=arrival_id,
        officer=request.officer,
        key=asked.key(request.POST.get("_lan", "")) or uuid4(),
        to=asked.number(request.POST.get("trinh", "")) or 0,
        words=asked.paragraphs(request.POST, "loi-trinh", services.LONGEST_WORDS),
    )
    messages.success(request, _now("The document was presented."))
    return redirect("documents:arrival", arrival_id)


@dataclass(frozen=True, slots=True)
class Mine:
    """A task of the reader's; `waits`: somebody below leads and has not reported."""

    task: Task
    waits: bool

    @property
    def leads(self) -> bool:
        return self.task.part == Part.LEAD

    @property
    def can_be_given_back(self) -> bool:
        return self.task.parent_id is not None and not self.waits


@dataclass(frozen=True, slots=True)
class Branch:
    """Somebody in the tree of who has the document, with those to whom they handed it on."""

    task: Task
    name: str
    unit: str
    part: str | Promise
    state: str | Promise
    tone: str
    can_be_taken_back: bool
    below: "list[Branch]"


def _branches(
    journey: Journey,
    tasks: Mapping[int, Task],
    parent: Task | None,
    holders: dict[int, list[tuple[int, str]]],
    officer: Officer,
) -> Iterator[Branch]:
    for each in journey.below(parent.pk if parent else None):
        task = tasks[each.id]
        name, unit = _desk(task, holders)
        state, tone = _state(task)
        yield Branch(
            task,
            name,
            unit,
            PARTS[Part(task.part)],
            state,
            tone,
            bool(parent and task.done_at is None and carrying.holds(officer, parent)),
            list(_branches(journey, tasks, task, holders, officer)),
        )


def _desk(task: Task, holders: dict[int, list[tuple[int, str]]]) -> tuple[str, str]:
    """Who it is and where: the people who hold the post, else the heads of the unit."""
    agencies = tree()
    unit = agencies[task.organisation_id].name
    post = agencies.posts.get(task.post_id) if task.post_id else None
    if post is None:
        return unit, ""
    people = ", ".join(name for _account, name in holders.get(post.id, []))
    return f"{people} ({post.title})" if people else post.title, unit


def _state(task: Task) -> tuple[str | Promise, str]:
    if task.outcome:
        return OUTCOMES[task.outcome]
    return (_("has seen it"), "info") if task.seen_at else (_("has not seen it"), "soon")


def _note(note: Note) -> dict[str, Any]:
    post = tree().posts.get(note.post_id)
    return {"note": note, "about": Note.About(note.about).label, "post": post.title if post else ""}


@require_safe
@signed_in_officer
def file(request: OfficerRequest, arrival_id: int, place: int) -> HttpResponseBase:
    found = services.read_file(arrival_id=arrival_id, place=place, officer=request.officer)
    return serve(found, as_attachment="tai" in request.GET)


@require_safe
@signed_in_officer
def stamped(request: OfficerRequest, arrival_id: int) -> HttpResponse:
    """A copy with the stamp of arrival; what came stays as it came."""
    pdf, name = services.stamped_copy(arrival_id=arrival_id, officer=request.officer)
    return serve_made(pdf, name=name)
