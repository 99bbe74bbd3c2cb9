"""What the room makes known to procedures and dossiers: it receives results, and tells applicants what it knows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.fields.data import is_empty
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.statements import run
from lienthong.procedures.receiving import Known, Outcome, Reading
from lienthong.registers import access, purposes, queries
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.receiving.finding import NotFoundSo, columns_of
from lienthong.registers.receiving.services import receive
from lienthong.registers.services.reading import tell


class Room:
    kind = REGISTER

    def leaves(self, body: RegisterBody) -> Mapping[str, Node]:
        return body.leaves

    def public(self, body: RegisterBody) -> Collection[str]:
        return body.public

    def identities(self, body: RegisterBody) -> Sequence[Collection[str]]:
        return body.identity

    @transaction.atomic
    def receive(self, outcome: Outcome) -> None:
        receive(outcome)

    def name(self, register: str) -> str:
        body = _current(register)
        return body.name if body else ""

    def known(
        self,
        register: str,
        find: Mapping[str, Any],
        fields: Collection[str],
        *,
        owner: str,
        numbers: Collection[str],
        reading: Reading | None = None,
    ) -> Known | None:
        body = _current(register)
        if body is None or not _all_there(body, {*find, *fields, *([owner] if owner else [])}):
            return None
        if owner and not numbers:
            return None
        rights = Rights(dict.fromkeys(fields)) if owner else access.public(body)
        if not all(key in rights.fields for key in fields) or not (owner or set(find) <= set(body.public)):
            return None
        entry_id = _found(body, rights, find, owner, numbers)
        if entry_id is None:
            return None
        try:
            entry = queries.entry(body, rights, entry_id)
        except queries.NoSuchEntry:  # not every entry of a public register is public
            return None
        told = {key: body.layout.value(key, entry.values) for key in fields}
        if reading and any(key in body.personal and not is_empty(value) for key, value in told.items()):
            purpose = purposes.worded("quay", reading.procedure)
            tell(register=register, entry=entry, officer=reading.officer, purpose=purpose)
        return Known({key: body.leaves[key].field for key in fields}, told)


def _current(register: str) -> RegisterBody | None:
    try:
        return queries.register(register)
    except DefinitionNotFound:
        return None


def _all_there(body: RegisterBody, keys: Collection[str]) -> bool:
    """A later version of the register may have left a field out."""
    return all(key in body.leaves for key in keys)


def _found(
    body: RegisterBody, rights: Rights, find: Mapping[str, Any], owner: str, numbers: Collection[str]
) -> int | None:
    """Whose entry it is, and whether it is public, stands in the question: of others nothing comes back, not even that
    they are there."""
    try:
        columns = columns_of(body, find)
    except NotFoundSo:
        return None
    limits, values = rights.limits()
    conditions = [*limits, *(f"{name} = %s" for name in columns)]
    given: list[Any] = [*values, *columns.values()]
    if owner:
        conditions.append(f"{body.layout.first(owner)} = ANY(%s)")
        given.append(sorted(numbers))
    where = " AND ".join([*conditions, "valid_until IS NULL"])
    with run(f"SELECT id FROM {body.layout.table} WHERE {where} ORDER BY id LIMIT 2", given) as cursor:
        ids = [row[0] for row in cursor.fetchall()]
    return ids[0] if len(ids) == 1 else None


ROOM = Room()
