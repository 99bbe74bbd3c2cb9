"""Number and symbol of a document (số, ký hiệu): how they are put together, read and compared
(NĐ 30/2020 art. 15, App. I).

15/QĐ-UBND          a type with an abbreviation: type, hyphen, issuer
09/UBND-VX          an official letter, which has none: issuer, hyphen, drafting unit or field
04/2025/QĐ-UBND     a legal normative document says its year
"""

import re
from dataclasses import dataclass
from typing import Self

from lienthong.foundation.fields.typed import folded

LONGEST_SYMBOL = 30
"""Letters (CodeNotation: NĐ 30/2020 App. VI)."""

_WRITTEN = re.compile(
    r"(?:s[ốo]\s*:?\s*)?([0-9]{1,9}[a-zđ]?)\s*(?:/\s*((?:19|20)[0-9]{2}))?\s*(?:/\s*(.*))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A number and a symbol. `number` is as it was written, which for documents of others may have a letter: 15a."""

    number: str
    symbol: str
    year: int | None = None

    def __str__(self) -> str:
        return f"{self.number}/{self.notation}" if self.notation else self.number

    @property
    def notation(self) -> str:
        """What stands behind the number, with the year: so the national message has it (CodeNotation)."""
        return "/".join(filter(None, [str(self.year or ""), self.symbol]))

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
        mark = cls(number, tidy, int(year) if year else None)
        return mark if len(mark.notation) <= LONGEST_SYMBOL else None
