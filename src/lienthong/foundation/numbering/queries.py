"""What a book would give next, for showing."""

from datetime import datetime

from lienthong.foundation import clock
from lienthong.foundation.numbering.models import NumberBook
from lienthong.foundation.numbering.rules import Period, book_name
from lienthong.foundation.numbering.services import Restart


def peek(book: str, *, period: Restart, at: datetime | None = None) -> int:
    """The number that the book gives next, unless somebody takes it first: never write it down, only show it."""
    label = Period(period).label(at or clock.now())
    last = NumberBook.objects.filter(key=book_name(book), period=label).values_list("last", flat=True).first()
    return (last or 0) + 1
