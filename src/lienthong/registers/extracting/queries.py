"""Extracts of an entry, and what anybody may know of one whose code they hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from lienthong.foundation import clock
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.statements import run
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.extracting.models import Extract

SHOWN = 20
"""Extracts that a card names."""

Content = Literal["same", "changed", "corrected", "gone", "erased"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of what an extract tells: it is still so, is different by now, was wrong, the entry was taken out of
    the register, or its time was over and it was erased. `since`: the day on which that was, or on which we came to
    know it. `ended`: since when the entry is no more."""

    content: Content
    since: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Genuine:
    """An extract that was issued here, and how much of it anybody may know: no value of any field."""

    extract: Extract
    register: str
    labels: Sequence[str]
    standing: Standing


def extracts_of(register: str, entry_id: int) -> list[Extract]:
    """The last ones, the newest first."""
    return list(
        Extract.objects.filter(register=register, entry_id=entry_id).select_related("account").order_by("-id")[:SHOWN]
    )


def by_verification(verification: str) -> Genuine | None:
    """The extract whose QR code carries this."""
    extract = Extract.objects.select_related("file").filter(verification=verification.upper()).first()
    return _genuine(extract) if extract else None


def by_digest(digest: str) -> Genuine | None:
    """The extract whose file this is. `digest`: SHA-256, hexadecimal."""
    extract = Extract.objects.select_related("file").filter(file__sha256=digest).first()
    return _genuine(extract) if extract else None


def _genuine(extract: Extract) -> Genuine:
    try:
        body = REGISTER.current(extract.register).body
    except DefinitionNotFound:  # the register is kept no more
        return Genuine(extract, extract.register, (), _erased(extract) or Standing("gone"))
    labels = [body.labels[key] for key in extract.fields if key in body.leaves]
    return Genuine(extract, body.name, labels, _erased(extract) or standing(body, extract))


def _erased(extract: Extract) -> Standing | None:
    return Standing("erased", clock.local(extract.erased_at).date()) if extract.erased_at else None


def standing(body: RegisterBody, extract: Extract) -> Standing:
    """Two queries at most. Only the fields that it tells are compared."""
    names = body.layout.names([key for key in extract.fields if key in body.leaves])
    now = _row(f"SELECT revision, recorded_at, valid_until, {_list(names)} FROM {body.layout.table} WHERE id = %s", [
        extract.entry_id
    ])  # fmt: skip
    if now is None:
        return Standing("gone")
    revision, recorded_at, ended, *present = now
    if revision == extract.revision:
        return Standing("same", ended=ended)
    shown = _row(
        f"SELECT bool_or(recorded_until IS NULL) OVER (), {_list(names)} FROM {body.layout.past}"
        " WHERE entry_id = %s AND revision = %s LIMIT 1",
        [extract.entry_id, extract.revision],
    )
    if shown is None or shown[1:] == present:
        return Standing("same" if shown else "changed", ended=ended)
    was_so, *_values = shown
    return Standing("changed" if was_so else "corrected", clock.local(recorded_at).date(), ended)


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "NULL"


def _row(statement: str, values: list[Any]) -> list[Any] | None:
    with run(statement, values) as cursor:
        found = cursor.fetchone()
    return list(found) if found else None
