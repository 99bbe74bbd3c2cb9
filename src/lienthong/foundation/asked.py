"""What addresses and forms carry, read so that nothing odd in them reaches the database."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest

from lienthong.foundation.fields.typed import forbidden, lines, one_line

_ID_DIGITS = 18
"""An id of the database never has more."""
_SUBMISSION = "code="
"""Stands before the code in the address that the QR code of a receipt carries."""
_FIRST_DAY, _LAST_DAY = date(1000, 1, 1), date(2999, 12, 31)
"""Beyond them there is no day after, or no moment in another zone, to count with."""


def number(text: str) -> int | None:
    """An id; None for what is none, or more than an id can be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS else None


def key(text: str) -> uuid.UUID | None:
    """The key of a form, which makes sending it twice harmless; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def words(given: Mapping[str, str], name: str, longest: int = 100) -> str:
    """What was typed into a box of one line."""
    text = given.get(name, "")[:longest]
    return one_line(_plain(text))


def paragraphs(given: Mapping[str, str], name: str, longest: int = 5000) -> str:
    """What was typed into a box of several lines."""
    return lines(_plain(given.get(name, "")))[:longest]


def _plain(text: str) -> str:
    return "".join(letter for letter in text if not forbidden(letter)) if forbidden(text) else text


def code(given: Mapping[str, str], name: str) -> str:
    """A code that was typed, or read with a scanner from a QR code, which has an address around it."""
    text = words(given, name, 200)
    return text.rpartition(_SUBMISSION)[2] if "://" in text else text


def day(text: str) -> date | None:
    """A day; None for what is none, or lies further away than anything that happens."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST_DAY <= found <= _LAST_DAY else None


def placed(text: str) -> tuple[datetime, int] | None:
    """A place in a list by moment and id, as `place` writes it; None for one that cannot be read: the top."""
    moment, _line, item = text.partition("_")
    try:
        due_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    item_id = number(item)
    return (due_at, item_id) if due_at.tzinfo and item_id is not None else None


def place(due_at: datetime, item_id: int) -> str:
    return f"{due_at.isoformat()}_{item_id}"


def with_query(request: HttpRequest, **changes: str) -> str:
    """The page's own address with some parts of its query changed; an empty part is left out."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}"
