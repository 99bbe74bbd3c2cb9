"""What an officer has to do: one list over all posts, the most urgent first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.definition import ROLE
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.work import queries
from lienthong.work.bulk import under_way
from lienthong.work.models import WorkItem
from lienthong.workspace import bulk
from lienthong.workspace.addresses import address_of

TABS: dict[str, tuple[queries.Due | None, str | Promise]] = {
    "": (None, _("All")),
    "qua-han": ("late", _("Overdue")),
    "sap-den-han": ("soon", _("Due soon")),
    "con-han": ("later", _("Due later")),
    "dang-cho": ("waiting", _("Waiting for others")),
}
"""The tabs by their word in the address."""

WEEK = 7


@require_safe
@signed_in_officer
def inbox(request: OfficerRequest) -> HttpResponse:
    officer, now = request.officer, clock.now()
    soon = end_of_soon(now)
    roles = _roles(officer)
    tab = _tab(request)
    filters = filters_of(request)
    place = asked.placed(request.GET.get("sau", ""))
    after = queries.Cursor(*place) if place else None
    items = queries.inbox(officer, filters, now=now, soon=soon, after=after)
    page = items[: queries.PAGE]
    picks = bulk.picks(officer, bulk.places_of(page))
    standing = queries.standing(officer, filters, now=now, soon=soon, days=WEEK)
    last = page[-1] if len(items) > queries.PAGE else None
    return render(
        request,
        "workspace/inbox.html",
        {
            "rows": [_row(item, officer, picks) for item in page],
            "bar": bulk.Bar(picks, request, everything=len(items) > queries.PAGE or bool(after)),
            "running": under_way(officer),
            "tabs": _tabs(tab, standing.counts),
            "days": _days(request, standing, filters.day),
            "tab": tab,
            "filters": filters,
            "narrowed": bool(filters.text or filters.post or filters.role or filters.day or tab),
            "posts": officer.posts,
            "roles": roles,
            "first": asked.with_query(request, sau="") if after else "",
            "next": asked.with_query(request, sau=asked.place(last.due_at, last.pk)) if last else "",
        },
    )


def filters_of(request: OfficerRequest) -> queries.Filters:
    """How the address narrows the inbox; what it says wrongly is left out."""
    officer, role, tab = request.officer, request.GET.get("vai-tro", ""), _tab(request)
    return queries.Filters(
        post=_chosen_post(request, officer),
        due=TABS[tab][0],
        day=None if tab else _chosen_day(request, clock.now()),
        role=role if role in dict(_roles(officer)) else "",
        text=asked.words(request.GET, "tim"),
    )


def _tab(request: HttpRequest) -> str:
    return request.GET.get("han", "") if request.GET.get("han") in TABS else ""


def _tabs(chosen: str, counts: dict[queries.Due, int]) -> list[tuple[str, str, str, bool]]:
    """Word in the address, name, how many there are, whether it is the present one."""
    found = {word: counts[due] if due else sum(counts.values()) for word, (due, _name) in TABS.items()}
    return [(word, str(name), _counted(found[word]), word == chosen) for word, (_due, name) in TABS.items()]


def _counted(count: int) -> str:
    """7; 99+ where counting stopped; nothing for none."""
    if not count:
        return ""
    return f"{queries.COUNT_LIMIT - 1}+" if count >= queries.COUNT_LIMIT else str(count)


def end_of_soon(now: datetime) -> datetime:
    """The end of the next working day: what is due until then is due soon."""
    calendar = calendar_of(province().calendar)
    closing = calendar.closing(calendar.next_working_day(clock.local(now).date()))
    return closing or now + timedelta(days=1)


def _chosen_post(request: HttpRequest, officer: Officer) -> HeldPost | None:
    chosen = request.GET.get("vi-tri", "")
    return next((post for post in officer.posts if str(post.id) == chosen), None)


def _chosen_day(request: HttpRequest, now: datetime) -> date | None:
    """One of the days of the strip."""
    day, today = asked.day(request.GET.get("ngay", "")), clock.local(now).date()
    return day if day and today <= day < today + timedelta(days=WEEK) else None


def _roles(officer: Officer) -> list[tuple[str, str]]:
    held = {role for post in officer.posts for role in post.roles}
    return [(role.key, role.body.name) for role in ROLE.all() if role.key in held]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the strip; its address chooses it, or lets go of it."""

    day: date
    count: str
    tone: str
    address: str
    chosen: bool
    off: bool


def _days(request: HttpRequest, standing: queries.Standing, chosen: date | None) -> list[Day]:
    (today, _count), late = standing.days[0], standing.counts["late"]
    calendar = calendar_of(province().calendar)
    return [
        Day(
            day=day,
            count=str(count),
            tone=("late" if late else "soon") if day == today and count else "",
            address=asked.with_query(request, ngay="" if day == chosen else day.isoformat(), han="", sau=""),
            chosen=day == chosen,
            off=not calendar.is_working_day(day),
        )
        for day, count in standing.days
    ]


def _row(item: WorkItem, officer: Officer, picks: bulk.Picks) -> dict[str, object]:
    post = next((post for post in officer.posts if post.id == item.post_id), None)
    return {
        "item": item,
        "pick": picks.get(bulk.place_of(item)),
        "address": address_of(item),
        "agency": tree()[item.organisation_id].short_name,
        "post": post.title if post and len(officer.posts) > 1 else "",
    }
