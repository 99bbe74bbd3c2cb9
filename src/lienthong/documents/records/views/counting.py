"""How units keep to the day of handing over: a page, and the same as a paper or a spreadsheet."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lienthong.documents.records import carrying, counting
from lienthong.documents.records import papers as record_papers
from lienthong.documents.records.counting import Counts
from lienthong.documents.records.views.forms import file_of
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, signed_in_officer

YEARS = 12


@require_safe
@signed_in_officer
def statistics(request: OfficerRequest) -> HttpResponse:
    agencies, agency, year, rows = _counted(request)
    context: dict[str, Any] = {
        "agencies": agencies,
        "agency": agency,
        "year": year,
        "years": range(clock.today().year + 1, clock.today().year + 1 - YEARS, -1),
        "rows": rows,
        "all": counting.together(counts for _unit, counts in rows),
    }
    return render(request, "documents/record_statistics.html", context)


@require_safe
@signed_in_officer
def statistics_file(request: OfficerRequest, format_key: str) -> HttpResponse:
    _agencies, agency, year, rows = _counted(request)
    listing = record_papers.hand_over_statistics(agency, year, rows)
    return file_of(listing, format_key, f"thong-ke-nop-luu-{year}")


def _counted(request: OfficerRequest) -> tuple[list[Node], Node, int, list[tuple[str, Counts]]]:
    """The agencies to choose from, the one chosen, the year, and what was counted by unit. Raises NotYours."""
    agencies = counting.agencies_counted(request.officer)
    if not agencies:
        raise carrying.not_yours()
    wanted, asked_for = asked.number(request.GET.get("co-quan", "")), asked.number(request.GET.get("nam", ""))
    agency = next((each for each in agencies if each.id == wanted), agencies[0])
    today = clock.today()
    year = asked_for if asked_for and 1945 <= asked_for < 10_000 else today.year
    found = counting.by_unit(agency.id, year, today=today)
    return agencies, agency, year, [(tree()[unit].name, counts) for unit, counts in found.items()]
