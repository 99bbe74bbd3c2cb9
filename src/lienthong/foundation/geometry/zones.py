"""VN-2000, the national coordinate system (QĐ 83/2000/QĐ-TTg), and the way to WGS 84 and back.

The seven parameters are those of QĐ 05/2007/QĐ-BTNMT of 27/02/2007, article 1; its rotations are of the coordinate
frame, as in EPSG's operation 6960, which has the same numbers. Zones of 3° have the scale 0.9999 and those of 6° 0.9996
on their central meridian, and 500,000 m are added to the east (TT 973/2001/TT-TCĐC).

Which central meridian a province's cadastral maps have is taken from the EPSG database: the areas of use of EPSG 5897
to 5899 and 9205 to 9218 name all 63 provinces; for Đắk Nông, Lâm Đồng and Bình Thuận it agrees with the tables of TT
973/2001/TT-TCĐC as they are reprinted. TT 24/2025/TT-BNNMT gives the 34 provinces since 1 July 2025 a meridian for
their administrative maps; its own text could not be compared. In reprints three codes differ from the province that had
the code before (12, 82, 91): for these none is proposed from that day on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from lienthong.foundation.geometry.shape import PLACES, Box, Position

if TYPE_CHECKING:
    from pyproj import Transformer

SHIFT = "+x=-191.90441429 +y=-39.30318279 +z=-111.45032835"
TURN = "+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372"
STRETCH = "+s=0.252906278"

SCALES: Mapping[int, float] = {3: 0.9999, 6: 0.9996}
PROVINCES: Mapping[float, Sequence[tuple[str, str]]] = {
    103.0: (("11", "Điện Biên"), ("12", "Lai Châu")),
    104.0: (("14", "Sơn La"),),
    104.5: (("91", "Kiên Giang"), ("96", "Cà Mau")),
    104.75: (("10", "Lào Cai"), ("15", "Yên Bái"), ("25", "Phú Thọ"), ("40", "Nghệ An"), ("89", "An Giang")),
    105.0: (
        ("01", "Hà Nội"),
        ("26", "Vĩnh Phúc"),
        ("35", "Hà Nam"),
        ("37", "Ninh Bình"),
        ("38", "Thanh Hóa"),
        ("87", "Đồng Tháp"),
        ("92", "Cần Thơ"),
        ("93", "Hậu Giang"),
        ("95", "Bạc Liêu"),
    ),
    105.5: (
        ("02", "Hà Giang"),
        ("27", "Bắc Ninh"),
        ("30", "Hải Dương"),
        ("33", "Hưng Yên"),
        ("34", "Thái Bình"),
        ("36", "Nam Định"),
        ("42", "Hà Tĩnh"),
        ("72", "Tây Ninh"),
        ("84", "Trà Vinh"),
        ("86", "Vĩnh Long"),
        ("94", "Sóc Trăng"),
    ),
    105.75: (
        ("04", "Cao Bằng"),
        ("31", "Hải Phòng"),
        ("74", "Bình Dương"),
        ("79", "TP. Hồ Chí Minh"),
        ("80", "Long An"),
        ("82", "Tiền Giang"),
        ("83", "Bến Tre"),
    ),
    106.0: (("08", "Tuyên Quang"), ("17", "Hòa Bình"), ("44", "Quảng Bình")),
    106.25: (("45", "Quảng Trị"), ("70", "Bình Phước")),
    106.5: (("06", "Bắc Kạn"), ("19", "Thái Nguyên")),
    107.0: (("24", "Bắc Giang"), ("46", "Thừa Thiên Huế")),
    107.25: (("20", "Lạng Sơn"),),
    107.5: (("62", "Kon Tum"),),
    107.75: (
        ("22", "Quảng Ninh"),
        ("48", "Đà Nẵng"),
        ("49", "Quảng Nam"),
        ("68", "Lâm Đồng"),
        ("75", "Đồng Nai"),
        ("77", "Bà Rịa – Vũng Tàu"),
    ),
    108.0: (("51", "Quảng Ngãi"),),
    108.25: (("52", "Bình Định"), ("56", "Khánh Hòa"), ("58", "Ninh Thuận")),
    108.5: (("54", "Phú Yên"), ("60", "Bình Thuận"), ("64", "Gia Lai"), ("66", "Đắk Lắk"), ("67", "Đắk Nông")),
}
"""Central meridians of zones of 3°, with the codes and names of the provinces whose maps have them."""

SIX_DEGREES = (105.0, 111.0, 117.0)
MERGED = date(2025, 7, 1)
UNCERTAIN_SINCE_MERGED = frozenset({"12", "82", "91"})


@dataclass(frozen=True, slots=True)
class Zone:
    """A plane of VN-2000. X goes north and Y goes east, in metres."""

    meridian: float
    width: int = 3

    @property
    def key(self) -> str:
        return f"vn2000-{self.width}-{self.meridian:g}"

    @property
    def name(self) -> str:
        """108°30'."""
        return f"{int(self.meridian)}°{round(self.meridian % 1 * 60):02}'"

    @property
    def provinces(self) -> Sequence[str]:
        return [name for _code, name in PROVINCES.get(self.meridian, ())] if self.width == 3 else []

    def to_wgs84(self, points: Iterable[tuple[float, float]]) -> list[Position]:
        """Of X and Y the longitudes and latitudes, rounded as geometries are."""
        north, east = _columns(points)
        found = zip(*transformer(self).transform(east, north), strict=True)
        return [(round(longitude, PLACES), round(latitude, PLACES)) for longitude, latitude in found]

    def from_wgs84(self, positions: Iterable[Position]) -> list[tuple[float, float]]:
        """The X and Y that lead there, unrounded.

        The way back alone misses by half a millimetre, since neither way keeps the height that the shift gives; what it
        misses by is taken off.
        """
        there = transformer(self)
        longitudes, latitudes = _columns(positions)
        east, north = there.transform(longitudes, latitudes, direction="INVERSE")
        longitudes, latitudes = there.transform(east, north)
        east_again, north_again = there.transform(longitudes, latitudes, direction="INVERSE")
        return [
            (2 * x - x_again, 2 * y - y_again)
            for x, x_again, y, y_again in zip(north, north_again, east, east_again, strict=True)
        ]


