"""The archive of an agency: what is due, handing over with two sides, what is to be destroyed."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.documents import policy
from lienthong.documents.models import Disposal, DisposedRecord, HandOver, Record
from lienthong.documents.records import archiving, carrying, destroying, queries
from lienthong.documents.records import papers as record_papers
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.views.forms import chosen_of, file_of, given_of, refused_into, stage_of
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer

SHOWN = 50


@require_safe
@officer_with(records_policy.ARCHIVE)
def desk(request: OfficerRequest) -> HttpResponse:
    """What the archive waits for, what was given to it, what is over."""
    agencies = records_policy.archived_by(request.officer)
    given = HandOver.objects.filter(organisation_id__in=agencies).select_related("given_by").order_by("-pk")[:SHOWN]
    lists = Disposal.objects.filter(organisation_id__in=agencies).order_by("-pk")[:SHOWN]
    due = queries.due_at_archives(agencies, most=SHOWN)
    asking = list(queries.asking_archives(agencies).order_by("pk")[:SHOWN])
    queries.hide_titles(request.officer, [*due, *asking])
    return render(
        request,
        "documents/record_archive.html",
        {
            "due": list(map(_row, due)),
            "asking": list(map(_row, asking)),
            "given": [(each, tree()[each.unit_id].name) for each in given],
            "over": len(queries.over(agencies, clock.today())),
            "lists": list(lists),
            "today": clock.today(),
        },
    )


def _row(record: Record) -> dict[str, Any]:
    retention = carrying.retention_names().get(record.retention, record.retention)
    return {
        "record": record,
        "code": carrying.code_of(record),
        "unit": tree()[record.unit_id].name,
        "retention": retention,
        **stage_of(record.stage),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def give(request: OfficerRequest) -> HttpResponse:
    """A unit chooses the closed records that it gives to the archive."""
    units = _units(request)
    wanted = asked.number((request.POST if request.method == "POST" else request.GET).get("don-vi", ""))
    unit = next((each for each in units if each.id == wanted), units[0])
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        chosen = chosen_of(request.POST, "ho-so")
        with refused_into(context):
            made = archiving.give(unit_id=unit.id, record_ids=chosen, officer=request.officer, key=key)
            messages.success(request, _now("The records were given; the archivist confirms that they came."))
            return redirect("records:hand_over", made.pk)
    ready = [
        record
        for record in queries.ready_to_hand_over(request.officer, [unit.id])
        if records_policy.works_on(request.officer, record)
    ]
    preset = asked.number(request.GET.get("ho-so", ""))
    context |= {
        "units": units,
        "unit": unit,
        "key": key,
        "rows": list(map(_row, ready)),
        "chosen": chosen_of(request.POST, "ho-so") if request.method == "POST" else (preset,),
        "today": clock.today(),
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_give.html", context, status=422 if wrong else 200)


def _units(request: OfficerRequest) -> list[Node]:
    """The units from which somebody may give records: their own, and those that they lead."""
    own = {post.organisation.id: post.organisation for post in (request.officer.acting, *request.officer.posts)}
    for agency in records_policy.agencies_of(request.officer):
        for unit in policy.units_of(agency):
            if request.officer.may(policy.SEE, unit):
                own.setdefault(unit.id, unit)
    return list(own.values())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def hand_over(request: OfficerRequest, hand_over_id: int) -> HttpResponse:
    given, records = _handed(request, hand_over_id)
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        who: dict[str, Any] = {"hand_over_id": hand_over_id, "officer": request.officer}
        with refused_into(context):
            if request.POST.get("viec") == "tra-lai":
                archiving.refuse(**who, words=asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS))
            else:
                archiving.receive(**who)
            messages.success(request, _now("It was written down."))
            return redirect("records:hand_over", hand_over_id)
    agency = tree()[given.organisation_id]
    archives = records_policy.archives(request.officer, agency)
    context |= {
        "given": given,
        "rows": list(map(_row, records)),
        "agency": agency,
        "unit": tree()[given.unit_id],
        "decides": archives and given.state == HandOver.State.GIVEN and given.given_by_id != request.officer.account_id,
        "packs": archives and given.state == HandOver.State.RECEIVED,
        "key": uuid4(),
        "typed": given_of(request.POST),
        "most": carrying.LONGEST_WORDS,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_hand_over.html", context, status=422 if wrong else 200)


def _handed(request: OfficerRequest, hand_over_id: int) -> tuple[HandOver, list[Record]]:
    found = queries.hand_overs_seen_by(request.officer).select_related("given_by", "decided_by")
    given = found.filter(pk=hand_over_id).first()
    if given is None:
        raise carrying.no_such_record()
    records = [line.record for line in given.lines.select_related("record").order_by("record_id")]
    queries.hide_titles(request.officer, records)
    return given, records


@require_safe
@signed_in_officer
def hand_over_file(request: OfficerRequest, hand_over_id: int, paper: str, format_key: str) -> HttpResponse:
    """The minutes (bien-ban) or the inventory (muc-luc)."""
    papers = {"bien-ban": record_papers.minutes, "muc-luc": record_papers.inventory}
    if paper not in papers:
        raise Http404
    given, records = _handed(request, hand_over_id)
    return file_of(papers[paper](given, records), format_key, f"{paper}-{given.number}-{given.year}")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(records_policy.ARCHIVE)
def propose(request: OfficerRequest) -> HttpResponse:
    """The archivist chooses what is destroyed of what is over."""
    agencies = records_policy.archived_by(request.officer)
    wanted = asked.number((request.POST if request.method == "POST" else request.GET).get("co-quan", ""))
    agency_id = wanted if wanted in agencies else agencies[0]
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        with refused_into(context):
            made = destroying.propose(
                agency_id=agency_id,
                record_ids=chosen_of(request.POST, "ho-so"),
                reason=asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS),
                officer=request.officer,
                key=key,
            )
            messages.success(request, _now("The list was laid before the head of the agency."))
            return redirect("records:disposal", made.pk)
    over = queries.over([agency_id], clock.today())
    queries.hide_titles(request.officer, over)
    context |= {
        "key": key,
        "agencies": [tree()[each] for each in agencies],
        "agency": tree()[agency_id],
        "rows": list(map(_row, over)),
        "chosen": chosen_of(request.POST, "ho-so"),
        "given": given_of(request.POST),
        "most": carrying.LONGEST_WORDS,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_propose.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def disposal(request: OfficerRequest, disposal_id: int) -> HttpResponse:
    found = destroying.seen(disposal_id, request.officer)
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        who: dict[str, Any] = {"disposal_id": disposal_id, "officer": request.officer}
        with refused_into(context):
            if request.POST.get("viec") == "tu-choi":
                destroying.refuse(**who, words=asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS))
            else:
                destroying.approve(**who)
            messages.success(request, _now("It was written down."))
            return redirect("records:disposal", disposal_id)
    agency = tree()[found.organisation_id]
    lines = _listed(request, found)
    context |= {
        "disposal": found,
        "agency": agency,
        "rows": [{**_row(line.record), "counts": line.counts} for line in lines],
        "decides": records_policy.leads(request.officer, agency) and found.state == Disposal.State.PROPOSED,
        "archives": records_policy.archives(request.officer, agency),
        "typed": given_of(request.POST),
        "most": carrying.LONGEST_WORDS,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_disposal.html", context, status=422 if wrong else 200)


def _listed(request: OfficerRequest, found: Disposal) -> list[DisposedRecord]:
    lines = list(found.lines.select_related("record").order_by("record_id"))
    queries.hide_titles(request.officer, [line.record for line in lines])
    return lines


@require_safe
@signed_in_officer
def disposal_file(request: OfficerRequest, disposal_id: int, format_key: str) -> HttpResponse:
    found = destroying.seen(disposal_id, request.officer)
    records = [line.record for line in _listed(request, found)]
    return file_of(record_papers.disposal_list(found, records), format_key, f"ho-so-het-gia-tri-{found.pk}")
