"""Periods of number books, and the code of a dossier, as plain values."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from lienthong.foundation import clock

LONGEST_BOOK = 200
HIGHEST = 999_999_999_999
_IDENTIFIER = re.compile(r"[A-Z0-9]{1,5}(?:\.[A-Z0-9]{1,5}){0,5}", re.ASCII)
_CODE = re.compile(rf"({_IDENTIFIER.pattern})-([0-9]{{6}})-([0-9]{{4,12}})", re.ASCII)


class Period(StrEnum):
    """When a book starts again from 1, at midnight in Vietnam."""

    YEAR = "year"
    DAY = "day"
    NEVER = "never"

    def label(self, moment: datetime) -> str:
        """The period that `moment` (aware) lies in, as the book's row names it."""
        day = clock.local(moment).date()
        match self:
            case Period.YEAR:
                return f"{day.year:04}"
            case Period.DAY:
                return day.isoformat()
            case Period.NEVER:
                return ""


def book_name(book: str) -> str:
    """The name itself. Raises ValueError when no book can have it."""
    if not book.strip() or len(book) > LONGEST_BOOK or "\0" in book:
        raise ValueError(f"a book's name has 1 to {LONGEST_BOOK} characters: {book[:LONGEST_BOOK]!r}")
    return book


def dossier_book(identifier: str) -> str:
    """The book of the dossiers that an agency receives; it starts again every day."""
    return f"dossiers of {identifier}"


@dataclass(frozen=True, slots=True)
class DossierCode:
    """`<identifier of the agency>-<yyMMdd>-<NNNN>`, as in 000.00.32.H53-180608-0001.

    The agency competent to receive, the day of reception, the running number of that day (NĐ 61/2018 art. 26,
    TT 01/2018/TT-VPCP art. 19). After 9999 the number grows by a digit. Raises ValueError when a part cannot be.
    """

    identifier: str
    day: date
    number: int

    def __post_init__(self) -> None:
        if not _IDENTIFIER.fullmatch(self.identifier):
            raise ValueError(f"{self.identifier!r} is not the identifier of an agency")
        if not 2000 <= self.day.year <= 2099:
            raise ValueError(f"two digits of a year cannot say {self.day.year}")
        if not 1 <= self.number <= HIGHEST:
            raise ValueError(f"{self.number} is not a number of a book")

    def __str__(self) -> str:
        return f"{self.identifier}-{self.day:%y%m%d}-{self.number:04}"

    def with_number(self, number: int) -> Self:
        return replace(self, number=number)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The code that somebody typed: small letters and spaces do no harm. None when it is no code."""
        code = _CODE.fullmatch("".join(text[:200].split()).upper())
        if not code:
            return None
        identifier, day, number = code.groups()
        try:
            return cls(identifier, date(2000 + int(day[:2]), int(day[2:4]), int(day[4:])), int(number))
        except ValueError:
            return None
