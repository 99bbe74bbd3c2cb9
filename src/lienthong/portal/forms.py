"""What addresses and small forms of the public pages carry, read so that nothing odd reaches the database."""

import uuid

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
