"""From what people and programs send to a geometry: GeoJSON, WKT, or a table of coordinates, a point in every line.

A table is as surveyors have it: X and Y of VN-2000 in metres, or degrees, before them the number of the point if they
like, after them whatever else. An empty line begins another part; a ring inside another is a hole in it.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.geometry.shape import (
    DEPTH,
    MULTI,
    PLACES,
    TYPES,
    VIETNAM,
    Geometry,
    Position,
    Shape,
    together,
)
from lienthong.foundation.geometry.validity import MOST_VERTICES, Say, checked, exchanged, in_degrees, too_many
from lienthong.foundation.geometry.zones import Zone

LONGEST = 600_000
"""Characters of a typed table: as many points as a geometry may have, each with its number."""

_WKT = re.compile(r"\s*(SRID=\d+;\s*)?(MULTI)?(POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
_COLUMNS = re.compile(r"[\s;|]+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{0,20})?")


@dataclass(frozen=True, slots=True)
class Way:
    """How a text is to be read: the plane of its numbers (None: degrees), whether the two of each point are exchanged,
    and what its points are."""

    zone: Zone | None = None
    exchanged: bool = False
    shape: Shape = "polygon"

    @property
    def say(self) -> Say:
        return in_plane(self.zone) if self.zone else in_degrees


def in_plane(zone: Zone) -> Say:
    def say(position: Position) -> str:
        (point,) = zone.from_wgs84([position])
        return "X = {}, Y = {}".format(*(f"{metres:.2f}".replace(".", ",") for metres in point))

    return say


def read_text(text: str, way: Way, shapes: Sequence[Shape]) -> Geometry:
    """Raises Invalid. GeoJSON is always WGS 84 with longitude first, unless `exchanged`."""
    begin = text.lstrip()[:1]
    if begin in ("{", "["):
        return read_json(_json(text), shapes, exchanged=way.exchanged)
    found = _wkt(text, way) if _WKT.match(text) else _table(text, way, shapes)
    return fitting(checked(found, way.say), shapes)


def read_json(given: Any, shapes: Sequence[Shape], *, exchanged: bool = False) -> Geometry:
    """GeoJSON as an object: a geometry, or features with geometries of one type. Raises Invalid."""
    parts = [part for geometry in _geometries(given) for part in _checked_numbers(geometry, exchanged).parts]
    if not parts:
        raise Invalid.because("no_geometry", _("There is no geometry in it."))
    if len({part.type for part in parts}) > 1:
        raise Invalid.because("mixed", _("There are points, lines and areas in it together; give them one by one."))
    return fitting(checked(together(parts)), shapes)


def fitting(geometry: Geometry, shapes: Sequence[Shape]) -> Geometry:
    """The geometry as one of the shapes that may be. Raises Invalid."""
    allowed = {TYPES[shape] for shape in shapes}
    single = geometry.type.removeprefix(MULTI)
    if geometry.type in allowed:
        return geometry
    if geometry.type == single and MULTI + single in allowed:
        return Geometry(MULTI + single, (geometry.coordinates,))
    if single in allowed:
        raise Invalid.because(
            "several_parts", _("Only one part is possible here; there are %(count)s."), count=len(geometry.parts)
        )
    names = ", ".join(str(NAMES[shape]) for shape in shapes)
    raise Invalid.because("shape", _("Here belongs: %(shapes)s."), shapes=names)


NAMES: Mapping[Shape, Any] = {
    "point": _("a point"),
    "line": _("a line"),
    "polygon": _("an area"),
    "multi-point": _("points"),
    "multi-line": _("lines"),
    "multi-polygon": _("areas"),
}


# GeoJSON


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise _unreadable() from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        if line is None:
            raise _unreadable() from None
        raise Invalid.because(
            "not_json", _("The GeoJSON cannot be read: something is wrong in line %(line)s."), line=line
        ) from None


def unreadable() -> str:
    return str(_("This is not GeoJSON that can be read: type and coordinates are needed."))


def _unreadable() -> Invalid:
    return Invalid.because("not_geojson", _("This is not GeoJSON that can be read: type and coordinates are needed."))


def _geometries(given: Any) -> Iterator[Mapping[str, Any]]:
    """Those of features and of collections, one level deep."""
    if not isinstance(given, Mapping):
        raise _unreadable()
    match given.get("type"):
        case "FeatureCollection" if isinstance(given.get("features"), list):
            found = [each.get("geometry") if isinstance(each, Mapping) else each for each in given["features"]]
        case "GeometryCollection" if isinstance(given.get("geometries"), list):
            found = given["geometries"]
        case "Feature":
            found = [given.get("geometry")]
        case _:
            found = [given]
    if len(found) > MOST_VERTICES:
        raise too_many(len(found))
    for each in found:
        if not isinstance(each, Mapping) or each.get("type") not in list(DEPTH):
            raise _unreadable()
        yield each


def _checked_numbers(given: Mapping[str, Any], exchanged: bool) -> Geometry:
    depth = DEPTH[given["type"]]
    if _count(given.get("coordinates"), depth) > MOST_VERTICES:
        raise too_many(_count(given.get("coordinates"), depth))
    if depth and not given["coordinates"]:
        raise Invalid.because("no_geometry", _("There is no geometry in it."))
    return Geometry(given["type"], _positions(given["coordinates"], depth, exchanged))


def _count(given: Any, depth: int) -> int:
    if not isinstance(given, list | tuple):
        raise _unreadable()
    return 1 if depth == 0 else sum(_count(each, depth - 1) for each in given)


def _positions(given: Sequence[Any], depth: int, exchanged: bool) -> Any:
    if depth:
        return tuple(_positions(each, depth - 1, exchanged) for each in given)
    if not 2 <= len(given) <= 4:
        raise _unreadable()
    longitude, latitude = _degrees(given[0]), _degrees(given[1])
    return (latitude, longitude) if exchanged else (longitude, latitude)


def _degrees(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _not_a_number(given)
    if isinstance(given, float) and not math.isfinite(given):
        raise _not_a_number(given)
    if abs(given) > 10**9:
        raise _not_a_number("…")
    return round(float(given), PLACES)


def _not_a_number(given: Any) -> Invalid:
    return Invalid.because(
        "not_a_number", _("“%(given)s” is not a number that can be a coordinate."), given=_short(given)
    )


def _short(given: Any) -> str:
    text = str(given)
    return text if len(text) <= 40 else f"{text[:40]}…"


# WKT


def _wkt(text: str, way: Way) -> Geometry:
    """East comes first in it."""
    import shapely

    try:
        found = shapely.from_wkt(re.sub(r"^\s*SRID=\d+;\s*", "", text, flags=re.IGNORECASE))
    except shapely.errors.ShapelyError:
        found = None
    if found is None:
        raise Invalid.because("not_wkt", _("The WKT cannot be read. Compare it with: POLYGON((107.6 12.0, …))."))
    if found.is_empty:
        raise Invalid.because("no_geometry", _("There is no geometry in it."))
    count = shapely.get_num_coordinates(found)
    if count > MOST_VERTICES:
        raise too_many(count)
    if not all(math.isfinite(number) for number in shapely.get_coordinates(found).flat):
        raise _not_a_number("NaN")
    given = shapely.geometry.mapping(shapely.force_2d(found))
    lines = _mapped(given["coordinates"], DEPTH[given["type"]], way)
    return Geometry(given["type"], lines)


def _mapped(given: Any, depth: int, way: Way) -> Any:
    if depth > 1:
        return tuple(_mapped(each, depth - 1, way) for each in given)
    points = [given] if depth == 0 else list(given)
    found = _in_degrees([(y, x) for x, y in points], way)
    return found[0] if depth == 0 else tuple(found)


# tables


def _table(text: str, way: Way, shapes: Sequence[Shape]) -> Geometry:
    blocks = list(_blocks(text))
    if not blocks:
        raise Invalid.because("no_geometry", _("There is no geometry in it."))
    if sum(map(len, blocks)) > MOST_VERTICES:
        raise too_many(sum(map(len, blocks)))
    lines = [_in_degrees(block, way) for block in blocks]
    match way.shape:
        case "point" | "multi-point":
            return together([Geometry("Point", position) for line in lines for position in line])
        case "line" | "multi-line":
            return together([Geometry("LineString", tuple(line)) for line in lines])
        case _:
            return _areas([_closed(line) for line in lines], way)


def _blocks(text: str) -> Iterator[list[tuple[float, float]]]:
    """The two numbers of every line, up to an empty line."""
    block: list[tuple[float, float]] = []
    expected = 1
    for number, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line)
        if not cells:
            if block:
                yield block
            block, expected = [], 1
        elif numbers := _two(cells, expected):
            block.append(numbers)
            expected += 1
        elif number > 1 or any(_number(cell) is not None for cell in cells):
            raise Invalid.because(
                "not_a_point",
                _("Line %(line)s is not a point: “%(given)s”. Write two numbers, for example 1329456.12 412345.67."),
                line=number,
                given=_short(line.strip()),
            )
    if block:
        yield block


def _cells(line: str) -> list[str]:
    """Columns stand apart by blanks, tabs or semicolons; by commas where there is nothing else."""
    cells = [cell for cell in _COLUMNS.split(line.strip()) if cell]
    cells = [cell.rstrip(",") for cell in cells] if len(cells) > 1 else line.strip().split(",")
    return [cell for cell in cells if cell]


def _two(cells: Sequence[str], expected: int) -> tuple[float, float] | None:
    """The first two numbers, after what names the point: a word, or its number in the row."""
    numbers = [_number(cell) for cell in cells]
    if len(cells) > 2 and (numbers[0] is None or cells[0] in (str(expected), str(expected - 1))):
        numbers = numbers[1:]
    if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
        return None
    return numbers[0], numbers[1]


def _number(cell: str) -> float | None:
    if _GROUPED.fullmatch(cell):
        cell = cell.replace(".", "")
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def _in_degrees(points: Sequence[tuple[float, float]], way: Way) -> list[Position]:
    """Of north and east numbers. Degrees may stand in either order: in Vietnam one cannot be taken for the other."""
    given = [(second, first) for first, second in points] if way.exchanged else list(points)
    if way.zone:
        _in_zone(given, way.zone)
        return way.zone.to_wgs84(given)
    found = [(round(east, PLACES), round(north, PLACES)) for north, east in given]
    turned = [(latitude, longitude) for longitude, latitude in found]
    if not all(map(VIETNAM.holds, found)) and all(map(VIETNAM.holds, turned)):
        return turned
    return found


def _in_zone(points: Sequence[tuple[float, float]], zone: Zone) -> None:
    """Far from the zone the formulas give anything, so this is asked first."""
    for north, east in points:
        if _may_be(north, east, zone):
            continue
        if all(_may_be(second, first, zone) for first, second in points):
            raise exchanged()
        raise Invalid.because(
            "outside_zone",
            _(
                "X = %(x)s, Y = %(y)s lies outside Vietnam in the system of coordinates chosen. X is the number to the"
                " north, Y the one to the east."
            ),
            x=f"{north:.2f}".replace(".", ","),
            y=f"{east:.2f}".replace(".", ","),
        )


def _may_be(north: float, east: float, zone: Zone) -> bool:
    """Metres of a degree, generously: whether it is in Vietnam is looked at in degrees afterwards."""
    west_most = 500_000 + (VIETNAM.west - zone.meridian) * 112_000
    east_most = 500_000 + (VIETNAM.east - zone.meridian) * 112_000
    return VIETNAM.south * 110_000 <= north <= VIETNAM.north * 111_500 and west_most <= east <= east_most


def _closed(line: list[Position]) -> tuple[Position, ...]:
    """Tables of surveyors seldom repeat the first point."""
    return tuple(line) if line[0] == line[-1] else (*line, line[0])


def _areas(rings: Sequence[tuple[Position, ...]], way: Way) -> Geometry:
    """Rings inside another are holes in it."""
    if len(rings) == 1:
        return Geometry("Polygon", (rings[0],))
    from shapely.geometry import Polygon

    areas: list[list[tuple[Position, ...]]] = []
    for ring in rings:
        checked(Geometry("Polygon", (ring,)), way.say)
        around = next((area for area in areas if Polygon(area[0]).contains(Polygon(ring))), None)
        if around:
            around.append(ring)
        else:
            areas.append([ring])
    return together([Geometry("Polygon", tuple(area)) for area in areas])


# the way back


def write_table(geometry: Geometry, zone: Zone, shapes: Sequence[Shape]) -> str | None:
    """The table that reads as this geometry, with as few decimals as that takes; None where no table does."""
    way = Way(zone, shape=shape_of(geometry))
    for places in (3, 5):
        text = "\n\n".join(_block(block, zone, places) for block in _table_blocks(geometry))
        try:
            if read_text(text, way, shapes) == geometry:
                return text
        except Invalid:  # points so near each other that fewer decimals make them one
            continue
    return None


def shape_of(geometry: Geometry) -> Shape:
    return next(shape for shape, type in TYPES.items() if type == geometry.type)


def _table_blocks(geometry: Geometry) -> Iterator[Sequence[Position]]:
    if geometry.type == "MultiPoint":
        yield geometry.coordinates
    else:
        closed = geometry.type.endswith("Polygon")
        yield from (line[:-1] if closed else line for line in geometry.lines)


def _block(positions: Sequence[Position], zone: Zone, places: int) -> str:
    return "\n".join(f"{_written(x, places)} {_written(y, places)}" for x, y in zone.from_wgs84(positions))


def _written(metres: float, places: int) -> str:
    """At least centimetres."""
    whole, _point, rest = f"{metres:.{places}f}".partition(".")
    return f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"
