"""The register of incoming documents, and the page of one: what it is, who has it, what was said."""

from collections.abc import Sequence
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
from lienthong.documents.copying.services import refusal_of
from lienthong.documents.copying.wording import copied_of
from lienthong.documents.definition import kind_names
from lienthong.documents.drafts.queries import answering
from lienthong.documents.finding import access
from lienthong.documents.models import Arrival, MoreTime, Note, Task
from lienthong.documents.queries.incoming import PAGE, ArrivalPage, Cursor, Filters
from lienthong.documents.queries.relations import hide_answers, related
from lienthong.documents.queries.settlement import following_of
from lienthong.documents.rules.journey import Journey, Status
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import carrying
from lienthong.documents.services.limiting import limits
from lienthong.documents.services.stamping import stampable
from lienthong.documents.views.signatures import with_signatures
from lienthong.documents.views.tree import branches
from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.files.serving import serve, serve_made
from lienthong.foundation.organisations.queries import named_holders, post_acted_in, province, stood_in, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer
from lienthong.work.rules import Part

STATUSES: dict[Status, tuple[str | Promise, str]] = {
    Status.ARRIVED: (_("arrived"), "soon"),
    Status.REGISTERED: (_("registered"), "info"),
    Status.ASSIGNED: (_("assigned"), "info"),
    Status.IN_PROCESS: (_("being settled"), "info"),
    Status.DONE: (_("settled"), "ok"),
    Status.REFUSED: (_("sent back"), "late"),
    Status.RECALLED: (_("recalled"), "late"),
}
"""How each is called, and its tone."""

NOT_PRESENTED = "chua-trinh"
"""In addresses: what was presented to nobody yet."""

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
            "follows": policy.follows(request.officer),
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
        "present_until": None if arrival.is_presented or is_over(arrival) else present_until(arrival),  # type: ignore[attr-defined]
    }


def is_over(arrival: Arrival) -> bool:
    """Whether it went back to its sender, or the sender took it back."""
    return arrival.status in {Status.REFUSED, Status.RECALLED}


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
    said = _now("a document that is limited to posts by name")
    hide_answers([page.arrival], posts=request.officer.post_ids, said=said)
    word, tone = STATUSES[Status(page.arrival.status)]
    mine = [task for task in page.tasks if task.done_at is None and carrying.holds(request.officer, task)]
    journey = Journey.of(map(carrying.as_rule, page.tasks))
    following = following_of(page.arrival.pk)
    clerk = policy.post_for(request.officer, tree()[page.arrival.organisation_id]) is not None
    return render(
        request,
        "documents/arrival.html",
        {
            "page": page,
            "files": with_signatures(page.files),
            "stampable": stampable(page.files) if page.arrival.number else None,
            "present_until": None if page.tasks or is_over(page.arrival) else present_until(page.arrival),
            "presented_to": _presented_to(request.officer, page),
            "key": uuid4(),
            "arrival": page.arrival,
            "document": document,
            "kind": kind_names().get(document.kind, document.kind),
            "status": word,
            "tone": tone,
            "urgency": URGENCIES.get(document.urgency, ""),
            "agency": tree()[page.arrival.organisation_id],
            "who": branches(page.arrival, page.tasks, following, request.officer),
            "following": following,
            "mine": [
                Mine(task, journey.is_waiting(journey.tasks[task.pk]), following.pending(task.pk)) for task in mine
            ],
            "notes": _notes([note for note in page.notes if note.text]),
            "clerk": clerk,
            "limits": limits(request.officer, tree()[page.arrival.organisation_id]) is not None,
            "logs": access.is_open_to(request.officer, page.arrival),
            "waits": page.arrival.status == Status.ARRIVED,
            "recalled": page.arrival.status == Status.RECALLED,
            "drafts": answering(request.officer, page.arrival.pk),
            "official_copies": copied_of(page.arrival),
            "copying": clerk and refusal_of(page.arrival) is None,
            "related": related(document.pk, request.officer, organisation_id=page.arrival.organisation_id),
        },
    )


def _presented_to(officer: Officer, page: ArrivalPage) -> list[tuple[PostNode, str]]:
    """To whom the reader may present it: a clerk, what was presented to nobody."""
    agency = tree()[page.arrival.organisation_id]
    if page.tasks or page.arrival.status != Status.REGISTERED or policy.post_for(officer, agency) is None:
        return []
    posts = policy.presented_to(agency)
    holders = named_holders([post.id for post in posts])
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
    """A task of the reader's; `waits`: somebody below leads and has not reported; `asked`: more time, undecided."""

    task: Task
    waits: bool
    asked: MoreTime | None = None

    @property
    def leads(self) -> bool:
        return self.task.part == Part.LEAD

    @property
    def can_ask_for_time(self) -> bool:
        return self.leads and self.task.due_at is not None and self.asked is None

    @property
    def can_be_given_back(self) -> bool:
        return self.task.parent_id is not None and not self.waits


def _notes(notes: Sequence[Note]) -> list[dict[str, Any]]:
    """What was said, by whom, in which post, or standing in for whom holds it. One query, none without notes."""
    deeds = {note.pk: (note.author_id, note.post_id, clock.local(note.written_at).date()) for note in notes}
    away, posts = stood_in(deeds.values()) if notes else frozenset(), tree().posts
    return [
        {
            "note": note,
            "about": Note.About(note.about).label,
            "post": post_acted_in(posts[note.post_id].title, standing_in=deeds[note.pk] in away),
        }
        for note in notes
    ]


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
