"""Geometries as surveyors and hostile people make them."""

import math

from hypothesis import strategies as st

from lienthong.foundation.geometry.shape import Geometry, Position
from lienthong.foundation.geometry.validity import checked

GIA_NGHIA = (107.69, 12.005)


def _degrees(least: float, most: float) -> st.SearchStrategy[float]:
    return st.integers(round(least * 10**9), round(most * 10**9)).map(lambda n: n / 10**9)


def positions() -> st.SearchStrategy[Position]:
    """Anywhere in the province."""
    return st.tuples(_degrees(107.2, 108.2), _degrees(11.8, 12.8))


@st.composite
def areas(draw: st.DrawFn) -> Geometry:
    """Stars around a middle: any number of corners, never crossing themselves; some with a hole."""
    middle = draw(positions())
    count = draw(st.integers(3, 12))
    size = draw(st.floats(0.0001, 0.01))
    outer = _star(draw, middle, count, size)
    hole = [_star(draw, middle, 4, size * 0.2)] if count > 5 and draw(st.booleans()) else []
    return checked(Geometry("Polygon", (outer, *hole)))


def _star(draw: st.DrawFn, middle: Position, count: int, size: float) -> tuple[Position, ...]:
    away = [draw(st.floats(0.6, 1.0)) * size for _corner in range(count)]
    points = [
        (
            round(middle[0] + far * math.cos(math.tau * n / count), 9),
            round(middle[1] + far * math.sin(math.tau * n / count), 9),
        )
        for n, far in enumerate(away)
    ]
    return (*points, points[0])


def lines() -> st.SearchStrategy[Geometry]:
    return st.lists(positions(), min_size=2, max_size=8, unique=True).map(
        lambda found: Geometry("LineString", tuple(found))
    )


def points() -> st.SearchStrategy[Geometry]:
    return positions().map(lambda position: Geometry("Point", position))


def geometries() -> st.SearchStrategy[Geometry]:
    return st.one_of(points(), lines(), areas())