def _columns(pairs: Iterable[tuple[float, float]]) -> tuple[list[float], list[float]]:
    found = list(pairs)
    return [first for first, _second in found], [second for _first, second in found]


@lru_cache(maxsize=32)
def transformer(zone: Zone) -> "Transformer":
    """From east and north to longitude and latitude."""
    from pyproj import Transformer

    return Transformer.from_pipeline(
        "+proj=pipeline"
        f" +step +inv +proj=tmerc +lat_0=0 +lon_0={zone.meridian} +k={SCALES[zone.width]} +x_0=500000 +ellps=WGS84"
        " +step +proj=push +v_3 +step +proj=cart +ellps=WGS84"
        f" +step +proj=helmert {SHIFT} {TURN} {STRETCH} +convention=coordinate_frame"
        " +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


THREE = tuple(Zone(meridian) for meridian in PROVINCES)
SIX = tuple(Zone(meridian, 6) for meridian in SIX_DEGREES)
ZONES: Mapping[str, Zone] = {zone.key: zone for zone in (*THREE, *SIX)}


def nearest(box: Box) -> Zone:
    """The zone of 3° whose meridian is the nearest to the middle of a box: where its plane distorts the least."""
    middle = (box.west + box.east) / 2
    return min(THREE, key=lambda zone: abs(zone.meridian - middle))


def zone_of(province: str, day: date) -> Zone | None:
    """That of a province's cadastral maps, by its administrative code; None where it is not known."""
    if day >= MERGED and province in UNCERTAIN_SINCE_MERGED:
        return None
    return next((zone for zone in THREE if province in dict(PROVINCES[zone.meridian])), None)
