"""Entries that point to another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.queries.asking import Asking
from lienthong.registers.queries.shapes import PAGE, Entry


@dataclass(frozen=True, slots=True)
class Referring:
    """Entries of a register that point to one entry, by any of `fields`; one more than a page when there are more."""

    body: RegisterBody
    fields: tuple[str, ...]
    entries: Sequence[Entry]


def referring(body: RegisterBody, rights: Rights, entry_id: int, *, size: int = PAGE) -> list[Referring]:
    """Who points to an entry, the newest first, of all registers where that may be read. One query for each register
    (and one for each that those entries point to)."""
    found = []
    for other, fields in pointing_to(body):
        theirs = rights.elsewhere(other) if rights.elsewhere else Rights({})
        asking = Asking(other, theirs)
        readable = tuple(filter(theirs.everywhere, fields))
        if not readable:
            continue
        asking.found.append(f"({' OR '.join(f'{other.layout.first(key)} = %s' for key in readable)})")
        asking.given += [entry_id] * len(readable)
        asking.found.append("valid_until IS NULL")
        if entries := asking.entries(None, None, None, size + 1):
            found.append(Referring(other, readable, asking.titled(entries, None)))
    return found


def pointing_to(body: RegisterBody) -> Iterator[tuple[RegisterBody, tuple[str, ...]]]:
    """The registers whose entries may point to this one's, with the fields that do."""
    for published in REGISTER.all():
        fields = tuple(key for key, field in published.body.references.items() if field.register_key == body.key)
        if fields:
            yield published.body, fields
