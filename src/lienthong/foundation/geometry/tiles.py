"""Vector tiles (Mapbox Vector Tile 2.1): what a map draws of a square of the world. Pure.

Geometries come as GeoJSON text and are drawn as coarsely as the zoom allows. All points of a tile go through numpy at
once; one by one they would take ten times as long.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.geometry.shape import Box

EXTENT, BUFFER = 4096, 64
DEEPEST = 22
PIXEL = EXTENT // 512
"""Units of a tile in a pixel of a screen, on which a tile is 512 pixels wide."""

_POINT, _LINE, _POLYGON = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the Web Mercator map: at zoom 0 it is the world."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    def box(self, buffer: float = BUFFER / EXTENT) -> Box:
        """Its degrees, with a margin of that part of its width: lines that run along its edge are drawn in it too."""
        count = 2**self.z
        west, east = ((self.x + part) / count * 360 - 180 for part in (-buffer, 1 + buffer))
        north, south = (_latitude((self.y + part) / count) for part in (-buffer, 1 + buffer))
        return Box(west, south, east, north)

    @property
    def pixel(self) -> float:
        """How many degrees of longitude a pixel is wide."""
        return math.ldexp(360 / 512, -self.z)


def _latitude(part: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * part))))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A feature: its geometry as GeoJSON text, or only the box it lies in where that is smaller than can be seen."""

    id: int
    geometry: str | Box
    properties: Mapping[str, str | int]


def encode(tile: Tile, layers: Mapping[str, Sequence[Drawn]]) -> bytes:
    """The tile; layers without anything to be seen are left out."""
    return b"".join(
        _field(3, layer) for name, drawn in layers.items() if drawn and (layer := _layer(tile, name, drawn))
    )


def _layer(tile: Tile, name: str, drawn: Sequence[Drawn]) -> bytes:
    import numpy as np
    import shapely

    shapes = _on_tile(tile, drawn)
    keys: dict[str, int] = {}
    values: dict[str | int, int] = {}
    features = []
    for kind, numbers, commands in _by_kind(np, shapely, shapes):
        for number, geometry in zip(numbers, commands, strict=True):
            feature = drawn[number]
            tags = b"".join(
                _varint(keys.setdefault(key, len(keys))) + _varint(values.setdefault(value, len(values)))
                for key, value in feature.properties.items()
            )
            said = b"\x08" + _varint(feature.id) + (_field(2, tags) if tags else b"") + bytes((0x18, kind))
            features.append(_field(2, said + _field(4, geometry)))
    if not features:
        return b""
    return b"".join(
        [
            _field(1, name.encode()),
            *features,
            *(_field(3, key.encode()) for key in keys),
            *(_field(4, _value(value)) for value in values),
            b"\x28" + _varint(EXTENT),
            b"\x78\x02",
        ]
    )


# geometries on the tile


