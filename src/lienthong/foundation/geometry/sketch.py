"""A small drawing of a geometry, true to scale, for pages without a map and for paper."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.foundation.geometry.shape import Geometry, Position

WIDTH, HEIGHT, MARGIN = 320, 240, 24
METRES_OF_A_DEGREE = 111_320.0
MOST_NUMBERED = 24


@dataclass(frozen=True, slots=True)
class Dot:
    """A vertex; `label` is its number in the table of coordinates, and stands at the second pair."""

    x: str
    y: str
    label: str = ""
    label_x: str = ""
    label_y: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What SVG needs, as text: `area` and `lines` are paths, the scale ends at `bar` and is `scale` long."""

    area: str
    lines: str
    dots: Sequence[Dot]
    bar: str
    scale: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = MARGIN // 2
    bottom: int = HEIGHT - 8


def sketch(geometry: Geometry) -> Sketch:
    """Drawn as large as fits, the north on top; a single point in the middle of a hundred metres."""
    box = geometry.box
    middle = ((box.west + box.east) / 2, (box.south + box.north) / 2)
    metres_east = METRES_OF_A_DEGREE * math.cos(math.radians(middle[1]))
    across = max((box.east - box.west) * metres_east, 1e-9)
    along = max((box.north - box.south) * METRES_OF_A_DEGREE, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN - 12) / along)
    scale = (WIDTH - 2 * MARGIN) / 100 if max(across, along) < 0.01 else scale

    def at(position: Position) -> tuple[float, float]:
        east = (position[0] - middle[0]) * metres_east * scale
        north = (position[1] - middle[1]) * METRES_OF_A_DEGREE * scale
        return WIDTH / 2 + east, (HEIGHT - 12) / 2 - north

    drawn = [[at(position) for position in line] for line in geometry.lines]
    path = " ".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in drawn if len(line) > 1)
    is_area = geometry.type.endswith("Polygon")
    bar, written = _scale_bar(scale)
    return Sketch(
        area=path if is_area else "",
        lines="" if is_area else path,
        dots=_dots(drawn, is_area),
        bar=f"{MARGIN / 2 + bar:.1f}",
        scale=written,
    )


def _dots(drawn: Sequence[Sequence[tuple[float, float]]], closed: bool) -> list[Dot]:
    """Vertices with their numbers, the numbers outside; of many vertices none, they would be a black line."""
    points = [point for line in drawn for point in (line[:-1] if closed else line)]
    if len(points) > MOST_NUMBERED:
        return [] if len(drawn[0]) > 1 else [Dot(f"{x:.1f}", f"{y:.1f}") for x, y in points]
    x_middle, y_middle = sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)
    found = []
    for number, (x, y) in enumerate(points, start=1):
        away = math.dist((x, y), (x_middle, y_middle)) or 1.0
        x_label, y_label = x + (x - x_middle) / away * 11, y + (y - y_middle) / away * 11 + 4
        label = str(number) if len(points) > 1 else ""
        found.append(Dot(f"{x:.1f}", f"{y:.1f}", label, f"{x_label:.1f}", f"{y_label:.1f}"))
    return found


def _scale_bar(scale: float) -> tuple[float, str]:
    """A round length that takes at most a third of the width, and how it is written."""
    longest = WIDTH / 3 / scale
    power = 10 ** math.floor(math.log10(longest))
    metres = next(step * power for step in (5, 2, 1) if step * power <= longest)
    written = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m" if metres >= 1 else f"{metres * 100:g} cm"
    return metres * scale, written.replace(".", ",")
