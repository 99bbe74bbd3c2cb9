"""Open data with places: OGC API – Features over what registers make public."""

import json
import shutil
import subprocess
from datetime import date

import pytest
from django.test import Client

from lienthong.registers import queries, services
from tests import cast
from tests.browsing import served
from tests.registers.conftest import GIA_NGHIA, officer_of, publish
from tests.registers.test_places import KEY, PARCELS, enter, square

ROOT = "/api/features/"
ITEMS = f"{ROOT}collections/{KEY}/items"


def make(count=5):
    publish(PARCELS)
    handler = officer_of("case-handler", GIA_NGHIA)
    return [enter(handler, f"{n:03}", square(n, 0)) for n in range(count)]


@pytest.fixture
def entries(db):
    return make()


def ask(path, status=200, **query):
    answer = Client().get(path, query)
    assert answer.status_code == status, answer.content
    return answer.json()


def numbers(found):
    return [feature["properties"]["so_thua"] for feature in found["features"]]


def links(found):
    return {link["rel"]: link["href"].removeprefix("http://testserver") for link in found["links"]}


def test_from_the_landing_page_everything_is_reached_by_links(entries):
    landing = ask(ROOT)
    assert {"self", "service-desc", "conformance", "data"} <= set(links(landing))
    conforms = ask(links(landing)["conformance"])["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
    assert ask(links(landing)["service-desc"])["openapi"].startswith("3.")
    (found,) = [each for each in ask(links(landing)["data"])["collections"] if each["id"] == KEY]
    assert found["itemType"] == "feature"
    assert ask(links(found)["self"]) == found
    assert len(ask(links(found)["items"])["features"]) == 5


def test_a_feature_has_its_place_and_public_fields_and_nothing_else(entries):
    answer = Client().get(f"{ITEMS}/{entries[0].id}")
    assert answer["Content-Type"] == "application/geo+json"
    found = answer.json()
    assert found["geometry"] == entries[0].values["ranh_gioi"].to_json()
    assert found["properties"] == {"so_thua": "000", "valid_from": "2025-03-03", "valid_until": None}
    assert found["id"] == entries[0].id


def test_pages_follow_each_other_by_their_links_and_end(entries):
    seen, address = [], f"{ITEMS}?limit=2"
    while address:
        found = ask(address)
        assert found["numberReturned"] == len(found["features"]) <= 2
        seen += numbers(found)
        address = links(found).get("next")
    assert seen == ["004", "003", "002", "001", "000"]


def test_features_are_narrowed_by_box_property_and_time(entries):
    handler = officer_of("case-handler", GIA_NGHIA)
    assert numbers(ask(ITEMS, bbox="107.6031,12,107.6038,12.1")) == ["003"]
    assert numbers(ask(ITEMS, bbox="107.6031,12,0,107.6038,12.1,900")) == ["003"]
    assert numbers(ask(ITEMS, bbox="-10,40,10,50")) == []
    assert numbers(ask(ITEMS, so_thua="002")) == ["002"]
    assert numbers(ask(ITEMS, datetime="2025-03-02")) == []
    assert len(numbers(ask(ITEMS, datetime="2025-03-01T00:00:00Z/2025-03-03T12:00:00+07:00"))) == 5
    earlier = services.correct(
        register=KEY,
        entry_id=entries[0].id,
        revision=1,
        raw={},
        officer=handler,
        reason="x",
        valid_from=date(2025, 1, 2),
    )
    services.end(
        register=KEY, entry_id=earlier.id, revision=2, officer=handler, reason="x", valid_until=date(2025, 2, 3)
    )
    assert "000" not in numbers(ask(ITEMS))
    assert numbers(ask(ITEMS, datetime="2025-02-02T00:00:00Z")) == ["000"]
    assert numbers(ask(ITEMS, datetime="../2025-02-02")) == ["000"]
    assert "000" not in numbers(ask(ITEMS, datetime="2025-02-03/.."))


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "nan,1,2,3"},
        {"bbox": "1,9,2,3"},
        {"limit": "0"},
        {"limit": "x"},
        {"limit": "-1"},
        {"datetime": "yesterday"},
        {"datetime": "2025-02-03/2025-01-01"},
        {"cursor": "1;DROP"},
        {"chu": "Nguyễn Văn An"},
        {"ranh_gioi": "x"},
        {"la": "x"},
        {"f": "html"},
    ],
)
def test_what_is_asked_wrongly_is_refused_as_a_wrong_request(entries, query):
    assert ask(ITEMS, 400, **query)["title"]


def test_what_is_not_public_is_not_there(entries):
    ask(f"{ROOT}collections/la", 404)
    ask(f"{ROOT}collections/la/items", 404)
    ask(f"{ITEMS}/999999999", 404)
    ask(f"{ITEMS}/x", 404)
    publish(PARCELS.replace("public: [so_thua, ranh_gioi]", "public: [so_thua]"))
    ask(ITEMS, 404)
    assert KEY not in [each["id"] for each in ask(f"{ROOT}collections")["collections"]]


def test_a_page_of_features_makes_as_many_queries_as_one_feature(entries, django_assert_max_num_queries):
    ask(ITEMS, limit=1)
    for query in ({"limit": 1}, {"limit": 5}, {"limit": 5, "bbox": "107,11,108,13"}):
        with django_assert_max_num_queries(4):
            ask(ITEMS, **query)


@pytest.fixture
def gdal():
    if not shutil.which("ogr2ogr"):
        pytest.skip("no ogr2ogr: sudo apt-get install gdal-bin")


def test_gdal_opens_a_layer_and_copies_it_whole(gdal, committed, tmp_path):
    with cast.on_monday():
        made = make(7)
        with served() as site:
            source = f"OAPIF:{site}{ROOT}"
            said = _run("ogrinfo", "-ro", "-al", "-so", source, KEY, "--config", "GDAL_HTTP_TIMEOUT", "30")
            assert "Polygon" in said
            assert "so_thua: String" in said
            copy = tmp_path / "copy.geojson"
            _run("ogr2ogr", "-f", "GeoJSON", "-oo", "PAGE_SIZE=2", str(copy), source, KEY)
    body = queries.register(KEY)
    assert body.layout.places == ("ranh_gioi",)
    found = json.loads(copy.read_text())["features"]
    assert {feature["properties"]["so_thua"] for feature in found} == {entry.values["so_thua"] for entry in made}
    first = next(feature for feature in found if feature["properties"]["so_thua"] == "000")
    flat = [round(number, 6) for position in first["geometry"]["coordinates"][0] for number in position]
    assert flat[:4] == [107.6, 12.0, 107.601, 12.0]


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
