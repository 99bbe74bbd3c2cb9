"""Documents that agencies made public: the list with search, one of them, its files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from lienthong.documents.definition import kind_names
from lienthong.documents.models import Publication
from lienthong.documents.queries import public
from lienthong.documents.queries.public import PAGE, Before, Filters, Published
from lienthong.documents.rules.publishing import Force
from lienthong.foundation import asked, clock
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import tree
from lienthong.portal.pages import page

FIRST_YEAR = 1990
FORCES: dict[Force, tuple[str | Promise, str]] = {
    Force.COMING: (pgettext_lazy("document", "not yet in force"), "soon"),
    Force.IN_FORCE: (pgettext_lazy("document", "in force"), "ok"),
    Force.ENDED: (pgettext_lazy("document", "no longer in force"), "late"),
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    given, nodes = request.GET, tree().nodes
    kinds = kind_names()
    agencies = sorted((nodes[pk] for pk in public.agencies_with_publications()), key=lambda node: node.path)
    year = asked.number(given.get("nam", ""))
    agency = next((node for node in agencies if node.key == given.get("co-quan")), None)
    filters = Filters(
        text=asked.words(given, "q", 200),
        section=given.get("muc", "") if given.get("muc") in Publication.Section.values else "",
        kind=given.get("loai", "") if given.get("loai") in kinds else "",
        agency_id=agency.id if agency else None,
        year=year if year and FIRST_YEAR <= year <= clock.today().year + 1 else None,
    )
    place = asked.placed(given.get("truoc", ""))
    found = public.listed(filters, after=Before(place[0].date(), place[1]) if place else None)
    last = found[PAGE - 1].publication if len(found) > PAGE else None
    return page(
        request,
        "issued_documents",
        "issued",
        rows=[_row(each, kinds) for each in found[:PAGE]],
        filters=filters,
        sections=Publication.Section.choices,
        kinds=kinds.items(),
        agencies=agencies,
        agency=agency,
        years=range(clock.today().year, clock.today().year - 10, -1),
        narrowed=filters != Filters(),
        newest=asked.with_query(request, truoc="") if place else "",
        older=asked.with_query(request, truoc=asked.place(clock.day_start(last.dated), last.pk)) if last else "",
    )


def _row(each: Published, kinds: dict[str, str]) -> dict[str, Any]:
    publication = each.publication
    word, tone = FORCES[each.force]
    return {
        "publication": publication,
        "document": publication.issue.document,
        "kind": kinds.get(publication.kind, publication.kind),
        "agency": tree()[publication.organisation_id],
        "force": word,
        "tone": tone,
    }


@require_safe
def document(request: HttpRequest, publication_id: int) -> HttpResponse:
    found = public.public_page(publication_id)
    if found is None:
        raise Http404
    return page(
        request,
        "issued_document",
        "issued",
        **_row(Published(found.publication, found.force), kind_names()),
        files=found.files,
        relations=found.relations,
    )


@require_safe
def file(request: HttpRequest, publication_id: int, place: int) -> HttpResponseBase:
    found = public.public_file(publication_id, place)
    if found is None:
        raise Http404
    return serve(found, as_attachment="tai" in request.GET)
