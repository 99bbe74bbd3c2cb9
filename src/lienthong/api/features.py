"""OGC API – Features (Part 1: Core, 17-069r4) over what registers make public: QGIS, GDAL and browsers open it.

A collection is a geometry of a register that is declared public, with the public fields of its entries. Everything is
in WGS 84, longitude first (CRS84). Nobody signs in here, and nothing is written.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from ninja import Field, NinjaAPI, Query, Schema

from lienthong.api import public
from lienthong.api.public import WrongQuery
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.geometry.shape import VIETNAM, Box
from lienthong.foundation.organisations.queries import province
from lienthong.foundation.refusals import problem
from lienthong.registers import layers, queries
from lienthong.registers.context import context
from lienthong.registers.layers import Layer
from lienthong.registers.queries import NEWEST, Cursor, Entry, Filters

api = NinjaAPI(
    title="OGC API – Features",
    version="1",
    description="What registers make public, with its place. GeoJSON in WGS 84, longitude first.",
    urls_namespace="features",
    docs_url=None,
    auth=None,
)

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
GEOJSON, JSON = "application/geo+json", "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
USUAL, MOST = 100, 1000
OWN = ("limit", "bbox", "datetime", "cursor", "f")


class NoCollection(NotFound):
    code = "features.no_collection"


class Asked(Schema):
    """Beside these, every property that the register's list is narrowed by may be given with its value."""

    limit: str = Field(str(USUAL), description=f"At most so many features, up to {MOST}")
    bbox: str = Field("", description="west,south,east,north in degrees")
    datetime: str = Field("", description="A moment, or an interval as 2020-01-01/.., in which the entry was in force")
    cursor: str = Field("", description="Behind which feature to go on: from the link next")


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return public.for_everybody(problem(error))


@api.get("", url_name="landing", summary="Landing page")
def landing(request: HttpRequest) -> HttpResponse:
    _only(request, ("f",))
    links = [
        _link(request, "", "self", JSON, _now("This document")),
        _link(request, "openapi.json", "service-desc", OPENAPI, _now("Description for programs")),
        _link(request, "conformance", "conformance", JSON, _now("What it conforms to")),
        _link(request, "collections", "data", JSON, _now("Collections")),
    ]
    title = _now("Open data with places: %(province)s") % {"province": province().name}
    return _answer({"title": title, "description": str(api.description), "links": links})


@api.get("conformance", url_name="conformance", summary="What it conforms to")
def conformance(request: HttpRequest) -> HttpResponse:
    _only(request, ("f",))
    return _answer({"conformsTo": CONFORMS})


@api.get("collections", url_name="collections", summary="The collections")
def collections(request: HttpRequest) -> HttpResponse:
    _only(request, ("f",))
    found = [_collection(request, layer) for layer in layers.public()]
    return _answer({"links": [_link(request, "collections", "self", JSON)], "collections": found})


@api.get("collections/{collection}", url_name="collection", summary="A collection")
def collection(request: HttpRequest, collection: str) -> HttpResponse:
    _only(request, ("f",))
    return _answer(_collection(request, _layer(collection)))


@api.get("collections/{collection}/items", url_name="items", summary="Its features")
def items(request: HttpRequest, collection: str, asked: Query[Asked]) -> HttpResponse:
    layer = _layer(collection)
    _only(request, (*OWN, *layer.filters))
    size = public.limit(asked.limit, MOST)
    filters = Filters(
        among=public.among(request, layer.body, layer.filters),
        box={layer.field: _box(asked.bbox)} if asked.bbox else {},
        during=_interval(asked.datetime) if asked.datetime else None,
    )
    after = Cursor(None, public.cursor(asked.cursor)) if asked.cursor else None
    found = queries.page(layer.body, layer.rights, filters, sort=NEWEST, after=after, size=size)
    path = f"collections/{layer.key}/items"
    given = {name: str(value) for name, value in request.GET.items()}
    links = [
        _link(request, path, "self", GEOJSON, query=given),
        _link(request, f"collections/{layer.key}", "collection", JSON),
    ]
    if len(found) > size:
        more = {**given, "cursor": str(found[size - 1].id)}
        links.append(_link(request, path, "next", GEOJSON, _now("Next page"), query=more))
    features = [_feature(layer, entry) for entry in found[:size]]
    answer = {"type": "FeatureCollection", "features": features, "numberReturned": len(features), "links": links}
    return _answer({**answer, "timeStamp": clock.now().isoformat()}, GEOJSON)


