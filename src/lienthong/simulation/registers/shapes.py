"""Points, lines and areas on the map that lie where the units of a province lie. Pure.

Centres of districts are real; where within its district a commune lies is invented, and so is everything in it.
"""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from lienthong.foundation.geometry.shape import Position, Shape
from lienthong.simulation.chance import dice

DEGREE = 111_320.0
"""Metres of a degree of latitude."""

DISTRICTS: Mapping[str, tuple[float, float]] = {
    "67": (107.69, 12.10),
    "660": (107.690, 12.004),
    "661": (107.830, 11.960),
    "662": (107.860, 12.640),
    "663": (107.640, 12.450),
    "664": (107.860, 12.400),
    "665": (107.600, 12.240),
    "666": (107.540, 11.960),
    "667": (107.400, 12.180),
}
"""Longitude and latitude of the middle of the province of Đắk Nông and of its districts, to some kilometres."""

ELSEWHERE = (107.69, 12.10)
SPREAD = 7_000.0
"""How far, in metres, communes lie from the middle of their district, and at most one and a half times as far."""

APART = 0.25
"""How far areas lie from each other, as a share of their size."""


def middle_of(chain: Sequence[str]) -> Position:
    """The middle of a unit, of which the codes are given with those above it, nearest first."""
    for place, code in enumerate(chain):
        if code in DISTRICTS:
            centre = DISTRICTS[code]
            return centre if place == 0 else _beside(centre, dice("commune", chain[0]), SPREAD)
    return ELSEWHERE


def shape_near(
    kind: Shape, middle: Position, rng: Random, *, number: int, square: float, length: float
) -> dict[str, Any]:
    """GeoJSON near a place. `square`: metres squared of an area, `length`: metres of a line; areas with different
    `number`s lie beside each other."""
    match kind:
        case "polygon" | "multi-polygon":
            ring = _area(_place_in_grid(middle, number, math.sqrt(square) * (1 + APART)), square, rng)
            return {"type": "Polygon", "coordinates": [ring]}
        case "line" | "multi-line":
            return {"type": "LineString", "coordinates": _line(_beside(middle, rng, 1_500), length, rng)}
        case _:
            return {"type": "Point", "coordinates": list(_beside(middle, rng, 1_500))}


def _beside(middle: Position, rng: Random, spread: float) -> Position:
    far = spread * (0.2 + 1.3 * rng.random())
    return _moved(middle, far, rng.random() * 2 * math.pi)


def _moved(start: Position, far: float, direction: float) -> Position:
    longitude, latitude = start
    east = far * math.cos(direction) / (DEGREE * math.cos(math.radians(latitude)))
    north = far * math.sin(direction) / DEGREE
    return round(longitude + east, 6), round(latitude + north, 6)


def _place_in_grid(middle: Position, number: int, step: float) -> Position:
    """One field of a chessboard around the middle after another, ring by ring."""
    if number == 0:
        return middle
    ring = math.ceil((math.sqrt(number + 1) - 1) / 2)
    along = number - (2 * ring - 1) ** 2
    side, offset = divmod(along, 2 * ring)
    x, y = (
        (ring, offset - ring + 1),
        (ring - 1 - offset, ring),
        (-ring, ring - 1 - offset),
        (offset - ring + 1, -ring),
    )[side]
    longitude, latitude = middle
    return (
        longitude + x * step / (DEGREE * math.cos(math.radians(latitude))),
        latitude + y * step / DEGREE,
    )


def _area(middle: Position, square: float, rng: Random) -> list[list[float]]:
    """Four or five corners around the middle, turned a little, none beyond its field."""
    corners = rng.choice((4, 4, 5))
    radius = math.sqrt(square) / (math.sqrt(2) if corners == 4 else 1.54)
    turn = math.pi / 4 + rng.uniform(-0.08, 0.08)
    ring = [
        list(_moved(middle, radius * rng.uniform(0.93, 1.0), turn + 2 * math.pi * corner / corners))
        for corner in range(corners)
    ]
    return [*ring, ring[0]]


def _line(start: Position, length: float, rng: Random) -> list[list[float]]:
    points, direction = [start], rng.random() * 2 * math.pi
    bends = 3 + rng.randrange(5)
    for _bend in range(bends):
        direction += rng.uniform(-0.5, 0.5)
        points.append(_moved(points[-1], length / bends, direction))
    return [list(point) for point in points]
