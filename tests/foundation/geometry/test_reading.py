"""What people and programs send: tables of surveyors, WKT, GeoJSON, and what must be refused in words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.geometry import measures
from lienthong.foundation.geometry.reading import Way, read_json, read_text, write_table
from lienthong.foundation.geometry.shape import Geometry, Shape
from lienthong.foundation.geometry.validity import MOST_VERTICES
from lienthong.foundation.geometry.zones import Zone
from tests.foundation.geometry.shapes import areas, geometries, lines

ZONE = Zone(108.5)
AREA: tuple[Shape, ...] = ("polygon",)
ANY: tuple[Shape, ...] = ("point", "line", "polygon", "multi-point", "multi-line", "multi-polygon")
PARCEL = "1329456.12 412345.67\n1329456.12 412445.67\n1329556.12 412445.67\n1329556.12 412345.67"
QUICK = settings(max_examples=40, deadline=None)


def area(text: str, **way: Any) -> Geometry:
    return read_text(text, Way(**{"zone": ZONE, **way}), AREA)


def refusal(text: Any, shapes: tuple[Shape, ...] = AREA, **way: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        if isinstance(text, str):
            read_text(text, Way(**way), shapes)
        else:
            read_json(text, shapes)
    (problem,) = refused.value.problems.values()
    return problem.code, str(problem)


@pytest.mark.parametrize(
    "text",
    [
        PARCEL,
        PARCEL.replace(".", ","),
        "STT\tX(m)\tY(m)\n" + "\n".join(f"{n}\t{line}" for n, line in enumerate(PARCEL.split("\n"), 1)),
        "\n".join(f"M{n}; {line.replace(' ', '; ')}; 100.00" for n, line in enumerate(PARCEL.split("\n"), 1)),
        "1.329.456,12 412.345,67\n1.329.456,12 412.445,67\n1.329.556,12 412.445,67\n1.329.556,12 412.345,67",
        PARCEL.replace(" ", ", "),
        PARCEL.replace(" ", ","),
        PARCEL + "\n" + PARCEL.split("\n")[0],
        PARCEL + "\n\n\n",
    ],
)
def test_a_table_is_read_however_it_was_copied(text: str) -> None:
    assert area(text) == area(PARCEL)
    assert measures.plane_area(area(text), ZONE) == pytest.approx(10_000, abs=0.05)


def test_degrees_are_read_in_either_order_since_in_vietnam_one_cannot_be_the_other() -> None:
    there = area("12.0 107.6\n12.0 107.7\n12.1 107.7", zone=None)
    assert there == area("107.6 12.0\n107.7 12.0\n107.7 12.1", zone=None)
    assert there.coordinates[0][0] == (107.6, 12.0)


def test_a_ring_inside_another_is_a_hole_and_one_beside_it_another_part() -> None:
    inside = "1329476 412365\n1329476 412385\n1329496 412385\n1329496 412365"
    beside = "1329456 412545\n1329456 412645\n1329556 412645"
    found = area(f"{PARCEL}\n\n{inside}")
    assert len(found.coordinates) == 2
    assert measures.plane_area(found, ZONE) == pytest.approx(10_000 - 400, abs=0.05)
    assert refusal(f"{PARCEL}\n\n{beside}", zone=ZONE)[0] == "several_parts"
    assert len(read_text(f"{PARCEL}\n\n{beside}", Way(ZONE), ("multi-polygon",)).parts) == 2


def test_the_plane_of_a_wkt_is_that_chosen_and_east_comes_first() -> None:
    turned = ", ".join(" ".join(reversed(line.split())) for line in [*PARCEL.split("\n"), PARCEL.split("\n")[0]])
    assert area(f"POLYGON (({turned}))") == area(PARCEL)


def test_geojson_may_come_as_a_feature_with_more_than_two_numbers_a_point() -> None:
    ring = [[107.6, 12.0, 640], [107.7, 12.0, 641], [107.7, 12.1, 642], [107.6, 12.0, 640]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"ten": "x"}, "geometry": geometry}
    plain = read_json(geometry, AREA)
    assert plain == read_json(feature, AREA) == read_json({"type": "FeatureCollection", "features": [feature]}, AREA)
    assert plain == read_text(json.dumps(feature), Way(ZONE), AREA)


@pytest.mark.parametrize(
    ("text", "way", "code", "said"),
    [
        ("412345.67 1329456.12\n412345 1329556\n412445 1329556", {"zone": ZONE}, "exchanged", "đổi chỗ"),
        ('{"type":"Polygon","coordinates":[[[12,107],[12.1,107],[12.1,107.1],[12,107]]]}', {}, "exchanged", "đổi chỗ"),
        ("48.85 2.35\n48.86 2.35\n48.86 2.36", {}, "outside_vietnam", "48,85"),
        (f"{PARCEL}\n5 abc xyz", {"zone": ZONE}, "not_a_point", "5"),
        ("POLYGON((107 12,107.1 12.1,107.1 12,107 12.1,107 12))", {}, "not_simple", "107,05"),
        ('{"type":"Polygon","coordinates":[[[107,12],[107.1,12],[107.1,12.1]]]}', {}, "not_closed", "107,1"),
        ("107 12\n107.1 12.1\n107.2 12.2", {}, "no_area", ""),
        ("107 12\n107.1 12.1", {}, "too_few_points", ""),
        ("POLYGON((107 12", {}, "not_wkt", ""),
        ("POLYGON EMPTY", {}, "no_geometry", ""),
        ("LINESTRING(107 12,107.1 12.1)", {}, "shape", ""),
        ('{"type":"Point","coordinates":[NaN,12]}', {}, "not_a_number", ""),
        ('{"type":"Point","coordinates":["107",12]}', {}, "not_a_number", "107"),
        ('{"type":"Point","coordinates":[1e999,12]}', {}, "not_a_number", ""),
        ("{" * 50_000, {}, "not_json", ""),
        ("[" * 200_000, {}, "not_geojson", ""),
        ('{"type":"Polygon","coordinates":' + "[" * 900 + "]" * 900 + "}", {}, "not_geojson", ""),
        ("12.0 107.6\n" * (MOST_VERTICES + 1), {}, "too_many_vertices", "20.000"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, way: dict[str, Any], code: str, said: str) -> None:
    found = refusal(text, **way)
    assert found[0] == code
    assert said in found[1]


def test_the_place_of_a_crossing_is_told_in_the_coordinates_that_were_typed() -> None:
    crossed = [PARCEL.split("\n")[n] for n in (0, 2, 1, 3)]
    _code, said = refusal("\n".join(crossed), zone=ZONE)
    assert "X = 1329506,12" in said
    assert "Y = 412395,67" in said


def test_what_was_exchanged_by_mistake_is_read_when_that_is_said() -> None:
    turned = "\n".join(" ".join(reversed(line.split())) for line in PARCEL.split("\n"))
    assert area(turned, exchanged=True) == area(PARCEL)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "Point"},
        {"type": "Point", "coordinates": [[107, 12]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[107, 12], None]]},
        {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": "MultiPoint", "coordinates": []},
        {"type": "Point", "coordinates": [True, 12]},
        {"type": "Point", "coordinates": [10**400, 12]},
        {"type": "Point", "coordinates": [float("inf"), 12]},
        {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]},
        {"type": "FeatureCollection", "features": [1, None, {"geometry": 3}]},
        {"type": "Feature", "geometry": None},
    ],
)
def test_geojson_that_is_none_is_refused_in_words(given: Any) -> None:
    assert refusal(given, ANY)[1]


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), st.just(107.5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "features", "geometries"]), inner),
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Feature"]),
                "coordinates": inner,
            }
        ),
    ),
    max_leaves=12,
)


@QUICK
@given(anything)
def test_hostile_geojson_is_a_geometry_or_a_refusal_in_words(sent: Any) -> None:
    try:
        read_json(sent, ANY)
    except Invalid as refused:
        assert all(str(problem) for problem in refused.problems.values())


@QUICK
@given(st.text(max_size=200), st.sampled_from([None, ZONE]))
def test_hostile_text_is_a_geometry_or_a_refusal_in_words(text: str, zone: Zone | None) -> None:
    try:
        read_text(text, Way(zone), ANY)
    except Invalid as refused:
        assert all(str(problem) for problem in refused.problems.values())


@QUICK
@given(geometries())
def test_a_geometry_written_as_geojson_is_read_as_itself(geometry: Geometry) -> None:
    assert read_json(geometry.to_json(), ANY) == geometry
    assert read_text(json.dumps(geometry.to_json()), Way(ZONE), ANY) == geometry


@QUICK
@given(st.one_of(areas(), lines()))
def test_a_geometry_written_as_a_table_is_read_as_itself(geometry: Geometry) -> None:
    shape: Shape = "polygon" if geometry.type == "Polygon" else "line"
    text = write_table(geometry, ZONE, ANY)
    assert text is not None
    assert read_text(text, Way(ZONE, shape=shape), ANY) == geometry


def test_a_table_comes_back_with_the_decimals_that_were_typed() -> None:
    assert write_table(area(PARCEL), ZONE, AREA) == "\n".join([PARCEL.split("\n")[0], *PARCEL.split("\n")[1:]])
