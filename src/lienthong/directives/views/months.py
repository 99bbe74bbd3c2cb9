"""The table of a month: how the directives of each agency that leads stood, each figure a way to them."""

from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from lienthong.directives import papers, policy, queries
from lienthong.directives.queries import FIGURES, Figure
from lienthong.directives.rules import Month
from lienthong.directives.views.boards import month_of
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.taking import file_of
from lienthong.identity.policy import OfficerRequest, signed_in_officer

COLUMNS: dict[Figure, str | Promise] = {
    "carried": pgettext_lazy("directives", "carried over"),
    "new": pgettext_lazy("directives", "new"),
    "in-time": pgettext_lazy("directives", "done in time"),
    "late": pgettext_lazy("directives", "done late"),
    "open-in-time": pgettext_lazy("directives", "open in time"),
    "open-late": pgettext_lazy("directives", "open late"),
}


@require_safe
@signed_in_officer
def month(request: OfficerRequest) -> HttpResponse:
    first, by, table = _counted(request)
    rows = [_row(node, counted, first, by) for node, counted in table]
    total = sum((counted for _node, counted in table), Month())
    return render(
        request,
        "directives/month.html",
        {
            "month": first,
            "by": by,
            "agencies": policy.gives_for(request.officer),
            "rows": rows,
            "total": _row(None, total, first, by),
            "columns": COLUMNS.values(),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
@signed_in_officer
def month_file(request: OfficerRequest, format_key: str) -> HttpResponse:
    first, by, table = _counted(request)
    listing = papers.month(by or papers.agency_of(request.officer), first, table)
    return file_of(listing, format_key, f"nhiem-vu-giao-{first:%Y-%m}")


def _counted(request: OfficerRequest) -> tuple[date, Node | None, list[tuple[Node, Month]]]:
    """The month of the address, else this one; the agency that gave, where one was chosen; the lines."""
    now, given = clock.now(), request.GET
    first = month_of(given.get("thang", ""), now) or clock.local(now).date().replace(day=1)
    by = next((node for node in policy.gives_for(request.officer) if node.key == given.get("giao-boi", "")), None)
    counted = queries.month(request.officer, first, by=by.id if by else None, now=now)
    nodes = sorted((tree()[each] for each in counted), key=lambda node: (len(node.path), node.id))
    return first, by, [(node, counted[node.id]) for node in nodes]


def _row(node: Node | None, counted: Month, first: date, by: Node | None) -> dict[str, Any]:
    query = {"thang": f"{first:%Y-%m}", "giao-boi": by.key if by else "", "chu-tri": node.key if node else ""}
    return {
        "node": node,
        "cells": [
            (COLUMNS[each], getattr(counted, each.replace("-", "_")), _board({**query, "so-lieu": each}))
            for each in FIGURES
        ],
        "total": (counted.total, _board(query)),
        "share": counted.share,
    }


def _board(query: dict[str, str]) -> str:
    said = QueryDict(mutable=True)
    said.update({name: value for name, value in query.items() if value})
    return f"{reverse('directives:board')}?{said.urlencode()}"
