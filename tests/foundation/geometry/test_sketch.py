"""The small drawing."""

import re

import pytest
from hypothesis import given, settings

from lienthong.foundation.geometry.shape import Geometry
from lienthong.foundation.geometry.sketch import HEIGHT, WIDTH, sketch
from tests.foundation.geometry.shapes import geometries


@settings(max_examples=60, deadline=None)
@given(geometries())
def test_all_that_is_drawn_is_inside_the_picture(geometry: Geometry) -> None:
    drawn = sketch(geometry)
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", drawn.area + drawn.lines)]
    assert all(0 <= x <= WIDTH for x in numbers[::2])
    assert all(0 <= y <= HEIGHT for y in numbers[1::2])
    assert all(0 <= float(dot.x) <= WIDTH and 0 <= float(dot.y) <= HEIGHT for dot in drawn.dots)
    assert 0 < float(drawn.bar) <= WIDTH / 2
    assert re.fullmatch(r"[125]0* (m|km|cm)|0,[125] (m|cm)", drawn.scale)


def test_the_scale_is_a_round_length_true_to_the_drawing() -> None:
    square = Geometry.of(
        "Polygon", [[[107.0, 12.0], [107.001, 12.0], [107.001, 12.001], [107.0, 12.001], [107.0, 12.0]]]
    )
    drawn = sketch(square)
    west, east = (float(x) for x in re.findall(r"[ML](\d+\.\d) ", drawn.area)[:2])
    metres = 0.001 * 111_320 * 0.9781476
    assert (float(drawn.bar) - 12) / (east - west) * metres == pytest.approx(50, rel=0.02)
    assert drawn.scale == "50 m"
