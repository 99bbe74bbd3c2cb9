"""Giving numbers without gaps.

A number belongs to the transaction that took it: when that is rolled back, the next one gets the same number. So the
book stays locked from `take` to the end of the caller's transaction, and a use case takes its numbers late, after every
other lock; numbers of several books in the order of the books' names, so that no two use cases wait for each other.
"""

from datetime import datetime
from typing import Literal

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.numbering.rules import HIGHEST, DossierCode, Period, book_name, dossier_book
from lienthong.foundation.statements import run

_TAKE = """
    INSERT INTO numbering_numberbook AS book (key, period, last) VALUES (%s, %s, 1)
    ON CONFLICT (key, period) DO UPDATE SET last = book.last + 1
    RETURNING last"""
_GO_ON = """
    INSERT INTO numbering_numberbook AS book (key, period, last) VALUES (%s, %s, %s)
    ON CONFLICT (key, period) DO UPDATE SET last = EXCLUDED.last WHERE book.last <= EXCLUDED.last
    RETURNING last"""

Restart = Period | Literal["year", "day", "never"]
"""When a book starts again from 1."""


class BookIsFurther(Conflict):
    """The book has already given the number that it should go on with."""

    code = "numbering.book_is_further"


class NumberOutOfRange(DomainError):
    """No book gives such a number."""

    code = "numbering.number_out_of_range"


def take(book: str, *, period: Restart, at: datetime | None = None) -> int:
    """The next number of the book: 1, 2, 3 … in each period. `at` (aware; default now) says which period.

    A transaction that ends after midnight still takes its number from the period of its `at`.
    Raises TransactionManagementError outside a transaction, because a number taken there could be lost.
    """
    return _one_number(_TAKE, [book_name(book), _label(period, at)])


def set_start(book: str, next_number: int, *, period: Restart, at: datetime | None = None) -> None:
    """Let the book go on with `next_number`, as when it continues a book on paper. The caller puts it on record.

    Raises BookIsFurther when that number was given already: a book never goes back.
    """
    if not 1 <= next_number <= HIGHEST:
        raise NumberOutOfRange(_("A book's number lies between 1 and %(highest)s."), highest=HIGHEST)
    if not _one_number(_GO_ON, [book_name(book), _label(period, at), next_number - 1]):
        raise BookIsFurther(
            _("The book has already given the number %(number)s."),
            way_out=_("Choose a number that is higher than every number it gave."),
            number=next_number,
        )


def dossier_code(identifier: str, at: datetime | None = None) -> str:
    """A new dossier's code, `<identifier>-<yyMMdd>-<NNNN>`, for the agency that receives it at `at` (default now).

    The number starts again every day in each agency (NĐ 61/2018 art. 26, TT 01/2018/TT-VPCP art. 19).
    """
    moment = at or clock.now()
    first = DossierCode(identifier, clock.local(moment).date(), 1)
    return str(first.with_number(take(dossier_book(identifier), period=Period.DAY, at=moment)))


def _label(period: Restart, at: datetime | None) -> str:
    return Period(period).label(at or clock.now())


def _one_number(statement: str, params: list[str | int]) -> int:
    """The number that the statement returns; 0 when it changed nothing."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("numbers are taken inside the transaction of the use case that needs them")
    with run(statement, params) as cursor:
        row = cursor.fetchone()
    return int(row[0]) if row else 0
