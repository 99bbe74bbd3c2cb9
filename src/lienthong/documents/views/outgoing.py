"""The register of outgoing documents, and the page of one: to whom it went and how far it has come there."""

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lienthong.documents import policy, queries, services
from lienthong.documents.copying.services import refusal_of
from lienthong.documents.copying.wording import copied_of
from lienthong.documents.definition import PublicationBody, kind_names, publication_for
from lienthong.documents.finding import access
from lienthong.documents.models import CopyUse, Issue, Publication, Sending
from lienthong.documents.queries.exchange import Trait
from lienthong.documents.queries.incoming import PAGE, Filters, visible_among
from lienthong.documents.queries.outgoing import IssuedBefore
from lienthong.documents.queries.relations import related
from lienthong.documents.rules.copies import Stage, stage_of
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.relations import How
from lienthong.documents.services.copies import uses_of
from lienthong.documents.services.limiting import limits
from lienthong.documents.views.copies import COPY_STAGES
from lienthong.documents.views.incoming import STATUSES, URGENCIES
from lienthong.documents.views.signatures import with_signatures
from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer

DEEDS: dict[How, str | Promise] = {
    How.AMENDS: _("Issue an amendment"),
    How.REPLACES: _("Issue a replacement"),
    How.CANCELS: _("Issue a cancellation"),
    How.CORRECTS: _("Issue a correction"),
}

TRAITS: dict[Trait, str | Promise] = {
    Trait.ISSUED: _("not recalled"),
    Trait.ELECTRONIC: _("sent electronically"),
    Trait.ONLY_ELECTRONIC: _("sent only electronically"),
    Trait.SIGNED: _("signed digitally"),
    Trait.PAPER: _("with copies on paper"),
}


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer may see, the newest first; clerks see the whole register of their agencies."""
    given, agencies, kinds = request.GET, policy.agencies_of(request.officer), kind_names()
    followed = policy.followed_by(request.officer)
    trait = next((each for each in Trait if each.value == given.get("muc")), None)
    unit = next((node for node in policy.units_followed_by(request.officer) if node.key == given.get("don-vi")), None)
    filters = Filters(
        agency_id=next((node.id for node in followed if node.key == given.get("co-quan", "")), None),
        text=asked.words(given, "tim"),
        kind=given.get("loai", "") if given.get("loai", "") in kinds else "",
        first=asked.day(given.get("tu", "")),
        last=asked.day(given.get("den", "")),
    )
    place = asked.placed(given.get("truoc", ""))
    after = IssuedBefore(*place) if place else None
    found = queries.issues(request.officer, filters, after=after, trait=trait, unit_id=unit.id if unit else None)
    page = found[:PAGE]
    last = page[-1] if len(found) > PAGE else None
    return render(
        request,
        "documents/outgoing.html",
        {
            "rows": [
                {
                    "issue": issue,
                    "document": issue.document,
                    "kind": kinds.get(issue.document.kind, issue.document.kind),
                    "urgency": URGENCIES.get(issue.document.urgency, ""),
                }
                for issue in page
            ],
            "agencies": agencies,
            "follows": policy.follows(request.officer),
            "followed": followed,
            "filters": filters,
            "unit": unit,
            "trait": trait,
            "traits": [(each.value, TRAITS[each]) for each in Trait],
            "kinds": kinds.items(),
            "narrowed": bool(filters.text or filters.kind or filters.first or filters.last or trait or unit),
            "newest": asked.with_query(request, truoc="") if place else "",
            "older": asked.with_query(request, truoc=asked.place(last.issued_at, last.pk)) if last else "",
        },
    )


@require_safe
@signed_in_officer
def issue(request: OfficerRequest, issue_id: int) -> HttpResponse:
    page = services.read_issue(issue_id=issue_id, officer=request.officer)
    agency = tree()[page.issue.organisation_id]
    document = page.issue.document
    clerk = policy.post_for(request.officer, agency) is not None
    rule = publication_for(agency, document.kind)
    found = related(document.pk, request.officer, organisation_id=agency.id)
    return render(
        request,
        "documents/issued.html",
        {
            "page": page,
            "files": with_signatures(page.files),
            "issue": page.issue,
            "document": document,
            "kind": kind_names().get(document.kind, document.kind),
            "urgency": URGENCIES.get(document.urgency, ""),
            "agency": agency,
            "unit": tree()[page.issue.unit_id] if page.issue.unit_id else None,
            "sendings": [_sending(each) for each in page.sendings],
            "inside": sum(each.arrival is not None for each in page.sendings),
            "answers_seen": visible_among(request.officer, [page.issue.answers_id or 0]).exists(),
            "logs": access.is_open_to(request.officer, page.issue),
            "limits": limits(request.officer, agency) is not None,
            "clerk": clerk,
            "related": found,
            "rule": rule,
            "publication": Publication.objects.filter(issue=page.issue, withdrawn_at=None).first() if rule else None,
            "publish_by": _publish_by(page.issue, rule),
            "official_copies": copied_of(page.issue),
            "copying": clerk and refusal_of(page.issue) is None,
            "on_paper": any(each.copies for each in page.sendings),
            "uses": [(use, COPY_STAGES[_stage(use)]) for use in uses_of(page.issue, request.officer)],
            "changes": [
                (how.value, DEEDS[how])
                for how in How
                if not any(each.ends for each in found) and (how is How.REPLACES or not page.issue.recalled_at)
            ],
        },
    )


def _publish_by(issue: Issue, rule: PublicationBody | None) -> date | None:
    """Until when it is to be public, where it has to be."""
    if rule is None or not rule.required or issue.document.circulation or issue.limited or issue.recalled_at:
        return None
    calendar, day = calendar_of(province().calendar), clock.local(issue.issued_at).date()
    for _day in range(rule.within):
        day = calendar.next_working_day(day)
    return day


def _stage(use: CopyUse) -> Stage:
    return stage_of(permitted=use.permitted, handed_on=use.handed_on, returned_on=use.returned_on)


def _sending(sending: Sending) -> dict[str, Any]:
    arrival = sending.arrival
    word, tone = STATUSES[Status(arrival.status)] if arrival else ("", "")
    at = arrival and (arrival.recall_confirmed_at or arrival.finished_at or arrival.registered_at or arrival.arrived_at)
    posting = getattr(sending, "posting", None)
    return {"sending": sending, "arrival": arrival, "status": word, "tone": tone, "at": at, "posting": posting}


@require_safe
@signed_in_officer
def file(request: OfficerRequest, issue_id: int, place: int) -> HttpResponseBase:
    found = services.read_issue_file(issue_id=issue_id, place=place, officer=request.officer)
    return serve(found, as_attachment="tai" in request.GET)
