"""Columns of fields that a version has left out: kept out of sight until their retention is over, then dropped.

Dropping is asked for by an operator (`lt registers tidy`), never done by itself. What stands in a left-out field was
kept up to the day on which the version without it was published: from then on its time counts, by the longer of what
the register declared then and declares now. A field in which nothing stands can go at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise

from django.db import transaction

from lienthong.foundation import clock, ledger, patience
from lienthong.foundation.definitions import shelf
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.queries import Published
from lienthong.foundation.definitions.services import lock_publishing
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.statements import run
from lienthong.registers import events, tables
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.attaching.services import let_go
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.layout import Layout
from lienthong.registers.retention import rules


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field that the register has no more, with its columns that are there still. `over_on`: the day from which they
    can go; None while they must stay for ever. `empty`: nothing stands in them."""

    register: RegisterBody
    key: str
    label: str
    columns: Sequence[str]
    since: date
    over_on: date | None
    empty: bool

    @property
    def may_go(self) -> bool:
        return self.empty or (self.over_on is not None and self.over_on <= clock.today())


def left_out() -> list[LeftOut]:
    """Of all registers in force, by register and field."""
    return [found for published in REGISTER.all() for found in _left_out_of(published.key)]


def _left_out_of(register: str) -> Iterator[LeftOut]:
    versions = REGISTER.history(register)
    now, when = versions[0], _published(versions)
    for key, (node, last, following) in sorted(_gone(versions).items()):
        layout = Layout(register, {key: node})
        if columns := tables.there(layout, layout.names([key])):
            since = when[following.id]
            over_on = rules.over_on(since, rules.longer(last.body.retention, now.body.retention))
            empty = not any(_is_filled(table, columns) for table in (layout.table, layout.past))
            yield LeftOut(now.body, key, node.field.label, columns, since, over_on, empty)


_Versions = tuple[Published[RegisterBody], ...]


def _gone(versions: _Versions) -> dict[str, tuple[Node, Published[RegisterBody], Published[RegisterBody]]]:
    """The fields that the newest version does not have: as they were last, in which version, and the one after it.
    `versions` are newest first."""
    found: dict[str, tuple[Node, Published[RegisterBody], Published[RegisterBody]]] = {}
    for following, former in pairwise(versions):
        for key, node in former.body.leaves.items():
            if key not in versions[0].body.leaves and key not in found:
                found[key] = node, former, following
    return found


def _published(versions: _Versions) -> dict[int, date]:
    rows = Definition.objects.filter(pk__in=[each.id for each in versions])
    return {pk: clock.local(at).date() for pk, at in rows.values_list("pk", "published_at")}


def _is_filled(table: str, columns: Sequence[str]) -> bool:
    filled = " OR ".join(f"{name} IS NOT NULL" for name in columns)
    with run(f"SELECT EXISTS (SELECT FROM {table} WHERE {filled})", []) as cursor:
        return bool(cursor.fetchone()[0])


def drop(found: LeftOut) -> bool:
    """Drop the columns of a field with all that stands in them; its files go too where nobody else holds them. Nobody
    waits for longer than a moment: where others are at work it is tried again. False when the field was declared again
    meanwhile, or its columns are gone already.

    Raises OperationalError when it was never to be had.
    """
    return patience.trying_again(partial(_drop, found.register.key, found.key))


@transaction.atomic
def _drop(register: str, key: str) -> bool:
    """Nobody publishes meanwhile: who has made the columns ready for a version that is about to come finds them gone
    and is told to publish again."""
    lock_publishing()
    shelf.now(recheck=True)
    found = next((each for each in _left_out_of(register) if each.key == key), None)
    if found is None or not found.may_go:
        return False
    tables.let_go(found.register.layout, found.columns)
    let_go(EntryFile.objects.filter(register=register, field=key))
    ledger.record(
        events.FIELDS_DROPPED,
        subject=("definition", REGISTER.history(register)[0].id),
        actor=None,
        organisation_id=None,
        data={"register": register, "field": key, "columns": list(found.columns), "left_out": found.since},
    )
    return True
