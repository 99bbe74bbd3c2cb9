"""Parcels split and joined: nothing is lost, nothing is there twice."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from lienthong.foundation.geometry import measures
from lienthong.foundation.geometry.cutting import NotCut, split, union
from lienthong.foundation.geometry.shape import Geometry
from lienthong.foundation.geometry.zones import nearest
from tests.foundation.geometry.shapes import areas


def area(*points: tuple[float, float]) -> Geometry:
    return Geometry("Polygon", ((*points, points[0]),))


def line(*points: tuple[float, float]) -> Geometry:
    return Geometry("LineString", points)


SQUARE = area((107.6, 12.0), (107.601, 12.0), (107.601, 12.001), (107.6, 12.001))


def total(parts: list[Geometry]) -> float:
    return sum(measures.area(part) or 0 for part in parts)


def test_a_square_is_split_in_halves_from_the_west() -> None:
    west, east = split(SQUARE, line((107.6004, 11.9999), (107.6004, 12.0011)))
    assert (west.box.east, east.box.west) == pytest.approx((107.6004, 107.6004), abs=1e-8)
    assert total([west, east]) == pytest.approx(measures.area(SQUARE), abs=0.02)


def test_a_line_through_a_u_makes_as_many_parts_as_it_cuts_off() -> None:
    u = area(
        (107.6, 12.0), (107.603, 12.0), (107.603, 12.003), (107.602, 12.003),
        (107.602, 12.001), (107.601, 12.001), (107.601, 12.003), (107.6, 12.003),
    )  # fmt: skip
    assert len(split(u, line((107.5, 12.002), (107.7, 12.002)))) == 3


@pytest.mark.parametrize(
    "cut",
    [
        line((107.6002, 12.0002), (107.6008, 12.0002)),  # inside
        line((107.5, 12.0005), (107.6005, 12.0005)),  # only into it
        line((107.7, 12.0), (107.7, 12.1)),  # beside it
        line((107.6, 12.0), (107.601, 12.0)),  # along its edge
        line((107.5, 12.0), (107.7, 12.001), (107.7, 12.0), (107.5, 12.001)),  # across itself
    ],
)
def test_a_line_that_does_not_go_through_is_refused(cut: Geometry) -> None:
    with pytest.raises(NotCut):
        split(SQUARE, cut)


@settings(max_examples=60, deadline=None)
@given(areas(), st.floats(0, math.tau))
def test_parts_make_up_the_whole_and_joined_they_are_it_again(whole: Geometry, angle: float) -> None:
    middle = shape(whole.to_json()).representative_point()
    dx, dy = math.cos(angle), math.sin(angle)
    cut = line((middle.x - dx, middle.y - dy), (middle.x + dx, middle.y + dy))
    try:
        parts = split(whole, cut)
    except NotCut:
        assume(False)
    zone, around = nearest(whole.box), measures.length(whole) or 0
    size = measures.plane_area(whole, zone)
    assert sum(measures.plane_area(part, zone) or 0 for part in parts) == pytest.approx(size, abs=around * 0.0003)
    assert total(parts) == pytest.approx(measures.area(whole), abs=0.01 + around * 0.0003)
    kept = {position for part in parts for position in part.positions}
    assert set(whole.positions) <= kept, "points that were there stay as they are"
    for n, part in enumerate(parts):
        for other in parts[:n]:
            overlap = shape(part.to_json()).intersection(shape(other.to_json())).area
            assert overlap * 111_320**2 < around * 0.0003
    if len(parts) == 2:
        assert measures.plane_area(union(parts), zone) == pytest.approx(size, abs=around * 0.0003)


def test_two_that_touch_along_a_side_are_one() -> None:
    beside = area((107.601, 12.0), (107.602, 12.0), (107.602, 12.001), (107.601, 12.001))
    joined = union([SQUARE, beside])
    assert joined.box.east == 107.602
    assert measures.area(joined) == pytest.approx(total([SQUARE, beside]), rel=1e-9)


@pytest.mark.parametrize(
    "other",
    [
        area((107.601, 12.001), (107.602, 12.001), (107.602, 12.002), (107.601, 12.002)),  # a corner
        area((107.7, 12.0), (107.702, 12.0), (107.702, 12.001)),  # far away
        area((107.6005, 12.0), (107.602, 12.0), (107.602, 12.001), (107.6005, 12.001)),  # over it
        line((107.6, 12.0), (107.7, 12.0)),
    ],
)
def test_what_does_not_touch_along_a_side_or_overlaps_is_not_joined(other: Geometry) -> None:
    with pytest.raises(NotCut):
        union([SQUARE, other])
