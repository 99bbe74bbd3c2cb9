# mypy: allow-untyped-calls
"""The form fields that stand where a paper's template left gaps: made, found, filled.

Import this module where it is used: pyHanko takes a second to import.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from lienthong.foundation import papers
from lienthong.signing import pdf_reading

_GAP = re.compile(
    r"fill-(?P<name>number|day|month|year)-(?P<nth>[0-9]{1,3})-(?P<width>[0-9]{1,4})-(?P<size>[0-9]{1,4})(?P<style>[ri])"
)
_FIELD = re.compile(r"(?P<name>number|day|month|year)(?:-[0-9]{1,3})?")
_CALLED = {"number": "Số", "day": "Ngày", "month": "Tháng", "year": "Năm"}
_ABOVE, _BELOW = 0.95, 0.25
"""Of the size of the letters: the room of a field above and below the base line."""
_READ_ONLY = 1
_PRINTED = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """`x`, `y`: the left end of the base line, in points."""

    name: str
    page: int
    x: float
    y: float
    width: float
    size: float
    style: str

    @property
    def kind(self) -> str:
        return self.name.partition("-")[0]


def gaps(reader: PdfFileReader) -> Iterator[Gap]:

    for name, (page, x, y) in pdf_reading.points(reader, lambda name: _GAP.fullmatch(name) is not None):
        parts = _GAP.fullmatch(name)
        assert parts is not None
        style = "italic" if parts["style"] == "i" else "normal"
        called = parts["name"] if parts["nth"] == "0" else f"{parts['name']}-{parts['nth']}"
        yield Gap(called, page, x, y, int(parts["width"]) / 10, int(parts["size"]) / 10, style)


def with_fields(writer: IncrementalPdfFileWriter, gaps: Iterable[Gap]) -> bytes:

    references = generic.ArrayObject()
    for gap in sorted(gaps, key=lambda gap: (gap.page, -gap.y, gap.x)):
        page = writer.find_page_for_modification(gap.page)[0]
        field = writer.add_object(_field(writer, gap, page))
        references.append(field)
        writer.register_annotation(page, field)
    form = pdf_reading.part(writer.root, "/AcroForm", None)
    if form is None:
        writer.root["/AcroForm"] = writer.add_object(generic.DictionaryObject({pdf_name("/Fields"): references}))
        writer.update_root()
    else:
        form["/Fields"] = generic.ArrayObject([*pdf_reading.part(form, "/Fields", ()), *references])
        writer.update_container(form)
    return written(writer)


def _field(writer: IncrementalPdfFileWriter, gap: Gap, page: Any) -> Any:
    """A field that people cannot type into: it waits for `fill`. Its style is kept in its default appearance."""

    font = "TimesItalic" if gap.style == "italic" else "Times"
    rectangle = (gap.x, gap.y - _BELOW * gap.size, gap.x + gap.width, gap.y + _ABOVE * gap.size)
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string(gap.name),
            pdf_name("/TU"): pdf_string(_CALLED[gap.kind]),
            pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
            pdf_name("/F"): generic.NumberObject(_PRINTED),
            pdf_name("/DA"): pdf_string(f"/{font} {gap.size:g} Tf 0 g"),
            pdf_name("/P"): page,
            pdf_name("/Rect"): generic.ArrayObject(generic.FloatObject(f"{each:.2f}") for each in rectangle),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(_nothing(gap))}),
            # Says nothing where there is one appearance. Without it pyHanko takes every appearance that is older than a
            # signature for one that was changed behind it, and no locked field would be as it was.
            pdf_name("/AS"): pdf_name("/On"),
        }
    )


def _nothing(gap: Gap) -> Any:

    corners = (0, 0, gap.width, (_ABOVE + _BELOW) * gap.size)
    about = {
        pdf_name("/Type"): pdf_name("/XObject"),
        pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): generic.ArrayObject(generic.FloatObject(f"{each:.2f}") for each in corners),
        pdf_name("/Resources"): generic.DictionaryObject(),
    }
    return generic.StreamObject(about, stream_data=b"")


def fields_of(reader: PdfHandler) -> Iterator[tuple[str, Any]]:
    """The form fields made by `prepare`: what belongs into each, and the field."""

    for reference in pdf_reading.part(pdf_reading.part(reader.root, "/AcroForm", {}), "/Fields", ()):
        field = reference.get_object()
        named = _FIELD.fullmatch(str(field.get("/T", "")))
        if named and field.get("/FT") == "/Tx":
            yield named["name"], field


def values_of(reader: PdfHandler) -> dict[str, str]:
    """What stands in the fields that `prepare` made, by their names."""
    return {str(field["/T"]): str(field["/V"]) for _kind, field in fields_of(reader) if "/V" in field}


def locked(reader: PdfFileReader) -> bool:
    """Whether a signature forbids that the fields are filled."""
    locks = [each.fieldmdp for each in reader.embedded_signatures]
    names = [str(field["/T"]) for _kind, field in fields_of(reader)]
    return any(lock is not None and any(map(lock.is_locked, names)) for lock in locks)


def write(writer: IncrementalPdfFileWriter, filled: Iterable[tuple[Any, str]], at: datetime) -> None:
    """Fields that look alike and hold the same share one drawing, so that fonts are embedded once."""

    made: dict[tuple[Any, ...], Any] = {}
    for field, value in filled:
        left, _bottom, right, _top = (float(each) for each in field["/Rect"])
        font, size, *_more = str(field["/DA"]).split()
        look = (value, font, size, round(right - left, 1))
        if look not in made:
            drawing = PdfFileReader(io.BytesIO(_drawing(value, font, float(size), right - left, at)))
            made[look] = writer.import_page_as_xobject(drawing)
        field["/V"] = pdf_string(value)
        field["/AP"] = generic.DictionaryObject({pdf_name("/N"): made[look]})
        writer.update_container(field)


def _drawing(value: str, font: str, size: float, width: float, at: datetime) -> bytes:
    data = {
        "text": value,
        "width": width,
        "height": (_ABOVE + _BELOW) * size,
        "descent": _BELOW * size,
        "size": size,
        "style": "italic" if font == "/TimesItalic" else "normal",
    }
    return papers.render("signing/filled", data, at=at, tags=False)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
