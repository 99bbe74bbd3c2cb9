"""A PDF file that was written elsewhere: where on it number, day, signature and seal come, and who stands below it.

The places are found as the layout checker reads the page, and written into the file as the house's own templates do:
as named destinations, of which `signing` makes fields and stamps.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lienthong.documents.checking.paper import NotReadable, Place
from lienthong.documents.circuit.rules import NotPresentable
from lienthong.documents.rules.contents import Circulation, Power, Signer
from lienthong.foundation.fields.typed import folded

if TYPE_CHECKING:
    from lienthong.documents.checking.pdf_reader import Row, Sheet

_MM = 72 / 25.4
_NUMBER = re.compile(r"S[ốo]\s*:(?P<gap>\s*)(?:(?P<rest>/.*)|$)")
_DAY = re.compile(r"ngày(?P<day>\s*)tháng(?P<month>\s*)năm(?P<year>\s*)[.;]?$", re.IGNORECASE)
_MARK = re.compile(r"(?P<mark>TM|KT|TL|TUQ)\s*\.\s*(?P<of>.+)")
_LETTERS = {"number": 5, "day": 2, "month": 2, "year": 4}
"""How many digits each gap is to hold."""
_FEWEST = {"number": 3, "day": 2, "month": 2, "year": 4}
_SIGNATURE, _SEAL, _LEAST_ROOM = 62.0, 34.0, 12.0
"""In millimetres: width of the signature, side of the seal, least height between title and name."""
_NO_EDGE = 1000.0


@dataclass(frozen=True, slots=True)
class _Foot:
    """Who signs: the rows of the capacity in capitals, and the row of the name."""

    sheet: "Sheet"
    capacity: Sequence["Row"]
    name: "Row"


def prepared(pdf: bytes, *, has_number: bool) -> bytes:
    """The file with its places named. One that has them already, because it was laid out here, stays as it is.

    Raises NotPresentable with what to do.
    """
    from pypdf import PdfReader  # takes a quarter of a second to load, which every start would pay
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(pdf))
        if _is_signed(reader):
            raise NotPresentable(
                _("This file is signed already."),
                way_out=_("The document clerk can issue it as it is."),
            )
        if any(name.startswith("stamp-signer") for name in reader.named_destinations):
            return pdf
        return _with_destinations(reader, _places(_sheets(pdf), has_number=has_number))
    except (PyPdfError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _unreadable() from error


def _is_signed(reader: Any) -> bool:
    form = reader.trailer["/Root"].get("/AcroForm")
    return bool(form is not None and form.get_object().get("/SigFlags"))


def _unreadable() -> NotPresentable:
    return NotPresentable(
        _("This PDF file cannot be read, it is probably a scan."),
        way_out=_("Save it as PDF from the program it was written with."),
    )


def signers_of(pdf: bytes) -> tuple[Signer, ...]:
    """Who stands below it, with the lines of power. Raises NotPresentable."""
    foot = _foot(_sheets(pdf))
    marks = {found["mark"] + ".": found["of"] for row in foot.capacity if (found := _MARK.fullmatch(row.text))}
    powers = [Power(mark=mark, of=of[:150]) for mark, of in marks.items()]
    powers.sort(key=lambda power: power.mark != "TM.")
    titles = [row.text for row in foot.capacity if not _MARK.fullmatch(row.text)]
    return (Signer(powers=tuple(powers[:3]), title=" ".join(titles)[:500], name=foot.name.text[:500]),)


def _sheets(pdf: bytes) -> list["Sheet"]:
    from lienthong.documents.checking.pdf_reader import read_sheets

    try:
        return read_sheets(pdf)
    except NotReadable as error:
        raise _unreadable() from error


Destination = tuple[str, int, float, float]
"""Its name, the page (0 is the first), x and y in points."""


def _places(sheets: Sequence["Sheet"], *, has_number: bool) -> list[Destination]:
    found = list(_stamps(_foot(sheets)))
    return [*found, *_gaps(sheets[0])] if has_number else found


def _gaps(sheet: "Sheet") -> Iterator[Destination]:
    number = _row(sheet, Place.HEAD_LEFT, _NUMBER)
    if number is None:
        raise NotPresentable(
            _("The line “Số:” with room for the number was not found at the top left."),
            way_out=_("Write “Số:        /…” with blanks between the colon and the stroke, without digits or dots."),
        )
    day = _row(sheet, Place.HEAD_RIGHT, _DAY)
    if day is None:
        raise NotPresentable(
            _("The line of the date was not found at the top right."),
            way_out=_("Write “…, ngày      tháng      năm          ” with blanks, without digits or dots."),
        )
    for row, pattern in ((number, _NUMBER), (day, _DAY)):
        yield from _gaps_of(row, pattern, sheet)


def _row(sheet: "Sheet", place: Place, pattern: re.Pattern[str]) -> "Row | None":
    return next((row for row in sheet.rows if row.place is place and pattern.search(_said(row))), None)


def _said(row: "Row") -> str:
    """As it is written, with all its blanks."""
    return "".join(span.text for span in row.spans)


def _gaps_of(row: "Row", pattern: re.Pattern[str], sheet: "Sheet") -> Iterator[Destination]:
    from lienthong.documents.checking.pdf_reader import reach_of, start_of

    found = pattern.search(_said(row))
    assert found is not None
    for name in found.groupdict():
        called = "number" if name == "gap" else name
        if called not in _LETTERS:
            continue
        begin, end = found.span(name)
        x = reach_of(row, begin) + 0.2 * row.size
        edge = start_of(row, end) if end < len(_said(row)) else _NO_EDGE
        width = min(_LETTERS[called] * row.size / 2, edge - x)
        if width < _FEWEST[called] * row.size / 2:
            raise NotPresentable(
                _("There is too little room for number and date."),
                way_out=_("Leave more blanks: five for the number, four for day and month, eight for the year."),
            )
        style = "i" if "ital" in row.spans[0].font.lower() or "obli" in row.spans[0].font.lower() else "r"
        yield f"fill-{called}-0-{width * 10:.0f}-{row.size * 10:.0f}{style}", sheet.number - 1, x, row.y


def _foot(sheets: Sequence["Sheet"]) -> _Foot:
    for sheet in reversed(sheets):
        rows = sorted((row for row in sheet.rows if row.place is Place.FOOT_RIGHT), key=lambda row: -row.y)
        capacity = [row for row in rows if row.text.isupper()]
        names = [row for row in rows if not row.text.isupper() and capacity and row.y < capacity[-1].y]
        if names:
            return _Foot(sheet, capacity, names[-1])
    raise NotPresentable(
        _("The place of the signature was not found."),
        way_out=_("Below the text “Nơi nhận:” stands on the left; the title in capitals and the name on the right."),
    )


def _stamps(foot: _Foot) -> Iterator[Destination]:
    page, above = foot.sheet.number - 1, foot.capacity[-1]
    top, bottom = above.y - 4, foot.name.y + foot.name.size
    room = (top - bottom) / _MM
    if room < _LEAST_ROOM:
        raise NotPresentable(
            _("Between the title and the name of the signer is no room for the signature."),
            way_out=_("Leave four or five empty lines between them."),
        )
    middle = (foot.name.x + foot.name.end) / 2
    width = min(_SIGNATURE, 2 * (foot.sheet.width - middle) / _MM - 10)
    left = middle - width / 2 * _MM
    yield f"stamp-signer-{width * 10:.0f}x{room * 10:.0f}", page, left, top
    over = left + (width / 3 - _SEAL) * _MM
    yield f"stamp-seal-{_SEAL * 10:.0f}x{_SEAL * 10:.0f}", page, over, (top + bottom) / 2 + _SEAL / 2 * _MM


def _with_destinations(reader: Any, places: Sequence[Destination]) -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, FloatObject, NameObject, NullObject, TextStringObject

    writer = PdfWriter(clone_from=reader)
    for name, page, x, y in sorted(places):
        target = [writer.pages[page].indirect_reference, NameObject("/XYZ"), FloatObject(x), FloatObject(y)]
        writer.add_named_destination_array(TextStringObject(name), ArrayObject([*target, NullObject()]))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def symbol_of(pdf: bytes) -> str:
    """What stands behind the room for the number; empty where nothing does. Raises NotPresentable."""
    row = _row(_sheets(pdf)[0], Place.HEAD_LEFT, _NUMBER)
    found = _NUMBER.search(_said(row)) if row else None
    return (found["rest"] or "").strip(" /") if found else ""


def circulation_of(pdf: bytes) -> Circulation:
    """What is printed in box 11 of the first page; ANY where nothing is. Raises NotPresentable."""
    printed = {folded(row.text) for row in _sheets(pdf)[0].rows}
    return next((each for each in Circulation if each and folded(each) in printed), Circulation.ANY)
