"""The rows of open data for programs, page by page, as they are now. Nobody signs in here, and nothing is written.

What a row says is told by the JSON Schema of its data set, which the files to download follow too.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import Field, NinjaAPI, Query, Schema

from lienthong.api import public
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.refusals import problem
from lienthong.registers import queries
from lienthong.registers.exporting.writing import as_object
from lienthong.registers.layers import narrowing
from lienthong.registers.open_data import making, sets
from lienthong.registers.open_data.models import OpenDataset
from lienthong.registers.open_data.sets import DataSet
from lienthong.registers.queries import NEWEST, Cursor, Filters

api = NinjaAPI(
    title="Open data",
    version="1",
    description="What registers make public, as rows in JSON. The catalogue in DCAT-AP 3 is at /du-lieu-mo/catalog.",
    urls_namespace="open-data-api",
    docs_url=None,
    auth=None,
)

USUAL, MOST = 100, 1000
OWN = ("limit", "cursor")
SEARCH = "search"


class Asked(Schema):
    """Beside these, every field that the register's list is narrowed by may be given with its value, and `search` with
    words where all fields in which words are looked for are public."""

    limit: str = Field(str(USUAL), description=f"At most so many rows, up to {MOST}")
    cursor: str = Field("", description="Behind which row to go on: from the link next")


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return public.for_everybody(problem(error))


@api.get("", url_name="data-sets", summary="The data sets")
def data_sets(request: HttpRequest) -> HttpResponse:
    public.only(request, ())
    known = making.all_known()
    return _answer({"dataSets": [_described(request, each, known.get(each.key)) for each in sets.published()]})


@api.get("{key}", url_name="data-set", summary="A data set")
def data_set(request: HttpRequest, key: str) -> HttpResponse:
    public.only(request, ())
    found = sets.find(key)
    return _answer(_described(request, found, making.known_of(found)))


@api.get("{key}/rows", url_name="rows", summary="Its rows")
def rows(request: HttpRequest, key: str, paging: Query[Asked]) -> HttpResponse:
    """The newest first. `next` leads to the page behind, and is null on the last."""
    found = sets.find(key)
    narrowed = narrowing(found.body, found.rights)
    public.only(request, (*OWN, *narrowed, *([SEARCH] if _searchable(found) else [])))
    size = public.limit(paging.limit, MOST)
    filters = Filters(
        text=asked.words(request.GET, SEARCH, 200),
        among=public.among(request, found.body, narrowed),
    )
    after = Cursor(None, public.cursor(paging.cursor)) if paging.cursor else None
    entries = queries.page(found.body, found.rights, filters, sort=NEWEST, after=after, size=size)
    page = entries[:size]
    more = {**_given(request), "cursor": str(page[-1].id)} if len(entries) > size else {}
    here = request.build_absolute_uri(request.path)
    return _answer(
        {
            "rows": [as_object(entry, found.nodes) for entry in page],
            "next": f"{here}?{urlencode(more)}" if more else None,
        }
    )


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def _searchable(found: DataSet) -> bool:
    """Else that an entry is found would tell what stands in fields that are not public."""
    search = found.body.listing.search
    return bool(search) and all(map(found.rights.everywhere, search))


def _described(request: HttpRequest, found: DataSet, known: OpenDataset | None) -> dict[str, Any]:
    def there(address: str) -> str:
        return request.build_absolute_uri(address)

    files = sorted(known.files.all(), key=lambda each: sets.FORMATS.index(each.format)) if known else []
    return {
        "key": found.key,
        "name": found.name,
        "about": found.description,
        "group": {"code": found.body.group, "name": found.group_name},
        "keepers": [agency.name for agency in found.agencies],
        "licence": {"code": found.licence.code, "name": found.licence.name, "address": found.licence.address or None},
        "frequency": found.declared.frequency,
        "entries": known.entries if known else None,
        "changedOn": known.last_on if known else None,
        "page": there(reverse("open_data:one", args=[found.key])),
        "rows": there(reverse("open-data-api:rows", args=[found.key])),
        "schema": there(reverse("open_data:schema", args=[found.key])),
        "layers": [there(f"/api/features/collections/{layer.key}") for layer in found.layers],
        "files": [
            {
                "format": each.format,
                "address": there(reverse("open_data:file", args=[found.key, each.format])),
                "bytes": each.file.size,
                "sha256": each.file.sha256,
                "madeAt": each.made_at,
            }
            for each in files
        ],
    }


def _answer(found: dict[str, Any]) -> HttpResponse:
    return public.for_everybody(JsonResponse(found, json_dumps_params={"ensure_ascii": False}))
