"""How long something may take, as the law writes it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from lienthong.foundation.errors import DomainError

HOURS_IN_A_WORKING_DAY = 8
LONGEST = Decimal(9999)
_WRITTEN = re.compile(r"([0-9]{1,9})(\.[0-9]{1,9})?\s+(working day|day|working hour)s?", re.ASCII)
_PATTERN = r"^[0-9]+(\.[0-9]{1,2})? (working days?|days?|working hours?)$"


class Unit(StrEnum):
    """What is counted. `DAY` is every day of the calendar, days off too."""

    WORKING_DAY = "working day"
    DAY = "day"
    WORKING_HOUR = "working hour"


class LimitUnreadable(DomainError):
    """A text or an amount that is not a time limit."""

    code = "calendars.limit_unreadable"


_WAY_OUT = gettext_lazy("Write it as “20 working days”, “15 days” (calendar days) or “8 working hours”.")


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: more than nothing, at most 9999 of its unit, in steps of a hundredth (calendar days: whole ones).

    Written and read as "20 working days", "15 days" (calendar days), "8 working hours"; a pydantic field of this type
    takes and gives that text. A part of a working day is counted in hours, eight to the day. Raises LimitUnreadable.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "amount", Decimal(self.amount))
        if not self.amount.is_finite() or not 0 < self.amount <= LONGEST:
            message = gettext_lazy("A time limit is more than 0 and at most %(longest)s.")
            raise LimitUnreadable(message, way_out=_WAY_OUT, longest=LONGEST)
        step = Decimal(1) if self.unit is Unit.DAY else Decimal("0.01")
        if self.amount % step:
            message = gettext_lazy("Calendar days are whole; working days and working hours have at most two decimals.")
            raise LimitUnreadable(message, way_out=_WAY_OUT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The limit that `text` writes. Raises LimitUnreadable."""
        written = _WRITTEN.fullmatch(text.strip())
        if not written:
            raise LimitUnreadable(
                gettext_lazy("“%(text)s” is not a time limit."), way_out=_WAY_OUT, text=text.strip()[:60]
            )
        whole, part, unit = written.groups()
        return cls(Decimal(whole + (part or "")), Unit(unit))

    @classmethod
    def working_days(cls, amount: Decimal | int) -> Self:
        return cls(Decimal(amount), Unit.WORKING_DAY)

    @classmethod
    def days(cls, amount: int) -> Self:
        """Calendar days: every day counts."""
        return cls(Decimal(amount), Unit.DAY)

    @classmethod
    def working_hours(cls, amount: Decimal | int) -> Self:
        return cls(Decimal(amount), Unit.WORKING_HOUR)

    def __str__(self) -> str:
        """The text as declarations write it; `parse` reads it back to an equal limit."""
        return f"{_plain(self.amount)} {self.unit}{'' if self.amount == 1 else 's'}"

    @property
    def whole_days(self) -> int:
        """Working or calendar days without the part that is counted in hours; 0 for hours."""
        return 0 if self.unit is Unit.WORKING_HOUR else int(self.amount)

    @property
    def hours_beyond(self) -> timedelta:
        """Working time beyond the whole days."""
        in_hours = self.amount - self.whole_days
        if self.unit is Unit.WORKING_DAY:
            in_hours *= HOURS_IN_A_WORKING_DAY
        return timedelta(seconds=int(in_hours * 3600))

    @property
    def usual_working_time(self) -> timedelta:
        """About how much working time it gives, to compare limits of different units before a dossier exists.

        Eight hours a working day, five working days in seven calendar days.
        """
        hours = {
            Unit.WORKING_HOUR: self.amount,
            Unit.WORKING_DAY: self.amount * HOURS_IN_A_WORKING_DAY,
            Unit.DAY: self.amount * HOURS_IN_A_WORKING_DAY * 5 / 7,
        }
        return timedelta(seconds=round(hours[self.unit] * 3600))

    @property
    def text(self) -> str:
        """In words for people, in their language: “20 ngày làm việc”."""
        one = int(self.amount) if self.amount == self.amount.to_integral_value() else 2  # parts take the plural
        amount = number_format(_plain(self.amount))
        match self.unit:
            case Unit.WORKING_DAY:
                return ngettext("%(amount)s working day", "%(amount)s working days", one) % {"amount": amount}
            case Unit.DAY:
                return ngettext("%(amount)s day", "%(amount)s days", one) % {"amount": amount}
            case Unit.WORKING_HOUR:
                return ngettext("%(amount)s working hour", "%(amount)s working hours", one) % {"amount": amount}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": _PATTERN,
            "examples": ["20 working days", "15 days", "8 working hours"],
            "description": "A time limit in working days, in days (calendar days) or in working hours",
        }


def _validated(value: object) -> Limit:
    if isinstance(value, Limit):
        return value
    try:
        return Limit.parse(value if isinstance(value, str) else repr(value))
    except LimitUnreadable as refused:
        raise PydanticCustomError("limit", "{message}", {"message": refused.in_full}) from None


def _plain(amount: Decimal) -> str:
    """Without an exponent and without zeros at its end."""
    return f"{amount.normalize():f}"
