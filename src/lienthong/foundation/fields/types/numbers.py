"""Whole numbers, decimals and money, typed the Vietnamese way (1.500.000; 93,5) or the computer's (1500000; 93.5)."""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field as Attribute
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields import formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid, wrong_kind
from lienthong.foundation.fields.typed import compact
from lienthong.foundation.sheets.cells import Cell, as_text

MOST = 10**15
"""Beyond it JSON and CEL would lose digits: both hold numbers in 53 bits."""

_SIGN = re.compile("^[\u2212\u2013]")
_DIGITS = re.compile(r"[+-]?[0-9]+")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)")
_GROUPED_BY_DOTS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_GROUPED_BY_COMMAS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_FRACTION = re.compile(r"[+-]?[0-9]*[.,][0-9]+")


class _Number(Field):
    """What numbers share: limits, a unit, and how text becomes one."""

    natural_width: ClassVar[str] = "short"
    input_mode: ClassVar[str] = "numeric"
    narrows: ClassVar[Literal["span"]] = "span"
    template: ClassVar[str] = "fields/widgets/number.html"

    def typed(self, raw: str, unit: str) -> str:
        """The digits of what was typed: no blanks, no unit, a plain minus."""
        text = _SIGN.sub("-", compact(self.readable(raw, 60)))
        mark = compact(unit).casefold()
        if mark and text.casefold().endswith(mark):
            text = text[: -len(mark)]
        if len(text) > 60:
            raise self.not_a_number()
        return text

    def from_cell(self, cell: Cell, context: Context) -> Any:
        """A program that reckons with numbers keeps 0.1 + 0.2 as 0.30000000000000004."""
        if isinstance(cell, float) and math.isfinite(cell):
            return round(cell, 9)
        return cell if isinstance(cell, int) and not isinstance(cell, bool) else as_text(cell)

    def to_cell(self, value: Any, context: Context) -> Cell:
        return cast(Cell, value)

    def between(self, value: int | Decimal, least: int | Decimal, most: int | Decimal) -> None:
        if value < least:
            raise Invalid.because(
                "too_small", _("The smallest that can be given is %(least)s."), least=self.written(least)
            )
        if value > most:
            raise Invalid.because("too_large", _("The largest that can be given is %(most)s."), most=self.written(most))

    def written(self, value: int | Decimal) -> str:
        return formats.number(value)

    @staticmethod
    def not_a_number() -> Invalid:
        return Invalid.because("not_a_number", _("Write a number in digits, for example 1.500 or 93,5."))

    @staticmethod
    def in_order(least: int | Decimal, most: int | Decimal) -> None:
        if least > most:
            raise PydanticCustomError("range", "{why}", {"why": _now("min is greater than max")})


class Integer(_Number):
    type: Literal["integer"] = "integer"
    min: int = Attribute(0, ge=-MOST, le=MOST, description="Smallest value; 0 unless said")
    max: int = Attribute(MOST, ge=-MOST, le=MOST, description="Largest value")
    unit: str = Attribute("", max_length=20, description="Unit shown after the number")

    about: ClassVar[str] = "Whole number"

    @model_validator(mode="after")
    def _range(self) -> Self:
        self.in_order(self.min, self.max)
        return self

    def parse(self, raw: Any, context: Context) -> int:
        value = _whole(raw) if not isinstance(raw, str) else self._from_text(raw)
        self.between(value, self.min, self.max)
        return value

    def _from_text(self, raw: str) -> int:
        text = self.typed(raw, self.unit)
        if _GROUPED.fullmatch(text):
            text = text.replace(".", "").replace(",", "")
        if _DIGITS.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            raise Invalid.because("not_whole", _("Write a whole number, without a fraction."))
        raise self.not_a_number()

    def from_json(self, json: Any) -> int:
        return _stored_whole(json)

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.BigIntegerField(null=True)}

    def samples(self) -> Iterable[int]:
        return {self.min, min(self.max, max(self.min, 2))}

    def as_typed(self, raw: Any) -> str:
        return formats.number(raw) if _is_whole(raw) else super().as_typed(raw)

    def show(self, value: Any, context: Context) -> str:
        return f"{formats.number(value)} {self.unit}".strip()

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.min, "maximum": self.max}

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        return {"unit": self.unit}


