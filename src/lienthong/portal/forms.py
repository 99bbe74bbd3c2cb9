"""What addresses and small forms of the public pages carry, read so that nothing odd reaches the database."""

import uuid

from django.http import HttpRequest

_ID_DIGITS = 18
"""An id of the database never has more."""


def number_of(text: str) -> int | None:
    """An id; None for what is none, or more than an id can be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS else None


def key_of(text: str) -> uuid.UUID | None:
    """The key of a form, which makes sending it twice harmless; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def with_query(request: HttpRequest, **changes: str) -> str:
    """The page's own address with some parts of its query changed; an empty part is left out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
