"""How long an entry is kept after its end, as rules on plain values.

`retention` is what a register declares: forever, or 20 years. The years count from the first day on which the entry is
no more (`valid_until`); what began on 29 February is over on 1 March of a year that has none.
"""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

FOREVER = "forever"

MOST_YEARS = 30
"""So long at most an entry is kept beyond its time on one decision; then somebody looks at it again."""

SHORTEST_REASON = 10
LONGEST_REASON = 1000


class NoReason(DomainError):
    code = "registers.no_reason"


class WrongDayToKeep(DomainError):
    code = "registers.wrong_day_to_keep"


def years(retention: str) -> int | None:
    """None for ever."""
    return None if retention == FOREVER else int(retention.split()[0])


def over_on(ended: date, retention: str) -> date | None:
    """The first day on which what ended on a day need not be kept any more; None for never."""
    kept = years(retention)
    return None if kept is None else _years_after(ended, kept)


def last_ended(today: date, retention: str) -> date | None:
    """The last day of an end whose time is over today; None when nothing is ever over."""
    kept = years(retention)
    if kept is None or today.year <= kept:
        return None
    try:
        return today.replace(year=today.year - kept)
    except ValueError:  # 29 February
        return date(today.year - kept, 2, 28)


def longer(one: str, other: str) -> str:
    """The one of two that keeps for longer."""
    if FOREVER in (one, other):
        return FOREVER
    return max(one, other, key=lambda each: years(each) or 0)


def require_reason(reason: str) -> str:
    """The reason, tidied. Raises NoReason."""
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise NoReason(
            _("Say why, in at least %(least)s letters."),
            way_out=_("Name the decision or the record of the appraisal it is based on."),
            least=SHORTEST_REASON,
        )
    return reason


def require_day_to_keep(until: date | None, *, today: date) -> date:
    """Raises WrongDayToKeep for none, for a day that is not to come, and for one too far away."""
    if until is None or not today < until <= _years_after(today, MOST_YEARS):
        raise WrongDayToKeep(
            _("Until when is it kept? Choose a day between tomorrow and %(last)s."),
            way_out=_("On that day it comes back to this list."),
            last=f"{_years_after(today, MOST_YEARS):%d/%m/%Y}",
        )
    return until


def _years_after(day: date, count: int) -> date:
    try:
        return day.replace(year=day.year + count)
    except ValueError:  # 29 February
        return date(day.year + count, 3, 1)


WAITS = timedelta(days=7)
"""So long what is to be erased is still there, and the decision can be taken back."""