class Year(_Number):
    """Of the calendar. Written as it is, 2021 and not 2.021."""

    type: Literal["year"] = "year"
    min: Annotated[int, Attribute(ge=1, le=9999)] = Attribute(1800, description="Earliest year")
    max: Annotated[int, Attribute(ge=1, le=9999)] | Literal["this year"] = Attribute(
        2200, description="Latest year, or this year"
    )

    about: ClassVar[str] = "Year"
    asks: ClassVar[str | Promise] = _("Enter %(label)s, for example 2021.")

    @model_validator(mode="after")
    def _range(self) -> Self:
        if isinstance(self.max, int):
            self.in_order(self.min, self.max)
        return self

    def parse(self, raw: Any, context: Context) -> int:
        value = _whole(raw) if not isinstance(raw, str) else self._from_text(raw)
        self.between(value, self.min, self.max if isinstance(self.max, int) else context.at.year)
        return value

    def _from_text(self, raw: str) -> int:
        text = self.typed(raw, "")
        if not _FOUR_DIGITS.fullmatch(text):
            raise Invalid.because("not_a_year", _("Write the year with four digits, for example 2021."))
        return int(text)

    def written(self, value: int | Decimal) -> str:
        return str(value)

    def from_json(self, json: Any) -> int:
        return _stored_whole(json)

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.BigIntegerField(null=True)}

    def samples(self) -> Iterable[int]:
        return (min(2021, self.max) if isinstance(self.max, int) else max(2020, self.min),)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.min, **({"maximum": self.max} if isinstance(self.max, int) else {})}


class DecimalNumber(_Number):
    """Typed "1.500" is one thousand five hundred, "1,500" is one and a half, "93.5" and "93,5" are the same.

    In JSON it is a number; limits keep it within the digits that JSON holds exactly.
    """

    type: Literal["decimal"] = "decimal"
    places: int = Attribute(2, ge=1, le=6, description="Most digits after the comma")
    min: Decimal = Attribute(Decimal(0), description="Smallest value; 0 unless said")
    max: Decimal = Attribute(Decimal(10**9), description="Largest value")
    unit: str = Attribute("", max_length=20, description="Unit shown after the number, as m²")

    about: ClassVar[str] = "Number with a fraction"
    input_mode: ClassVar[str] = "decimal"

    @model_validator(mode="after")
    def _range(self) -> Self:
        self.in_order(self.min, self.max)
        if (
            not (self.min.is_finite() and self.max.is_finite())
            or max(abs(self.min), abs(self.max)) * 10**self.places > MOST
        ):
            raise PydanticCustomError(
                "range", "{why}", {"why": _now("min and max have more digits than can be kept exactly")}
            )
        return self

    def parse(self, raw: Any, context: Context) -> Decimal:
        value = _exact(raw) if not isinstance(raw, str) else self._from_text(raw)
        self.between(value, self.min, self.max)
        if value != round(value, self.places):
            raise Invalid.because("places", _("At most %(places)s digits after the comma."), places=self.places)
        return plain(value)

    def _from_text(self, raw: str) -> Decimal:
        text = self.typed(raw, self.unit)
        if _GROUPED_BY_DOTS.fullmatch(text):
            text = text.replace(".", "")
        elif _GROUPED_BY_COMMAS.fullmatch(text):
            text = text.replace(",", "")
        if _DIGITS.fullmatch(text) or _FRACTION.fullmatch(text):
            return Decimal(text.replace(",", "."))
        raise self.not_a_number()

    def to_json(self, value: Any) -> int | float:
        return json_number(value)

    def from_json(self, json: Any) -> Decimal:
        return stored_decimal(json)

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": decimal_column()}

    def from_columns(self, stored: Mapping[str, Any]) -> Decimal | None:
        return None if stored[""] is None else plain(stored[""])

    def samples(self) -> Iterable[Decimal]:
        return {self.min, min(self.max, max(self.min, Decimal("93.5")))}

    def as_typed(self, raw: Any) -> str:
        return formats.number(stored_decimal(raw)) if _is_number(raw) else super().as_typed(raw)

    def show(self, value: Any, context: Context) -> str:
        return f"{formats.number(value)} {self.unit}".strip()

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "number",
            "minimum": json_number(self.min),
            "maximum": json_number(self.max),
            "x-decimal-places": self.places,
        }

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        return {"unit": self.unit}


