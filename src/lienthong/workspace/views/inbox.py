"""What an officer has to do: one list over all posts, the most urgent first."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.definition import ROLE
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.work import queries
from lienthong.work.models import WorkItem
from lienthong.workspace.addresses import address_of

TABS: dict[str, queries.Due | None] = {
    "tat-ca": None,
    "qua-han": "late",
    "sap-den-han": "soon",
    "con-han": "later",
    "dang-cho": "waiting",
}
"""The tabs by their word in the address."""

WEEK = 7


@signed_in_officer
def inbox(request: OfficerRequest) -> HttpResponse:
    officer, now = request.officer, clock.now()
    soon = _end_of_soon(now)
    tab = request.GET.get("han", "tat-ca")
    filters = queries.Filters(
        post=_chosen_post(request, officer),
        due=TABS.get(tab),
        role=request.GET.get("vai-tro", ""),
        text=request.GET.get("tim", "").strip()[:100],
    )
    items = queries.inbox(officer, filters, now=now, soon=soon, after=_cursor(request))
    page = items[: queries.PAGE]
    return render(
        request,
        "workspace/inbox.html",
        {
            "rows": [_row(item) for item in page],
            "counts": queries.counts(officer, filters, now=now, soon=soon),
            "days": queries.due_days(officer, filters, now=now, days=WEEK),
            "tab": tab,
            "filters": filters,
            "posts": officer.posts,
            "roles": _roles(officer),
            "next": _address_of_next(request, page[-1]) if len(items) > queries.PAGE else "",
            "limit": queries.COUNT_LIMIT,
        },
    )


def _end_of_soon(now: datetime) -> datetime:
    """The end of the next working day: what is due until then is due soon."""
    calendar = calendar_of(province().calendar)
    closing = calendar.closing(calendar.next_working_day(clock.local(now).date()))
    return closing or now + timedelta(days=1)


def _chosen_post(request: HttpRequest, officer: Officer) -> HeldPost | None:
    chosen = request.GET.get("vi-tri", "")
    return next((post for post in officer.posts if str(post.id) == chosen), None)


def _roles(officer: Officer) -> list[tuple[str, str]]:
    held = {role for post in officer.posts for role in post.roles}
    return [(role.key, role.body.name) for role in ROLE.all() if role.key in held]


def _cursor(request: HttpRequest) -> queries.Cursor | None:
    """The place in the list that the address carries; one that cannot be read begins at the top."""
    try:
        moment, number = request.GET.get("sau", "").split("_")
        due_at = datetime.fromisoformat(moment)
        return queries.Cursor(due_at, int(number)) if due_at.tzinfo and 0 < int(number) < 2**63 else None
    except ValueError:
        return None


def _address_of_next(request: HttpRequest, last: WorkItem) -> str:
    query = request.GET.copy()
    query["sau"] = f"{last.due_at.isoformat()}_{last.pk}"
    return f"?{query.urlencode()}"


def _row(item: WorkItem) -> dict[str, object]:
    return {"item": item, "address": address_of(item), "agency": tree()[item.organisation_id].short_name}
