"""Records at the desk: the list of them, one with what is in it, opening, filing, closing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.documents import policy
from lienthong.documents.finding import access
from lienthong.documents.models import Record, RecordLine, RecordList
from lienthong.documents.records import archiving, carrying, counting, queries
from lienthong.documents.records import keeping as services
from lienthong.documents.records import papers as record_papers
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.queries import PAGE, Filters
from lienthong.documents.records.rules import Stage
from lienthong.documents.records.views.asking import asked_of_archive
from lienthong.documents.records.views.forms import (
    AGAINST,
    STAGES,
    chosen_of,
    file_of,
    given_of,
    posts_with_names,
    refused_into,
    stage_of,
)
from lienthong.documents.views import days
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.identity.timelines import happenings
from lienthong.work.subjects import SUBJECTS


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer may see, the newest first."""
    given = request.GET
    agencies = records_policy.agencies_of(request.officer)
    units = [unit for agency in agencies for unit in policy.units_of(agency)]
    unit_id = asked.number(given.get("don-vi", ""))
    year = asked.number(given.get("nam", ""))
    filters = Filters(
        text=asked.words(given, "tim"),
        year=year if year and year < 10_000 else None,
        unit_id=unit_id if unit_id in {unit.id for unit in units} else None,
        stage=given.get("trang-thai", "") if given.get("trang-thai", "") in STAGES else "",
        due=bool(given.get("den-han")),
    )
    after = asked.number(given.get("truoc", ""))
    found = queries.listing(request.officer, filters, after=after)
    rows, names, agencies_ = found[:PAGE], carrying.retention_names(), tree()
    return render(
        request,
        "documents/records.html",
        {
            "rows": [
                {
                    "record": record,
                    "code": carrying.code_of(record),
                    "unit": agencies_[record.unit_id],
                    "retention": names.get(record.retention, record.retention),
                    "count": record.documents if record.documents is not None else record.filed,  # type: ignore[attr-defined]
                    **stage_of(record.stage),
                }
                for record in rows
            ],
            "filters": filters,
            "units": units,
            "stages": STAGES.items(),
            "narrowed": filters != Filters(),
            "years": range(clock.today().year, clock.today().year - 12, -1),
            "archives": bool(records_policy.archived_by(request.officer)),
            "counts": bool(counting.agencies_counted(request.officer)),
            "newest": asked.with_query(request, truoc="") if after else "",
            "older": asked.with_query(request, truoc=str(rows[-1].pk)) if len(found) > PAGE else "",
        },
    )


