"""What somebody may read of entries, as SQL: the columns of fields, and the words by which entries are found."""

from collections.abc import Iterable
from typing import Any

from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.fields.types.entries import Reference
from lienthong.registers.access import Reach, Rights
from lienthong.registers.definition import REGISTER, RegisterBody

FOLDED = "lower(translate(regexp_replace(normalize({}, NFD), '[\\u0300-\\u036f]', '', 'g'), 'đĐ', 'dD'))"
"""What `folded` makes of a text, as far as looking for words in it goes."""


def columns(body: RegisterBody, rights: Rights, keys: Iterable[str]) -> tuple[list[str], list[Any]]:
    """The columns of some fields, and values for their places. Of a field that may be read of some entries only, there
    is nothing of the others."""
    found: list[str] = []
    given: list[Any] = []
    for key in keys:
        reach = rights.fields[key]
        for name in body.layout.names([key]):
            column, values = _where_readable(name, rights, reach, "organisation_id")
            found.append(column if not values else f"{column} AS {name}")
            given += values
    return found, given


def is_whole(body: RegisterBody, keys: Iterable[str], rights: Rights) -> bool:
    """Whether what stands in some fields is theirs to read of every entry in sight; of a field that points to entries
    also what those are called, all of them."""
    return all(rights.everywhere(key) and _is_named(body, key, rights) for key in keys)


def _is_named(body: RegisterBody, key: str, rights: Rights) -> bool:
    if key not in body.references:
        return True
    other, theirs = _pointed_to(body.references[key], rights)
    if other is None or theirs.reach is not None or theirs.only:
        return False
    return is_whole(other, other.title, theirs)


def words(body: RegisterBody, rights: Rights, table: str) -> tuple[str, list[Any]]:
    """What words are looked for in, as far as it is theirs to read: of the entries of `table`, which is the register's
    own or that of its past."""
    text, given = _text(body, body.listing.search, rights, table, 0)
    return FOLDED.format(text), given


def called(body: RegisterBody, rights: Rights, table: str) -> tuple[str, list[Any]]:
    """The words in what the entries of `table` are called."""
    text, given = _text(body, body.title, rights, table, 0)
    return FOLDED.format(text), given


def _text(body: RegisterBody, keys: Iterable[str], rights: Rights, table: str, depth: int) -> tuple[str, list[Any]]:
    parts: list[str] = []
    given: list[Any] = []
    for key in (key for key in keys if key in rights.fields):
        for found, inner in _said(body, key, rights, table, depth):
            part, values = _where_readable(found, rights, rights.fields[key], f"{table}.organisation_id")
            parts.append(part)
            given += [*values, *inner]
    return f"concat_ws(' ', {', '.join(parts)})" if parts else "''", given


def _said(body: RegisterBody, key: str, rights: Rights, table: str, depth: int) -> list[tuple[str, list[Any]]]:
    """What stands in a field: in each of its columns, or what the entry is called that it points to."""
    if key not in body.references:
        return [(f"{table}.{name}::text", []) for name in body.layout.names([key])]
    other, theirs = _pointed_to(body.references[key], rights)
    if other is None or not theirs:
        return []
    alias = f"pointed_{depth}"
    text, given = _text(other, other.title, theirs, alias, depth + 1)
    limits, limiting = theirs.limits(f"{alias}.")
    where = " AND ".join([f"{alias}.id = {table}.{body.layout.first(key)}", *limits])
    return [(f"(SELECT {text} FROM {other.layout.table} {alias} WHERE {where})", [*given, *limiting])]


def _pointed_to(field: Reference, rights: Rights) -> tuple[RegisterBody | None, Rights]:
    try:
        other: RegisterBody = REGISTER.current(field.register_key).body
    except DefinitionNotFound:
        return None, Rights({})
    return other, rights.elsewhere(other) if rights.elsewhere else Rights({})


def _where_readable(said: str, rights: Rights, reach: Reach, keeper: str) -> tuple[str, list[Any]]:
    if rights.covers(reach):
        return said, []
    assert reach is not None
    return f"CASE WHEN {keeper} = ANY(%s) THEN {said} END", [sorted(reach)]
