"""The visible part of a signature, and where on the paper it stands (NĐ 30/2020/NĐ-CP App. I.II.7.d, I.II.8)."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, papers
from lienthong.foundation.errors import DomainError
from lienthong.foundation.papers.wording import moment_of_signing
from lienthong.signing.rules import Seal, Signer

POINTS_PER_MM = 72 / 25.4

CORNER = "corner"
"""The top right of the first page of any file, in the margin: where marks in words come."""
_MARK_WIDTH, _MARK_HEIGHT, _MARK_TOP, _MARK_MARGIN = 90, 15, 4, 10  # mm
_MARK_ROWS = 3
_ROUNDED = 1  # mm

_PLACE = re.compile(r"stamp-(?P<name>[a-z-]+)-(?P<width>\d+)x(?P<height>\d+)")


class NoSuchPlace(DomainError):
    code = "signing.no_such_place"


class NotAnImage(DomainError):
    code = "signing.not_an_image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page (1 is the first) in millimetres from the page's top left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Whether both cover something of the same page, by more than the points that a box is rounded to."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return self.page == other.page and min(across, down) > _ROUNDED


class CopyForm(Enum):
    """The forms of copies (NĐ 30/2020 art. 25), as their mark calls them."""

    TRUE_COPY = "SAO Y"
    COPY_OF_COPY = "SAO LỤC"
    EXTRACT = "TRÍCH SAO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Where a signature is seen: a `place` that the paper's template left ("signer", "seal"), a box, or CORNER.

    `image` is the picture of the handwritten signature (blue) or of the organisation's seal (red), PNG with a
    transparent ground; `diameter` its real size in mm, for a seal. Without a picture the stamp says in words who signed
    and when; a seal's words stand in "seal-text". `heading` stands above these words: what the signature makes of the
    paper, as "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH". `lines` are said instead of all that, in black without a frame.
    """

    place: str | Box
    image: bytes | None = None
    diameter: float | None = None
    heading: str = ""
    lines: tuple[str, ...] = ()


def of_appendix(number_and_symbol: str, *, at: datetime) -> Stamp:
    """On an appendix in a file of its own: the number of its document, and when it was signed (App. I.II.8.b)."""
    return Stamp(place=CORNER, lines=(number_and_symbol, _moment(at)))


def of_copy(form: CopyForm, agency: str, *, at: datetime, pages: str = "") -> Stamp:
    """On an electronic copy: its form, the agency that made it, when it was signed (App. I, part II, I.3). An extract
    says of which `pages`."""
    words = f"{form.value} (trang {pages})" if pages else form.value
    return Stamp(place=CORNER, lines=(words, agency, _moment(at)))


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%d/%m/%Y; %H:%M:%S}; +07:00"


def is_place(name: str) -> bool:
    return _PLACE.fullmatch(name) is not None


def places_of(names: dict[str, tuple[int, float, float]]) -> dict[str, Box]:
    """The rooms for stamps among a file's named destinations: name -> (page, left, top) in mm from the top left."""
    found = {}
    for name, (page, left, top) in names.items():
        match = _PLACE.fullmatch(name)
        if match:
            width, height = int(match["width"]) / 10, int(match["height"]) / 10
            found[match["name"]] = Box(page=page, left=left, top=top, width=width, height=height)
    return found


def box_for(stamp: Stamp, places: dict[str, Box], *, page_width: float, taken: Sequence[Box] = ()) -> Box:
    """`page_width`: of the first page, in mm; `taken`: where signatures are seen on it. Raises NoSuchPlace."""
    if isinstance(stamp.place, Box):
        return stamp.place
    if stamp.place == CORNER:
        return _in_the_corner(page_width, taken)
    wished = [stamp.place, f"{stamp.place}-text"]
    for name in wished if stamp.image else reversed(wished):
        if name in places:
            return _of_real_size(places[name], stamp.diameter)
    raise NoSuchPlace(_("This paper leaves no place “%(place)s” for a signature."), place=stamp.place)


def _in_the_corner(page_width: float, taken: Sequence[Box]) -> Box:
    """At the top right; beside a mark that stands there already, as on a copy of a copy, and below where both are."""
    width = min(_MARK_WIDTH, page_width / 2)
    right = page_width - _MARK_MARGIN - width
    wished = [
        Box(page=1, left=left, top=_MARK_TOP + row * _MARK_HEIGHT, width=width, height=_MARK_HEIGHT)
        for row in range(_MARK_ROWS)
        for left in ((right, right - width) if right >= width else (right,))
    ]
    return next((box for box in wished if not any(box.meets(each) for each in taken)), wished[0])


def _of_real_size(place: Box, diameter: float | None) -> Box:
    """As large as the seal is; it overlaps the signature as much as its place does, from the left (App. I.II.8.a)."""
    if diameter is None:
        return place
    left, top = place.left + place.width - diameter, place.top + (place.height - diameter) / 2
    return Box(page=place.page, left=left, top=top, width=diameter, height=diameter)


def drawing(signer: Signer | Seal, stamp: Stamp, box: Box, *, at: datetime) -> bytes:
    """The stamp in words as a PDF page of the size of its box."""
    data = {
        "person": isinstance(signer, Signer),
        "lines": _words(signer, at),
        "heading": stamp.heading,
        "mark": stamp.lines,
        "width": box.width,
        "height": box.height,
    }
    return papers.render("signing/stamp", data, at=at, tags=False)


def _words(signer: Signer | Seal, at: datetime) -> list[tuple[str, str]]:
    lines = [("Ký bởi", signer.name if isinstance(signer, Signer) else signer.organisation)]
    if isinstance(signer, Signer):
        lines += [("Chức vụ", signer.position), ("Cơ quan", signer.organisation)]
    lines.append(("Thời gian ký", moment_of_signing(at)))
    return [line for line in lines if line[1]]


def picture(image: bytes) -> Any:
    """The picture as Pillow's, checked to be a PNG. Raises NotAnImage."""
    from PIL import Image, UnidentifiedImageError  # slow to import, rarely needed

    try:
        opened = Image.open(io.BytesIO(image), formats=["PNG"])
        opened.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAnImage(_("The picture of the signature is not a PNG file.")) from error
    return opened.convert("RGBA")
