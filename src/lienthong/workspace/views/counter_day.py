"""The end of a counter's day: what was done, what is left; on the screen, as a spreadsheet, on paper."""

from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lienthong.cases.definition import RULE_SET
from lienthong.cases.queries.counter_day import CounterDay, DayLine, counter_day
from lienthong.cases.queries.register import shop_of, shops_of
from lienthong.cases.services import counter_day as services
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.files.serving import content_disposition, serve_made
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.ui.formatting import day as written
from lienthong.workspace.views.register import FIRST_YEAR, LAST_YEAR, XLSX


@require_safe
@signed_in_officer
def day(request: OfficerRequest) -> HttpResponse:
    shop, chosen = shop_of(request.officer, request.GET.get("mot-cua", "")), _day(request)
    found, calendar = counter_day(shop, chosen), calendar_of(province().calendar)
    before, after = calendar.next_working_day(chosen, -1), found.next_day
    context = {
        "shop": shop,
        "shops": shops_of(request.officer),
        "day": chosen,
        "query": asked.with_query(request),
        "before": asked.with_query(request, ngay=before.isoformat()),
        "after": asked.with_query(request, ngay=after.isoformat()) if after <= clock.today() else "",
        "sections": _sections(found),
        "anything": any(found.sections.values()),
        "receives": "cases.receive" in request.officer.permissions,
    }
    return render(request, "workspace/counter/day.html", context)


@require_safe
@signed_in_officer
def paper(request: OfficerRequest) -> HttpResponse:
    chosen = _day(request)
    pdf = services.paper(officer=request.officer, shop_key=request.GET.get("mot-cua", ""), day=chosen)
    return serve_made(pdf, name=_name(chosen))


@require_safe
@signed_in_officer
def spreadsheet(request: OfficerRequest) -> HttpResponseBase:
    chosen = _day(request)
    file = services.spreadsheet(officer=request.officer, shop_key=request.GET.get("mot-cua", ""), day=chosen)
    answer = FileResponse(file, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition("attachment", f"{_name(chosen)}.xlsx")
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _name(day: date) -> str:
    return f"Kết quả trong ngày {day:%Y%m%d}"


def _day(request: OfficerRequest) -> date:
    found = asked.day(request.GET.get("ngay", ""))
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else clock.today()


def _sections(found: CounterDay) -> list[dict[str, Any]]:
    titles = {
        "received": (pgettext("day", "Received"), _("When"), _("By")),
        "refused": (_("Refused"), _("When"), _("By")),
        "supplement": (_("A supplement was asked for"), _("When"), _("By")),
        "returned": (_("Results given"), _("When"), _("Taken by")),
        "open": (_("Still at reception"), _("To be received by"), ""),
        "due": (_("Due by %(day)s, not settled") % {"day": written(found.next_day)}, _("Due"), ""),
    }
    return [
        {
            "key": name,
            "title": title,
            "at": at,
            "who": who,
            "count": len(found.sections[name]),
            "rows": [_row(line) for line in found.sections[name]],
        }
        for name, (title, at, who) in titles.items()
    ]


def _row(line: DayLine) -> dict[str, Any]:
    dossier = line.dossier
    return {
        "line": line,
        "dossier": dossier,
        "procedure": procedure_of(dossier).full_name,
        "agency": tree()[dossier.competent_id].short_name,
        "status": RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status),
    }
