"""A geometry as GeoJSON (RFC 7946): WGS 84, longitude first.

Nine decimals are a tenth of a millimetre: with seven, a surveyor's two decimals of a metre would not come back as they
were, and an area of a hectare would be wrong by half a square metre.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Position: TypeAlias = tuple[float, float]
"""Longitude and latitude in degrees."""

Shape: TypeAlias = Literal["point", "line", "polygon", "multi-point", "multi-line", "multi-polygon"]

TYPES: Mapping[Shape, str] = {
    "point": "Point",
    "line": "LineString",
    "polygon": "Polygon",
    "multi-point": "MultiPoint",
    "multi-line": "MultiLineString",
    "multi-polygon": "MultiPolygon",
}
DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists there are around the positions of a type."""

PLACES = 9
MULTI = "Multi"


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; what lies on its edges is in it."""

    west: float
    south: float
    east: float
    north: float

    def sql(self) -> str:
        """As PostgreSQL writes a box."""
        return f"({self.east!r},{self.north!r}),({self.west!r},{self.south!r})"

    def holds(self, position: Position) -> bool:
        return self.west <= position[0] <= self.east and self.south <= position[1] <= self.north


VIETNAM = Box(102.0, 4.5, 118.0, 23.5)
"""Land, sea and islands: the extent of administrative maps in QCVN 80:2024/BTNMT, 1.2."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """`type` and `coordinates` as in GeoJSON, coordinates as nested tuples. Outer rings go round against the clock."""

    type: str
    coordinates: Any

    @classmethod
    def of(cls, type: str, coordinates: Any) -> "Geometry":
        """From nested lists of numbers that are known to fit. Raises TypeError, ValueError, KeyError for others."""
        return cls(type, _tuples(coordinates, DEPTH[type]))

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> "Geometry":
        return cls.of(json["type"], json["coordinates"])

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, "coordinates": _lists(self.coordinates)}

    @property
    def parts(self) -> Sequence["Geometry"]:
        """The single geometries it consists of."""
        if not self.type.startswith(MULTI):
            return (self,)
        return [Geometry(self.type.removeprefix(MULTI), part) for part in self.coordinates]

    @property
    def lines(self) -> Iterator[tuple[Position, ...]]:
        """Its rings, lines, or points one by one."""
        depth = DEPTH[self.type]
        if depth == 0:
            yield (self.coordinates,)
        elif self.type == "MultiPoint":
            yield from ((position,) for position in self.coordinates)
        else:
            yield from _flat(self.coordinates, depth - 1)

    @property
    def positions(self) -> Iterator[Position]:
        """Every vertex once: the end of a ring is its beginning."""
        closed = self.type.endswith("Polygon")
        for line in self.lines:
            yield from line[:-1] if closed else line

    @property
    def box(self) -> Box:
        positions = list(self.positions)
        longitudes, latitudes = [p[0] for p in positions], [p[1] for p in positions]
        return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def together(parts: Sequence[Geometry]) -> Geometry:
    """One geometry of several single ones of the same type; of one, that one."""
    if len(parts) == 1:
        return parts[0]
    return Geometry(MULTI + parts[0].type, tuple(part.coordinates for part in parts))


def _tuples(found: Any, depth: int) -> Any:
    if depth == 0:
        return (float(found[0]), float(found[1]))
    return tuple(_tuples(each, depth - 1) for each in found)


def _lists(found: Any) -> Any:
    return [_lists(each) for each in found] if isinstance(found, tuple) else found


def _flat(found: Any, depth: int) -> Iterator[tuple[Position, ...]]:
    if depth == 0:
        yield found
    else:
        for each in found:
            yield from _flat(each, depth - 1)
