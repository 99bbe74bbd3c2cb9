"""One entry: as it is, as it was, and everything that it ever was."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.statements import run
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.queries.asking import Asking
from lienthong.registers.queries.shapes import AsOf, Entry, NoSuchEntry, Slice


def register(key: str) -> RegisterBody:
    """The register as it is in force today. Raises DefinitionNotFound."""
    return REGISTER.current(key).body


def entry(body: RegisterBody, rights: Rights, entry_id: int, *, as_of: AsOf | None = None) -> Entry:
    """One entry. Raises NoSuchEntry for what is not there and for what is not to be read, in the same words."""
    asking = Asking(body, rights)
    asking.where("id", "=", entry_id)
    asking.of(as_of)
    found = asking.entries(None, None, as_of, 1) if rights else []
    if not found:
        raise NoSuchEntry(_("There is no such entry, or it is not for you to see."))
    return asking.titled(found, as_of)[0]


def several(body: RegisterBody, rights: Rights, ids: Collection[int]) -> dict[int, Entry]:
    """Those of the entries of which anything may be read, by id. One query, and one for each register they point to."""
    if not rights or not ids:
        return {}
    asking = Asking(body, rights)
    asking.found.append("id = ANY(%s)")
    asking.given.append(sorted(ids))
    return {entry.id: entry for entry in asking.titled(asking.entries(None, None, None, len(ids)), None)}


def history(body: RegisterBody, rights: Rights, entry_id: int) -> list[Slice]:
    """Every state of an entry, what we know best first: by the day it counts from, then by when we came to know."""
    present = entry(body, rights, entry_id)
    asking = Asking(body, rights)
    asking.where("entry_id", "=", entry_id)
    rows = asking.rows(
        f"SELECT {asking.columns('entry_id')}, recorded_until FROM {body.layout.past} WHERE {asking.conditions}"
        " ORDER BY valid_from DESC, recorded_at DESC, id DESC"
    )
    states = asking.titled([asking.made_of(row) for row in rows], None)
    past = [Slice(state, row["recorded_until"]) for state, row in zip(states, rows, strict=True)]
    return [Slice(present, None), *past]


def was_otherwise(body: RegisterBody, entry_id: int) -> bool:
    """Whether the entry was in another state before the present one, as we know today."""
    statement = f"SELECT EXISTS (SELECT FROM {body.layout.past} WHERE entry_id = %s AND recorded_until IS NULL)"
    with run(statement, [entry_id]) as cursor:
        return bool(cursor.fetchone()[0])


def made_for(body: RegisterBody, request: UUID) -> int | None:
    """The entry that was made when this was asked for."""
    with run(f"SELECT id FROM {body.layout.table} WHERE request = %s", [request]) as cursor:
        found = cursor.fetchone()
    return found[0] if found else None
