"""A month at a glance: how much there is on each day, and the way to the day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lienthong.foundation import asked, clock
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.meetings import policy, queries, services
from lienthong.meetings.papers import month as papers
from lienthong.meetings.queries import Filters, Line
from lienthong.meetings.rules import State, month_after, month_before, month_of, weeks_of
from lienthong.meetings.views import showing
from lienthong.meetings.views.showing import Row
from lienthong.meetings.views.week import MINE, agency_in, filters_in, leaders_in

SHOWN_A_DAY = 4
"""Engagements of a day that stand in the grid; of others how many there are."""


@dataclass(frozen=True, slots=True)
class Day:
    """`more` engagements are not shown; `href` leads to all of them."""

    day: date
    is_within: bool
    rows: tuple[Row, ...]
    more: int
    href: str


@require_safe
@never_cache
@signed_in_officer
def month(request: OfficerRequest) -> HttpResponse:
    officer = request.officer
    agencies = policy.agencies_of(officer)
    agency, first = agency_in(request, agencies), month_in(request)
    filters = replace(filters_in(request, agency), text="")
    shown, present = _between(request, filters, first), month_of(clock.today())
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": agencies,
        "filters": filters,
        "leaders": leaders_in(agency) if agency else [],
        "first": first,
        "days": _days(request, first, shown),
        "count": sum(line.when.first_day < month_after(first) and line.when.last_day >= first for line in shown),
        "before": asked.with_query(request, thang=month_before(first).isoformat()),
        "after": asked.with_query(request, thang=month_after(first).isoformat()),
        "present": asked.with_query(request, thang="") if first != present else "",
        "own": asked.with_query(request, xem="" if filters.mine else MINE, **{"lanh-dao": ""}),
        "week": _week(request, max(first, clock.today()) if first == present else first),
        "paper": f"{reverse('meetings:month_paper')}{asked.with_query(request, thang=first.isoformat())}",
    }
    return render(request, "meetings/month.html", context)


def month_in(request: OfficerRequest) -> date:
    """The month of a day in the address; the present one for what is no day."""
    found = asked.day(request.GET.get("thang", ""))
    return month_of(found if found and 2000 <= found.year <= 2099 else clock.today())


def _between(request: OfficerRequest, filters: Filters, first: date) -> list[Line]:
    weeks = weeks_of(first)
    return queries.between(request.officer, filters, weeks[0][0], weeks[-1][-1], most=queries.MOST_IN_MONTH)


def _week(request: OfficerRequest, day: date) -> str:
    return f"{reverse('meetings:week')}{asked.with_query(request, tuan=day.isoformat(), thang='')}"


def _days(request: OfficerRequest, first: date, shown: Sequence[Line]) -> list[Day]:
    found = []
    for day in (day for week in weeks_of(first) for day in week):
        on = on_day(shown, day)
        shown_rows = len(on) if len(on) <= SHOWN_A_DAY else SHOWN_A_DAY - 1
        found.append(
            Day(
                day=day,
                is_within=month_of(day) == first,
                rows=tuple(map(showing.row, on[:shown_rows])),
                more=len(on) - shown_rows,
                href=f"{_week(request, day)}#ngay-{day.isoformat()}",
            )
        )
    return found


def on_day(shown: Sequence[Line], day: date) -> list[Line]:
    """In the order of a day: what lasts all of it first."""
    on = [line for line in shown if line.when.first_day <= day <= line.when.last_day]
    return sorted(on, key=lambda line: line.order[1:])


@require_safe
@never_cache
@signed_in_officer
def paper(request: OfficerRequest) -> HttpResponse:
    """The month of the agency on paper: what is private leaves only that somebody is busy."""
    agency, first = agency_in(request, policy.agencies_of(request.officer)), month_in(request)
    if agency is None:
        raise services.no_such_engagement()
    shown = _between(request, replace(filters_in(request, agency), text=""), first)
    shown = [line for line in shown if line.published_at or line.state == State.APPROVED]
    days = [[(day, on_day(shown, day)) for day in week] for week in weeks_of(first)]
    answer = HttpResponse(papers.pdf(agency, first, days), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="lich-cong-tac-thang-{first:%Y-%m}.pdf"'
    return answer
