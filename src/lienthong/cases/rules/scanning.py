"""What a scan must be like to be worth keeping instead of the paper. Pure: facts in, words out."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

LEAST_DPI = 200
"""Dots per inch of a scan that can be read and printed again. The figure is the house's own: a resolution that a
circular demands for one-stop shops could not be confirmed."""
LONG_PAPER = 11.69
"""Inches of the long side of A4: what a photograph without a scale is taken to show."""
MOST_PAGES = 300
"""Pages of one component."""


class Doubt(StrEnum):
    COARSE = "coarse"
    SIDEWAYS = "sideways"
    NOT_SEARCHABLE = "not-searchable"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of a scan. `dpi` is None where nothing on it tells: text that was never paper."""

    width: float
    height: float
    dpi: int | None = None
    text: bool = False


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What is known of a scan: pages, the coarsest resolution, whether it can be searched, what to look at again."""

    pages: int
    dpi: int | None
    estimated: bool
    searchable: bool
    coarse: tuple[int, ...] = ()
    sideways: tuple[int, ...] = ()

    @property
    def doubts(self) -> list[Doubt]:
        found = {
            Doubt.COARSE: bool(self.coarse),
            Doubt.SIDEWAYS: bool(self.sideways),
            Doubt.NOT_SEARCHABLE: not self.searchable,
        }
        return [doubt for doubt, holds in found.items() if holds]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ScanFacts":
        return cls(
            **{
                **{f.name: stored[f.name] for f in fields(cls)},
                "coarse": tuple(stored["coarse"]),
                "sideways": tuple(stored["sideways"]),
            }
        )


def facts(pages: Sequence[ScannedPage], *, estimated: bool = False) -> ScanFacts:
    """`estimated`: the resolution was reckoned from the size of a photograph, as if it showed a whole sheet of A4.

    A page is taken to lie sideways when it is broad while most are upright; one that is alone may well be broad.
    """
    measured = [page.dpi for page in pages if page.dpi is not None]
    upright = sum(page.height >= page.width for page in pages)
    return ScanFacts(
        pages=len(pages),
        dpi=min(measured, default=None),
        estimated=estimated,
        searchable=all(page.text for page in pages),
        coarse=_numbers(page.dpi is not None and page.dpi < LEAST_DPI for page in pages),
        sideways=_numbers(page.width > page.height for page in pages) if 2 * upright > len(pages) else (),
    )


def _numbers(which: Iterable[bool]) -> tuple[int, ...]:
    """The numbers of the pages, from 1."""
    return tuple(number for number, holds in enumerate(which, start=1) if holds)
