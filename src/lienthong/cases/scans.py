"""Scans as files: what a PDF or a picture tells of its pages, several made into one PDF, one made sound for signing.

What comes here was examined when it was stored (`foundation.files.formats`): it is a PDF or a picture, whole, without
a password, of bounded pixels. Whatever a parser still meets in it is told as DamagedScan.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules.scanning import LONG_PAPER, MOST_PAGES, ScanFacts, ScannedPage, facts
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.formats import images
from lienthong.foundation.papers.scans import Picture, as_pdf

if TYPE_CHECKING:
    from PIL import Image
    from pypdf import PageObject, PdfReader

MM = 25.4
POINTS = 72
_UPRIGHT = 1
_ORIENTATION = 0x0112
_LOWEST_SCALE = 100
"""Dots per inch that a picture's header must at least say to be believed: cameras write 72 whatever they took."""
_XOBJECTS = 50
"""Pictures on a page that are measured."""


class DamagedScan(DomainError):
    code = "cases.damaged_scan"


class TooManyPages(DomainError):
    code = "cases.too_many_pages"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as one PDF. `made` says whether it was put together here, or is the very file that came."""

    pdf: bytes
    facts: ScanFacts
    made: bool


def put_together(parts: Sequence[tuple[bytes, str]], *, title: str, at: datetime) -> Scan:
    """One PDF of what was scanned, each part as (content, format), in their order.

    A single PDF stays as it is, byte by byte. Pictures become pages of a PDF/A-2b. Raises DamagedScan, TooManyPages.
    """
    with _whatever_is_wrong():
        if len(parts) == 1 and parts[0][1] == "pdf":
            return Scan(parts[0][0], _facts_of_pdf(parts[0][0]), made=False)
        if all(format_ != "pdf" for _content, format_ in parts):
            pictures = [_picture(content, format_) for content, format_ in parts]
            measured = facts([page for _picture, page, _guess in pictures], estimated=any(g for *_rest, g in pictures))
            return Scan(as_pdf([picture for picture, *_rest in pictures], title=title, at=at), measured, made=True)
        pdf = _merged([content if f == "pdf" else _one_page(content, f, title, at) for content, f in parts])
        return Scan(pdf, _facts_of_pdf(pdf), made=True)


@contextmanager
def _whatever_is_wrong() -> Iterator[None]:
    try:
        yield
    except DomainError:
        raise
    except Exception as error:  # whatever a parser meets in hostile bytes
        raise DamagedScan(
            _("This file cannot be read page by page."), way_out=_("Scan the paper again, or save the file anew.")
        ) from error


# pictures


def _picture(content: bytes, format_: str) -> tuple[Picture, ScannedPage, bool]:
    """As a page of its own size where the picture tells its scale, else of A4; and whether that was a guess."""
    with images.one_decodes, images.open_checked(io.BytesIO(content), format_.upper()) as opened:
        scale = opened.info.get("dpi", (0, 0))[0]
        upright, width, height = _upright(opened, content)
    told = float(scale or 0) >= _LOWEST_SCALE
    dpi = float(scale) if told else max(width, height) / LONG_PAPER
    size = (width / dpi * MM, height / dpi * MM) if told else _sheet(width, height)
    page = ScannedPage(*size, dpi=round(dpi))
    return Picture(upright, format_, *size), page, not told


def _upright(opened: "Image.Image", content: bytes) -> tuple[bytes, int, int]:
    """The picture as it is to be looked at; its own bytes unless the camera was held another way."""
    from PIL import ImageOps

    if opened.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT and opened.mode in ("1", "L", "P", "RGB", "RGBA"):
        return content, opened.width, opened.height
    turned = ImageOps.exif_transpose(opened).convert("RGB")
    out = io.BytesIO()
    turned.save(out, opened.format or "JPEG", quality=92)
    return out.getvalue(), turned.width, turned.height


def _sheet(width: int, height: int) -> tuple[float, float]:
    return (297.0, 210.0) if width > height else (210.0, 297.0)


def _one_page(content: bytes, format_: str, title: str, at: datetime) -> bytes:
    return as_pdf([_picture(content, format_)[0]], title=title, at=at)


# PDF


def _reader(pdf: bytes) -> "PdfReader":
    from pypdf import PdfReader  # takes a quarter of a second to load

    reader = PdfReader(io.BytesIO(pdf), root_object_recovery_limit=1000, xref_stream_maximum_entries=500_000)
    if reader.is_encrypted:
        reader.decrypt("")
    _refuse_too_many(int(reader.root_object["/Pages"].get_object()["/Count"]))  # type: ignore[index]
    return reader


def _refuse_too_many(count: int) -> None:
    if count > MOST_PAGES:
        raise TooManyPages(
            _("This scan has %(pages)s pages; one component holds %(most)s at most."),
            way_out=_("Scan it in parts and attach them one by one."),
            pages=count,
            most=MOST_PAGES,
        )


def _facts_of_pdf(pdf: bytes) -> ScanFacts:
    reader = _reader(pdf)
    _refuse_too_many(len(reader.pages))
    return facts([_page(page) for page in reader.pages])


def _page(page: "PageObject") -> ScannedPage:
    """Letters on a page show by its fonts. They are not read here: that is done where it is bounded in time."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    resources: Any = page.get("/Resources", {}).get_object() if "/Resources" in page else {}
    dpi = _dpi(resources, width)
    text = bool(resources.get("/Font"))
    if page.rotation % 180:
        width, height = height, width
    return ScannedPage(width / POINTS * MM, height / POINTS * MM, dpi=dpi, text=text)


def _dpi(resources: Any, width: float) -> int | None:
    """Of the largest picture, as if it covered the page: scanners make one picture a page."""
    found: Any = resources.get("/XObject", {})
    objects = list(found.get_object().values())[:_XOBJECTS] if found else []
    widths = [
        int(each["/Width"])
        for each in (entry.get_object() for entry in objects)
        if each.get("/Subtype") == "/Image" and "/Width" in each
    ]
    return round(max(widths) / (width / POINTS)) if widths and width >= 1 else None


def _merged(parts: Sequence[bytes]) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in parts:
        for page in _reader(part).pages:
            writer.add_page(page)
        _refuse_too_many(len(writer.pages))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def made_sound(pdf: bytes) -> bytes:
    """The same pages written anew, for a file that is read but too untidy to be signed as it is. Raises DamagedScan."""
    with _whatever_is_wrong():
        from pypdf import PdfWriter

        writer = PdfWriter()
        for page in _reader(pdf).pages:
            writer.add_page(page).transfer_rotation_to_content()
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()


def first_page(pdf: bytes) -> tuple[float, float, bool]:
    """Width and height of the first page in mm as it is stored, and whether it is turned when shown."""
    with _whatever_is_wrong():
        page = _reader(pdf).pages[0]
        box = page.mediabox
        return float(box.width) / POINTS * MM, float(box.height) / POINTS * MM, bool(page.rotation % 360)
