"""Boards of directives for the leaders, the office and each agency: what is late, due this week, done; as files; urging
from them."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lienthong.directives import papers, policy, queries, rules, services
from lienthong.directives.models import Task
from lienthong.directives.queries import FIGURES, Cursor, Filters, Tab
from lienthong.directives.services import carrying
from lienthong.directives.views.words import posts_with_names, state_of, who_of
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.foundation.papers.taking import file_of
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.work.views import list_of, urge_chosen

TITLES: dict[Tab, str | Promise] = {
    "late": pgettext_lazy("directives", "Late"),
    "week": pgettext_lazy("directives", "Due this week"),
    "in-time": pgettext_lazy("directives", "In time"),
    "reported": pgettext_lazy("directives", "Waiting for evaluation"),
    "done": pgettext_lazy("directives", "Done"),
}
EMPTY: dict[Tab | None, str | Promise] = {
    None: _("There is no directive yet"),
    "late": _("No directive is late"),
    "week": _("No directive is due this week"),
    "in-time": _("No other directive is open"),
    "reported": _("No directive waits for evaluation"),
    "done": _("No directive is done yet"),
}
FIRST_YEAR, LAST_YEAR = 2000, 2099
NAMES: dict[str, Tab] = {
    "qua-han": "late",
    "tuan-nay": "week",
    "trong-han": "in-time",
    "cho-danh-gia": "reported",
    "da-xong": "done",
}
"""How the address calls the tabs."""


@require_safe
@signed_in_officer
def board(request: OfficerRequest) -> HttpResponse:
    officer, now = request.officer, clock.now()
    filters = filters_of(request, now)
    place = asked.placed(request.GET.get("sau", ""))
    page = queries.board_page(officer, filters, now=now, after=Cursor(*place) if place else None)
    shown = page.tasks[: queries.PAGE]
    last = shown[-1] if len(page.tasks) > queries.PAGE else None
    rows = _rows(officer, shown)
    return render(
        request,
        "directives/board.html",
        {
            "filters": filters,
            "tabs": [(TITLES[tab], asked.with_query(request, muc=name, sau=""), tab == filters.tab,
                      _count(page.counts[tab])) for name, tab in NAMES.items()],
            "all": asked.with_query(request, muc="", sau=""),
            "level": request.GET.get("muc", "") if filters.tab else "",
            "title": TITLES[filters.tab] if filters.tab else "",
            "rows": rows,
            "urges": any(row["can_be_urged"] for row in rows),
            "gives": bool(policy.gives_for(officer)),
            "leads": leads_for(officer),
            "givers": posts_with_names(givers_for(officer)),
            "empty": EMPTY[filters.tab],
            "narrowed": filters != Filters(tab=filters.tab),
            "query": request.GET.urlencode(),
            "most": services.LONGEST_WORDS,
            "newest": asked.with_query(request, sau="") if place else "",
            "older": asked.with_query(request, sau=asked.place(_place(last), last.pk)) if last else "",
        },
    )  # fmt: skip


def _place(task: Task) -> datetime:
    place: datetime = task.place  # type: ignore[attr-defined]
    return place


def _count(count: int) -> str:
    return str(count) if count < queries.COUNT_LIMIT else f"{queries.COUNT_LIMIT - 1}+"


def filters_of(request: OfficerRequest, now: datetime) -> Filters:
    """What of the address can be read; the rest counts as not said."""
    given, officer = request.GET, request.officer
    leads = {node.key: node.id for node in leads_for(officer)}
    figure, giver = given.get("so-lieu", ""), asked.number(given.get("nguoi-giao", ""))
    month = month_of(given.get("thang", ""), now)
    by = tree().by_key(given.get("giao-boi", "")) if given.get("giao-boi") else None
    return Filters(
        tab=NAMES.get(given.get("muc", "")),
        lead=leads.get(given.get("chu-tri", "")),
        giver=giver if giver in {post.id for post in givers_for(officer)} else None,
        by=by.id if by else None,
        first=_day(given.get("tu", "")),
        last=_day(given.get("den", "")),
        text=asked.words(given, "tim"),
        month=month,
        figure=next((each for each in FIGURES if each == figure), None) if month else None,
    )


def _day(text: str) -> date | None:
    found = asked.day(text)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def month_of(text: str, now: datetime) -> date | None:
    """“2025-03” is its first day; None for what is none, or has not begun."""
    found = _day(f"{text}-01")
    return found if found and found <= clock.local(now).date() else None


def leads_for(officer: Officer) -> list[Node]:
    """The organisations by which somebody narrows a board: those that they see, and those that they give to."""
    agencies, today = tree(), clock.today()
    ids = set(policy.seen_by(officer))
    for agency in policy.gives_for(officer):
        ids |= {node.id for node in policy.receivers_of(agency)}
    found = (agencies[each] for each in ids if agencies[each].in_force(today))
    return sorted(found, key=lambda node: (len(node.path), node.id))


def givers_for(officer: Officer) -> list[PostNode]:
    return [post for agency in policy.gives_for(officer) for post in policy.givers_of(agency)]


def _rows(officer: Officer, shown: list[Task]) -> list[dict[str, Any]]:
    beside, today = queries.beside(shown), clock.today()
    return [
        {
            "task": task,
            "directive": task.directive,
            "who": who_of(task, {})[0],
            "by": tree()[task.directive.organisation_id].name,
            "state": state_of(task),
            "parts": beside.parts.get(task.directive_id),
            "urged": beside.urged.get(task.pk),
            "asked": task.pk in beside.asked,
            "can_be_urged": _may_urge(officer, task) and beside.urged.get(task.pk, (None, 0))[0] != today,
        }
        for task in shown
    ]


def _may_urge(officer: Officer, task: Task) -> bool:
    side = policy.gives(officer, task.directive) or policy.follows(officer, task.directive)
    return side is not None and rules.can_be_urged(carrying.as_rule(task))


@require_POST
@signed_in_officer
def urge(request: OfficerRequest) -> HttpResponse:
    """One task by one press, or those that were ticked on a board; back to where it was pressed."""
    urge_chosen(request, services.urge, longest=services.LONGEST_WORDS)
    if directive_id := asked.number(request.POST.get("chi-dao", "")):
        return redirect("directives:one", directive_id)
    return redirect(reverse("directives:board") + list_of(request))


@require_safe
@signed_in_officer
def register_file(request: OfficerRequest, format_key: str) -> HttpResponse:
    """The board of the address as a register to be printed or taken along."""
    now = clock.now()
    filters = filters_of(request, now)
    found = queries.board(request.officer, filters, now=now, most=papers.MOST_LINES + 1)
    if len(found) > papers.MOST_LINES:
        messages.error(request, _("One file holds %(most)s directives at most; narrow the list.") % {
            "most": papers.MOST_LINES
        })  # fmt: skip
        return redirect(reverse("directives:board") + asked.with_query(request))
    listing = papers.register(papers.agency_of(request.officer), found, filters, now=now)
    return file_of(listing, format_key, "so-theo-doi-y-kien-chi-dao")
