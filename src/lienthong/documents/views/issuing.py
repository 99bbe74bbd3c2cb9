"""The clerk's forms of what goes out: number, register and send a document; recall it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy, queries, services
from lienthong.documents.definition import kind_names
from lienthong.documents.models import Circulation, Issue, Relation
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.queries.relations import those_who_got
from lienthong.documents.rules.kinds import LETTER
from lienthong.documents.rules.relations import MOST_RELATIONS, How
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.services.issuing import ISSUE
from lienthong.documents.views import days
from lienthong.documents.views.gathering import Gathered, form_of, gathered
from lienthong.documents.views.incoming import URGENCIES
from lienthong.documents.views.registering import MOST_PAGES
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, officer_with


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def issue(request: OfficerRequest) -> HttpResponse:
    agencies = policy.agencies_of(request.officer)
    given = request.POST if request.method == "POST" else request.GET
    agency = next((node for node in agencies if node.key == given.get("co-quan", "")), agencies[0])
    form = Shown(agencies, agency, gathered(request, form=form_of(request) or uuid4(), agency=agency, given=given))
    if request.method != "POST" or form.gathered.only:
        return _show(request, form)
    form.errors, new = _read(request.POST)
    if form.errors or form.gathered.refused_files:
        return _show(request, form)
    try:
        made = services.issue(
            agency_id=agency.id,
            new=new,
            recipients=form.gathered.to.recipients,
            officer=request.officer,
            key=form.gathered.form,
        )
    except services.NotComplete as refused:
        form.errors = refused.errors
        return _show(request, form)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        form.refused = refused
        return _show(request, form)
    messages.success(request, _now("Issued under the number %(code)s.") % {"code": made.document.code})
    return redirect("documents:limit", ISSUE, made.pk) if made.limited else redirect("documents:issued", made.pk)


def _read(given: QueryDict) -> tuple[dict[str, object], services.NewIssue]:
    """What was filled in, and what cannot be read of it, by field."""
    errors: dict[str, object] = {}
    dated = _day(given, "ngay-van-ban", "dated", errors)
    answer_by = _day(given, "han", "due", errors)
    pages = asked.number(given.get("so-trang", "").strip())
    if given.get("so-trang", "").strip() and not (pages and pages < MOST_PAGES):
        errors["pages"] = _("Write the number of pages with digits.")
    if given.get("loai", "") not in kind_names():
        errors["kind"] = _("Choose the type of the document.")
    urgency = asked.number(given.get("do-khan", ""))
    new = services.NewIssue(
        symbol=asked.words(given, "ky-hieu", 60),
        dated=dated or clock.today(),
        kind=given.get("loai", ""),
        abstract=asked.words(given, "trich-yeu", 500),
        signer_name=asked.words(given, "nguoi-ky", 50),
        signer_position=asked.words(given, "chuc-vu", 100),
        urgency=Urgency(urgency) if urgency in set(Urgency) else Urgency.NORMAL,
        pages=pages,
        circulation=given.get("luu-hanh", "") if given.get("luu-hanh") in Circulation.values else Circulation.FREE,
        unit_id=asked.number(given.get("don-vi", "")),
        answers=asked.number(given.get("tra-loi", "")),
        answer_by=days.end_of(answer_by),
        remark=asked.words(given, "ghi-chu", 500),
        limited=bool(given.get("han-che")),
        relations=tuple(_relations(given)),
    )
    return errors, new


def _relations(given: QueryDict) -> Iterator[tuple[int, How]]:
    """What it does to which issue: “replaces:12”. What is none is left out."""
    for text in given.getlist("quan-he")[: MOST_RELATIONS + 1]:
        how, _colon, pk = text.partition(":")
        issue_id = asked.number(pk)
        if how in set(How) and issue_id:
            yield issue_id, How(how)


def _day(given: Mapping[str, str], name: str, field: str, errors: dict[str, object]) -> date | None:
    found, is_wrong = days.asked_for(given, name)
    if is_wrong:
        errors[field] = days.UNREADABLE
    return found


@dataclass
class Shown:
    """The form as it is about to be shown."""

    agencies: Sequence[Node]
    agency: Node
    gathered: Gathered
    errors: Mapping[str, object] = field(default_factory=dict)
    refused: DomainError | None = None


def _show(request: OfficerRequest, form: Shown) -> HttpResponse:
    agency = form.agency
    given = request.POST if request.method == "POST" else request.GET
    related = _related(request, given)
    kind = given.get("loai", "") if given.get("loai", "") in kind_names() else _usual_kind(related)
    answered = asked.number(given.get("tra-loi", ""))
    context: dict[str, Any] = {
        **form.gathered.context,
        "agencies": form.agencies,
        "agency": agency,
        "errors": form.errors,
        "refused": form.refused,
        "given": {name.replace("-", "_"): value for name, value in given.items()},
        "symbol": given.get("ky-hieu") or queries.usual_symbol(agency.id, kind),
        "kind": kind,
        "kinds": kind_names().items(),
        "urgencies": [(each.value, URGENCIES.get(each, _("ordinary"))) for each in Urgency],
        "circulations": Circulation.choices,
        "units": policy.units_of(agency),
        "answered": queries.visible_to(request.officer).select_related("document").filter(pk=answered or 0).first(),
        "related": [
            {"value": f"{how}:{each.pk}", "words": Relation.WORDS[how], "document": each.document}
            for how, each in related
        ],
        "before": those_who_got([each.pk for _how, each in related]) if related else [],
        "today": clock.today(),
    }
    wrong = form.errors or form.refused or form.gathered.refused_files
    return render(request, "documents/issue.html", context, status=422 if wrong else 200)


def _related(request: OfficerRequest, given: QueryDict) -> list[tuple[How, Issue]]:
    """The earlier documents that the form is about, of those that the reader may see."""
    wanted = list(_relations(given))
    seen = issues_for(request.officer).select_related("document") if wanted else Issue.objects.none()
    found = {each.pk: each for each in seen.filter(pk__in=[pk for pk, _how in wanted])}
    return [(how, found[pk]) for pk, how in wanted if pk in found]


def _usual_kind(related: Sequence[tuple[How, Issue]]) -> str:
    """A document is changed by one of its own form, and corrected by a letter (NĐ 30/2020 art. 18)."""
    return next((each.document.kind for how, each in related if how is not How.CORRECTS), LETTER)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def recall(request: OfficerRequest, issue_id: int) -> HttpResponse:
    page = queries.issue_page(request.officer, issue_id)
    if page is None:
        raise services.no_such_document()
    error: object = ""
    if request.method == "POST":
        try:
            services.recall(
                issue_id=issue_id, officer=request.officer, reason=asked.paragraphs(request.POST, "loi", 500)
            )
        except services.NotComplete as refused:
            error = refused.errors["reason"]
        else:
            messages.success(request, _now("The document was recalled; those who have it are told."))
            return redirect("documents:issued", issue_id)
    context = {"issue": page.issue, "document": page.issue.document, "page": page, "error": error}
    return render(request, "documents/recall.html", context, status=422 if error else 200)
