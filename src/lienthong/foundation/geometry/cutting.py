"""Parcels are split by a line and joined, so that nothing is lost and nothing is there twice.

This is done in the plane of a zone of VN-2000, as surveyors do it: what is straight there is not quite straight in
degrees, and between points a kilometre apart the difference would be square metres. Points that were there stay as they
are. New ones are rounded to a tenth of a millimetre, in both parts alike, so the parts touch without a gap and their
areas make up the whole.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.foundation.geometry.shape import Geometry, Position
from lienthong.foundation.geometry.validity import checked
from lienthong.foundation.geometry.zones import Zone, nearest

PLACES = 4
"""Decimals of a metre."""
SLIVER = 0.01
"""Square metres that may lie in two areas after they were rounded."""


class NotCut(DomainError):
    code = "geometry.not_cut"


def split(area: Geometry, line: Geometry) -> list[Geometry]:
    """The parts of an area on the sides of a line, from the west. Raises NotCut where the line does not go through."""
    from shapely import ops

    if area.type != "Polygon" or line.type != "LineString":
        raise NotCut(_("One area is split by one line."))
    plane = _Plane([area, line])
    whole, cut = plane.shape(area), plane.shape(line)
    if not cut.is_simple:
        raise NotCut(_("The line crosses itself."))
    found = [part for part in ops.split(whole, cut).geoms if part.geom_type == "Polygon"]
    if len(found) < 2:
        raise NotCut(
            _("The line does not go through the area."),
            way_out=_("Draw it from outside the boundary to outside it on another side."),
        )
    return sorted((plane.geometry(part) for part in found), key=lambda part: (part.box.west, part.box.south))


def union(areas: Sequence[Geometry]) -> Geometry:
    """One area of several that touch along a side. Raises NotCut for those that do not, and for those that overlap."""
    import shapely

    if len(areas) < 2 or any(not area.type.endswith("Polygon") for area in areas):
        raise NotCut(_("Two areas or more are joined."))
    plane = _Plane(areas)
    shapes = [plane.shape(area) for area in areas]
    if any(a.intersection(b).area > SLIVER for a, b in combinations(shapes, 2)):
        raise NotCut(
            _("The areas overlap."), way_out=_("Correct their boundaries first: what lies in both would be lost.")
        )
    found = shapely.union_all(shapes, grid_size=10**-PLACES)
    if found.geom_type != "Polygon":
        raise NotCut(
            _("The areas do not touch along a side."),
            way_out=_("Move the points of one onto those of the other, or keep them as parts of one entry."),
        )
    return plane.geometry(found)


class _Plane:
    """The plane in which something is cut, which knows where the points that were there are in degrees."""

    def __init__(self, geometries: Sequence[Geometry]) -> None:
        self.zone: Zone = nearest(geometries[0].box)
        positions = [position for geometry in geometries for line in geometry.lines for position in line]
        self.there = dict(zip(positions, self._points(positions), strict=True))
        self.back = {point: position for position, point in self.there.items()}

    def _points(self, positions: Sequence[Position]) -> Iterator[tuple[float, float]]:
        """East before north, as shapely has it."""
        return ((round(y, PLACES), round(x, PLACES)) for x, y in self.zone.from_wgs84(positions))

    def shape(self, geometry: Geometry) -> Any:
        from shapely import LineString, MultiPolygon, Polygon

        parts = []
        for part in geometry.parts:
            outer, *holes = [[self.there[position] for position in line] for line in part.lines]
            parts.append(LineString(outer) if part.type == "LineString" else Polygon(outer, holes))
        return parts[0] if len(parts) == 1 else MultiPolygon(parts)

    def geometry(self, found: Any) -> Geometry:
        return checked(Geometry("Polygon", tuple(self._ring(r) for r in (found.exterior, *found.interiors))))

    def _ring(self, ring: Any) -> tuple[Position, ...]:
        points = [(round(east, PLACES), round(north, PLACES)) for east, north in ring.coords]
        new = [point for point in points if point not in self.back]
        made = dict(zip(new, self.zone.to_wgs84((north, east) for east, north in new), strict=True)) if new else {}
        return tuple(self.back.get(point) or made[point] for point in points)
