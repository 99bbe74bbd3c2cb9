"""The follow-up register of a one-stop shop: on the screen, as a spreadsheet, on paper."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lienthong.cases.definition import RULE_SET, rule_set_on
from lienthong.cases.models import Dossier
from lienthong.cases.queries.register import PAGE, Filters, Line, Place, page_of_register, shop_of, shops_of
from lienthong.cases.rules import Status
from lienthong.cases.services import register
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked, clock
from lienthong.foundation.files.serving import content_disposition, serve_made
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.procedures.definition import PROCEDURE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""The years that a dossier's code can say."""


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What one one-stop shop received in a period, the last first. Without a period it is this year's book."""
    shop, filters = shop_of(request.officer, request.GET.get("mot-cua", "")), _filters(request)
    place = asked.placed(request.GET.get("truoc", ""))
    after = Place(*place) if place else None
    found = page_of_register(shop, filters, after=after)
    page = found[:PAGE]
    return render(
        request,
        "workspace/register.html",
        {
            "shop": shop,
            "shops": shops_of(request.officer),
            "filters": filters,
            "rows": [_row(line) for line in page],
            "years": _years(request, filters),
            "query": asked.with_query(request, truoc=""),
            "newest": asked.with_query(request, truoc="") if after else "",
            "older": asked.with_query(request, truoc=_place(page[-1])) if len(found) > PAGE else "",
            **_choices(),
        },
    )


@require_safe
@signed_in_officer
def spreadsheet(request: OfficerRequest) -> HttpResponseBase:
    shop, filters = shop_of(request.officer, request.GET.get("mot-cua", "")), _filters(request)
    try:
        file = register.spreadsheet(officer=request.officer, shop_key=shop.key, filters=filters)
    except register.RegisterTooLong as refused:
        return _refused(request, refused)
    answer = FileResponse(file, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition("attachment", f"{_name(shop, filters)}.xlsx")
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@signed_in_officer
def paper(request: OfficerRequest) -> HttpResponse:
    shop, filters = shop_of(request.officer, request.GET.get("mot-cua", "")), _filters(request)
    try:
        pdf = register.paper(officer=request.officer, shop_key=shop.key, filters=filters)
    except register.RegisterTooLong as refused:
        return _refused(request, refused)
    return serve_made(pdf, name=_name(shop, filters))


def _refused(request: OfficerRequest, refused: register.RegisterTooLong) -> HttpResponse:
    messages.error(request, refused.in_full)
    return redirect(reverse("workspace:register") + asked.with_query(request))


def _name(shop: Node, filters: Filters) -> str:
    return f"Sổ theo dõi hồ sơ {shop.key} {filters.first_day:%Y%m%d}-{filters.last_day:%Y%m%d}"


def _filters(request: OfficerRequest) -> Filters:
    given, today = request.GET, clock.today()
    first = _day(given.get("tu", "")) or date(today.year, 1, 1)
    last = _day(given.get("den", "")) or max(first, today)
    status, channel = given.get("trang-thai", ""), given.get("kenh", "")
    procedure, field = given.get("thu-tuc", ""), given.get("linh-vuc", "")
    bodies = [published.body for published in PROCEDURE.all()]
    return Filters(
        first_day=min(first, last),
        last_day=max(first, last),
        procedure=procedure if procedure in {body.key for body in bodies} else "",
        field=field if field in {body.field.key for body in bodies} else "",
        status=int(status) if status in {str(int(each)) for each in Status} else None,
        channel=int(channel) if channel in {str(each) for each in Dossier.Channel.values} else None,
        late="tre" in given,
        text=asked.code(given, "tim"),
    )


def _day(text: str) -> date | None:
    found = asked.day(text)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _years(request: OfficerRequest, filters: Filters) -> list[tuple[int, str, bool]]:
    """The books of this year and the two before, with their addresses; which of them is open."""
    this, shown = clock.today().year, (filters.first_day, filters.last_day)
    books = [(year, date(year, 1, 1), min(date(year, 12, 31), clock.today())) for year in (this, this - 1, this - 2)]
    return [
        (year, asked.with_query(request, tu=first.isoformat(), den=last.isoformat(), truoc=""), shown == (first, last))
        for year, first, last in books
    ]


def _place(line: Line) -> str:
    assert line.dossier.received_at
    return asked.place(line.dossier.received_at, line.dossier.pk)


def _row(line: Line) -> dict[str, Any]:
    dossier = line.dossier
    return {
        "number": line.number,
        "dossier": dossier,
        "procedure": procedure_of(dossier).name,
        "agency": tree()[dossier.competent_id].short_name,
        "status": RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status),
        "channel": Dossier.Channel(dossier.channel).label,
        "taker": line.taker,
    }


def _choices() -> dict[str, Any]:
    """What the filters offer: procedures and their fields, statuses in the words of the rule set in force, channels."""
    bodies = [published.body for published in PROCEDURE.all()]
    rule_set = rule_set_on(clock.today()).body
    return {
        "procedures": [(body.key, body.name) for body in bodies],
        "fields": sorted({body.field.key: body.field.name for body in bodies}.items(), key=lambda each: each[1]),
        "statuses": [(status.code, status.name) for status in rule_set.statuses],
        "channels": Dossier.Channel.choices,
    }
