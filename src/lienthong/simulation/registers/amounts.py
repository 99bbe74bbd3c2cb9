"""How much: numbers, sums and sizes of an entry, a part never more than the whole."""

import math
from decimal import Decimal
from random import Random
from typing import Any

from lienthong.foundation.fields.types.numbers import DecimalNumber, Integer, Money
from lienthong.simulation import vocabulary
from lienthong.simulation.chance import about
from lienthong.simulation.people import Person
from lienthong.simulation.registers import days, lexicon
from lienthong.simulation.registers.lexicon import Called
from lienthong.simulation.registers.scene import Scene

SQUARES = {"m²": 1.0, "ha": 10_000.0, "km²": 1_000_000.0}
LENGTHS = {"m": 1.0, "km": 1_000.0}
USUAL_SQUARE, USUAL_LENGTH = 900.0, 1_200.0
LITTLE = (0.86, 1.2)
ABOUT_ONE = 2.0
"""Of small numbers, what they are about."""


def number_for(
    scene: Scene,
    field: Integer | DecimalNumber | Money,
    name: Called,
    who: Person,
    rng: Random,
    *,
    row: str = "",
) -> int | float:
    """A number within what the field allows."""
    if not isinstance(field, Money) and (year := days.year_for(scene, field, name, who, rng)):
        number: float | None = float(year)
    else:
        number = _part(scene, name.key, row, rng)
    return _within(field, _amount(field, name, rng) if number is None else number)


def near(field: Integer | DecimalNumber | Money, before: float, rng: Random) -> int | float:
    """A little more or less."""
    return _within(field, before * rng.uniform(*LITTLE))


def _within(field: Integer | DecimalNumber | Money, number: float) -> int | float:
    number = min(max(number, float(field.min)), float(field.max))
    if isinstance(field, DecimalNumber):
        return round(number, 0 if number >= 1000 else min(field.places, 1 if number >= 10 else 2))
    return _rounded(number) if isinstance(field, Money) else round(number)


def _part(scene: Scene, key: str, row: str, rng: Random) -> float | None:
    known = lexicon.part_of(key)
    if not known:
        return None
    of, least, most = known
    whole = _number(scene.answered.get(f"{row}/{of}")) if row else None
    whole = _number(scene.answered.get(of)) if whole is None else whole
    return None if whole is None else whole * rng.uniform(least, most)


def _amount(field: Integer | DecimalNumber | Money, name: Called, rng: Random) -> float:
    unit = "đ" if isinstance(field, Money) else field.unit
    called = f"{name.key}|{name.label}|{name.of}|{unit.lower()}"
    middle = lexicon.middle_for(called)
    if middle is None and isinstance(field, Integer) and field.max <= 12:
        return rng.randint(int(field.min), int(field.max))
    if middle is None:
        return vocabulary.number_for(field.key, unit, rng)
    return about(rng, middle, 0.35) if middle > ABOUT_ONE else middle * rng.choice((0.5, 1, 1, 1, 1.5))


def _rounded(amount: float) -> int:
    """As sums are written: the first three digits, and thousands."""
    if amount < 1000:
        return round(amount)
    digits = max(3, int(math.log10(amount)) - 2)
    return int(round(amount, -digits))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def square_metres(scene: Scene) -> float:
    """How large the thing is, by the first area that was said of it."""
    return _said(scene, "dien_tich", SQUARES, USUAL_SQUARE)


def metres_along(scene: Scene) -> float:
    return _said(scene, "chieu_dai", LENGTHS, USUAL_LENGTH)


def _said(scene: Scene, beginning: str, units: dict[str, float], usual: float) -> float:
    for key, node in scene.body.leaves.items():
        number = _number(scene.answered.get(key)) if key.startswith(beginning) else None
        if number and (factor := units.get(getattr(node.field, "unit", ""))):
            return number * factor
    return usual
