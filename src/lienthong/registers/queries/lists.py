"""Lists of entries: a page, or all of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.places import exactly
from lienthong.registers.queries.asking import Asking
from lienthong.registers.queries.shapes import NEWEST, PAGE, AsOf, Cursor, Entry, Filters, Sort

PIECE = 2_000
"""Entries that are fetched at once where all are wanted."""


def page(
    body: RegisterBody,
    rights: Rights,
    filters: Filters | None = None,
    *,
    sort: Sort | None = None,
    after: Cursor | None = None,
    as_of: AsOf | None = None,
    size: int = PAGE,
) -> list[Entry]:
    """A page of entries, the newest first unless sorted; one more than a page when there is a next. One query, for
    rare words two.

    What somebody may not read of every entry, nobody can narrow or sort the list by: it would tell what stands there.
    """
    wanted, order = filters or Filters(), _order(body, sort)
    asking = Asking.allowed(body, rights, wanted, order)
    if asking is None:
        return []
    if not wanted.places:
        asking.narrow(wanted, as_of)
        return asking.titled(asking.entries(order, after, as_of, size + 1), as_of)
    lying = _lying(body, rights, wanted, order, after, as_of, size + 1)
    return asking.titled(list(islice(lying, size + 1)), as_of)


def _lying(
    body: RegisterBody,
    rights: Rights,
    wanted: Filters,
    order: Sort | None,
    after: Cursor | None,
    as_of: AsOf | None,
    piece: int,
) -> Iterator[Entry]:
    """Those that lie where they are wanted, exactly: what the boxes offer, a piece after another."""
    near = Asking(body, rights).near(wanted.places) if as_of is None else None

    def candidates(behind: Cursor | None) -> list[Entry]:
        asking = Asking(body, rights)
        asking.narrow(wanted, as_of)
        asking.in_boxes(wanted.places, near)
        return asking.entries(order, behind, as_of, piece)

    return exactly(body, wanted.places, candidates, _cursor(body, order), after, piece)


def _cursor(body: RegisterBody, order: Sort | None) -> Callable[[Entry], Cursor]:
    """Where a page goes on behind an entry."""

    def behind(entry: Entry) -> Cursor:
        return Cursor(body.layout.first_of(order.key, entry.values) if order else None, entry.id)

    return behind


def every(
    body: RegisterBody,
    rights: Rights,
    filters: Filters | None = None,
    *,
    sort: Sort | None = None,
    as_of: AsOf | None = None,
) -> Iterator[Entry]:
    """All that `page` would show page after page, as it is at one moment; never more of it in memory than a piece."""
    wanted, order = filters or Filters(), _order(body, sort)
    asking = Asking.allowed(body, rights, wanted, order)
    if asking is None:
        return
    if wanted.places:
        lying = _lying(body, rights, wanted, order, None, as_of, PIECE)
        while piece := list(islice(lying, PIECE)):
            yield from asking.titled(piece, as_of)
        return
    asking.narrow(wanted, as_of)
    asking.find_words()
    statement, values = asking.statement(order, as_of, None)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(PIECE):
            names = [column.name for column in cursor.description]
            yield from asking.titled([asking.made_of(dict(zip(names, row, strict=True))) for row in rows], as_of)


def source(
    body: RegisterBody,
    rights: Rights,
    filters: Filters,
    columns: Sequence[str],
    *,
    decided_by: Iterable[str],
    as_of: AsOf | None,
) -> tuple[str, list[Any]] | None:
    """What is selected from where all entries of a list are reckoned with, and its values: columns of them by their
    names. None where the answer would tell what stands in fields that are not somebody's to read (`decided_by`: those
    that are reckoned with)."""
    asking = Asking.allowed(body, rights, filters, None, *decided_by)
    if asking is None:
        return None
    asking.narrow(filters, as_of)
    asking.find_words()
    return asking.source(columns, as_of)


def _order(body: RegisterBody, sort: Sort | None) -> Sort | None:
    wished = sort or (Sort.parse(body.listing.sort) if body.listing.sort else NEWEST)
    return wished if wished.key else None
