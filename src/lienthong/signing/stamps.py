"""The visible part of a signature, and where on the paper it stands (NĐ 30/2020/NĐ-CP App. I.II.7.d, I.II.8)."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import papers
from lienthong.foundation.errors import DomainError
from lienthong.foundation.papers.wording import moment_of_signing
from lienthong.signing.rules import Seal, Signer

POINTS_PER_MM = 72 / 25.4

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Where a signature is seen: a `place` that the paper's template left ("signer", "seal"), or a box.

    `image` is the picture of the handwritten signature (blue) or of the organisation's seal (red), PNG with a
    transparent ground. Without it the stamp says in words who signed and when; a seal's words stand in "seal-text".
    `heading` stands above these words: what the signature makes of the paper, as "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH".
    """

    place: str | Box
    image: bytes | None = None
    heading: str = ""


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


def box_for(stamp: Stamp, places: dict[str, Box]) -> Box:
    """Raises NoSuchPlace."""
    if isinstance(stamp.place, Box):
        return stamp.place
    wished = [stamp.place, f"{stamp.place}-text"]
    for name in wished if stamp.image else reversed(wished):
        if name in places:
            return places[name]
    raise NoSuchPlace(_("This paper leaves no place “%(place)s” for a signature."), place=stamp.place)


def drawing(signer: Signer | Seal, box: Box, *, at: datetime, heading: str = "") -> bytes:
    """The stamp in words as a PDF page of the size of its box."""
    return papers.render("signing/stamp", {**_words(signer, box, at), "heading": heading}, at=at, tags=False)


def _words(signer: Signer | Seal, box: Box, at: datetime) -> dict[str, Any]:
    person = isinstance(signer, Signer)
    lines = [["Ký bởi", signer.name if isinstance(signer, Signer) else signer.organisation]]
    if isinstance(signer, Signer):
        lines += [["Chức vụ", signer.position], ["Cơ quan", signer.organisation]]
    lines.append(["Thời gian ký", moment_of_signing(at)])
    return {"person": person, "lines": [line for line in lines if line[1]], "width": box.width, "height": box.height}


def picture(image: bytes) -> Any:
    """The picture as Pillow's, checked to be a PNG. Raises NotAnImage."""
    from PIL import Image, UnidentifiedImageError  # slow to import, rarely needed

    try:
        opened = Image.open(io.BytesIO(image), formats=["PNG"])
        opened.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAnImage(_("The picture of the signature is not a PNG file.")) from error
    return opened.convert("RGBA")
