"""What an entry has to do with others: those it points to, and those that point to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from lienthong.foundation.fields.context import EntryRef
from lienthong.identity.actors import Officer
from lienthong.procedures.receiving import dossier_addresses
from lienthong.registers import looking, queries
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.queries import Entry, Referring
from lienthong.registers.receiving.services import of_entry
from lienthong.registers.titles import title_of

SHOWN = 8
"""Entries of one register that a card names."""


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Entries of one register; `all` is the address of the list of all, where it can be narrowed to them."""

    name: str
    links: Sequence[Link]
    all: str = ""


def pointed_to(body: RegisterBody, rights: Rights, entry: Entry) -> list[Link]:
    """The entries of other registers that this one names, where those may be read."""
    flat = body.layout.flat(entry.values)
    found = []
    for key, field in body.references.items():
        value = flat.get(key)
        other = next((each.body for each in REGISTER.all() if each.key == field.register_key), None)
        if isinstance(value, EntryRef) and other and rights.elsewhere and rights.elsewhere(other):
            found.append(Link(reverse("registers:card", args=[other.key, value.id]), value.title, field.label))
    return found


def came_from(officer: Officer, register: str, entry_id: int) -> list[Link]:
    """The results of dossiers that made, changed or ended it, linked for who may see the dossier. Two queries."""
    rows = of_entry(register, entry_id)
    seen = dossier_addresses(officer, {row.dossier_id for row in rows})
    return [Link(seen.get(row.dossier_id, ""), row.dossier_code, row.called) for row in rows]


def pointing_here(body: RegisterBody, rights: Rights, entry: Entry) -> list[Related]:
    return [_of(found, entry.id) for found in queries.referring(body, rights, entry.id, size=SHOWN)]


def _of(found: Referring, entry_id: int) -> Related:
    other = found.body
    links = [
        Link(reverse("registers:card", args=[other.key, each.id]), title_of(other, each)) for each in found.entries
    ]
    return Related(other.name, links[:SHOWN], _list_of(found, entry_id) if len(links) > SHOWN else "")


def _list_of(found: Referring, entry_id: int) -> str:
    """The list narrowed to them; as a whole where its declaration does not narrow it so."""
    address = reverse("registers:listing", args=[found.body.key])
    if len(found.fields) > 1 or found.fields[0] not in found.body.listing.filters:
        return address
    return f"{address}?{urlencode({f'{looking.NARROWED}{found.fields[0]}': f'#{entry_id}'})}"
