"""The types of fields, one class each. Importing this package makes them known."""

from lienthong.foundation.fields.types import (
    address,
    agencies,
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
    "agencies",
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
