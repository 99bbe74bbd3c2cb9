"""The map of a register: the page, its tiles, and what cutting parcels comes to."""

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.geometry import cutting, measures, reading
from lienthong.foundation.geometry.shape import Box, Geometry, Shape
from lienthong.foundation.geometry.tiles import Tile
from lienthong.foundation.refusals import problem
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import layers, queries, tiles
from lienthong.registers.layers import Layer
from lienthong.registers.queries import NEWEST, Filters
from lienthong.registers.views.listing import opened

PARTS: tuple[Shape, ...] = ("polygon", "multi-polygon", "line")
MOST_NEAR = 200
_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,20})?")
LONGEST_CUT = 2_000_000
"""Bytes of what is sent to be cut."""


@require_safe
@signed_in_officer
def page(request: OfficerRequest, register: str) -> HttpResponse:
    layer = _layer(request, register)
    box = tiles.extent(layer)
    shown: dict[str, Any] = {
        "body": layer.body,
        "layer": layer,
        "bounds": json.dumps([box.west, box.south, box.east, box.north]) if box else "",
        "tiles": addresses(layer.body.key),
        "card": reverse("registers:card", args=[layer.body.key, 0]),
    }
    return render(request, "registers/map.html", shown)


def addresses(register: str) -> str:
    """Those of tiles, with places for zoom, x and y."""
    return reverse("registers:tile", args=[register, 0, 0, 0]).replace("0/0/0.mvt", "{z}/{x}/{y}.mvt")


@require_safe
@signed_in_officer
def tile(request: OfficerRequest, register: str, z: int, x: int, y: int) -> HttpResponse:
    """Asked again it says only that it is the same: rights and entries may have changed meanwhile, so it is asked."""
    wanted = Tile(z, x, y)
    if not wanted.exists:
        raise Http404
    data = tiles.draw(_layer(request, register), wanted)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    same = tag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(b"" if same else data, status=304 if same else 200)
    answer["Content-Type"] = "application/vnd.mapbox-vector-tile"
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = tag
    return answer


@require_safe
@signed_in_officer
def near(request: OfficerRequest, register: str) -> HttpResponse:
    """The geometries in a box (`bbox`), as exactly as they are kept, for what is drawn to be caught by; without the
    entry that is being drawn (`tru`)."""
    layer = _layer(request, register)
    edges = request.GET.get("bbox", "").split(",")
    if len(edges) != 4 or not all(_DEGREES.fullmatch(edge) for edge in edges):
        raise Http404
    box, without = Box(*map(float, edges)), asked.number(request.GET.get("tru", ""))
    seen = replace(layer.rights, fields={layer.field: layer.rights.fields[layer.field]})
    found = queries.page(layer.body, seen, Filters(box={layer.field: box}), sort=NEWEST, size=MOST_NEAR)
    features = [
        {"type": "Feature", "id": entry.id, "properties": {}, "geometry": geometry.to_json()}
        for entry in found[:MOST_NEAR]
        if entry.id != without and (geometry := layer.geometry(entry))
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_POST
@signed_in_officer
def cut(request: OfficerRequest, register: str) -> HttpResponse:
    """What splitting an area by a line (`area`, `line`) or joining areas (`areas`) comes to. Nothing is saved."""
    _layer(request, register)
    try:
        given = json.loads(request.body) if len(request.body) <= LONGEST_CUT else None
        if not isinstance(given, dict):
            raise cutting.NotCut(reading.unreadable())
        return JsonResponse({"parts": [_told(part) for part in _parts(given)]})
    except (ValueError, RecursionError):
        return problem(cutting.NotCut(reading.unreadable()))
    except Invalid as invalid:
        return problem(cutting.NotCut("; ".join(str(found) for found in invalid.problems.values())))
    except DomainError as refused:
        return problem(refused)


def _parts(given: dict[str, Any]) -> list[Geometry]:
    if isinstance(areas := given.get("areas"), list):
        return [cutting.union([reading.read_json(area, PARTS) for area in areas[:50]])]
    return cutting.split(reading.read_json(given.get("area"), PARTS), reading.read_json(given.get("line"), PARTS))


def _told(part: Geometry) -> dict[str, Any]:
    return {"geometry": part.to_json(), "area": round(measures.area(part) or 0, 1)}


def _layer(request: OfficerRequest, register: str) -> Layer:
    """The first geometry of the register that is the officer's to see; none is the same as no register."""
    body, rights = opened(request.officer, register)
    found = next(layers.of(body, rights), None)
    if found is None:
        raise Http404
    return found
