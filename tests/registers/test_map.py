"""The map of a register: tiles with rights, neighbours to draw by, splitting and joining."""

import json

import mapbox_vector_tile
import pytest
from django.test import Client
from django.urls import reverse
from shapely.geometry import shape

from lienthong.foundation.geometry.tiles import Tile
from lienthong.registers import access, layers, queries, tiles
from lienthong.registers.access import Rights
from tests import cast
from tests.registers.conftest import CU_JUT, GIA_NGHIA, officer_of, publish
from tests.registers.test_places import KEY, PARCELS, enter, square

pytestmark = pytest.mark.django_db
TILE = Tile(16, 52355, 30563)
"""Around 107.6 12.0."""


@pytest.fixture
def parcels(db):
    publish(PARCELS)
    return queries.register(KEY)


def seen(layer, tile=TILE):
    data = tiles.draw(layer, tile)
    return mapbox_vector_tile.decode(data) if data else {}


def layer_of(body, officer):
    return next(layers.of(body, access.rights_of(officer, body, to="read")), None)


@pytest.fixture
def place():
    """The parcel that lies on the tile."""
    box = TILE.box(0)
    return round((box.west - 107.6) / 0.001) + 1, round((box.south - 12.0) / 0.001) + 1


def test_a_tile_shows_the_entries_of_ones_own_agencies_by_name(parcels, place):
    mine, other = officer_of("case-handler", GIA_NGHIA), officer_of("case-handler", CU_JUT)
    entry = enter(mine, "12", square(*place))
    (found,) = seen(layer_of(parcels, mine))["entries"]["features"]
    assert found["id"] == entry.id
    assert found["properties"] == {"name": "12"}
    assert seen(layer_of(parcels, other)) == {}
    assert layer_of(parcels, officer_of("auditor", "ubnd-tinh")) is None, "the geometry is not the auditor's to read"
    assert seen(layer_of(parcels, mine), Tile(16, 0, 0)) == {}


def area(drawn):
    return sum(shape(feature["geometry"]).area for feature in drawn["features"])


@pytest.mark.parametrize("crowded", [20_000, 3])
def test_where_there_are_too_many_squares_show_where_they_lie(parcels, place, monkeypatch, crowded):
    monkeypatch.setattr(tiles, "MOST", 3)
    monkeypatch.setattr(tiles, "CROWDED", crowded)
    mine, other = officer_of("case-handler", GIA_NGHIA), officer_of("case-handler", CU_JUT)
    for n in range(4):
        enter(mine, f"{n}", square(place[0] + n * 0.2, place[1], 0.0001))
    enter(other, "5", square(place[0], place[1] + 1, 0.0001))
    found = seen(layer_of(parcels, mine))
    assert set(found) == {"crowd"}
    everybody = next(layers.of(parcels, Rights(dict.fromkeys(parcels.leaves))))
    assert 0 < area(found["crowd"]) < area(seen(everybody)["crowd"])


@pytest.mark.parametrize("many", [1, 5])
def test_a_tile_takes_at_most_three_queries_however_much_lies_on_it(
    parcels, place, django_assert_max_num_queries, monkeypatch, many
):
    monkeypatch.setattr(tiles, "MOST", 2)
    monkeypatch.setattr(tiles, "CROWDED", 3)
    mine = officer_of("case-handler", GIA_NGHIA)
    for n in range(many):
        enter(mine, f"{n}", square(place[0] + n * 0.1, place[1], 0.0001))
    layer = layer_of(parcels, mine)
    with django_assert_max_num_queries(3):
        tiles.draw(layer, TILE)


@pytest.fixture
def handler(parcels):
    """The handler of the cast, who keeps the register in Gia Nghĩa."""
    client = Client()
    client.force_login(cast.account(cast.HANDLER))
    return client


def address(name, *more):
    return reverse(f"registers:{name}", args=[KEY, *more])