@require_safe
@signed_in_officer
def record(request: OfficerRequest, record_id: int) -> HttpResponse:
    try:
        found = services.read(record_id=record_id, officer=request.officer)
    except carrying.NoSuchRecord:
        if asked_of_archive(request.officer, record_id):
            return redirect("records:asked", record_id)
        raise
    works = records_policy.works_on(request.officer, found)
    agency = tree()[found.organisation_id]
    is_open, is_closed = found.stage == Stage.OPEN, found.stage == Stage.CLOSED
    waits = is_closed and found.due_on is not None and not queries.is_on_its_way(found.pk)
    against = services.standing_against(found) if is_open and works else []
    shown = queries.items_of(request.officer, found)
    return render(
        request,
        "documents/record.html",
        {
            "record": found,
            "code": carrying.code_of(found),
            "agency": agency,
            "unit": tree()[found.unit_id],
            "maker": dict(posts_with_names([tree().posts[found.maker_id]])).get(found.maker_id, ""),
            "readers": posts_with_names(tree().posts[pk] for pk in found.posts.values_list("pk", flat=True)),
            "retention": carrying.retention_names().get(found.retention, found.retention),
            "items": [{"shown": each, "kind": SUBJECTS.get(each.item.subject_type)} for each in shown],
            "sheets": sum(each.item.sheets or 0 for each in shown),
            "against": [(AGAINST[what], ", ".join(map(str, places))) for what, places in against],
            "works": works,
            "logs": access.is_open_to(request.officer, found),
            "edits": works and is_open and not found.frozen_for,
            "leads": records_policy.leads(request.officer, agency),
            "archives": records_policy.archives(request.officer, agency),
            "is_open": is_open,
            "is_closed": is_closed,
            "waits": waits,
            "packs": found.stage == Stage.HANDED_OVER and records_policy.archives(request.officer, agency),
            "key": uuid4(),
            "today": clock.today(),
            "events": happenings((carrying.RECORD, found.pk)),
            **stage_of(found.stage),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def new(request: OfficerRequest) -> HttpResponse:
    """Open a record: from a line of the approved list, or one that is not on it."""
    given: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    line = _line(request, asked.number(given.get("dong", "")))
    agencies = records_policy.agencies_of(request.officer)
    wanted = next((node for node in agencies if node.key == given.get("co-quan", "")), agencies[0])
    agency = tree()[line.list.organisation_id] if line else wanted
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        started, is_wrong = days.asked_for(request.POST, "bat-dau")
        with refused_into(context):
            if is_wrong:
                raise carrying.Missing({"started": days.UNREADABLE})
            made = services.open_record(
                agency_id=agency.id,
                officer=request.officer,
                key=key,
                new=services.NewRecord(
                    maker_id=asked.number(given.get("nguoi-lap", "")) or 0,
                    started_on=started or clock.today(),
                    year=asked.number(given.get("nam", "")) or clock.today().year,
                    notation=asked.words(given, "so", 40).replace(" ", ""),
                    title=asked.words(given, "tieu-de", 500),
                    retention=given.get("thoi-han", ""),
                    line_id=line.pk if line else None,
                    rights=_rights(given),
                    posts=chosen_of(request.POST, "vi-tri"),
                    description=asked.words(given, "ghi-chu", 500),
                ),
            )
            messages.success(request, _now("The record was opened. File the first document in it."))
            return redirect("records:record", made.pk)
    makers = records_policy.makers_for(request.officer, agency)
    if line:
        makers = [post for post in makers if post.organisation_id == line.unit_id] or makers
    return _form(request, context, agency, key=key, line=line, makers=posts_with_names(makers))


def _line(request: OfficerRequest, line_id: int | None) -> RecordLine | None:
    """A line of an approved list of an agency of the officer's. Raises NoSuchRecord for another."""
    if line_id is None:
        return None
    agencies = [node.id for node in records_policy.agencies_of(request.officer)]
    found = RecordLine.objects.select_related("list").filter(
        pk=line_id, list__organisation_id__in=agencies, list__state=RecordList.State.APPROVED
    )
    line = found.first()
    if line is None:
        raise carrying.no_such_record()
    return line


def _rights(given: Mapping[str, str]) -> str:
    wanted = given.get("quyen", "")
    return wanted if wanted in Record.Rights.values else Record.Rights.UNIT


def _form(request: OfficerRequest, context: dict[str, Any], agency: Node, **more: Any) -> HttpResponse:
    wrong = context["errors"] or context["refused"]
    chosen = chosen_of(request.POST, "vi-tri") if request.method == "POST" else more.pop("chosen", ())
    more.pop("chosen", None)
    context |= {
        "agency": agency,
        "given": given_of(request.POST) if request.method == "POST" else more.pop("given", {}),
        "posts": posts_with_names(queries.posts_inside(agency.id)),
        "chosen": chosen,
        "retentions": carrying.retention_names().items(),
        "today": clock.today(),
        "own": request.officer.acting.id,
        **{name: value for name, value in more.items() if name != "given"},
    }
    return render(request, "documents/record_form.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def change(request: OfficerRequest, record_id: int) -> HttpResponse:
    """What an open record is called and who may see it."""
    found = queries.one(request.officer, record_id)
    if found is None:
        raise carrying.no_such_record()
    if not records_policy.works_on(request.officer, found):
        raise carrying.not_yours()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        with refused_into(context):
            services.change(
                record_id=record_id,
                officer=request.officer,
                title=asked.words(request.POST, "tieu-de", 500),
                rights=_rights(request.POST),
                posts=chosen_of(request.POST, "vi-tri"),
                description=asked.words(request.POST, "ghi-chu", 500),
            )
            messages.success(request, _now("The record was changed."))
            return redirect("records:record", record_id)
    given = {"tieu_de": found.title, "quyen": found.rights, "ghi_chu": found.description}
    agency = tree()[found.organisation_id]
    chosen = tuple(found.posts.values_list("pk", flat=True))
    return _form(request, context, agency, record=found, given=given, chosen=chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def file_into(request: OfficerRequest, subject_type: str, subject_id: int) -> HttpResponse:
    """Choose the records in which a document is filed."""
    subject = (subject_type, subject_id)
    facts = services.facts_of(subject, request.officer)
    there = queries.holding(request.officer, subject)
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        chosen = chosen_of(request.POST, "ho-so")
        with refused_into(context):
            if not chosen:
                raise carrying.Missing({"record": _("Choose a record.")})
            for record_id in chosen:
                services.file(
                    record_id=record_id,
                    subject=subject,
                    officer=request.officer,
                    note=asked.words(request.POST, "ghi-chu", 500),
                )
            messages.success(request, _now("The document was filed."))
            return redirect("records:record", chosen[0])
    inside = {each.pk for each in there}
    context |= {
        "facts": facts,
        "there": [(each, carrying.code_of(each)) for each in there],
        "records": [
            (each, carrying.code_of(each)) for each in queries.open_for(request.officer) if each.pk not in inside
        ],
        "back": reverse(SUBJECTS[subject_type].view, args=[subject_id]),
        "given": given_of(request.POST),
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_file_into.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def item(request: OfficerRequest, record_id: int, item_id: int) -> HttpResponse:
    """Place, sheets and note of a filed document; taking it out."""
    found = queries.one(request.officer, record_id)
    shown = queries.items_of(request.officer, found) if found else []
    each = next((each for each in shown if each.item.pk == item_id), None)
    if found is None or each is None:
        raise carrying.no_such_record()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        with refused_into(context):
            said = _change_item(request, record_id, item_id)
            messages.success(request, said)
            return redirect("records:record", record_id)
    given = {"thu_tu": str(each.number), "so_to": str(each.item.sheets or ""), "ghi_chu": each.item.note}
    context |= {
        "record": found,
        "shown": each,
        "given": given_of(request.POST) if request.method == "POST" else given,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_item.html", context, status=422 if wrong else 200)


def _change_item(request: OfficerRequest, record_id: int, item_id: int) -> str:
    given = request.POST
    who: dict[str, Any] = {"record_id": record_id, "item_id": item_id, "officer": request.officer}
    if given.get("viec") == "lay-ra":
        services.unfile(**who, reason=asked.paragraphs(given, "loi", carrying.LONGEST_WORDS))
        return _now("The document was taken out of the record.")
    sheets, place = asked.number(given.get("so-to", "").strip()), asked.number(given.get("thu-tu", "").strip())
    if given.get("so-to", "").strip() and sheets is None:
        raise carrying.Missing({"sheets": _("Write the number of sheets with digits.")})
    services.describe(**who, place=place, sheets=sheets, note=asked.words(given, "ghi-chu", 500))
    return _now("It was written down.")


# what is done with a record as a whole


@dataclass(frozen=True, slots=True)
class Deed:
    """A page: its words, what it asks for, and what is done with that."""

    title: str | Promise
    lead: str | Promise
    done: str | Promise
    do: Callable[[Mapping[str, str], dict[str, Any]], object]
    day: str | Promise = ""
    words: str | Promise = ""
    tone: str = "primary"


def _words(given: Mapping[str, str]) -> str:
    return asked.paragraphs(given, "loi", carrying.LONGEST_WORDS)


def _close(given: Mapping[str, str], who: dict[str, Any]) -> object:
    ended, is_wrong = days.asked_for(given, "ngay")
    if is_wrong:
        raise carrying.Missing({"day": days.UNREADABLE})
    return services.close(**who, ended_on=ended)


def _keep(given: Mapping[str, str], who: dict[str, Any]) -> object:
    until, _is_wrong = days.asked_for(given, "ngay")
    return archiving.ask_to_keep(**who, until=until, reason=_words(given))


DEEDS = {
    "ket-thuc": Deed(
        title=_("Close the record"),
        lead=_("From now on nothing is added or taken out, and the documents in it do not change."),
        done=_("The record was closed."),
        day=_("The work ended on"),
        do=_close,
    ),
    "mo-lai": Deed(
        title=_("Open the record again"),
        lead=_("Documents can be added and taken out again. Whoever makes it closes it anew."),
        done=_("The record was opened again."),
        words=_("Reason"),
        do=lambda given, who: services.reopen(**who, reason=_words(given)),
    ),
    "phong-toa": Deed(
        title=_("Freeze the record"),
        lead=_("For a trial, an inspection or a complaint: nothing in it changes and it is not destroyed."),
        done=_("The record was frozen."),
        words=_("Reason"),
        do=lambda given, who: services.freeze(**who, reason=_words(given)),
    ),
    "go-phong-toa": Deed(
        title=_("Release the record"),
        lead=_("It is treated as any other record again."),
        done=_("The record was released."),
        words=_("Reason"),
        do=lambda given, who: services.thaw(**who, reason=_words(given)),
    ),
    "giu-lai": Deed(
        title=_("Ask to keep the record longer"),
        lead=_("The archive agrees or not; at most two years longer."),
        done=_("The archive was asked."),
        day=pgettext_lazy("record", "Keep until"),
        words=_("Reason"),
        do=_keep,
    ),
    "dong-y-giu": Deed(
        title=_("Let the unit keep the record longer"),
        lead=_("It is due at the archive on the day for which it was asked."),
        done=_("You agreed."),
        do=lambda given, who: archiving.answer_keeping(**who, agreed=True),
    ),
    "khong-dong-y-giu": Deed(
        title=_("Do not let the unit keep the record longer"),
        lead=_("It stays due on the day of the law."),
        done=_("You did not agree; the unit is told why."),
        words=_("Reason"),
        do=lambda given, who: archiving.answer_keeping(**who, agreed=False, words=_words(given)),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def do(request: OfficerRequest, record_id: int, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        with refused_into(context):
            DEEDS[deed].do(request.POST, {"record_id": record_id, "officer": request.officer})
            messages.success(request, str(DEEDS[deed].done))
            return redirect("records:record", record_id)
    found = queries.one(request.officer, record_id)
    if found is None:
        raise carrying.no_such_record()
    context |= {
        "record": found,
        "deed": DEEDS[deed],
        "given": given_of(request.POST),
        "most": carrying.LONGEST_WORDS,
        "today": clock.today(),
        "error": next(iter(context["errors"].values()), ""),
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_deed.html", context, status=422 if wrong else 200)


@require_safe
@signed_in_officer
def download(request: OfficerRequest, record_id: int, format_key: str) -> HttpResponse:
    """The list of the documents in it, for who may see what all of them are called."""
    found = queries.one(request.officer, record_id)
    shown = queries.items_of(request.officer, found) if found else []
    if found is None or not all(each.listed for each in shown):
        raise carrying.no_such_record()
    services.read(record_id=record_id, officer=request.officer, taken_along=True)
    listing = record_papers.record_contents(found, [each.item for each in shown])
    return file_of(listing, format_key, f"muc-luc-van-ban-{found.pk}")
