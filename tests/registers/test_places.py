"""Registers whose entries lie somewhere: boxes by index, exactly by the geometry, rights as everywhere."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.geometry.shape import Box
from lienthong.registers import access, queries, services
from lienthong.registers.places import Places
from lienthong.registers.queries import AsOf, Cursor, Filters, asking
from tests.registers.conftest import GIA_NGHIA, officer_of, publish

pytestmark = pytest.mark.django_db

KEY = "thua-dat-thu"
PARCELS = """
kind: register
key: thua-dat-thu
name: Sổ thửa đất (thử)
effective_from: 2011-01-25
group: quy-hoach-xay-dung
singular: thửa đất
keeper: urban-management
fields:
  - {key: so_thua, type: text, label: Số thửa, required: true}
  - {key: chu, type: text, label: Chủ sử dụng, personal: true}
  - {key: ranh_gioi, type: geometry, label: Ranh giới, shapes: [polygon, multi-polygon], area: true}
title: [so_thua]
listing: {columns: [so_thua], filters: [so_thua], search: [so_thua]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: auditor, may: [read], where: province, fields: [so_thua]}
public: [so_thua, ranh_gioi]
"""
WEST, SOUTH, STEP = 107.60, 12.00, 0.001


@pytest.fixture
def parcels(db):
    publish(PARCELS)
    return queries.register(KEY)


@pytest.fixture
def handler(parcels):
    return officer_of("case-handler", GIA_NGHIA)


def square(column, row, size=STEP):
    west, south = round(WEST + column * STEP, 6), round(SOUTH + row * STEP, 6)
    east, north = round(west + size, 6), round(south + size, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def enter(officer, number, geometry):
    return services.enter(
        register=KEY, raw={"so_thua": number, "ranh_gioi": geometry}, officer=officer, request=uuid4()
    )


def found(body, rights, **how):
    return {entry.values["so_thua"] for entry in queries.page(body, rights, Filters(**how))}


def rights_of(body, officer):
    return access.rights_of(officer, body, to="read")


@pytest.fixture
def four(handler):
    """Two by two, and a wedge along the diagonal of the whole: its box holds all, itself it holds little."""
    for column in (0, 1):
        for row in (0, 1):
            enter(handler, f"{column}{row}", square(column, row))
    ring = [[107.6, 12.0], [107.602, 12.002], [107.6019, 12.002], [107.6, 12.0]]
    enter(handler, "wedge", {"type": "Polygon", "coordinates": [ring]})


@pytest.mark.usefixtures("four")
def test_what_lies_in_a_box_or_touches_it_is_found_and_not_what_only_has_its_box_there(parcels, handler):
    rights = rights_of(parcels, handler)
    assert found(parcels, rights, box={"ranh_gioi": Box(107.6012, 12.0001, 107.6018, 12.0004)}) == {"10"}
    assert found(parcels, rights, box={"ranh_gioi": Box(107.6005, 12.0005, 107.6015, 12.0006)}) == {"00", "10", "wedge"}
    assert found(parcels, rights, box={"ranh_gioi": Box(108.0, 13.0, 108.1, 13.1)}) == set()


@pytest.mark.usefixtures("four")
def test_which_parcel_a_point_lies_in(parcels, handler):
    rights = rights_of(parcels, handler)
    assert found(parcels, rights, point={"ranh_gioi": (107.6002, 12.0018)}) == {"01"}
    assert found(parcels, rights, point={"ranh_gioi": (107.601, 12.0004)}) == {"00", "10"}, "a boundary is of both"
    assert found(parcels, access.public(parcels), point={"ranh_gioi": (107.6002, 12.0018)}) == {"01"}


@pytest.mark.usefixtures("four")
def test_nobody_learns_by_a_box_where_things_lie_that_are_not_theirs_to_read(parcels):
    auditor = rights_of(parcels, officer_of("auditor", "ubnd-tinh"))
    assert found(parcels, auditor) == {"00", "01", "10", "11", "wedge"}
    assert found(parcels, auditor, box={"ranh_gioi": Box(107, 11, 108, 13)}) == set()
    assert found(parcels, auditor, point={"ranh_gioi": (107.6002, 12.0018)}) == set()


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize("near", [1, 4_000])
def test_pages_of_what_lies_in_a_box_follow_each_other_without_gaps(parcels, handler, near, monkeypatch):
    monkeypatch.setattr(asking, "NEAR", near)  # as if there were more than can be named, and as it is
    rights, box = rights_of(parcels, handler), {"ranh_gioi": Box(107.6012, 12.0001, 107.6018, 12.0018)}
    seen, after = [], None
    while True:
        page = queries.page(parcels, rights, Filters(box=box), after=after, size=1)
        seen += [entry.values["so_thua"] for entry in page[:1]]
        if len(page) < 2:
            break
        after = Cursor(None, page[0].id)
    assert sorted(seen) == ["10", "11", "wedge"]


def test_areas_are_kept_beside_what_they_are_of(parcels, handler):
    entry = enter(handler, "1", square(0, 0))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ranh_gioi_area, ranh_gioi_length, ranh_gioi_box IS NULL FROM {parcels.layout.table}")
        area, length, no_box = cursor.fetchone()
    assert 12_000 < area < 12_100
    assert length is None
    assert not no_box
    services.correct(
        register=KEY, entry_id=entry.id, revision=1, raw={"ranh_gioi": None}, officer=handler, reason="Chưa đo"
    )
    assert found(parcels, rights_of(parcels, handler), box={"ranh_gioi": Box(107, 11, 108, 13)}) == set()


def test_where_it_was_before_a_change_is_found_as_of_that_day(parcels, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        entry = enter(handler, "1", square(0, 0))
        then = AsOf(clock.today(), clock.now())
    services.change(register=KEY, entry_id=entry.id, revision=1, raw={"ranh_gioi": square(5, 5)}, officer=handler)
    rights, before = rights_of(parcels, handler), Filters(point={"ranh_gioi": (107.6005, 12.0005)})
    assert queries.page(parcels, rights, before) == []
    assert [e.id for e in queries.page(parcels, rights, before, as_of=then)] == [entry.id]


def test_boxes_and_points_are_found_by_index(parcels, handler):
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {parcels.layout.table} (organisation_id, valid_from, recorded_at, revision, origin, search,"
            " so_thua, ranh_gioi_box) SELECT %s, now(), now(), 1, '', '', n::text,"
            " box(point(107 + x, 12 + y), point(107.005 + x, 12.005 + y))"
            " FROM (SELECT n, n %% 100 * 0.01 AS x, n / 100 * 0.01 AS y FROM generate_series(1, 10000) n) made",
            [handler.acting.organisation.id],
        )
        cursor.execute(f"ANALYZE {parcels.layout.table}")
        asked = Places({"ranh_gioi": Box(107.1, 12.1, 107.2, 12.2)}, {"ranh_gioi": (107.2, 12.2)})
        for key, operator, value in asked.conditions:
            cursor.execute(
                f"EXPLAIN SELECT id FROM {parcels.layout.table} WHERE {key}_box {operator} LIMIT 4000", [value]
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "register_thua_dat_thu_in_ranh_gioi_box" in plan, plan


def test_a_boundary_that_crosses_itself_is_refused_by_its_place(parcels, handler):
    ring = [[107.6, 12.0], [107.61, 12.01], [107.61, 12.0], [107.6, 12.01], [107.6, 12.0]]
    with pytest.raises(NotAccepted) as refused:
        enter(handler, "1", {"type": "Polygon", "coordinates": [ring]})
    assert "107,605" in str(refused.value.errors["ranh_gioi"])


def test_a_register_cannot_be_sorted_or_told_apart_by_geometries(db):
    for wrong in ("filters: [ranh_gioi]", "sort: ranh_gioi, filters: [so_thua]"):
        plan = definitions.plan_text(PARCELS.replace("filters: [so_thua]", wrong), folder="tests", file="so.yaml")
        assert any("ranh_gioi" in str(problem) for problem in plan.problems)
