"""Vector tiles, read back by another implementation."""

import json
from typing import Any

import mapbox_vector_tile
import pytest
from hypothesis import given, settings
from shapely.geometry import shape

from lienthong.foundation.geometry.shape import Box, Geometry
from lienthong.foundation.geometry.tiles import BUFFER, EXTENT, Drawn, Tile, encode
from tests.foundation.geometry.shapes import geometries

GIA_NGHIA = Tile(14, 13093, 7644)


def read(tile: Tile, *drawn: Drawn) -> list[dict[str, Any]]:
    data = encode(tile, {"entries": drawn})
    return mapbox_vector_tile.decode(data)["entries"]["features"] if data else []


def at(tile: Tile, x: float, y: float) -> list[float]:
    """Degrees of a point in the middle of a tile, given in parts of its width."""
    box = tile.box(0)
    return [box.west + (box.east - box.west) * x, box.south + (box.north - box.south) * y]


def drawn(id: int, type: str, coordinates: Any, **properties: str | int) -> Drawn:
    return Drawn(id, json.dumps({"type": type, "coordinates": coordinates}), properties)


def test_an_area_with_a_hole_is_drawn_with_its_name_and_number() -> None:
    corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), (0.25, 0.25)]
    inner = [(0.4, 0.4), (0.4, 0.6), (0.6, 0.6), (0.6, 0.4), (0.4, 0.4)]
    rings = [[at(GIA_NGHIA, *point) for point in ring] for ring in (corners, inner)]
    (found,) = read(GIA_NGHIA, drawn(7, "Polygon", rings, name="Thửa 7", floors=3))
    assert found["id"] == 7
    assert found["properties"] == {"name": "Thửa 7", "floors": 3}
    area = shape(found["geometry"])
    assert area.is_valid
    assert len(area.interiors) == 1
    assert area.area == pytest.approx((0.25 - 0.04) * EXTENT**2, rel=0.01)


def test_points_lines_and_several_of_them_are_drawn_each_as_what_they_are() -> None:
    a, b, c = at(GIA_NGHIA, 0.25, 0.25), at(GIA_NGHIA, 0.5, 0.5), at(GIA_NGHIA, 0.75, 0.25)
    found = {
        each["id"]: each["geometry"]
        for each in read(
            GIA_NGHIA,
            drawn(1, "Point", a),
            drawn(2, "MultiPoint", [a, b]),
            drawn(3, "LineString", [a, b, c]),
            drawn(4, "MultiLineString", [[a, b], [b, c]]),
            drawn(5, "MultiPolygon", [[[a, b, c, a]]]),
        )
    }
    assert {number: each["type"] for number, each in found.items()} == {
        1: "Point",
        2: "MultiPoint",
        3: "LineString",
        4: "MultiLineString",
        5: "Polygon",
    }
    assert found[1]["coordinates"] == [pytest.approx(1024, abs=2), pytest.approx(1024, abs=6)]
    assert len(found[3]["coordinates"]) == 3


def test_what_goes_beyond_a_tile_is_cut_at_its_margin_and_what_is_beyond_left_out() -> None:
    wide = [[at(GIA_NGHIA, *p) for p in [(-3, 0.4), (5, 0.4), (5, 0.6), (-3, 0.6), (-3, 0.4)]]]
    far = [[at(GIA_NGHIA, *p) for p in [(2, 0.4), (3, 0.4), (3, 0.6), (2, 0.4)]]]
    (found,) = read(GIA_NGHIA, drawn(1, "Polygon", wide), drawn(2, "Polygon", far))
    assert shape(found["geometry"]).bounds[0] == -BUFFER
    assert shape(found["geometry"]).bounds[2] == EXTENT + BUFFER


def test_what_is_too_small_to_be_seen_is_drawn_as_the_box_it_lies_in() -> None:
    west, south = at(GIA_NGHIA, 0.5, 0.5)
    (found,) = read(GIA_NGHIA, Drawn(3, Box(west, south, west + 0.0001, south + 0.0001), {}))
    assert found["geometry"]["type"] == "Polygon"


def test_nothing_makes_an_empty_tile() -> None:
    assert encode(GIA_NGHIA, {"entries": []}) == b""
    assert not Tile(3, 8, 0).exists
    assert not Tile(99, 0, 0).exists
    assert Tile(0, 0, 0).exists


@settings(max_examples=60, deadline=None)
@given(geometries())
def test_whatever_there_is_can_be_read_on_every_zoom(geometry: Geometry) -> None:
    longitude, latitude = next(geometry.positions)
    for zoom in (0, 6, 11, 14, 18):
        tile = _tile_of(longitude, latitude, zoom)
        found = read(tile, Drawn(1, json.dumps(geometry.to_json()), {}))
        for each in found:
            for bound in shape(each["geometry"]).bounds:
                assert -BUFFER <= bound <= EXTENT + BUFFER


def _tile_of(longitude: float, latitude: float, zoom: int) -> Tile:
    low, high = 0, 2**zoom - 1
    x = int((longitude + 180) / 360 * 2**zoom)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if Tile(zoom, x, middle).box(0).south <= latitude else (middle + 1, high)
    return Tile(zoom, x, low)
