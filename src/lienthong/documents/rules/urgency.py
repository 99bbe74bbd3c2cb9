"""How urgent a document is, and until when it has to be registered and passed on."""

from datetime import datetime, timedelta
from enum import IntEnum

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar


class Urgency(IntEnum):
    """Mức độ khẩn, in the order of the national message's Priority (edXML: 0 to 4;
    0 is confirmed, the rest inferred)."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3
    EXPRESS_AT_A_TIME = 4


def passed_on_by(arrived_at: datetime, urgency: Urgency, calendar: Calendar) -> datetime:
    """Until when a document that came in has to be registered and presented: on the day, at the latest on the next
    working day; an urgent one at once, for which an hour counts (NĐ 30/2020 art. 22, 23; the hour is ours)."""
    if urgency > Urgency.NORMAL:
        return arrived_at + timedelta(hours=1)
    return calendar.closing(calendar.next_working_day(clock.local(arrived_at).date())) or arrived_at + timedelta(days=1)
