"""Number and symbol of a document (số, ký hiệu): how they are put together, read and compared
(NĐ 30/2020 art. 15, App. I).

15/QĐ-UBND          a type with an abbreviation: type, hyphen, issuer
09/UBND-VX          an official letter, which has none: issuer, hyphen, drafting unit or field
04/2025/QĐ-UBND     a legal normative document says its year
"""

import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.typed import folded

LONGEST_NUMBER, LONGEST_SYMBOL = 11, 30
"""Letters (CodeNumber, CodeNotation: NĐ 30/2020 App. VI)."""

_WRITTEN = re.compile(r"(?:s[ốo]\s*:?\s*)?(\d{1,9}[a-zđ]?)\s*(?:/\s*((?:19|20)\d\d))?\s*(?:/\s*(.*))?", re.IGNORECASE)
_PART = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


class NoSymbol(DomainError):
    """What a symbol is made of has letters that no symbol has, or is too long."""

    code = "documents.no_symbol"


@dataclass(frozen=True, slots=True)
class Mark:
    """A number and a symbol. `number` is as it was written, which for documents of others may have a letter: 15a."""

    number: str
    symbol: str
    year: int | None = None

    def __str__(self) -> str:
        year = f"/{self.year}" if self.year else ""
        return f"{self.number}{year}/{self.symbol}" if self.symbol else f"{self.number}{year}"

    @property
    def compared(self) -> str:
        """The same for two spellings of one mark: 05/qđ - ubnd and 5/QĐ-UBND."""
        symbol = "-".join(part.strip() for part in folded(self.symbol).replace("–", "-").split("-"))
        return f"{folded(self.number).lstrip('0')}/{self.year or ''}/{symbol}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What somebody typed or a page says, with or without “Số:”. None where it begins with no number."""
        found = _WRITTEN.fullmatch(" ".join(text[:200].split()))
        if not found:
            return None
        number, year, symbol = found.groups()
        tidy = re.sub(r"\s*([-–/.])\s*", r"\1", symbol or "").replace("–", "-")
        if len(tidy) > LONGEST_SYMBOL:
            return None
        return cls(number, tidy, int(year) if year else None)


def number_written(number: int) -> str:
    """Below ten with a nought before it (NĐ 30/2020 App. I, II.3)."""
    return f"{number:02}"


def symbol(*, abbreviation: str, issuer: str, unit: str = "") -> str:
    """The symbol of a document. `abbreviation` is that of its type, empty for an official letter, whose symbol ends
    with the `unit` that drafted it. Raises NoSymbol."""
    parts = [abbreviation, issuer] if abbreviation else [issuer, unit]
    given = [part.strip() for part in parts if part.strip()]
    if not issuer.strip() or not all(map(_PART.fullmatch, given)):
        raise NoSymbol(
            _("“%(text)s” cannot stand in the symbol of a document."),
            way_out=_("Give the agency or the unit an abbreviation of letters, as in UBND."),
            text=next((part for part in given if not _PART.fullmatch(part)), ""),
        )
    made = "-".join(given)
    if len(made) > LONGEST_SYMBOL:
        raise NoSymbol(_("The symbol “%(text)s” has more than %(most)s letters."), text=made, most=LONGEST_SYMBOL)
    return made