def _on_tile(tile: Tile, drawn: Sequence[Drawn]) -> Any:
    """Of every feature its shape in units of the tile, cut at its margin."""
    import numpy as np
    import shapely

    shapes = np.empty(len(drawn), dtype=object)
    texts = [n for n, each in enumerate(drawn) if isinstance(each.geometry, str)]
    if texts:
        shapes[texts] = shapely.from_geojson([drawn[n].geometry for n in texts])
    boxes = [(n, each.geometry) for n, each in enumerate(drawn) if isinstance(each.geometry, Box)]
    if boxes:
        edges = np.array([(box.west, box.south, box.east, box.north) for _n, box in boxes])
        shapes[[n for n, _box in boxes]] = shapely.box(*edges.T)
    shapes = shapely.transform(shapes, lambda degrees: _units(np, tile, degrees))
    shapes[texts] = shapely.simplify(shapes[texts], PIXEL / 4, preserve_topology=False)
    edge = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    shapely.prepare(edge)
    beyond = ~shapely.covers(edge, shapes)
    shapes[beyond] = shapely.clip_by_rect(shapes[beyond], -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    return shapes


def _units(np: Any, tile: Tile, degrees: Any) -> Any:
    """Whole units, x to the east and y to the south."""
    size = 2.0**tile.z
    sine = np.sin(np.radians(np.clip(degrees[:, 1], -85.0511, 85.0511)))
    x = ((degrees[:, 0] + 180) / 360 * size - tile.x) * EXTENT
    y = ((0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size - tile.y) * EXTENT
    return np.rint(np.column_stack((x, y)))


def _by_kind(np: Any, shapely: Any, shapes: Any) -> list[tuple[int, list[int], list[bytes]]]:
    """Points, lines and areas, each with the numbers of the features and the commands that draw them."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    kinds = shapely.get_type_id(parts)
    found = []
    points = kinds == 0
    if points.any():
        at, owners = shapely.get_coordinates(parts[points]), owner[points]
        found.append((_POINT, *_draw(np, at, np.arange(len(at)), owners, kind=_POINT)))
    lines = kinds == 1
    if lines.any():
        at, line = shapely.get_coordinates(parts[lines], return_index=True)
        found.append((_LINE, *_draw(np, at, line, owner[lines], kind=_LINE)))
    areas = kinds == 3
    if areas.any():
        rings, area = shapely.get_rings(shapely.orient_polygons(parts[areas]), return_index=True)
        at, ring = shapely.get_coordinates(rings, return_index=True)
        found.append((_POLYGON, *_draw(np, at, ring, owner[areas][area], kind=_POLYGON)))
    return found


def _draw(np: Any, at: Any, line: Any, owners: Any, *, kind: int) -> tuple[list[int], list[bytes]]:
    """The commands of each feature: `at` are points, `line` which line each is of, `owners` which feature a line is of.

    A line is: go to its first point, then along the others, of an area back to the first. Points are counted from the
    last one before, in the same feature.
    """
    at = np.rint(at).astype(np.int64)
    keep = np.ones(len(at), dtype=bool)
    if kind != _POINT:  # what does not move is left out, and of a ring the end, which is its beginning
        keep[1:] = (np.diff(line) != 0) | np.any(np.diff(at, axis=0) != 0, axis=1)
        if kind == _POLYGON:
            keep[np.append(np.diff(line) != 0, True)] = False
        long_enough = np.bincount(line[keep], minlength=len(owners)) >= (3 if kind == _POLYGON else 2)
        keep &= long_enough[line]
    at, line = at[keep], line[keep]
    if not len(at):
        return [], []
    owner = owners[line]
    begins = np.append(True, np.diff(owner) != 0)
    moved = at.copy()
    moved[1:] -= np.where(begins[1:, None], 0, at[:-1])
    zigzag = (moved << 1) ^ (moved >> 63)
    first = begins if kind == _POINT else np.append(True, np.diff(line) != 0)
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(at)))
    numbers, places = [zigzag.ravel()], [np.repeat(np.arange(len(at)), 2) * 3 + 1.0]
    if kind == _POINT:
        numbers.append((counts << 3) | 1)
        places.append(starts * 3.0)
    else:
        numbers += [np.full(len(starts), 9), ((counts - 1) << 3) | 2]
        places += [starts * 3.0, starts * 3.0 + 3]
        if kind == _POLYGON:
            numbers.append(np.full(len(starts), 15))
            places.append((starts + counts - 1) * 3.0 + 2)
    flat, place = np.concatenate(numbers), np.concatenate(places)
    order = np.argsort(place, kind="stable")
    of = owner[(place[order] // 3).astype(np.int64).clip(max=len(owner) - 1)]
    return _varints(np, flat[order], of)


def _varints(np: Any, numbers: Any, of: Any) -> tuple[list[int], list[bytes]]:
    """The bytes of numbers, seven bits in each, parted where what they are of changes."""
    sevens = np.stack([(numbers >> shift) & 0x7F for shift in (0, 7, 14, 21, 28)], axis=1)
    lengths = 1 + sum((numbers >> shift > 0).astype(np.int64) for shift in (7, 14, 21, 28))
    column = np.arange(5)
    sevens[column < (lengths - 1)[:, None]] |= 0x80
    data = sevens[column < lengths[:, None]].astype(np.uint8).tobytes()
    starts = np.flatnonzero(np.append(True, np.diff(of) != 0))
    ends = np.append(starts[1:], len(of))
    total = np.append(0, np.cumsum(lengths))
    parts = [data[total[start] : total[end]] for start, end in zip(starts, ends, strict=True)]
    return of[starts].tolist(), parts


# protocol buffers


_SHORT = [bytes((number,)) for number in range(0x80)]


def _varint(number: int) -> bytes:
    if number < 0x80:
        return _SHORT[number]
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _field(number: int, data: bytes) -> bytes:
    return bytes((number << 3 | 2,)) + _varint(len(data)) + data


def _value(value: str | int) -> bytes:
    return _field(1, value.encode()) if isinstance(value, str) else b"\x20" + _varint(value)
