"""A place on the map: a point, a line, an area, or several of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from django.db import models
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb
from pydantic import AfterValidator
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields import formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Control, Field, not_empty, too_long
from lienthong.foundation.fields.problems import Invalid, Problem, missing, wrong_kind
from lienthong.foundation.fields.raw import ABSENT, Absent, Posted
from lienthong.foundation.fields.typed import is_blank
from lienthong.foundation.geometry import measures, reading, sketch
from lienthong.foundation.geometry.columns import BoxField
from lienthong.foundation.geometry.reading import Way
from lienthong.foundation.geometry.shape import MULTI, TYPES, Geometry, Shape
from lienthong.foundation.geometry.zones import SIX, THREE, ZONES, Zone, zone_of

WGS84 = "wgs84"
MOST_ROWS = 200
"""Points that a card lists; the others are in the GeoJSON."""

_PARTS = ("text", "system", "shape", "exchange")


class GeometryField(Field):
    """Kept as GeoJSON in WGS 84. People type a table of coordinates as surveyors have it (VN-2000, X to the north, Y to
    the east, in metres; the zone of the province is proposed), or paste GeoJSON or WKT; what was understood is drawn
    beside it. An area is checked: a boundary that crosses itself is refused with the place where it does.
    """

    type: Literal["geometry"] = "geometry"
    shapes: Annotated[tuple[Shape, ...], AfterValidator(not_empty)] = Attribute(
        ("polygon",), description="What it may be; multi-… for several parts together"
    )
    area: bool = Attribute(False, description="Whether its area (m², on the ellipsoid) is kept beside it")
    length: bool = Attribute(False, description="Whether its length (m; of an area all around) is kept beside it")

    about: ClassVar[str] = "A point, a line or an area on the map"
    asks: ClassVar[str | Promise] = _("Enter the coordinates of %(label)s.")
    template: ClassVar[str] = "fields/widgets/geometry.html"
    frame: ClassVar[Literal["own"]] = "own"
    refreshes_itself: ClassVar[bool] = True
    narrows: ClassVar[Literal[""]] = ""
    longest: ClassVar[int] = reading.LONGEST
    members: ClassVar[tuple[str, ...]] = ("area", "length", "longitude", "latitude")

    def check_default(self, default: Any) -> None:
        raise PydanticCustomError("default", "{why}", {"why": _now("a geometry has no default")})

    # the value

    def blank(self, raw: Any) -> bool:
        if isinstance(raw, dict) and "type" not in raw:
            return not raw.get("text") or (isinstance(raw["text"], str) and is_blank(raw["text"]))
        return super().blank(raw)

    def missing(self) -> Mapping[str, Problem]:
        return {"text": missing(self.asks, self.label)}

    def parse(self, raw: Any, context: Context) -> Geometry:
        if isinstance(raw, dict) and "type" in raw:
            return reading.read_json(raw, self.shapes)
        given = {"text": raw} if isinstance(raw, str) else raw
        if not isinstance(given, dict):
            raise wrong_kind()
        try:
            return reading.read_text(self._typed(given.get("text")), self._way(given, context), self.shapes)
        except Invalid as error:
            raise Invalid({"text": error.problems[""]}) from error

    def _typed(self, text: Any) -> str:
        if not isinstance(text, str):
            raise wrong_kind()
        if len(text) > self.longest:
            raise too_long(self.longest, len(text))
        return text

    def _way(self, given: Mapping[str, Any], context: Context) -> Way:
        system = given.get("system")
        zone = ZONES.get(str(system)) if system else self._zone(context)
        shape = next((kind for kind in self.kinds if kind == given.get("shape")), self.kinds[0])
        return Way(zone, bool(given.get("exchange")), shape)

    @property
    def kinds(self) -> Sequence[Shape]:
        """Points, lines, areas: what a table can be read as."""
        order: tuple[Shape, ...] = ("polygon", "line", "point")
        return [kind for kind in order if {kind, f"multi-{kind}"} & set(self.shapes)]

    @staticmethod
    def _zone(context: Context) -> Zone | None:
        return zone_of(context.province, context.at)

    def to_json(self, value: Any) -> dict[str, Any]:
        return dict(value.to_json())

    def from_json(self, json: Any) -> Geometry:
        return Geometry.from_json(json)

    def read_by_expressions(self, value: Any, context: Context) -> dict[str, Any]:
        if value is None:
            return dict.fromkeys(self.members)
        if isinstance(value, Mapping):  # a sample
            return dict(value)
        box = value.box
        return {
            "area": measures.area(value),
            "length": measures.length(value),
            "longitude": (box.west + box.east) / 2,
            "latitude": (box.south + box.north) / 2,
        }

    def samples(self) -> Iterable[Mapping[str, float]]:
        """What expressions read, not a geometry: to measure one takes what is slow to load."""
        return ({"area": 250.5, "length": 70.2, "longitude": 107.7, "latitude": 12.0},)

    def show(self, value: Any, context: Context) -> str:
        """Area of 5 points, 1.234,5 m². A point by its coordinates."""
        if value.type == "Point":
            (system, place), *_rest = self._written(value, context)
            return f"{place} ({system})"
        count = sum(1 for _position in value.positions)
        name = str(_NAMES[value.type.removeprefix(MULTI)]) % {"count": formats.number(count)}
        return ", ".join([name, *(f"{size}" for _label, size in self._sizes(value))])

    def _sizes(self, value: Geometry) -> Iterable[tuple[str, str]]:
        if (area := measures.area(value)) is not None:
            yield str(_("Area on the ellipsoid")), f"{formats.number(_rounded(area, 1), 1)} m²"
        elif (length := measures.length(value)) is not None:
            yield str(_("Length")), f"{formats.number(_rounded(length, 2), 2)} m"

    def _written(self, value: Geometry, context: Context) -> Iterable[tuple[str, str]]:
        """A point in the systems that people know it by."""
        (longitude, latitude) = next(value.positions)
        if zone := self._zone(context):
            ((x, y),) = zone.from_wgs84([(longitude, latitude)])
            yield (
                str(_("VN-2000, central meridian %(meridian)s")) % {"meridian": zone.name},
                f"X {_metres(x)}, Y {_metres(y)}",
            )
        yield "WGS 84", f"{_degrees(latitude)}, {_degrees(longitude)}"

    def picture(self, value: Any, context: Context) -> SafeString:
        """A drawing with its scale, areas and lengths, and the table of coordinates."""
        zone = self._zone(context)
        positions = list(value.positions)
        first = positions[:MOST_ROWS]
        plane = zone.from_wgs84(first) if zone else []
        rows = [
            {
                "number": str(n + 1),
                "x": _metres(plane[n][0]) if zone else "",
                "y": _metres(plane[n][1]) if zone else "",
                "latitude": _degrees(latitude),
                "longitude": _degrees(longitude),
            }
            for n, (longitude, latitude) in enumerate(first)
        ]
        return render_to_string(
            "fields/geometry/picture.html",
            {
                "sketch": sketch.sketch(value),
                "text": self.show(value, context),
                "facts": self._facts(value, zone),
                "zone": zone,
                "rows": rows,
                "left_out": len(positions) - len(first),
                "geojson": json.dumps(value.to_json()),
            },
        )

    def _facts(self, value: Geometry, zone: Zone | None) -> Sequence[tuple[str, str]]:
        found = []
        if zone and (area := measures.plane_area(value, zone)) is not None:
            label = str(_("Area in the VN-2000 plane, central meridian %(meridian)s")) % {"meridian": zone.name}
            found.append((label, f"{formats.number(_rounded(area, 1), 1)} m²"))
        found += self._sizes(value)
        if value.type.endswith("Polygon") and (length := measures.length(value)) is not None:
            found.append((str(_("Boundary")), f"{formats.number(_rounded(length, 2), 2)} m"))
        return found

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"type": {"enum": [TYPES[shape] for shape in self.shapes]}, "coordinates": {"type": "array"}},
            "required": ["type", "coordinates"],
            "additionalProperties": False,
            "x-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        }

    # the table

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        """All are always there: whether area and length are kept is a wish that a later version may change."""
        return {
            "": models.JSONField(null=True),
            "_box": BoxField(null=True),
            "_area": models.DecimalField(max_digits=18, decimal_places=2, null=True),
            "_length": models.DecimalField(max_digits=18, decimal_places=2, null=True),
        }

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        if value is None:
            return dict.fromkeys(("", "_box", "_area", "_length"))
        area, length = self.area and measures.area(value), self.length and measures.length(value)
        return {
            "": Jsonb(self.to_json(value)),
            "_box": value.box.sql(),
            "_area": _rounded(area, 2) if area else None,
            "_length": _rounded(length, 2) if length else None,
        }

    def from_columns(self, stored: Mapping[str, Any]) -> Geometry | None:
        return None if stored[""] is None else self.from_json(stored[""])

    # the form

    def from_post(self, posted: Posted) -> Any | Absent:
        parts = {part: posted.at([part]).values[-1] for part in _PARTS if posted.at([part]).values}
        return parts or ABSENT

    def as_typed(self, raw: Any) -> str:
        return ""

    def to_post(self, raw: Any, name: str) -> Iterable[tuple[str, str]]:
        if isinstance(raw, dict) and "type" in raw:
            return ((f"{name}.text", json.dumps(raw)), (f"{name}.system", WGS84))
        parts = {"text": raw} if isinstance(raw, str) else raw if isinstance(raw, dict) else {}
        return ((f"{name}.{part}", parts[part]) for part in _PARTS if isinstance(parts.get(part), str))

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        value, problem = None, None
        if not self.blank(raw):
            try:
                value = self.parse(raw, context)
            except Invalid as error:
                problem = next(iter(error.problems.values()))
        typed = self._as_parts(raw, value, context)
        exchange = typed.get("exchange", "")
        offered = bool(exchange) or (problem is not None and problem.code == "exchanged")
        return {
            "controls": [
                Control("text", "lines", _("Coordinates"), typed.get("text", ""), refreshes=True),
                Control("system", "select", _("System of coordinates"), typed["system"], self._systems(context), True),
                *(
                    [Control("shape", "select", _("The points are"), typed["shape"], self._kind_options(), True)]
                    * self._many
                ),
                *(
                    [Control("exchange", "check", _("Exchange the two numbers of each point"), exchange, (), True)]
                    * offered
                ),
            ],
            "sketch": sketch.sketch(value) if value else None,
            "facts": self._facts(value, self._zone(context)) if value else (),
            "text": self.show(value, context) if value else "",
            "geojson": json.dumps(value.to_json()) if value else "",
            "shapes": " ".join(self.shapes),
        }

    @property
    def _many(self) -> bool:
        return len(self.kinds) > 1

    def _as_parts(self, raw: Any, value: Geometry | None, context: Context) -> dict[str, str]:
        """What stands in the controls: what was typed, or a kept geometry as a table in the province's zone."""
        zone = self._zone(context)
        proposed = {"system": zone.key if zone else WGS84, "shape": self.kinds[0]}
        if isinstance(raw, dict) and "type" in raw:
            shape = reading.shape_of(value).removeprefix("multi-") if value else self.kinds[0]
            table = reading.write_table(value, zone, self.shapes) if value and zone else None
            if table is None:
                return {"text": json.dumps(raw), "system": WGS84, "shape": shape}
            return {**proposed, "text": table, "shape": shape}
        given = {"text": raw} if isinstance(raw, str) else raw if isinstance(raw, dict) else {}
        return {**proposed, **{part: value for part, value in given.items() if isinstance(value, str) and value}}

    def _systems(self, context: Context) -> Sequence[Mapping[str, Any]]:
        own = self._zone(context)
        three = [own, *(zone for zone in THREE if zone != own)] if own else list(THREE)
        degrees = {"value": WGS84, "label": str(_("WGS 84, degrees (telephones, GPS)"))}
        return [
            {"label": "", "options": [degrees]},
            {"label": str(_("VN-2000, zones of 3°")), "options": [_option(zone) for zone in three]},
            {"label": str(_("VN-2000, zones of 6°")), "options": [_option(zone) for zone in SIX]},
        ]

    def _kind_options(self) -> Sequence[Mapping[str, Any]]:
        names: dict[str, str | Promise] = {
            "polygon": _("the boundary of an area"),
            "line": _("a line"),
            "point": _("single points"),
        }
        return [{"label": "", "options": [{"value": kind, "label": str(names[kind])} for kind in self.kinds]}]


_NAMES: dict[str, str | Promise] = {
    "Point": _("%(count)s points"),
    "LineString": _("Line of %(count)s points"),
    "Polygon": _("Area of %(count)s points"),
}


def _option(zone: Zone) -> dict[str, str]:
    words = _("VN-2000, zone of %(width)s°, central meridian %(meridian)s")
    name = str(words) % {"width": zone.width, "meridian": zone.name}
    provinces = ", ".join(zone.provinces)
    return {"value": zone.key, "label": f"{name} ({provinces})" if provinces else name}


def _rounded(value: float, places: int) -> Decimal:
    return Decimal(str(round(value, places)))


def _metres(value: float) -> str:
    """As surveyors write coordinates, without setting thousands apart."""
    return f"{value:.2f}".replace(".", ",")


def _degrees(value: float) -> str:
    return f"{value:.7f}".replace(".", ",")
