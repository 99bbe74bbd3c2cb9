"""Entries on a tile of a map, as far as they are somebody's to see.

Where more lies in a tile than a screen can show, the tile is divided into squares, and those in which something lies
are drawn. A crowd is read out of the index of boxes; where that is too large as well, each square is looked into until
the first entry that may be seen, so it matters little how many there are.
"""

from typing import Any

from django.db import models

from lienthong.foundation.geometry.shape import Box
from lienthong.foundation.geometry.tiles import Drawn, Tile, encode
from lienthong.foundation.statements import run
from lienthong.registers.access import Reach
from lienthong.registers.layers import Layer

MOST = 1000
"""Entries that a tile draws one by one."""
CROWDED = 20_000
"""Boxes that are read to tell in which squares they lie."""
SQUARES = 32
"""Along each side of a tile with more: of 16 pixels."""
LARGE_SQUARES = 16
"""Along each side where each is looked into, since there are more boxes than can be read."""

ENTRIES, CROWD = "entries", "crowd"
"""What the layers of a tile are called: entries one by one, squares in which there are some."""


def draw(layer: Layer, tile: Tile) -> bytes:
    """The tile; empty where nothing lies. Three queries at most."""
    entries = _entries(layer, tile)
    if entries is not None:
        return encode(tile, {ENTRIES: entries})
    squares = _crowd(layer, tile)
    if squares is not None:
        return encode(tile, {CROWD: _drawn(tile, squares, SQUARES)})
    return encode(tile, {CROWD: _drawn(tile, _huge(layer, tile), LARGE_SQUARES)})


def _entries(layer: Layer, tile: Tile) -> list[Drawn] | None:
    """Those on the tile, or None when they are too many. Of what is smaller than a pixel only its box is read."""
    table, box = layer.body.layout.table, layer.body.layout.box(layer.field)
    rights, given = _rights(layer)
    name = _name(layer)
    statement = f"""
        WITH near AS MATERIALIZED (
            SELECT id, {box} AS box, {name} AS name, {layer.field} AS place FROM {table}
             WHERE {box} && %s::box AND valid_until IS NULL{rights} LIMIT {MOST + 1}
        )
        SELECT id, name, (box[1])[0], (box[1])[1], (box[0])[0], (box[0])[1],
               CASE WHEN width(box) > %s OR height(box) > %s THEN place::text END, (SELECT count(*) FROM near)
          FROM near WHERE (SELECT count(*) FROM near) <= {MOST} OR id = (SELECT min(id) FROM near)"""
    with run(statement, [tile.box().sql(), *given, tile.pixel, tile.pixel]) as cursor:
        rows = cursor.fetchall()
    if rows and rows[0][-1] > MOST:
        return None
    return [
        Drawn(id, place if place is not None else Box(*edges), {"name": label} if label else {})
        for id, label, *edges, place, _count in rows
    ]


def _crowd(layer: Layer, tile: Tile) -> list[tuple[int, int]] | None:
    """The squares in which the middles of boxes lie, or None when there are too many boxes."""
    table, box = layer.body.layout.table, layer.body.layout.box(layer.field)
    rights, given = _rights(layer)
    whole, across, along = _squares(tile, SQUARES)
    statement = f"""
        SELECT floor(((box[0])[0] + (box[1])[0] - 2 * %s) / %s)::int AS i,
               floor(((box[0])[1] + (box[1])[1] - 2 * %s) / %s)::int AS j, count(*)
          FROM (SELECT {box} AS box FROM {table}
                 WHERE {box} && %s::box AND valid_until IS NULL{rights} LIMIT {CROWDED}) boxes GROUP BY 1, 2"""
    with run(statement, [whole.west, 2 * across, whole.south, 2 * along, whole.sql(), *given]) as cursor:
        found = cursor.fetchall()
    if sum(count for _i, _j, count in found) >= CROWDED:
        return None
    return [(i, j) for i, j, _count in found if 0 <= i < SQUARES and 0 <= j < SQUARES]


def _huge(layer: Layer, tile: Tile) -> list[tuple[int, int]]:
    """The squares in which anything lies, each looked into."""
    table, box = layer.body.layout.table, layer.body.layout.box(layer.field)
    rights, given = _rights(layer)
    whole, across, along = _squares(tile, LARGE_SQUARES)
    statement = f"""
        SELECT i, j FROM generate_series(0, {LARGE_SQUARES - 1}) i, generate_series(0, {LARGE_SQUARES - 1}) j
         WHERE EXISTS (
            SELECT FROM {table}
             WHERE {box} && box(point(%s + i * %s, %s + j * %s), point(%s + (i + 1) * %s, %s + (j + 1) * %s))
               AND valid_until IS NULL{rights} OFFSET 0)"""
    edges = [whole.west, across, whole.south, along]
    with run(statement, [*edges, *edges, *given]) as cursor:
        return [(i, j) for i, j in cursor.fetchall()]


def _squares(tile: Tile, count: int) -> tuple[Box, float, float]:
    """The tile, and how wide and high its squares are."""
    whole = tile.box(0)
    return whole, (whole.east - whole.west) / count, (whole.north - whole.south) / count


def _drawn(tile: Tile, squares: list[tuple[int, int]], count: int) -> list[Drawn]:
    """Squares beside each other are drawn as one strip: a full tile is a few of them."""
    whole, across, along = _squares(tile, count)
    strips: list[list[int]] = []
    for j, i in sorted((j, i) for i, j in squares):
        if strips and strips[-1][2] == j and strips[-1][1] == i:
            strips[-1][1] = i + 1
        else:
            strips.append([i, i + 1, j])
    return [
        Drawn(
            number,
            Box(
                whole.west + begin * across,
                whole.south + j * along,
                whole.west + end * across,
                whole.south + (j + 1) * along,
            ),
            {},
        )
        for number, (begin, end, j) in enumerate(strips, start=1)
    ]


def _rights(layer: Layer) -> tuple[str, list[Any]]:
    """Entries of which the geometry may be read."""
    limits, given = layer.rights.limits_to(layer.rights.fields[layer.field])
    return "".join(f" AND {limit}" for limit in limits), given


def _name(layer: Layer) -> str:
    """By what people call an entry, where that is a text which may be read of all on the map and is nobody's person."""
    for key in layer.body.title:
        field, column = layer.body.leaves[key].field, layer.body.layout.columns[key][0]
        readable = key in layer.rights.fields and _covers(layer.rights.fields[key], layer.rights.fields[layer.field])
        if readable and not field.personal and isinstance(column.kind, models.TextField):
            return column.name
    return "NULL::text"


def _covers(reach: Reach, other: Reach) -> bool:
    return reach is None or (other is not None and other <= reach)


def extent(layer: Layer) -> Box | None:
    """Where to begin: around the entries that were made last. One query, which reads few."""
    table, box = layer.body.layout.table, layer.body.layout.box(layer.field)
    rights, given = _rights(layer)
    statement = f"""
        SELECT min((box[1])[0]), min((box[1])[1]), max((box[0])[0]), max((box[0])[1]) FROM (
            SELECT {box} AS box FROM {table}
             WHERE {box} IS NOT NULL AND valid_until IS NULL{rights} ORDER BY id DESC LIMIT 200) last"""
    with run(statement, given) as cursor:
        edges = cursor.fetchone()
    return Box(*edges) if edges[0] is not None else None
