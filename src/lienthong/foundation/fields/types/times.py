"""Days and moments."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Literal, Self, cast

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, model_validator
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation import clock
from lienthong.foundation.fields import formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.typed import compact, one_line
from lienthong.foundation.sheets.cells import Cell, as_text

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_VIETNAMESE = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{1,4})")
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?$")
_TIME = re.compile(r"(?:^|[ T])([0-9]{1,2})(?::|h|g)([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?:$| )")


def _day_or_today(declared: Any) -> Any:
    if declared == "today" or isinstance(declared, date) or (isinstance(declared, str) and _ISO.fullmatch(declared)):
        return declared
    raise PydanticCustomError("day", "{why}", {"why": _now("must be today, or a day written like 2021-01-31")})


Limit = Annotated[date | Literal["today"], BeforeValidator(_day_or_today)]


class Date(Field):
    """Typed as the browser's calendar gives it, or 15/3/2021, 15-3-2021, 15.3.2021. The year has four digits."""

    type: Literal["date"] = "date"
    min: Limit = Attribute(date(1900, 1, 1), description="Earliest day, or today; 1900-01-01 unless said")
    max: Limit = Attribute(date(2200, 12, 31), description="Latest day, or today")

    natural_width: ClassVar[str] = "short"
    about: ClassVar[str] = "Day"
    asks: ClassVar[Any] = _("Enter %(label)s, for example 15/03/2021.")
    input_type: ClassVar[str] = "date"
    narrows: ClassVar[Literal["span"]] = "span"
    template: ClassVar[str] = "fields/widgets/date.html"

    @model_validator(mode="after")
    def _range(self) -> Self:
        if isinstance(self.min, date) and isinstance(self.max, date) and self.min > self.max:
            raise PydanticCustomError("range", "{why}", {"why": _now("min is after max")})
        return self

    def parse(self, raw: Any, context: Context) -> date:
        value = read_day(compact(self.readable(raw, 40)))
        if value < (least := _limit(self.min, context)):
            raise Invalid.because("too_early", _too_early(self.min), least=formats.day(least))
        if value > (most := _limit(self.max, context)):
            raise Invalid.because("too_late", _too_late(self.max), most=formats.day(most))
        return value

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.DateField(null=True)}

    def from_cell(self, cell: Cell, context: Context) -> Any:
        """A day, or a moment at which it begins, which is how some programs write a day."""
        if isinstance(cell, date):
            return f"{cell:%Y-%m-%d}" if cell.year >= 1000 else as_text(cell)
        return _MIDNIGHT.sub("", cell) if isinstance(cell, str) else as_text(cell)

    def to_cell(self, value: Any, context: Context) -> Cell:
        return cast(Cell, value)

    def to_json(self, value: Any) -> str:
        return str(value.isoformat())

    def from_json(self, json: Any) -> date:
        return date.fromisoformat(json)

    def samples(self) -> Iterable[date]:
        return (date(2000, 3, 15),)

    def show(self, value: Any, context: Context) -> str:
        return formats.day(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        """Browsers show nothing in a date box for what is no date: then the box is one for text."""
        picker = raw in (None, "") or bool(_is_iso_day(raw))
        return {
            "type": "date" if picker else "text",
            "min": _limit(self.min, context).isoformat(),
            "max": _limit(self.max, context).isoformat(),
        }


class DateTime(Field):
    """To the minute, on Vietnam's clock. Not before 1976, when the two halves of the country had two clocks."""

    type: Literal["datetime"] = "datetime"

    natural_width: ClassVar[str] = "medium"
    about: ClassVar[str] = "Day and time"
    asks: ClassVar[Any] = _("Enter %(label)s, for example 08:30 15/03/2021.")
    input_type: ClassVar[str] = "datetime-local"
    narrows: ClassVar[Literal["span"]] = "span"
    template: ClassVar[str] = "fields/widgets/date.html"

    def parse(self, raw: Any, context: Context) -> datetime:
        text = one_line(self.readable(raw, 60))[:60]
        value = _iso_moment(text) or _vietnamese_moment(text)
        if not 1976 <= value.year <= 2200:
            raise Invalid.because("moment_range", _("The year must be from 1976 to 2200."))
        return value

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.DateTimeField(null=True)}

    def from_cell(self, cell: Cell, context: Context) -> Any:
        if isinstance(cell, date):
            return cell.isoformat() if isinstance(cell, datetime) else f"{cell.isoformat()} 00:00"
        return as_text(cell)

    def to_cell(self, value: Any, context: Context) -> Cell:
        return clock.local(value).replace(tzinfo=None)

    def from_columns(self, stored: Mapping[str, Any]) -> datetime | None:
        return None if stored[""] is None else clock.local(stored[""])

    def to_json(self, value: Any) -> str:
        return clock.local(value).isoformat(timespec="minutes")

    def from_json(self, json: Any) -> datetime:
        value = datetime.fromisoformat(json)
        if value.tzinfo is None:
            raise ValueError("a moment without its offset")
        return clock.local(value)

    def samples(self) -> Iterable[datetime]:
        return (datetime(2000, 3, 15, 8, 30, tzinfo=clock.ZONE),)

    def as_typed(self, raw: Any) -> str:
        if isinstance(raw, str) and (value := _offset_moment(raw)):
            return value.strftime("%Y-%m-%dT%H:%M")
        return super().as_typed(raw)

    def show(self, value: Any, context: Context) -> str:
        return formats.moment(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def bound(self, typed: str, context: Context, *, last: bool) -> datetime:
        """From the beginning of a day to the end of another."""
        return datetime.combine(read_day(compact(typed)), time.max if last else time.min, clock.ZONE)

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        typed = self.as_typed(raw)
        picker = not typed or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", typed)
        return {"type": "datetime-local" if picker else "text"}


def read_day(text: str) -> date:
    """The day that was typed, without white space. Raises Invalid."""
    if iso := _ISO.fullmatch(text):
        year, month, day = iso.groups()
    elif typed := _VIETNAMESE.fullmatch(text):
        day, _mark, month, year = typed.groups()
        if len(year) != 4:
            raise Invalid.because("short_year", _("Write the year with four digits, for example 15/03/2021."))
    else:
        raise Invalid.because("not_a_day", _("Write the day as day/month/year, for example 15/03/2021."))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Invalid.because(
            "no_such_day", _("There is no day %(day)s/%(month)s/%(year)s."), day=day, month=month, year=year
        ) from error


def _is_iso_day(raw: Any) -> bool:
    try:
        return isinstance(raw, str) and date.fromisoformat(raw).isoformat() == raw
    except ValueError:
        return False


def _limit(limit: date | str, context: Context) -> date:
    return context.at if isinstance(limit, str) else limit


def _too_early(limit: date | str) -> Any:
    return (
        _("The day must not be before today (%(least)s).")
        if isinstance(limit, str)
        else _("The day must not be before %(least)s.")
    )


def _too_late(limit: date | str) -> Any:
    return (
        _("The day must not be after today (%(most)s).")
        if isinstance(limit, str)
        else _("The day must not be after %(most)s.")
    )


def _offset_moment(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return clock.local(value) if value.tzinfo else None


def _iso_moment(text: str) -> datetime | None:
    """What a datetime-local box or a program sends; without an offset it is Vietnam's clock."""
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", text):
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        value = clock.local(value) if value.tzinfo else value.replace(tzinfo=clock.ZONE)
    except OverflowError:
        return None
    return value.replace(second=0, microsecond=0)


def _vietnamese_moment(text: str) -> datetime:
    found = _TIME.search(text)
    if not found:
        raise Invalid.because("no_time", _("Write the day and the time, for example 08:30 15/03/2021."))
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise Invalid.because("no_such_time", _("There is no time %(time)s."), time=f"{found[1]}:{found[2]}")
    day = read_day(compact(text[: found.start()] + text[found.end() :]))
    return datetime.combine(day, time(hour, minute), clock.ZONE)
