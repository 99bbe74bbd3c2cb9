"""How figures, days and time limits read. Pure: no database, no request, the present moment is an argument.

Days and money are written the Vietnamese way in every language, because that is how the papers say them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lienthong.foundation import clock

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

Tone = Literal["neutral", "info", "ok", "soon", "late"]


def figure(value: int | Decimal | float) -> str:
    """1234567.5 is 1.234.567,5: dots between thousands, a comma before the fraction, no zeros at its end."""
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"not a figure: {value}")
    whole, _dot, fraction = f"{abs(exact):f}".partition(".")
    fraction = fraction.rstrip("0")
    text = f"{int(whole):,}".replace(",", ".") + (f",{fraction}" if fraction else "")
    return f"{MINUS}{text}" if exact < 0 and text.strip("0.,") else text


def money(amount: int | Decimal | float) -> str:
    """An amount in đồng: 1.500.000 đ, never broken over two lines."""
    return f"{figure(amount)}{SPACE}đ"


def size(length: int) -> str:
    """A file's length in bytes, in the largest unit that leaves at least 1: 812 B, 2,4 KB, 20 MB (of 1024 KB)."""
    value, units = Decimal(length), ["B", "KB", "MB", "GB", "TB"]
    while value >= 1024 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{figure(value.quantize(Decimal('0.1')) if value < 10 else round(value))}{SPACE}{units[0]}"


def local(moment: datetime) -> datetime:
    """The moment on Vietnam's wall clock. Raises ValueError for one without a time zone: nobody knows when it is."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment}")
    return clock.local(moment)


def day(value: date) -> str:
    """05/03/2026, in Vietnam's time when `value` is a moment."""
    shown = local(value) if isinstance(value, datetime) else value
    return f"{shown.day:02}/{shown.month:02}/{shown.year:04}"


def moment(value: datetime) -> str:
    """05/03/2026 16:30, Vietnam's time."""
    return f"{day(value)} {local(value):%H:%M}"


def weekday(value: date) -> str:
    """Thứ hai … Chủ nhật."""
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    return names[value.weekday()]


def weekday_short(value: date) -> str:
    """T2 … CN, as on Vietnamese calendars."""
    names = [
        pgettext("short weekday", "Mon"),
        pgettext("short weekday", "Tue"),
        pgettext("short weekday", "Wed"),
        pgettext("short weekday", "Thu"),
        pgettext("short weekday", "Fri"),
        pgettext("short weekday", "Sat"),
        pgettext("short weekday", "Sun"),
    ]
    return names[value.weekday()]


def span(length: timedelta) -> str:
    """A stretch of time in its one largest unit, rounded down: 2 days, 5 hours, 12 minutes; at least one minute."""
    minutes = max(int(abs(length).total_seconds() // 60), 1)
    if minutes >= 24 * 60:
        return ngettext("%(n)s day", "%(n)s days", minutes // (24 * 60)) % {"n": minutes // (24 * 60)}
    if minutes >= 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


@dataclass(frozen=True, slots=True)
class Due:
    """A time limit as it is shown: a colour, an icon and a word together. `date` is empty where there is no limit."""

    tone: Tone
    icon: str
    word: str
    date: str
    iso: str


def due(
    limit: datetime | None,
    *,
    now: datetime,
    done: datetime | None = None,
    paused: bool = False,
    soon: timedelta = timedelta(days=2),
) -> Due:
    """What there is to say at `now` about something due at `limit`; `done` is when it was done.

    Days are counted on Vietnam's calendar ("tomorrow" is the next date, however few hours away). Amber begins `soon`
    before the limit and always on its last day, red one moment after it.
    """
    if limit is None:
        return Due("neutral", "dash-lg", _("No time limit"), "", "")
    date_shown, iso = moment(limit), local(limit).isoformat(timespec="minutes")

    def said(tone: Tone, icon: str, word: str) -> Due:
        return Due(tone, icon, word, date_shown, iso)

    if done is not None:
        if done <= limit:
            return said("ok", "check-circle", _("Done on time"))
        return said("late", "check-circle", _("Done %(span)s late") % {"span": _distance(limit, done)})
    if paused:
        return said("neutral", "pause-circle", _("Clock stopped"))
    if now > limit:
        return said("late", "exclamation-octagon", _("Late by %(span)s") % {"span": _distance(limit, now)})
    days = (local(limit).date() - local(now).date()).days
    if days == 0:
        return said("soon", "hourglass-split", _("Today at %(hour)s") % {"hour": f"{local(limit):%H:%M}"})
    if days == 1:
        return said("soon", "hourglass-split", _("Tomorrow"))
    word = ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    return said("soon", "hourglass-split", word) if limit - now <= soon else said("ok", "clock", word)


def _distance(earlier: datetime, later: datetime) -> str:
    """Days by the calendar when the dates differ by more than one, else the stretch of time."""
    days = (local(later).date() - local(earlier).date()).days
    return span(timedelta(days=days)) if days > 1 else span(later - earlier)


def sparkline(values: list[float], *, width: int = 100, height: int = 28) -> tuple[str, str, str]:
    """The path of a small line of `values` and the x and y of its last point; the lowest value lies on the bottom.

    Fewer than two values make no line: three empty texts.
    """
    if len(values) < 2:
        return "", "", ""
    low, high = min(values), max(values)
    reach = (high - low) or 1.0
    points = [
        (
            index * width / (len(values) - 1),
            height - 2 - (value - low) / reach * (height - 4) if high > low else height / 2,
        )
        for index, value in enumerate(values)
    ]
    path = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return path, f"{points[-1][0]:.1f}", f"{points[-1][1]:.1f}"
