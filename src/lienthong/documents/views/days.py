"""Days as forms of documents give them."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import asked, clock

END_OF_DAY = time(17)
"""Until when something is due on the day that a document names."""

UNREADABLE = _("Write the day as day/month/year.")


def asked_for(given: Mapping[str, str], name: str) -> tuple[date | None, bool]:
    """The day, and whether something stands there that is none."""
    text = given.get(name, "").strip()
    found = asked.day(text)
    return found, bool(text) and found is None


def end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, END_OF_DAY, clock.ZONE) if day else None
