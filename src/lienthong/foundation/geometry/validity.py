"""What is wrong with a geometry, and where, in words for the person who drew or measured it."""

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.fields import formats
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.geometry.shape import PLACES, VIETNAM, Geometry, Position, together

MOST_VERTICES = 20_000

Say = Callable[[Position], str]
"""How a place is written for people, in the coordinates that they know."""

_FOUND_BY_GEOS = re.compile(r"^(.*?)\[([-0-9.e]+) ([-0-9.e]+)\]$")
_WORDS: dict[str, str | Promise] = {
    "Self-intersection": _("The boundary crosses or touches itself at %(place)s."),
    "Ring Self-intersection": _("The boundary crosses or touches itself at %(place)s."),
    "Hole lies outside shell": _("The hole at %(place)s lies outside the boundary."),
    "Holes are nested": _("The hole at %(place)s lies inside another hole."),
    "Interior is disconnected": _(
        "Holes cut the area into pieces at %(place)s: enter each piece as a part of its own."
    ),
    "Nested shells": _("The part at %(place)s lies inside another part."),
    "Duplicate Rings": _("The same ring is there twice, at %(place)s."),
}


def in_degrees(position: Position) -> str:
    return str(_("latitude %(latitude)s, longitude %(longitude)s")) % {
        "latitude": f"{position[1]:.7f}".rstrip("0").rstrip(".").replace(".", ","),
        "longitude": f"{position[0]:.7f}".rstrip("0").rstrip(".").replace(".", ","),
    }


def checked(geometry: Geometry, say: Say = in_degrees) -> Geometry:
    """The same, without vertices that repeat the one before, rings turned as GeoJSON wants them. Raises Invalid."""
    _in_vietnam(geometry, say)
    found = together([_part(part, say) for part in geometry.parts])
    if found.type.endswith("Polygon"):
        _simple(found, say)
    return found


def exchanged() -> Invalid:
    """Whoever is told so is offered a box to tick (`Way.exchanged`)."""
    message = _("These coordinates lie outside Vietnam, and inside when the two numbers of each point are exchanged.")
    return Invalid.because("exchanged", message)


def too_many(count: int) -> Invalid:
    return Invalid.because(
        "too_many_vertices",
        _("At most %(most)s points; there are %(count)s."),
        most=formats.number(MOST_VERTICES),
        count=formats.number(count),
    )


def _in_vietnam(geometry: Geometry, say: Say) -> None:
    outside = [position for position in geometry.positions if not VIETNAM.holds(position)]
    if not outside:
        return
    if all(VIETNAM.holds((latitude, longitude)) for longitude, latitude in geometry.positions):
        raise exchanged()
    raise Invalid.because(
        "outside_vietnam",
        _("The point at %(place)s lies outside Vietnam. Check the numbers and the system of coordinates."),
        place=say(outside[0]),
    )


def _part(part: Geometry, say: Say) -> Geometry:
    match part.type:
        case "LineString":
            line = _without_repeats(part.coordinates)
            if len(line) < 2:
                raise Invalid.because("too_few_points", _("A line needs at least two different points."))
            return Geometry(part.type, line)
        case "Polygon":
            if not part.coordinates:
                raise Invalid.because("too_few_points", _("An area needs at least three different points."))
            rings = [_ring(ring, say) for ring in part.coordinates]
            return Geometry(part.type, tuple(_turned(ring, n > 0) for n, ring in enumerate(rings)))
        case _:
            return part


def _ring(ring: Sequence[Position], say: Say) -> tuple[Position, ...]:
    if ring and ring[0] != ring[-1]:
        raise Invalid.because(
            "not_closed",
            _("The boundary is not closed: it begins at %(begin)s and ends at %(end)s."),
            begin=say(ring[0]),
            end=say(ring[-1]),
        )
    line = _without_repeats(ring)
    if len(set(line)) < 3:
        raise Invalid.because("too_few_points", _("An area needs at least three different points."))
    if _on_one_line(line):
        raise Invalid.because("no_area", _("All points lie on one line: there is no area between them."))
    return line


def _without_repeats(line: Sequence[Position]) -> tuple[Position, ...]:
    return tuple(position for n, position in enumerate(line) if n == 0 or position != line[n - 1])


def _turned(ring: tuple[Position, ...], hole: bool) -> tuple[Position, ...]:
    """Against the clock, holes with it (RFC 7946, 3.1.6)."""
    return ring if (_twice_the_area(ring) > 0) != hole else ring[::-1]


def _on_one_line(ring: Sequence[Position]) -> bool:
    """Nearer to the line through the first point and the one farthest from it than a geometry can tell."""
    (west, south), far = ring[0], max(ring, key=lambda position: math.dist(position, ring[0]))
    east, north, distance = far[0] - west, far[1] - south, math.dist(far, ring[0])
    return all(abs((x - west) * north - (y - south) * east) <= distance * 10**-PLACES for x, y in ring)


def _twice_the_area(ring: Sequence[Position]) -> float:
    west, south = ring[0]
    return sum((x1 - west) * (y2 - south) - (x2 - west) * (y1 - south) for (x1, y1), (x2, y2) in pairwise(ring))


def _simple(geometry: Geometry, say: Say) -> None:
    import shapely
    from shapely.geometry import shape

    reason = shapely.is_valid_reason(shape(geometry.to_json()))
    if reason == "Valid Geometry":
        return
    found = _FOUND_BY_GEOS.match(reason)
    why, place = (found[1], (float(found[2]), float(found[3]))) if found else (reason, next(geometry.positions))
    raise Invalid.because("not_simple", _WORDS.get(why, _("The boundary is not right at %(place)s.")), place=say(place))
