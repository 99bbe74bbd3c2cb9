"""How large and how long: on the ellipsoid, and in the plane of a zone, as cadastral papers have it."""

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from lienthong.foundation.geometry.shape import Geometry, Position
from lienthong.foundation.geometry.zones import Zone

if TYPE_CHECKING:
    from pyproj import Geod


@lru_cache(maxsize=1)
def _ellipsoid() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


def area(geometry: Geometry) -> float | None:
    """Square metres on the ellipsoid; None for what has no area."""
    if not geometry.type.endswith("Polygon"):
        return None
    return sum(_ring_area(ring) for ring in geometry.lines)


def _ring_area(ring: tuple[Position, ...]) -> float:
    """Holes go round the other way and count less than nothing."""
    longitudes, latitudes = zip(*ring, strict=True)
    return float(_ellipsoid().polygon_area_perimeter(longitudes, latitudes)[0])


def length(geometry: Geometry) -> float | None:
    """Metres on the ellipsoid, of an area around all its rings; None for points."""
    if geometry.type.endswith("Point"):
        return None
    return sum(_line_length(line) for line in geometry.lines)


def _line_length(line: tuple[Position, ...]) -> float:
    longitudes, latitudes = zip(*line, strict=True)
    return float(_ellipsoid().line_length(longitudes, latitudes))


def plane_area(geometry: Geometry, zone: Zone) -> float | None:
    """Square metres in the plane of a zone, as a surveyor works it out from X and Y."""
    if not geometry.type.endswith("Polygon"):
        return None
    return sum(_shoelace(zone.from_wgs84(ring)) for ring in geometry.lines)


def _shoelace(ring: list[tuple[float, float]]) -> float:
    north, east = ring[0]
    found = [(x - north, y - east) for x, y in ring]
    return sum(y1 * x2 - y2 * x1 for (x1, y1), (x2, y2) in pairwise(found)) / 2