class Money(_Number):
    type: Literal["money"] = "money"
    min: int = Attribute(0, ge=-MOST, le=MOST, description="Smallest amount in đồng")
    max: int = Attribute(MOST, ge=-MOST, le=MOST, description="Largest amount in đồng")

    about: ClassVar[str] = "Amount in whole đồng"

    @model_validator(mode="after")
    def _range(self) -> Self:
        self.in_order(self.min, self.max)
        return self

    def parse(self, raw: Any, context: Context) -> int:
        value = _whole(raw) if not isinstance(raw, str) else self._from_text(raw)
        self.between(value, self.min, self.max)
        return value

    def _from_text(self, raw: str) -> int:
        text = self.typed(raw, "")
        text = re.sub(r"(?:đồng|vnđ|vnd|đ|₫)$", "", text.casefold())
        if _GROUPED.fullmatch(text):
            text = text.replace(".", "").replace(",", "")
        if not _DIGITS.fullmatch(text):
            raise Invalid.because("not_money", _("Write the amount in đồng, in digits, for example 1.500.000."))
        return int(text)

    def written(self, value: int | Decimal) -> str:
        return formats.money(int(value))

    def from_json(self, json: Any) -> int:
        return _stored_whole(json)

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.BigIntegerField(null=True)}

    def samples(self) -> Iterable[int]:
        return {self.min, min(self.max, max(self.min, 1_500_000))}

    def as_typed(self, raw: Any) -> str:
        return formats.amount(raw) if _is_whole(raw) else super().as_typed(raw)

    def show(self, value: Any, context: Context) -> str:
        return formats.money(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.min, "maximum": self.max, "x-unit": "VND"}

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        return {"unit": "đ"}


def decimal_column() -> "models.DecimalField[Any, Any]":
    """Room for every decimal that can be declared."""
    return models.DecimalField(null=True, max_digits=24, decimal_places=6)


def json_number(value: Decimal | int) -> int | float:
    """The JSON number of a decimal: an int where there is no fraction, so that 93 is not written 93.0."""
    return int(value) if value == int(value) else float(value)


def stored_decimal(json: Any) -> Decimal:
    """The decimal that `json_number` wrote. Raises TypeError."""
    if not _is_number(json):
        raise TypeError("not a number")
    return plain(Decimal(repr(json)))


def plain(value: Decimal) -> Decimal:
    """One form for one number: 93.50 is 93.5, 1E+2 is 100."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _is_whole(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool)


def _is_number(raw: Any) -> bool:
    return _is_whole(raw) or (isinstance(raw, float) and math.isfinite(raw))


def _whole(raw: Any) -> int:
    if _is_whole(raw):
        return int(raw)
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    raise wrong_kind()


def _exact(raw: Any) -> Decimal:
    if not _is_number(raw):
        raise wrong_kind()
    if abs(raw) > 10 * MOST:
        raise _Number.not_a_number()
    return plain(Decimal(repr(raw)))


def _stored_whole(json: Any) -> int:
    if not _is_whole(json):
        raise TypeError("not a whole number")
    return int(json)
