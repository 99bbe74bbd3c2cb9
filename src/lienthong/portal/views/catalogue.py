"""What can be done here: the home page, the catalogue of procedures, the page of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lienthong.cases.services import offering
from lienthong.foundation import clock
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.portal import wording
from lienthong.portal.pages import page
from lienthong.procedures import queries
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.queries import Filters
from lienthong.procedures.shapes import ProcedureBody, Step

ON_HOME_PAGE = 6
"""Cards of procedures, and fields, on the home page."""

PAGE = 30
FEW_AGENCIES = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    procedures = sorted(queries.published(), key=lambda procedure: procedure.online != "full")
    return page(
        request,
        "home",
        "home",
        procedures=procedures[:ON_HOME_PAGE],
        shortcuts=[(procedure, wording.shortcut(procedure)) for procedure in procedures[:4]],
        fields=[
            (group, wording.field_icon(group.field), wording.sought(group.procedures))
            for group in queries.fields()[: ON_HOME_PAGE + 2]
        ],
        total=len(procedures),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, with how many procedures have it."""

    value: str
    label: str
    count: int
    chosen: bool


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The list, narrowed and searched; with htmx only the part that changes as one types."""
    asked = request.GET
    text = asked.get("q", "")[:200]
    filters = Filters(asked.get("linh-vuc", ""), asked.get("cap", ""), asked.get("doi-tuong", ""))
    found = queries.search(text, filters)
    start = _number(asked.get("tu", "0"))
    remaining = asked.copy()
    remaining["tu"] = str(start + PAGE)
    return page(
        request,
        "parts/found" if request.headers.get("HX-Request") else "catalogue",
        "procedures",
        text=text,
        found=found[start : start + PAGE],
        total=len(found),
        more=f"?{remaining.urlencode()}" if len(found) > start + PAGE else "",
        narrowed=bool(text or filters != Filters()),
        choices=_choices(filters),
        filters=filters,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _choices(filters: Filters) -> Mapping[str, list[Choice]]:
    """The values of each filter that some procedure has."""
    of_fields = {group.field.key: (group.field.name, len(group.procedures)) for group in queries.fields()}
    levels = queries.counts(lambda procedure: [procedure.level])
    subjects = queries.counts(lambda procedure: procedure.subjects)
    return {
        "fields": [Choice(key, name, count, key == filters.field) for key, (name, count) in of_fields.items()],
        "levels": [
            Choice(key, str(wording.LEVELS[key]), levels[key], key == filters.level)
            for key in queries.LEVELS
            if levels[key]
        ],
        "subjects": [
            Choice(key, str(wording.SUBJECTS[key]), subjects[key], key == filters.subject)
            for key in queries.SUBJECTS
            if subjects[key]
        ],
    }


@require_safe
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    try:
        edition = PROCEDURE.current(key)
    except DefinitionNotFound as missing:
        raise Http404 from missing
    body = edition.body
    agencies = offering(body)
    return page(
        request,
        "procedure",
        "procedures",
        procedure=body,
        edition=edition,
        agencies=agencies,
        one_agency=agencies[0] if len(agencies) == 1 else None,
        few_agencies=len(agencies) <= FEW_AGENCIES,
        competent=wording.function_name(body.competent),
        subjects=[wording.SUBJECTS[subject] for subject in body.subjects],
        stations=_stations(body, agencies),
        unconfirmed=[source for source in body.sources if not source.confirmed],
        parts=queries.parts_of(body),
        groups=queries.groups_of(body),
    )


def _stations(procedure: ProcedureBody, agencies: list[Node]) -> list[tuple[str, str]]:
    """The stations of the main path, each with who does it (told only where that is the same everywhere)."""
    doers: dict[str, dict[str, None]] = {}
    for step in procedure.process.steps:
        if step.is_station:
            doers.setdefault(step.station, {})[_doer(_where(step), agencies)] = None
    return [(station, ", ".join(filter(None, names))) for station, names in doers.items()]


def _where(step: Step) -> str:
    """The function of the agency that does a step; of a dossier elsewhere, of the agency that settles that."""
    return PROCEDURE.current(step.dossier.procedure).body.competent if step.dossier else step.at


def _doer(function: str, agencies: list[Node]) -> str:
    at = tree().with_function(function, clock.today())
    return at[0].name if len(at) == 1 and len(agencies) == 1 else wording.function_name(function)
