"""The types of fields, one class each. Importing this package makes them known."""

from lienthong.foundation.fields.types import (
    address,
    choices,
    entries,
    files,
    geometry,
    identifiers,
    numbers,
    structure,
    texts,
    times,
)

__all__ = [
    "address",
    "choices",
    "entries",
    "files",
    "geometry",
    "identifiers",
    "numbers",
    "structure",
    "texts",
    "times",
]
