"""What became of a dossier's results in registers, as its page tells it."""

from dataclasses import dataclass

from django.urls import reverse

from lienthong.cases.models import Dossier
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import ProcedureBody
from lienthong.registers import access, queries
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.queries import NoSuchEntry
from lienthong.registers.receiving.models import Received
from lienthong.registers.receiving.services import of_dossier
from lienthong.registers.titles import title_of


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a result in a register. `title` and `address` are of the entry, for who may read it; `settle` is
    where somebody who may writes what could not be written by itself."""

    row: Received
    register: str
    title: str = ""
    address: str = ""
    settle: str = ""


def became(procedure: ProcedureBody, dossier: Dossier, officer: Officer) -> list[Became]:
    """Of all results of a dossier. Nothing is asked where none of them enters anywhere; else one query, and one or two
    for each entry."""
    if not dossier.signed or not any(result.enters for result in procedure.results):
        return []
    bodies = {each.key: each.body for each in REGISTER.all()}
    return [_became(row, bodies.get(row.register), officer) for row in of_dossier(dossier.pk)]


def _became(row: Received, body: RegisterBody | None, officer: Officer) -> Became:
    if body is None:
        return Became(row, row.register)
    if row.waits:
        may = access.rights_of(officer, body, to="write").fields_at(row.organisation_id)
        return Became(row, body.name, settle=reverse("registers:result", args=[row.pk]) if may else "")
    rights = access.rights_of(officer, body, to="read")
    if row.entry_id is None or not rights:
        return Became(row, body.name)
    try:
        entry = queries.entry(body, rights, row.entry_id)
    except NoSuchEntry:
        return Became(row, body.name)
    return Became(row, body.name, title_of(body, entry), reverse("registers:card", args=[body.key, entry.id]))
