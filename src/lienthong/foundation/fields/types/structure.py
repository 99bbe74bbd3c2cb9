"""Fields made of fields, and values that the system works out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb
from pydantic import AfterValidator, model_validator
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields import formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import AnyField, Field, not_empty
from lienthong.foundation.fields.expressions import Expression, written
from lienthong.foundation.fields.typed import LONGEST
from lienthong.foundation.fields.types.choices import Boolean
from lienthong.foundation.fields.types.numbers import (
    MOST,
    DecimalNumber,
    Integer,
    Money,
    decimal_column,
    json_number,
    plain,
    stored_decimal,
)
from lienthong.foundation.fields.types.texts import Text
from lienthong.foundation.fields.types.times import Date
from lienthong.foundation.sheets.cells import Cell

MOST_ROWS = 500
MOST_CELLS = 5_000


class _OfFields(Field):
    fields: Annotated[tuple[AnyField, ...], AfterValidator(not_empty)] = Attribute(
        max_length=200, description="The fields in it"
    )

    asked: ClassVar[bool] = False
    narrows: ClassVar[Literal[""]] = ""

    def cell_parts(self) -> Mapping[str, str]:
        """Its fields have columns of their own; rows within a row have no place in a spreadsheet."""
        return {}

    @model_validator(mode="after")
    def _has_no_default(self) -> Self:
        if self.default is not None:
            raise PydanticCustomError("default", "{why}", {"why": _now("give the fields in it a default instead")})
        return self


class Section(_OfFields):
    """Its data is nested: `owner.name` is the field name in the section owner."""

    type: Literal["section"] = "section"

    about: ClassVar[str] = "A group of fields with a heading; conditions on it hold for all in it"

    @model_validator(mode="after")
    def _is_not_required(self) -> Self:
        if self.required is not False:
            raise PydanticCustomError("required", "{why}", {"why": _now("make the fields in it required instead")})
        if self.checks:
            raise PydanticCustomError("checks", "{why}", {"why": _now("let one of the fields in it have the checks")})
        return self


class Table(_OfFields):
    """Rows of the same fields. Expressions in it read their own row as `row`: `row.kind == 'other'`."""

    type: Literal["table"] = "table"
    min_rows: int = Attribute(0, ge=0, le=MOST_ROWS, description="Fewest rows that must be filled in")
    max_rows: int = Attribute(50, ge=1, le=MOST_ROWS, description="Most rows")
    row_label: str = Attribute("", max_length=100, description="What one row is called, as Thành viên")

    about: ClassVar[str] = "Rows of the same fields, as many as are needed"
    asks: ClassVar[str | Promise] = _("Fill in at least one row: %(label)s.")
    asked: ClassVar[bool] = True

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.JSONField(null=True)}

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        if self.min_rows > self.max_rows:
            raise PydanticCustomError("range", "{why}", {"why": _now("min_rows is greater than max_rows")})
        if self.max_rows * len(self.fields) > MOST_CELLS:
            raise PydanticCustomError(
                "range", "{why}", {"why": _now("rows times fields are more than %(most)s") % {"most": MOST_CELLS}}
            )
        if any(isinstance(field, _OfFields) for field in self.fields):
            raise PydanticCustomError(
                "table", "{why}", {"why": _now("a table holds plain fields, no tables or sections")}
            )
        return self


class Computed(Field):
    """Shown, kept and never typed. Empty while a value that it needs is not filled in."""

    type: Literal["computed"] = "computed"
    value: Expression = Attribute(description="CEL over the whole data")
    result: Literal["auto", "text", "integer", "decimal", "money", "date", "boolean"] = Attribute(
        "auto", description="What the value is; auto: as the expression gives it, days as text"
    )
    places: int = Attribute(2, ge=0, le=6, description="Digits after the comma that a decimal is rounded to")
    unit: str = Attribute("", max_length=20, description="Unit shown after a number")

    about: ClassVar[str] = "Worked out by the system from other fields"
    template: ClassVar[str] = "fields/widgets/computed.html"
    asked: ClassVar[bool] = False

    @model_validator(mode="after")
    def _is_not_asked(self) -> Self:
        if self.required is not False or self.default is not None:
            raise PydanticCustomError(
                "computed", "{why}", {"why": _now("a computed value is neither required nor has it a default")}
            )
        return self

    # the list: narrowed as by a field that is filled in with such a value

    @cached_property
    def _like(self) -> Field | None:
        """None for `auto`, of which nobody knows what it is."""
        match self.result:
            case "integer":
                return Integer(key=self.key, label=self.label, min=-MOST)
            case "money":
                return Money(key=self.key, label=self.label, min=-MOST)
            case "decimal":
                return DecimalNumber(key=self.key, label=self.label, min=Decimal(-(10**9)), places=6, unit=self.unit)
            case "date":
                return Date(key=self.key, label=self.label, min=date.min)
            case "boolean":
                return Boolean(key=self.key, label=self.label, look="radio")
            case "text":
                return Text(key=self.key, label=self.label, max_length=LONGEST)
            case "auto":
                return None

    @property
    def narrows(self) -> Literal["typed", "chosen", "span", ""]:  # type: ignore[override]
        return self._like.narrows if self._like else ""

    @property
    def input_type(self) -> str:  # type: ignore[override]
        return self._like.input_type if self._like else "text"

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        return self._like.narrowing(context) if self._like else ()

    def meant(self, wanted: str, context: Context) -> Sequence[Any]:
        return self._like.meant(wanted, context) if self._like else ()

    def made_of(self, found: Any) -> Any:
        """The value kept of what the expression gave; None where it is of the wrong kind."""
        match self.result, found:
            case _, None:
                return None
            case "boolean" | "auto", bool():
                return found
            case _, bool():
                return written(found) if self.result == "text" else None
            case "integer" | "money", int() | Decimal():
                return round(found) if isinstance(found, Decimal) else found
            case "decimal" | "auto", int() | Decimal():
                return self._rounded(found)
            case "date", _:
                return found if isinstance(found, date) and not isinstance(found, datetime) else None
            case "text" | "auto", _:
                return written(found)
            case _:
                return None

    def _rounded(self, found: int | Decimal) -> int | Decimal:
        rounded = round(Decimal(found), self.places)
        if rounded != rounded.to_integral_value():
            return rounded.normalize()
        return int(rounded) if self.result == "auto" else rounded.quantize(Decimal(1))

    def cell_parts(self) -> Mapping[str, str]:
        return {}

    def to_cell(self, value: Any, context: Context) -> Cell:
        return value if isinstance(value, (int, Decimal, date)) else self.show(value, context)

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        column: models.Field[Any, Any]
        match self.result:
            case "integer" | "money":
                column = models.BigIntegerField(null=True)
            case "decimal":
                column = decimal_column()
            case "date":
                column = models.DateField(null=True)
            case "boolean":
                column = models.BooleanField(null=True)
            case "text":
                column = models.TextField(null=True)
            case "auto":
                column = models.JSONField(null=True)
        return {"": column}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        return {"": Jsonb(self.to_json(value)) if self.result == "auto" and value is not None else value}

    def from_columns(self, stored: Mapping[str, Any]) -> Any:
        value = stored[""]
        if self.result == "auto" and value is not None:
            return self.from_json(value)
        return plain(value) if isinstance(value, Decimal) else value

    def to_json(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return json_number(value)
        return value.isoformat() if hasattr(value, "isoformat") else value

    def from_json(self, json: Any) -> Any:
        if self.result == "date":
            return date.fromisoformat(json)
        if isinstance(json, bool | str) or (isinstance(json, int) and self.result != "decimal"):
            return json
        return stored_decimal(json)

    def samples(self) -> Iterable[Any]:
        return ()

    def show(self, value: Any, context: Context) -> str:
        match value:
            case bool():
                return written(value)
            case int() | Decimal() if self.result == "money":
                return formats.money(int(value))
            case int() | Decimal():
                return f"{formats.number(value)} {self.unit}".strip()
            case _:
                return written(value)

    def json_schema(self) -> dict[str, Any]:
        kinds: dict[str, dict[str, Any]] = {
            "auto": {},
            "text": {"type": "string"},
            "integer": {"type": "integer"},
            "decimal": {"type": "number"},
            "money": {"type": "integer", "x-unit": "VND"},
            "date": {"type": "string", "format": "date"},
            "boolean": {"type": "boolean"},
        }
        return {**kinds[self.result], "readOnly": True, "x-computed": self.value}
