"""Functions that expressions may call beside those of CEL. Total: what cannot be computed is null, never an error.

Values are as CEL holds them: numbers are int or float, a day is its midnight and a moment its wall-clock time, both
labelled UTC so that CEL's own getFullYear() tells the Vietnamese calendar.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import Any

from lienthong.foundation.fields import formats


@dataclass(frozen=True, slots=True)
class Function:
    """`about` is a line of the reference: how it is called and what it gives."""

    call: Callable[..., Any]
    about: str


def _total(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def careful(*given: Any) -> Any:
        if any(value is None for value in given):
            return None
        try:
            return call(*given)
        except (ArithmeticError, TypeError, ValueError):
            return None

    return careful


def _date(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)


def _years(start: datetime, end: datetime) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _days(start: datetime, end: datetime) -> int:
    return (end.date() - start.date()).days


def _months(start: datetime, end: datetime) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _add_months(day: datetime, months: int) -> datetime:
    """The same day of another month, or its last where it has none: a month after 31 January is the end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _add_days(day: datetime, days: int) -> datetime:
    return day + timedelta(days=days)


def _sum(numbers: list[Any]) -> Any:
    known = [n for n in numbers if n is not None]
    return sum(known) if all(isinstance(n, int) for n in known) else float(sum(Decimal(str(n)) for n in known))


def _round(value: float, places: int = 0) -> Any:
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return int(rounded) if places <= 0 else float(rounded)


def _least(numbers: list[Any]) -> Any:
    return min((n for n in numbers if n is not None), default=None)


def _greatest(numbers: list[Any]) -> Any:
    return max((n for n in numbers if n is not None), default=None)


def _join(texts: list[Any], separator: str = ", ") -> str:
    return separator.join(str(text) for text in texts if text is not None)


def _number(value: Any) -> str:
    return formats.number(value if isinstance(value, int) else Decimal(str(value)))


def _money(value: Any) -> str:
    return formats.money(int(value))


def _or_else(value: Any, other: Any) -> Any:
    """Not total by `_total`: it is the one that looks at null."""
    return other if value is None else value


FUNCTIONS: Mapping[str, Function] = {
    "or_else": Function(_or_else, "or_else(value, other): the value, or the other where it is not filled in"),
    "date": Function(_total(_date), "date('2021-03-15'): that day"),
    "years": Function(_total(_years), "years(from, to): full years between two days, as in years(birth_date, today)"),
    "months": Function(_total(_months), "months(from, to): full months between two days"),
    "add_months": Function(
        _total(_add_months),
        "add_months(day, 24): the same day so many months later, or the last of a month that has no such day",
    ),
    "add_days": Function(_total(_add_days), "add_days(day, 30): so many days later, weekends and holidays among them"),
    "days": Function(_total(_days), "days(from, to): days between two days, negative when the second is earlier"),
    "sum": Function(_total(_sum), "sum(rows.map(r, r.amount)): the sum of what is filled in"),
    "least": Function(_total(_least), "least([a, b]): the smallest of what is filled in"),
    "greatest": Function(_total(_greatest), "greatest([a, b]): the largest of what is filled in"),
    "round": Function(_total(_round), "round(number) or round(number, 2): halves go up"),
    "length": Function(_total(len), "length(text): its number of characters; of a list, of elements"),
    "lower": Function(_total(str.lower), "lower(text): in small letters"),
    "upper": Function(_total(str.upper), "upper(text): in capitals"),
    "join": Function(_total(_join), "join(texts) or join(texts, '; '): one text of those that are filled in"),
    "number": Function(_total(_number), "number(93.5): as written for people, 93,5"),
    "money": Function(_total(_money), "money(1500000): as written for people, 1.500.000 đ"),
}
