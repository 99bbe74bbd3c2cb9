"""How values are written for people: 15/03/2021, 93,5, 1.500.000 đ. Pure; the same in every language."""

from datetime import date, datetime
from decimal import Decimal

from lienthong.foundation import clock

_GROUPED_FROM = 10_000


def number(value: int | Decimal, places: int | None = None) -> str:
    """With a decimal comma; thousands are set apart from five digits on, so that a year stays 2021.

    `places` keeps that many decimals; without it those that are there, less trailing zeros.
    """
    grouped = not -_GROUPED_FROM < value < _GROUPED_FROM
    if isinstance(value, int):
        return _vietnamese(f"{value:,}" if grouped else str(value))
    written = f"{value:,f}" if places is None else f"{value:,.{places}f}"
    if places is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return _vietnamese(written if grouped else written.replace(",", ""))


def amount(value: int) -> str:
    """Đồng as typed into a form: always grouped, without the sign."""
    return _vietnamese(f"{value:,}")


def money(value: int) -> str:
    return f"{amount(value)} đ"


def day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def moment(value: datetime) -> str:
    """Vietnam's wall clock, to the minute: 08:30 15/03/2021."""
    local = clock.local(value)
    return f"{local.hour:02}:{local.minute:02} {day(local.date())}"


def _vietnamese(written: str) -> str:
    return written.replace(",", "\0").replace(".", ",").replace("\0", ".")
