"""A map of half a million parcels: tiles from far and from near, as an officer with thirty posts and as an auditor.

The parcels lie wall to wall in a part of the province, quarters of the agencies side by side, as parcels do.
"""

import os
import random
from time import perf_counter
from typing import Any

from django.db import connection

from bench import Row, world
from lienthong.foundation import clock
from lienthong.foundation.geometry.shape import Box
from lienthong.foundation.geometry.tiles import Tile
from lienthong.foundation.organisations.queries import tree
from lienthong.registers import access, layers, queries, tiles
from lienthong.registers.access import Rights
from lienthong.registers.layers import Layer
from lienthong.registers.queries import Filters
from tests.registers.conftest import publish
from tests.registers.test_places import KEY, PARCELS

MANY = int(os.environ.get("LT_BENCH_PARCELS", "500000"))
ASKED = 60
GOAL = 50.0
WEST, SOUTH, STEP = 107.3, 11.8, 0.0004
ACROSS = 1000

_FILL = """
    INSERT INTO register_thua_dat_thu (organisation_id, valid_from, recorded_at, revision, origin, search, so_thua,
        ranh_gioi, ranh_gioi_box, ranh_gioi_area)
    SELECT (%(keepers)s::bigint[])[1 + (column_ / 50 + row_ / 50 * 20) %% cardinality(%(keepers)s::bigint[])],
           %(today)s::date, %(today)s::date, 1, '', n::text, n::text,
           jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(
               jsonb_build_array(w, s), jsonb_build_array(w + d * 0.5, s + d * 0.03), jsonb_build_array(w + d, s),
               jsonb_build_array(w + d * 0.98, s + d * 0.5), jsonb_build_array(w + d, s + d),
               jsonb_build_array(w, s + d), jsonb_build_array(w, s)))),
           box(point(w, s), point(w + d, s + d)), 1900
      FROM (SELECT n, column_, row_, %(west)s + column_ * %(step)s AS w, %(south)s + row_ * %(step)s AS s,
                   %(step)s * 0.95 AS d
              FROM (SELECT n, n %% %(across)s AS column_, n / %(across)s AS row_
                      FROM generate_series(0, %(last)s) n) numbered) placed"""


def run() -> list[Row]:
    publish(PARCELS)
    body, officer = queries.register(KEY), world.officer(world.THIRTY)
    keepers = [node.id for node in tree().with_function("urban-management", clock.today())]
    began = perf_counter()
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"keepers": keepers, "today": clock.today(), "west": WEST, "south": SOUTH, "step": STEP}
        cursor.execute(_FILL, {**given, "across": ACROSS, "last": MANY - 1})
        seconds = perf_counter() - began
        cursor.execute("VACUUM (ANALYZE) register_thua_dat_thu")
    rows: list[Row] = [("parcels made by one INSERT … SELECT, with indexes", MANY / seconds, "/s", None)]
    everything = Rights(dict.fromkeys(body.leaves))
    for who, rights in (("all", everything), ("thirty posts", access.rights_of(officer, body, to="read"))):
        (layer,) = layers.of(body, rights)
        rows += [(f"tile at zoom {zoom}, {who}: p95", _p95(layer, zoom), "ms", GOAL) for zoom in range(8, 19)]
    (layer,) = layers.of(body, everything)
    rows.append(("which parcel a point lies in: p95", _asked(layer, point=True), "ms", GOAL))
    rows.append(("first 50 in a box of 200 m: p95", _asked(layer, point=False), "ms", GOAL))
    return rows


def _places(seed: int) -> list[tuple[float, float]]:
    some = random.Random(seed)
    height = MANY // ACROSS
    return [(WEST + some.random() * ACROSS * STEP, SOUTH + some.random() * height * STEP) for _n in range(ASKED)]


def _p95(layer: Layer, zoom: int) -> float:
    times = []
    tiles.draw(layer, _tile(*_places(0)[0], zoom))  # what is loaded once
    for place in _places(zoom):
        tile = _tile(*place, zoom)
        began = perf_counter()
        tiles.draw(layer, tile)
        times.append((perf_counter() - began) * 1000)
    return sorted(times)[int(ASKED * 0.95)]


def _tile(longitude: float, latitude: float, zoom: int) -> Tile:
    x, low, high = int((longitude + 180) / 360 * 2**zoom), 0, 2**zoom - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if Tile(zoom, x, middle).box(0).south <= latitude else (middle + 1, high)
    return Tile(zoom, x, low)


def _asked(layer: Layer, *, point: bool) -> float:
    times = []
    for longitude, latitude in _places(99):
        box = Box(longitude, latitude, longitude + 0.002, latitude + 0.002)
        filters = Filters(point={layer.field: (longitude, latitude)}) if point else Filters(box={layer.field: box})
        began = perf_counter()
        queries.page(layer.body, layer.rights, filters)
        times.append((perf_counter() - began) * 1000)
    return sorted(times)[int(ASKED * 0.95)]
