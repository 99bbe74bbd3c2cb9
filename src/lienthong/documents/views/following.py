"""Following up: deciding on more time, urging, what is late, how documents are settled."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents import policy, services
from lienthong.documents.models import MoreTime, Task
from lienthong.documents.queries import settlement
from lienthong.documents.queries.settlement import PAGE, Cursor, Due, Open
from lienthong.documents.rules import following as rules
from lienthong.documents.rules.following import Progress, Settlement
from lienthong.documents.rules.journey import Journey
from lienthong.documents.services import carrying
from lienthong.documents.views import days
from lienthong.documents.views.periods import period_of, scope_of
from lienthong.documents.views.tree import PARTS, desk_of, state_of
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import holders_of, named_holders
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.work.rules import Part
from lienthong.work.views import list_of, urge_chosen


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def more_time(request: OfficerRequest, request_id: int) -> HttpResponse:
    """Where a request for more time is decided; whoever has nothing to decide there sees the document."""
    found = MoreTime.objects.select_related("task", "asked_by").filter(pk=request_id).first()
    if found is None:
        raise carrying.no_such_document()
    if request.method != "POST":
        return _show(request, found, key=str(uuid4()))
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    until, is_wrong = days.asked_for(request.POST, "han")
    try:
        if is_wrong:
            raise services.NoMoreTime(days.UNREADABLE)
        services.decide_more_time(
            request_id=found.pk,
            officer=request.officer,
            key=key,
            grant=request.POST.get("quyet-dinh") == "dong-y",
            until=days.end_of(until),
            words=asked.paragraphs(request.POST, "loi", services.LONGEST_WORDS + 1),
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, found, key=str(key), refused=refused)
    messages.success(request, _("Your decision was put down."))
    return redirect("documents:arrival", found.task.arrival_id)


def _show(request: OfficerRequest, found: MoreTime, *, key: str, refused: DomainError | None = None) -> HttpResponse:
    page = services.read(arrival_id=found.task.arrival_id, officer=request.officer)
    tasks = {task.pk: task for task in page.tasks}
    above = tasks.get(found.task.parent_id or 0)
    if (found.decided_at and not refused) or above is None or carrying.holds(request.officer, above) is None:
        return redirect("documents:arrival", found.task.arrival_id)
    names = holders_of([found.task.post_id] if found.task.post_id else [])
    requests = settlement.following_of(page.arrival.pk).requests
    context = {
        "asked": found,
        "arrival": page.arrival,
        "document": page.arrival.document,
        "who": desk_of(found.task, names)[0],
        "above": above,
        "earlier": [each for each in requests if each.task_id == found.task_id and each.pk != found.pk],
        "key": key,
        "given": request.POST,
        "errors": {},
        "refused": refused,
        "most": services.LONGEST_WORDS,
    }
    return render(request, "documents/more_time.html", context, status=422 if refused else 200)


@require_POST
@signed_in_officer
def urge(request: OfficerRequest) -> HttpResponse:
    """One task by one press, or those that were ticked in the list; back to where it was pressed."""
    urge_chosen(request, services.urge, longest=services.LONGEST_WORDS)
    if arrival_id := asked.number(request.POST.get("van-ban", "")):
        return redirect("documents:arrival", arrival_id)
    return redirect(reverse("documents:late") + list_of(request))


_DUE: dict[str, Due] = {"sap": "soon", "mo": "open"}
"""How the address says it; without a word it is what is late."""
_LATE, _SOON, _OPEN = (
    pgettext_lazy("list", "Late"),
    pgettext_lazy("list", "Due soon"),
    pgettext_lazy("list", "All open"),
)
_TITLES: dict[Due, str | Promise] = {
    "late": gettext_lazy("Late documents"),
    "soon": gettext_lazy("Documents due soon"),
    "open": gettext_lazy("Documents that are being settled"),
}


@require_safe
@signed_in_officer
def late(request: OfficerRequest) -> HttpResponse:
    """What is late, soon will be, or is open at all, and with whom it is now."""
    scope, given = scope_of(request), request.GET
    due = _DUE.get(given.get("muc", ""), "late")
    place = asked.placed(given.get("truoc", ""))
    agency = scope.agency if given.get("co-quan") == scope.agency.key or not scope.whole else None
    page = settlement.open_tasks(
        request.officer, agency=agency, unit=scope.unit, due=due, after=Cursor(*place) if place else None
    )
    shown = page.tasks[:PAGE]
    last = shown[-1] if len(page.tasks) > PAGE else None
    assert last is None or last.due_at
    return render(
        request,
        "documents/late.html",
        {
            "scope": scope,
            "agency": agency,
            "due": due,
            "level": given.get("muc", "") if due != "late" else "",
            "title": _TITLES[due],
            "tabs": [
                (title, asked.with_query(request, muc=level, truoc=""), each == due)
                for level, each, title in (("", "late", _LATE), ("sap", "soon", _SOON), ("mo", "open", _OPEN))
            ],
            "rows": _rows(request.officer, page, shown),
            "query": given.urlencode(),
            "most": services.LONGEST_WORDS,
            "newest": asked.with_query(request, truoc="") if place else "",
            "older": asked.with_query(request, truoc=asked.place(last.due_at, last.pk)) if last and last.due_at else "",
        },
    )


def _rows(officer: Officer, page: Open, shown: list[Task]) -> list[dict[str, Any]]:
    holders = named_holders(sorted({task.post_id for task in shown if task.post_id}))
    clerk_of = {node.id for node in policy.agencies_of(officer)}
    may = {task_id for arrival in {task.arrival_id: task.arrival for task in shown}.values()
           for task_id in _urgeable(officer, page.beside[arrival.pk], arrival.organisation_id in clerk_of)}  # fmt: skip
    return [
        {
            "task": task,
            "document": task.arrival.document,
            "code": carrying.code_of(task.arrival, task.arrival.document),
            "who": desk_of(task, holders),
            "part": PARTS[Part(task.part)],
            "state": state_of(task),
            "urged": page.urged.get(task.pk),
            "asked": task.pk in page.asked,
            "can_be_urged": task.pk in may,
            "today": page.urged.get(task.pk, (None, 0))[0] == clock.today(),
        }
        for task in shown
    ]


def _urgeable(officer: Officer, tasks: list[Task], every: bool) -> list[int]:
    journey = Journey.of(map(carrying.as_rule, tasks))
    own = [task.pk for task in tasks if carrying.holds(officer, task)]
    return [task.id for task in rules.urgeable(journey, own, every=every)]


@require_safe
@signed_in_officer
def statistics(request: OfficerRequest) -> HttpResponse:
    """How documents are settled: by agency, and by the units of one. Two queries, however many there are."""
    scope, period = scope_of(request), period_of(request)
    whole = policy.followed_by(request.officer)
    agencies, units = settlement.of_agencies(whole, period), settlement.of_units(scope.units, period)
    days_ = {"tu": period.first.isoformat(), "den": period.last.isoformat()}
    return render(
        request,
        "documents/statistics.html",
        {
            "scope": scope,
            "period": period,
            "agencies": [
                _counted(node, agencies[node.id], {"co-quan": node.key, **days_})
                for node in whole
                if node.id in agencies
            ],
            "units": [
                _counted(
                    node, units.get(node.id, Settlement()), {"co-quan": scope.agency.key, "don-vi": node.key, **days_}
                )
                for node in scope.units
            ],
            "columns": [each.label for each in Progress],
        },
    )


def _counted(node: Node, counted: Settlement, query: dict[str, str]) -> dict[str, Any]:
    return {
        "node": node,
        "all": (counted.received, _book(query)),
        "cells": [(each, count, _book({**query, "tien-do": each.value})) for each, count in counted.counts()],
        "share": counted.share,
    }


def _book(query: dict[str, str]) -> str:
    """The follow-up register with these lines."""
    said = QueryDict(mutable=True)
    said.update({"so": "settlement", **query})
    return f"{reverse('documents:book')}?{said.urlencode()}"
