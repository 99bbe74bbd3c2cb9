"""The calendar at the desk: a week, what is looked for, an engagement, the week on paper."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.identity.services.absences import ENTER
from lienthong.identity.timelines import happenings
from lienthong.meetings import policy, queries, services
from lienthong.meetings.models import Engagement
from lienthong.meetings.papers import week as papers
from lienthong.meetings.queries import Filters
from lienthong.meetings.rules import State, monday_of
from lienthong.meetings.views import showing

MINE = "toi"


@require_safe
@never_cache
@signed_in_officer
def week(request: OfficerRequest) -> HttpResponse:
    """The table of a week of an agency, or of what the officer takes part in; with words, what has them."""
    officer, given = request.officer, request.GET
    agencies = policy.agencies_of(officer)
    agency, monday = agency_in(request, agencies), monday_in(given.get("tuan", ""))
    filters = filters_in(request, agency)
    last = showing.last_day(monday)
    looks = bool(filters.text)
    shown = queries.found(officer, filters) if looks else queries.between(officer, filters, monday, last)
    away = queries.away(agency, monday, last) if agency and not (filters.mine or looks) else []
    away = [each for each in away if filters.post_id in (None, each.post_id)]
    arranges = agency is not None and policy.arranges(officer, agency)
    waiting = [line for line in queries.to_approve(officer) if not agency or line.agency.id == agency.id]
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": agencies,
        "filters": filters,
        "leaders": leaders_in(agency) if agency else [],
        "monday": monday,
        "last": last,
        "week": queries.week_of(agency, monday) if agency else None,
        "arranges": arranges,
        "enters": ENTER in officer.permissions,
        "registers": agency is not None and services.may_register(officer, agency),
        "waiting": [showing.row(line) for line in waiting],
        "before": asked.with_query(request, tuan=(monday - timedelta(days=7)).isoformat()),
        "after": asked.with_query(request, tuan=(monday + timedelta(days=7)).isoformat()),
        "present": asked.with_query(request, tuan="") if monday != monday_of(clock.today()) else "",
        "month": f"{reverse('meetings:month')}{asked.with_query(request, thang=monday.isoformat(), tuan='', tim='')}",
        "own": asked.with_query(request, xem="" if filters.mine else MINE, **{"lanh-dao": "", "tim": ""}),
        "narrowed": looks or filters.post_id is not None or filters.mine,
    }
    if looks:
        context["found"] = [showing.row(line) for line in shown]
    else:
        context["days"] = showing.table(shown, monday, away, warned=True)
        context["count"] = len(shown)
    return render(request, "meetings/week.html", context)


def monday_in(text: str) -> date:
    """The Monday of a day in the address; this week's for what is no day."""
    found = asked.day(text)
    return monday_of(found if found and 2000 <= found.year <= 2099 else clock.today())


def agency_in(request: OfficerRequest, agencies: list[Node]) -> Node | None:
    """The one of the address, which may be another whose public part is read; else the first of the own."""
    wanted = tree().by_key(request.GET.get("co-quan", ""))
    if wanted is not None and policy.has_calendar(wanted):
        return wanted
    return agencies[0] if agencies else None


def filters_in(request: OfficerRequest, agency: Node | None) -> Filters:
    """How the address narrows the calendar."""
    given, leader = request.GET, asked.number(request.GET.get("lanh-dao", ""))
    leaders = {post.id for post in policy.leaders_of(agency)} if agency else set()
    return Filters(
        agency=agency,
        post_id=leader if leader in leaders else None,
        mine=given.get("xem", "") == MINE or agency is None,
        text=asked.words(given, "tim"),
    )


def leaders_in(agency: Node) -> list[tuple[int, str]]:
    posts = policy.leaders_of(agency)
    holders = holders_of([post.id for post in posts])
    return [(post.id, queries.named_post(post.id, holders)) for post in posts]


@require_safe
@never_cache
@signed_in_officer
def engagement(request: OfficerRequest, engagement_id: int) -> HttpResponse:
    officer = request.officer
    line = queries.one(officer, engagement_id)
    if line is None:
        raise services.no_such_engagement()
    row = Engagement.objects.only("organisation_id", "unit_id", "state").get(pk=line.id)
    first, last = line.when.first_day, line.when.last_day
    beside = queries.between(officer, Filters(agency=line.agency), first, last)
    away = queries.away(line.agency, first, last)
    state = State(line.state)
    arranges = policy.arranges(officer, line.agency)
    return render(
        request,
        "meetings/engagement.html",
        {
            "row": showing.row(line, showing.warnings_of(beside, away).get(line.id, ())),
            "line": line,
            "state": Engagement.State(line.state).label,
            "tone": showing.TONES[state],
            "access": Engagement.Access(line.access).label,
            "part": Engagement.Part(line.when.part.value).label,
            "approves": arranges and state is State.PROPOSED,
            "declines": arranges and state is State.PROPOSED,
            "postpones": arranges and state is State.APPROVED,
            "cancels": services.may_end(officer, row, State.CANCELLED)
            and state in (State.PROPOSED, State.APPROVED, State.POSTPONED),
            "changes": services.may_change(officer, row) and state not in (State.DECLINED, State.CANCELLED),
            "copies": line.opened and services.may_copy(officer, row),
            "events": happenings((services.ENGAGEMENT, line.id)) if line.opened else [],
        },
    )


@require_POST
@signed_in_officer
def publish(request: OfficerRequest) -> HttpResponse:
    agency, monday = tree().by_key(request.POST.get("co-quan", "")), monday_in(request.POST.get("tuan", ""))
    services.publish(agency_id=agency.id if agency else 0, day=monday, officer=request.officer)
    messages.success(request, _("The week is published. What you take in from now on is marked as added."))
    return redirect(f"{reverse('meetings:week')}?co-quan={agency.key if agency else ''}&tuan={monday.isoformat()}")


@require_safe
@never_cache
@signed_in_officer
def paper(request: OfficerRequest) -> HttpResponse:
    """The week of the agency on paper: what is private leaves only that somebody is busy."""
    agency, monday = agency_in(request, policy.agencies_of(request.officer)), monday_in(request.GET.get("tuan", ""))
    if agency is None:
        raise services.no_such_engagement()
    shown = queries.between(request.officer, filters_in(request, agency), monday, showing.last_day(monday))
    pdf = papers.pdf(agency, monday, [line for line in shown if line.published_at or line.state == State.APPROVED])
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="lich-cong-tac-{monday.isoformat()}.pdf"'
    return answer
