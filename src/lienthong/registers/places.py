"""Where entries lie: boxes find the candidates by index, shapely decides on what comes back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from lienthong.foundation.fields.data import Values
from lienthong.foundation.geometry.shape import Box, Geometry, Position
from lienthong.registers.definition import RegisterBody


class HasValues(Protocol):
    @property
    def values(self) -> Values: ...


Found = TypeVar("Found", bound=HasValues)
After = TypeVar("After")


@dataclass(frozen=True, slots=True)
class Places:
    """What is asked of geometries, by the keys of their fields."""

    box: Mapping[str, Box] = field(default_factory=dict)
    point: Mapping[str, Position] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.box or self.point)

    @property
    def keys(self) -> Sequence[str]:
        return [*self.box, *self.point]

    @property
    def conditions(self) -> Iterator[tuple[str, str, str]]:
        """Of the columns of boxes: key, operator with its place, value. The index finds boxes in boxes, so a point is
        one without a size."""
        for key, box in self.box.items():
            yield key, "&& %s::box", box.sql()
        for key, (longitude, latitude) in self.point.items():
            yield key, "@> %s::box", Box(longitude, latitude, longitude, latitude).sql()


def exactly(
    body: RegisterBody,
    places: Places,
    candidates: Callable[[After | None], list[Found]],
    cursor: Callable[[Found], After],
    after: After | None,
    size: int,
) -> Iterator[Found]:
    """Those candidates that really lie there, page after page of candidates as long as somebody takes them."""
    while True:
        found = candidates(after)
        yield from (entry for entry in found if _lies(body, places, entry.values))
        if len(found) < size:
            return
        after = cursor(found[-1])


def _lies(body: RegisterBody, places: Places, values: Values) -> bool:
    import shapely

    for key, box in places.box.items():
        geometry = body.layout.value(key, values)
        if geometry is None or not _shape(geometry).intersects(shapely.box(box.west, box.south, box.east, box.north)):
            return False
    for key, position in places.point.items():
        geometry = body.layout.value(key, values)
        if geometry is None or not _shape(geometry).intersects(shapely.Point(position)):
            return False
    return True


def _shape(geometry: Geometry) -> Any:
    from shapely.geometry import shape

    return shape(geometry.to_json())
