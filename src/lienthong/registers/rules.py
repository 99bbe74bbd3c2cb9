"""The two time axes of an entry, as rules on plain values.

`valid_from` and `valid_until` say since when and until when something is so in the world; `recorded_at` when we came to
know. A change says that the world is different from a day on. A correction says that we were wrong: the days stay.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError


class WrongDay(DomainError):
    code = "registers.wrong_day"


class Ended(DomainError):
    code = "registers.ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when an entry is as it is, and the first day on which it is no more."""

    valid_from: date
    valid_until: date | None = None


def begin(day: date, *, today: date) -> Standing:
    """Raises WrongDay for a day that has not come."""
    if day > today:
        raise WrongDay(_("An entry cannot begin on a day that has not come (%(day)s)."), day=f"{day:%d/%m/%Y}")
    return Standing(day)


def change(standing: Standing, day: date, *, today: date) -> Standing:
    """The entry is different from this day on. Of several changes on one day the last one counts for it. Raises Ended,
    and WrongDay for a day before the last change."""
    _must_be_in_force(standing)
    if day > today:
        raise WrongDay(_("A change cannot count from a day that has not come (%(day)s)."), day=f"{day:%d/%m/%Y}")
    if day < standing.valid_from:
        raise WrongDay(
            _("The entry has been as it is since %(day)s; a change cannot count from an earlier day."),
            way_out=_("If what stands there was wrong from the beginning, correct it instead."),
            day=f"{standing.valid_from:%d/%m/%Y}",
        )
    return Standing(day)


def correct(standing: Standing, day: date | None, *, first: bool, today: date) -> Standing:
    """What stands there was wrong; with a day, also since when it is so. Raises WrongDay, for a state that is not the
    first of its entry too: the state before it would end on another day."""
    if day is None or day == standing.valid_from:
        return standing
    if not first:
        raise WrongDay(_("Only the day from which an entry has been there at all can be corrected."))
    begins = begin(day, today=today).valid_from
    if standing.valid_until and begins >= standing.valid_until:
        raise WrongDay(_("The entry ended on %(day)s, before it would begin."), day=f"{standing.valid_until:%d/%m/%Y}")
    return Standing(begins, standing.valid_until)


def end(standing: Standing, day: date, *, today: date) -> Standing:
    """The entry is no more from this day on. Raises Ended and WrongDay."""
    _must_be_in_force(standing)
    if day > today:
        raise WrongDay(_("An entry cannot end on a day that has not come (%(day)s)."), day=f"{day:%d/%m/%Y}")
    if day < standing.valid_from:
        raise WrongDay(
            _("The entry has been as it is since %(day)s; it cannot end before."), day=f"{standing.valid_from:%d/%m/%Y}"
        )
    return Standing(standing.valid_from, day)


def _must_be_in_force(standing: Standing) -> None:
    if standing.valid_until:
        raise Ended(_("The entry ended on %(day)s."), day=f"{standing.valid_until:%d/%m/%Y}")
