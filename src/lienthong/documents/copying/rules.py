"""What may be copied officially, and what is said of a copy. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.rules.sending import symbol_read

MOST_COPIES = 1000
MOST_RECIPIENTS = 200
LONGEST_PAGES = 200
HIGHEST_PAGE = 9999

_PART = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?", re.ASCII)


class Form(StrEnum):
    """The forms of copies (NĐ 30/2020 art. 25), by their abbreviations (App. III)."""

    TRUE_COPY = "SY"
    COPY_OF_COPY = "SL"
    EXTRACT = "TrS"


class Way(StrEnum):
    ELECTRONIC = "electronic"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Original:
    """What is to be copied, as far as it decides whether it may be. `reserved`: it is to be given back."""

    is_entered: bool = True
    is_recalled: bool = False
    is_limited: bool = False
    is_reserved: bool = False


def refused(original: Original) -> tuple[str | Promise, str | Promise] | None:
    """Why a document is not copied, and the way out; None where it may be."""
    if original.is_recalled:
        return _("A document that was recalled or sent back is not copied."), ""
    if not original.is_entered:
        return (
            _("A document is copied once it is in the register of incoming documents."),
            _("Take it in first."),
        )
    if original.is_limited:
        return (
            _("A document that is limited to posts by name is not copied."),
            _("Let everybody see it again first, where its content allows it."),
        )
    if original.is_reserved:
        return (
            _("A document that is “to be read and given back” is not copied."),
            _("Ask the agency that issued it for another copy."),
        )
    return None


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """What the clerk says of a copy. `place` of the file among those of the document, for an electronic one; `pages` of
    an extract as they were typed; `copies` how many on paper; `permitter` the post of whoever permits it; `agency_mark`
    the abbreviation of the agency: UBND."""

    form: Form | None
    recipients: tuple[str, ...]
    permitter: int | None
    agency_mark: str
    way: Way = Way.ELECTRONIC
    place: int | None = None
    pages: str = ""
    copies: int | None = None
    remark: str = ""

    @property
    def symbol(self) -> str | None:
        """SY-UBND (App. I, part II, II.1.c); None for what is none."""
        return symbol_read(f"{self.form}-{self.agency_mark}") if self.form and self.agency_mark.strip() else None


def pages_read(text: str) -> tuple[int, ...] | None:
    """The pages that somebody typed, “1, 3-4”, in their order; None for what cannot be read."""
    found: set[int] = set()
    for piece in re.split(r"[,;]", text[:LONGEST_PAGES]):
        part = _PART.fullmatch(piece.strip())
        if part is None:
            return None
        first = int(part[1])
        last = int(part[2] or first)
        if not 1 <= first <= last <= HIGHEST_PAGE:
            return None
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def pages_written(pages: Sequence[int]) -> str:
    """As they are said: 1, 3-4."""
    starts = [pages[0], *(after for before, after in pairwise(pages) if after != before + 1)]
    ends = [*(before for before, after in pairwise(pages) if after != before + 1), pages[-1]]
    return ", ".join(
        str(first) if first == last else f"{first}-{last}" for first, last in zip(starts, ends, strict=True)
    )


def wrong_with(
    wanted: CopyWanted, *, permitters: Collection[int], files: Collection[int], page_count: int | None
) -> dict[str, str | Promise]:
    """What is missing or wrong, by field. `files`: places of those that can be copied; `page_count` of the one that was
    chosen, where it is known."""
    errors: dict[str, str | Promise] = {}
    if wanted.form is None:
        errors["form"] = _("Choose the form of the copy.")
    elif wanted.form is Form.EXTRACT and (wrong := _wrong_with_pages(wanted.pages, page_count)):
        errors["pages"] = wrong
    if wanted.way is Way.ELECTRONIC and wanted.place not in files:
        errors["file"] = _("Choose the PDF file that is copied.")
    if wanted.way is Way.PAPER and not 1 <= (wanted.copies or 0) <= MOST_COPIES:
        errors["copies"] = _("Write with digits how many copies were made, at least 1.")
    if not wanted.recipients:
        errors["recipients"] = _("Say for whom the copy is made.")
    elif len(wanted.recipients) > MOST_RECIPIENTS:
        errors["recipients"] = _("At most 200 are named.")
    if wanted.permitter not in permitters:
        errors["permitter"] = _("Choose who permits it.")
    if wanted.form and wanted.symbol is None:
        errors["agency_mark"] = _("Write the abbreviation of the agency as in its symbols: UBND.")
    return errors


def _wrong_with_pages(text: str, page_count: int | None) -> str | Promise | None:
    pages = pages_read(text)
    if pages is None or len(pages_written(pages)) > LONGEST_PAGES:
        return _("Write the pages as in 1, 3-4.")
    if pages[0] != 1:
        return _("The first page belongs to every extract: it says which document it is from.")
    if page_count is not None and pages[-1] > page_count:
        return _("The file has fewer pages than that.")
    if page_count is not None and len(pages) == page_count:
        return _("These are all pages: make a true copy.")
    return None