def test_a_tile_asked_again_is_answered_with_nothing_new(handler, place):
    enter(officer_of("case-handler", GIA_NGHIA), "12", square(*place))
    there = address("tile", TILE.z, TILE.x, TILE.y)
    first = handler.get(there)
    assert first.status_code == 200
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first["Cache-Control"] == "private, no-cache"
    again = handler.get(there, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    enter(officer_of("case-handler", GIA_NGHIA), "13", square(place[0], place[1], 0.0001))
    assert handler.get(there, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert handler.get(address("tile", 3, 9, 0)).status_code == 404
    assert handler.get(address("tile", 99, 0, 0)).status_code == 404


def test_the_map_is_there_where_something_lies_and_says_so_where_nothing_does(handler, place):
    assert "lt-map" not in handler.get(address("map")).content.decode()
    enter(officer_of("case-handler", GIA_NGHIA), "12", square(*place))
    page = handler.get(address("map")).content.decode()
    assert "{z}/{x}/{y}.mvt" in page
    assert 'data-bounds="[107.5' in page or 'data-bounds="[107.6' in page
    assert address("map") in handler.get(address("listing")).content.decode()


def test_neighbours_come_as_exactly_as_they_are_kept_and_without_the_one_being_drawn(handler, place):
    officer = officer_of("case-handler", GIA_NGHIA)
    first, second = (enter(officer, f"{n}", square(place[0] + n, place[1])) for n in range(2))
    enter(officer_of("case-handler", CU_JUT), "9", square(place[0], place[1] + 1))
    found = handler.get(address("near"), {"bbox": "107.5,11.9,107.7,12.1", "tru": first.id}).json()
    assert [each["id"] for each in found["features"]] == [second.id]
    assert found["features"][0]["geometry"] == second.values["ranh_gioi"].to_json()
    for wrong in ("", "1,2,3", "a,b,c,d", "1,2,3,4,5", "1e9,2,3,4"):
        assert handler.get(address("near"), {"bbox": wrong}).status_code == 404


def post(client, given):
    body = given if isinstance(given, str) else json.dumps(given)
    return client.post(address("cut"), body, content_type="application/json")


def test_a_parcel_is_split_and_joined_again(handler):
    line = {"type": "LineString", "coordinates": [[107.6004, 11.9999], [107.6004, 12.0011]]}
    parts = post(handler, {"area": square(0, 0), "line": line}).json()["parts"]
    assert len(parts) == 2
    (whole,) = post(handler, {"areas": [part["geometry"] for part in parts]}).json()["parts"]
    assert whole["area"] == pytest.approx(sum(part["area"] for part in parts), abs=0.2)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        {},
        {"area": 1, "line": 2},
        {"areas": []},
        {"areas": [square(0, 0)]},
        {"areas": [square(0, 0), square(5, 5)]},
        {"areas": [square(0, 0), {"type": "Point", "coordinates": [107, 12]}]},
        {"area": square(0, 0), "line": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}},
        {"area": square(0, 0), "line": square(1, 1)},
    ],
)
def test_what_cannot_be_cut_is_refused_in_words(handler, given):
    answer = post(handler, given)
    assert answer.status_code == 422
    assert answer.json()["title"]


def test_who_may_not_read_the_places_of_a_register_has_no_map_of_it(parcels):
    clerk = Client()
    clerk.force_login(cast.account(cast.CLERK))
    for there in (address("map"), address("near"), address("tile", 1, 1, 1)):
        assert clerk.get(there).status_code == 404
    assert post(clerk, {}).status_code == 404


def test_what_is_smaller_than_a_pixel_is_drawn_where_it_lies(parcels, place):
    mine = officer_of("case-handler", GIA_NGHIA)
    enter(mine, "12", square(*place))
    entry = square(*place)["coordinates"][0]
    size = 2**10
    far = Tile(10, TILE.x // 64, TILE.y // 64)
    ((x, y), *_rest) = seen(layer_of(parcels, mine), far)["entries"]["features"][0]["geometry"]["coordinates"][0]
    assert x / 4096 == pytest.approx((entry[0][0] + 180) / 360 * size - far.x, abs=0.005)
    assert 0 < y < 4096
