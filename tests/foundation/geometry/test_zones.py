"""VN-2000 and WGS 84, beside what is published and beside the formulas written out."""

import math
from datetime import date

import pytest
from hypothesis import given, settings

from lienthong.foundation.geometry import measures
from lienthong.foundation.geometry.shape import Geometry, Position
from lienthong.foundation.geometry.zones import PROVINCES, SIX, THREE, Zone, zone_of
from tests.foundation.geometry.shapes import areas

A, F = 6_378_137.0, 1 / 298.257223563
E2 = F * (2 - F)
DECIDED = (-191.90441429, -39.30318279, -111.45032835, -0.00928836, 0.01975479, -0.00427372, 1.000000252906278)
"""QĐ 05/2007/QĐ-BTNMT, article 1: three shifts in metres, three turns in seconds, the scale."""


def by_hand(x: float, y: float, zone: Zone) -> Position:
    """Krüger's series for the plane, then Bursa and Wolf's seven parameters, without a library."""
    n = F / (2 - F)
    radius = A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    scale = {3: 0.9999, 6: 0.9996}[zone.width]
    beta = (n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480)
    delta = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    xi, eta = x / (scale * radius), (y - 500_000) / (scale * radius)
    xi1 = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(beta, 1))
    eta1 = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(beta, 1))
    chi = math.asin(math.sin(xi1) / math.cosh(eta1))
    latitude = chi + sum(d * math.sin(2 * j * chi) for j, d in enumerate(delta, 1))
    longitude = math.radians(zone.meridian) + math.atan2(math.sinh(eta1), math.cos(xi1))
    return shifted(latitude, longitude)


def shifted(latitude: float, longitude: float) -> Position:
    dx, dy, dz, *turns, k = DECIDED
    wx, wy, wz = (math.radians(seconds / 3600) for seconds in turns)
    across = A / math.sqrt(1 - E2 * math.sin(latitude) ** 2)
    x, y, z = (
        across * math.cos(latitude) * math.cos(longitude),
        across * math.cos(latitude) * math.sin(longitude),
        across * (1 - E2) * math.sin(latitude),
    )
    x, y, z = dx + k * (x + wz * y - wy * z), dy + k * (-wz * x + y + wx * z), dz + k * (wy * x - wx * y + z)
    far, angle = math.hypot(x, y), math.atan2(z, math.hypot(x, y) * (1 - E2))
    for _step in range(8):
        angle = math.atan2(z + E2 * A / math.sqrt(1 - E2 * math.sin(angle) ** 2) * math.sin(angle), far)
    return math.degrees(math.atan2(y, x)), math.degrees(angle)


@pytest.mark.parametrize("zone", [*THREE, *SIX], ids=lambda zone: zone.key)
@pytest.mark.parametrize("x", [950_000.0, 1_329_456.12, 1_780_000.0, 2_580_000.0])
@pytest.mark.parametrize("y", [410_000.0, 500_000.0, 612_345.67])
def test_the_plane_leads_to_where_the_published_formulas_and_parameters_lead(zone: Zone, x: float, y: float) -> None:
    (found,) = zone.to_wgs84([(x, y)])
    assert found == pytest.approx(by_hand(x, y, zone), abs=5e-9)  # half a millimetre
    assert zone.from_wgs84([found])[0] == pytest.approx((x, y), abs=0.0002)


EPSG = {
    9218: Zone(108.5),
    5899: Zone(107.75),
    5897: Zone(105.0),
    9209: Zone(105.5),
    3405: Zone(105, 6),
    3406: Zone(111, 6),
}


@pytest.mark.parametrize("code", EPSG)
def test_the_zones_are_those_of_the_epsg_registry(code: int) -> None:
    from pyproj import Transformer

    latitude, longitude = Transformer.from_crs(code, 4326).transform(480_000.0, 1_400_000.0)
    assert EPSG[code].to_wgs84([(1_400_000.0, 480_000.0)])[0] == pytest.approx((longitude, latitude), abs=1e-9)


def test_every_zone_of_3_degrees_in_the_epsg_registry_is_here_and_none_besides() -> None:
    from pyproj.crs import CRS
    from pyproj.database import query_crs_info

    found = set()
    for info in query_crs_info(auth_name="EPSG"):
        if info.name.startswith("VN-2000 / TM-3"):
            operation = CRS.from_epsg(int(info.code)).coordinate_operation
            assert operation is not None
            found |= {p.value for p in operation.params if p.name == "Longitude of natural origin"}
    assert found - {102.0} == set(PROVINCES)  # no province has the meridian 102


def test_every_province_has_one_zone_and_dak_nong_that_of_108_30() -> None:
    codes = [code for provinces in PROVINCES.values() for code, _name in provinces]
    assert len(codes) == len(set(codes)) == 63
    zone = zone_of("67", date(2021, 3, 15))
    assert zone is not None
    assert zone.name == "108°30'"
    assert zone_of("82", date(2025, 6, 30)) == Zone(105.75)
    assert zone_of("82", date(2025, 7, 1)) is None
    assert zone_of("", date(2025, 1, 1)) is None


def test_a_side_measured_in_the_plane_is_as_long_as_the_scale_says() -> None:
    zone = Zone(108.5)
    side = Geometry("LineString", tuple(zone.to_wgs84([(1_329_456.12, 500_000.0), (1_330_456.12, 500_000.0)])))
    assert measures.length(side) == pytest.approx(1000 / 0.9999, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(areas())
def test_areas_on_the_ellipsoid_and_in_the_plane_agree_as_the_scale_says(area: Geometry) -> None:
    ellipsoid, plane = measures.area(area), measures.plane_area(area, Zone(108.5))
    assert ellipsoid is not None
    assert plane is not None
    assert ellipsoid > 0
    assert plane == pytest.approx(ellipsoid, rel=5e-4)
