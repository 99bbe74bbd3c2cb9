"""The words by which entries are found. They stand beside the entry, so that an index can have them.

Where a register looks for words in what its entries point to, the words of those titles stand there too. When an entry
is called otherwise, a job brings the words of all that point to it up to date. What the past was found by stays.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from lienthong.foundation.fields.typed import folded
from lienthong.foundation.ledger.deferring import BEHIND_ALL_ELSE, defer_named
from lienthong.foundation.statements import run
from lienthong.registers import access, queries, readable
from lienthong.registers.definition import RegisterBody

REWORD_JOB, REWORD_ALL_JOB, QUEUE = "registers.reword", "registers.reword_all", "registers"
CHUNK = 1_000


def texts(body: RegisterBody, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What words are looked for in, of rows with what stands in the columns. One query for each field that points to
    entries and is looked into."""
    pointing = [key for key in body.listing.search if key in body.references]
    if not pointing:
        return [body.layout.searched(row) for row in rows]
    called = {key: _called(body, key, rows) for key in pointing}
    return [_text(body, row, called) for row in rows]


def _called(body: RegisterBody, key: str, rows: Iterable[Mapping[str, Any]]) -> Mapping[int, str]:
    """The words in the titles of what a field points to, by id."""
    name = body.layout.first(key)
    ids = sorted({row[name] for row in rows if row[name] is not None})
    if not ids:
        return {}
    other = queries.register(body.references[key].register_key)
    text, given = readable.called(other, access.everything(other), other.layout.table)
    with run(f"SELECT id, {text} FROM {other.layout.table} WHERE id = ANY(%s)", [*given, ids]) as cursor:
        return dict(cursor.fetchall())


def _text(body: RegisterBody, row: Mapping[str, Any], called: Mapping[str, Mapping[int, str]]) -> str:
    words = [
        called[key].get(row[body.layout.first(key)], "") if key in called else body.layout.searched(row, [key])
        for key in body.listing.search
    ]
    return folded(" ".join(words))


# when something is called otherwise


def follow(body: RegisterBody, entry_id: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Have those found that point to an entry, should it be called otherwise now. Both are what stands in columns."""
    if any(before[name] != after[name] for name in body.layout.names(body.title)):
        called_otherwise(body, [entry_id])


def called_otherwise(body: RegisterBody, ids: Collection[int]) -> None:
    """The same for entries that may be called otherwise; in the transaction in which they came to be."""
    if ids and any(_found_by(body)):
        call = {"register": body.key, "entries": sorted(ids)}
        defer_named(REWORD_JOB, [call], queue=QUEUE, priority=BEHIND_ALL_ELSE)


def looked_for_elsewhere(body: RegisterBody) -> None:
    """A version looks for words in other fields: have what is there found by it."""
    defer_named(REWORD_ALL_JOB, [{"register": body.key}], queue=QUEUE, priority=BEHIND_ALL_ELSE)


def _found_by(body: RegisterBody) -> Iterator[tuple[RegisterBody, list[str]]]:
    """The registers whose entries are found, or called, by what this one's are called, with the fields that do it."""
    for other, keys in queries.pointing_to(body):
        if deciding := [key for key in keys if key in other.listing.search or key in other.title]:
            yield other, deciding


def reword(register: str, ids: Sequence[int]) -> None:
    """Bring the words of what points to some entries up to date. Done again it does nothing."""
    body = queries.register(register)
    for other, keys in _found_by(body):
        points = " OR ".join(f"{other.layout.first(key)} = ANY(%s)" for key in keys)
        for reached in _rewording(other, f"({points})", [list(ids)] * len(keys)):
            if any(key in other.title for key in keys):
                called_otherwise(other, reached)


def reword_all(register: str) -> None:
    """The same for all entries of a register, whose version looks for words in other fields than the one before."""
    for _reached in _rewording(queries.register(register), "TRUE", []):
        pass


def _rewording(body: RegisterBody, where: str, given: Sequence[Any]) -> Iterator[list[int]]:
    """Chunk by chunk, each a transaction of its own; the entries that were looked at."""
    after = 0
    while True:
        with transaction.atomic():
            reached = _reworded(body, where, [*given, after])
            if not reached:
                return
            after = reached[-1]
            yield reached


def _reworded(body: RegisterBody, where: str, given: Sequence[Any]) -> list[int]:
    """They are locked: what is worked out from a row is written before anybody changes it."""
    layout = body.layout
    columns = ", ".join(dict.fromkeys(["id", "search", *layout.names(body.listing.search)]))
    statement = f"SELECT {columns} FROM {layout.table} WHERE {where} AND id > %s ORDER BY id LIMIT {CHUNK}"
    with run(f"{statement} FOR NO KEY UPDATE", given) as cursor:
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = zip(rows, texts(body, rows), strict=True)
    different = [(row["id"], text) for row, text in found if row["search"] != text]
    if different:
        run(
            f"UPDATE {layout.table} entry SET search = worded.text"
            " FROM unnest(%s::bigint[], %s::text[]) worded(id, text) WHERE entry.id = worded.id",
            [[id for id, _text in different], [text for _id, text in different]],
        ).close()
    return [row["id"] for row in rows]
