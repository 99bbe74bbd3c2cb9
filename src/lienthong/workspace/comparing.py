"""Whether registers agree with what an application says, as far as the officer may read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.urls import reverse

from lienthong.cases.models import Dossier
from lienthong.cases.values import names_of
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.data import Names, from_json, is_empty
from lienthong.foundation.fields.typed import folded
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import Prefill, ProcedureBody
from lienthong.registers import access, purposes, queries
from lienthong.registers.access import Rights
from lienthong.registers.context import context
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.layout import at
from lienthong.registers.queries import Entry, NoSuchEntry
from lienthong.registers.receiving.finding import NotFoundSo, one
from lienthong.registers.services import reading


@dataclass(frozen=True, slots=True)
class Line:
    """An answer beside what a register says of it. `known` is empty for personal data, which is read on the entry's own
    page, for a purpose."""

    label: str
    answer: str
    known: str
    agrees: bool
    personal: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What one register says of the answers."""

    register: str
    state: Literal["agrees", "differs", "not-there"]
    address: str = ""
    lines: tuple[Line, ...] = ()


def checks(procedure: ProcedureBody, dossier: Dossier, officer: Officer) -> list[Check]:
    """One for each register from which the form can be filled in, where the officer may read what finds the entry and
    the answers say it. That personal data was compared is on record. At most four queries each."""
    if not procedure.prefill:
        return []
    bodies = {each.key: each.body for each in REGISTER.all()}
    comparing = _Comparing(procedure, dossier, officer)
    known = ((prefill, bodies.get(prefill.register_key)) for prefill in procedure.prefill)
    found = (comparing.check(prefill, body) for prefill, body in known if body)
    return [each for each in found if each]


@dataclass(frozen=True)
class _Comparing:
    procedure: ProcedureBody
    dossier: Dossier
    officer: Officer

    @cached_property
    def names(self) -> Names:
        return names_of(self.procedure, self.dossier)

    @cached_property
    def values(self) -> Mapping[str, Any]:
        return from_json(self.procedure.form, self.dossier.data)

    def check(self, prefill: Prefill, body: RegisterBody) -> Check | None:
        find = {key: expressions.evaluate(source, self.names) for key, source in prefill.find.items()}
        rights = access.rights_of(self.officer, body, to="read")
        if any(value is None or not rights.everywhere(key) for key, value in find.items()):
            return None
        try:
            entry = queries.entry(body, rights, one(body, find))
        except (NotFoundSo, NoSuchEntry):
            return Check(body.name, "not-there")
        lines = tuple(self.lines(prefill, body, entry, rights))
        if any(line.personal for line in lines):
            self.put_on_record(body, entry)
        address = reverse("registers:card", args=[body.key, entry.id])
        return Check(body.name, "agrees" if all(line.agrees for line in lines) else "differs", address, lines)

    def lines(self, prefill: Prefill, body: RegisterBody, entry: Entry, rights: Rights) -> Iterator[Line]:
        """Of the fields that the officer may read, and that somebody has answered."""
        day = context()
        for path, key in prefill.fills.items():
            node = self.procedure.form.nodes.get(tuple(path.split(".")))
            if node is None or key not in rights.fields:
                continue
            answer, said = at(self.values, node.path), body.layout.value(key, entry.values)
            if is_empty(answer) or is_empty(said):
                continue
            given, there = node.field.show(answer, day), body.leaves[key].field.show(said, day)
            agrees, personal = folded(given) == folded(there), key in body.personal
            yield Line(node.field.label, given, "" if personal or agrees else there, agrees, personal)

    def put_on_record(self, body: RegisterBody, entry: Entry) -> None:
        code = self.dossier.code or self.dossier.tracking
        purpose = purposes.worded("doi-chieu", code)
        reading.tell(register=body.key, entry=entry, officer=self.officer, purpose=purpose)
