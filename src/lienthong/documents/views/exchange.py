"""Statistics of the exchange of documents: on the screen, where every figure leads to its documents, and as files."""

from io import BytesIO
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lienthong.documents import policy
from lienthong.documents.papers import exchange as papers
from lienthong.documents.papers.exchange import Row
from lienthong.documents.queries.exchange import SHARES, Got, Sent, Trait, drafted_by, got_by, sent_by
from lienthong.documents.queries.settlement import Period
from lienthong.documents.views.outgoing import TRAITS
from lienthong.documents.views.periods import Scope, period_of, scope_of
from lienthong.foundation import asked, clock
from lienthong.foundation.files.serving import content_disposition, serve_made
from lienthong.foundation.papers.rendering import render as render_paper
from lienthong.identity.policy import OfficerRequest, signed_in_officer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "Thống kê trao đổi văn bản điện tử"


@require_safe
@signed_in_officer
def statistics(request: OfficerRequest) -> HttpResponse:
    """By agency, and by the units of one. Three queries, however many there are."""
    scope, period = scope_of(request), period_of(request)
    agencies, units = _of_agencies(policy.followed_by(request.officer), period), _of_units(scope, period)
    if request.GET.get("dang") in ("xlsx", "pdf"):
        return _file(request, [*agencies, *units], scope, period)
    return render(
        request,
        "documents/exchange.html",
        {
            "scope": scope,
            "period": period,
            "agencies": [_shown(row, {"co-quan": row.node.key}, period) for row in agencies],
            "units": [_shown(row, {"don-vi": row.node.key}, period) for row in units],
            "postal": policy.agencies_of(request.officer),
            "traits": [TRAITS[trait] for trait in SHARES],
            "xlsx": asked.with_query(request, dang="xlsx"),
            "pdf": asked.with_query(request, dang="pdf"),
        },
    )


def _of_agencies(whole: list[Any], period: Period) -> list[Row]:
    sent, got = sent_by(whole, period), got_by(whole, period)
    return [
        Row(node, sent.get(node.id, Sent()), got.get(node.id, Got()))
        for node in whole
        if node.id in sent or node.id in got
    ]


def _of_units(scope: Scope, period: Period) -> list[Row]:
    drafted = drafted_by(scope.units, period)
    return [Row(node, drafted.get(node.id, Sent()), None) for node in scope.units]


def _shown(row: Row, query: dict[str, str], period: Period) -> dict[str, Any]:
    days = {"tu": period.first.isoformat(), "den": period.last.isoformat()}
    return {
        "node": row.node,
        "issued": (row.sent.issued, _list({**query, **days, "muc": Trait.ISSUED.value})),
        "cells": [
            (TRAITS[trait], row.sent.of(trait), row.sent.share(trait), _list({**query, **days, "muc": trait.value}))
            for trait in SHARES
        ],
        "got": row.got,
    }


def _list(query: dict[str, str]) -> str:
    """The documents that a figure counts."""
    said = QueryDict(mutable=True)
    said.update(query)
    return f"{reverse('documents:outgoing')}?{said.urlencode()}"


def _file(request: OfficerRequest, rows: list[Row], scope: Scope, period: Period) -> HttpResponse:
    if request.GET["dang"] == "pdf":
        shape = papers.printed(rows, period, agency=scope.agency, printed_by=request.officer.name, at=clock.now())
        return serve_made(
            render_paper("documents/book", shape.as_data(), at=clock.now()), name=NAME, as_attachment=True
        )
    target = BytesIO()
    papers.write_sheet(target, rows, period)
    answer = HttpResponse(target.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition("attachment", f"{NAME}.xlsx")
    answer["Cache-Control"] = "no-store"
    return answer
