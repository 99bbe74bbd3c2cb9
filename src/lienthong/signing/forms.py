"""Gaps of a paper that are filled when somebody has signed it already: its number and its day.

The leader signs, then the clerk gives number and day, then the organisation's seal closes the file (NĐ 30/2020/NĐ-CP
art. 15-17). A template leaves gaps as named destinations; `prepare` makes form fields of them before the first
signature, `fill` fills them without touching what was signed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict
from lienthong.foundation.papers.wording import day_in_words
from lienthong.signing.stamps import NoSuchPlace


class AlreadyFilled(Conflict):
    """Also of a paper that was closed with its gaps empty."""

    code = "signing.already_filled"


def number_and_day(number: str, day: date) -> dict[str, str]:
    """What is written into the gaps: numbers and days below 10, and the first two months, with a leading zero."""
    _word, written, _month, month, _year, year = day_in_words(day).split()
    return {"number": number.zfill(2), "day": written, "month": month, "year": year}


def prepare(pdf: bytes) -> bytes:
    """The file with a form field for each of its gaps; unchanged when it has none, or has fields already.

    Raises NotSignable.
    """
    from lienthong.signing import form_fields, pades

    writer = pades.opened(pdf)
    gaps = [] if any(form_fields.fields_of(writer.prev)) else list(form_fields.gaps(writer.prev))
    return form_fields.with_fields(writer, gaps) if gaps else pdf


def fill(pdf: bytes, values: Mapping[str, str], *, at: datetime) -> bytes:
    """The file with `values` ("number", "day", "month", "year"; see number_and_day) wherever they have gaps.

    Filled again with the same values it stays as it is. Raises NotSignable, NoSuchPlace for a value that has no gap,
    AlreadyFilled.
    """
    from lienthong.signing import form_fields, pades

    writer = pades.opened(pdf)
    found = list(form_fields.fields_of(writer.prev))
    missing = values.keys() - {kind for kind, _field in found}
    if missing:
        raise NoSuchPlace(_("This paper leaves no place “%(place)s” to be filled."), place=", ".join(sorted(missing)))
    open_fields = [(kind, field) for kind, field in found if kind in values and not _holds(field, values[kind])]
    if not open_fields:
        return pdf
    if any("/V" in field for _kind, field in open_fields) or form_fields.locked(writer.prev):
        raise AlreadyFilled(
            _("Number and date of this paper cannot be changed any more."),
            way_out=_("Make the paper again and have it signed again."),
        )
    form_fields.write(writer, [(field, values[kind]) for kind, field in open_fields], at)
    return form_fields.written(writer)


def _holds(field: Any, value: str) -> bool:
    return "/V" in field and str(field["/V"]) == value