@api.get("collections/{collection}/items/{feature}", url_name="item", summary="A feature")
def item(request: HttpRequest, collection: str, feature: str) -> HttpResponse:
    layer = _layer(collection)
    _only(request, ("f",))
    if not re.fullmatch(r"[0-9]{1,18}", feature):
        raise NoCollection(_("There is no such feature."))
    entry = queries.entry(layer.body, layer.rights, int(feature))
    links = [
        _link(request, f"collections/{layer.key}/items/{entry.id}", "self", GEOJSON),
        _link(request, f"collections/{layer.key}", "collection", JSON),
    ]
    return _answer({**_feature(layer, entry), "links": links}, GEOJSON)


# what is asked


def _only(request: HttpRequest, known: Iterable[str]) -> None:
    """As 17-069r4, 7.14 has it."""
    _as_json(request)
    public.only(request, known)


def _as_json(request: HttpRequest) -> None:
    if request.GET.get("f", "json") not in ("json", "geojson"):
        raise WrongQuery(_("Only f=json is here."))


def _layer(key: str) -> Layer:
    found = next((layer for layer in layers.public() if layer.key == key), None)
    if found is None:
        raise NoCollection(_("There is no such collection."))
    return found


def _box(text: str) -> Box:
    """Of a box with heights these are left out. One that goes over the date line is cut there, beyond Vietnam."""
    parts = text.split(",")
    if len(parts) not in (4, 6) or not all(re.fullmatch(r"\s*[+-]?\d{1,12}(\.\d{0,20})?\s*", part) for part in parts):
        raise WrongQuery(_("bbox has four numbers: west,south,east,north."))
    numbers = [float(part) for part in parts]
    west, south, east, north = numbers if len(numbers) == 4 else [*numbers[:2], *numbers[3:5]]
    if south > north:
        raise WrongQuery(_("bbox has four numbers: west,south,east,north."))
    if west > east:
        west, east = (west, 180.0) if west <= VIETNAM.east else (-180.0, east)
    return Box(west, south, east, north)


def _interval(text: str) -> tuple[date | None, date | None]:
    """Of a moment its day on both sides."""
    begin, slash, end = text.partition("/")
    if not slash:
        return _day(begin), _day(begin)
    first = None if begin in ("", "..") else _day(begin)
    last = None if end in ("", "..") else _day(end)
    if first and last and first > last:
        raise WrongQuery(_("datetime is a moment or an interval, as 2020-01-01T00:00:00Z/.."))
    return first, last


def _day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongQuery(_("datetime is a moment or an interval, as 2020-01-01T00:00:00Z/..")) from None
    return clock.local(moment).date() if moment.tzinfo else moment.date()


# what is answered


def _collection(request: HttpRequest, layer: Layer) -> dict[str, Any]:
    """The extent is that in which everything lies; a narrower one would take reading everything."""
    box = [VIETNAM.west, VIETNAM.south, VIETNAM.east, VIETNAM.north]
    return {
        "id": layer.key,
        "title": layer.name,
        **({"description": layer.body.about} if layer.body.about else {}),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": {"spatial": {"bbox": [box], "crs": CRS84}},
        "links": [
            _link(request, f"collections/{layer.key}", "self", JSON),
            _link(request, f"collections/{layer.key}/items", "items", GEOJSON, layer.name),
        ],
    }


def _feature(layer: Layer, entry: Entry) -> dict[str, Any]:
    geometry = layer.geometry(entry)
    properties = layer.properties(entry, context())
    properties |= {"valid_from": entry.valid_from, "valid_until": entry.valid_until}
    return {
        "type": "Feature",
        "id": entry.id,
        "geometry": geometry.to_json() if geometry else None,
        "properties": properties,
    }


def _link(
    request: HttpRequest, path: str, rel: str, type: str, title: str = "", query: Mapping[str, str] | None = None
) -> dict[str, str]:
    root = request.build_absolute_uri(request.path[: request.path.index("/api/features/")] + "/api/features/")
    asked = f"?{urlencode(query)}" if query else ""
    return {"href": f"{root}{path}{asked}", "rel": rel, "type": type, **({"title": title} if title else {})}


def _answer(found: Mapping[str, Any], type: str = JSON) -> HttpResponse:
    answer = JsonResponse(found, content_type=type, json_dumps_params={"ensure_ascii": False})
    return public.for_everybody(answer)
