"""Pictures of signatures and seals are looked at and cut to what is seen of them: no database."""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 2 * 1024 * 1024
_MOST_PIXELS = 4000
"""On a side; a seal of 42 mm at 600 dpi has 1000."""
_FEWEST_PIXELS = 100
_LARGEST_KEPT = 1200
_SEEN = 24
"""Opacity (of 255) from which a pixel counts as seen."""
_LEAST_OPEN = 0.1
"""Share of pixels that show the paper: the corners around a round seal are a fifth."""
_DISTANCE = 15
"""By how much (of 255) a colour stands out."""
_ROUND = 1.15
_UNREADABLE = (OSError, ValueError, SyntaxError, LookupError, EOFError, struct.error, zlib.error)
"""What damaged chunks of a PNG make of its reader, those behind the picture too."""


class NotAPicture(DomainError):
    code = "signing.not_a_picture"


@dataclass(frozen=True, slots=True)
class Ink:
    """What a picture shows: its colour by the decree, as the place of red, green, blue; whether it is round."""

    channel: int
    refused: str | Promise
    is_round: bool = False


SIGNATURE = Ink(2, _("A signature is blue: sign with a blue pen, or choose that colour."))
SEAL = Ink(0, _("A seal is red."), is_round=True)


def cut(content: bytes, ink: Ink) -> bytes:
    """The picture as a PNG that holds nothing but what is seen, at most 1200 pixels wide and high.

    Raises NotAPicture: no PNG, too large or too small, no transparent ground, another colour, a seal that is not round.
    """
    picture = _opened(content)
    opacity = picture.getchannel("A").point(lambda value: 255 if value >= _SEEN else 0)
    bounds = opacity.getbbox()
    if bounds is None:
        raise NotAPicture(_("Nothing can be seen in this picture."))
    seen = opacity.histogram()[255]
    if seen > (1 - _LEAST_OPEN) * picture.width * picture.height:
        raise NotAPicture(
            _("The ground of this picture is not transparent: it would cover what is written below it."),
            way_out=_("Remove the background in a drawing program and save it as PNG with transparency."),
        )
    if not _has_colour(picture, opacity, ink.channel):
        raise NotAPicture(ink.refused)
    shown = picture.crop(bounds)
    if min(shown.size) * 8 < _FEWEST_PIXELS or max(shown.size) < _FEWEST_PIXELS:
        raise NotAPicture(_("This picture is too small to be printed well."), way_out=_("Scan it at 300 dpi or more."))
    if ink.is_round and max(shown.size) > _ROUND * min(shown.size):
        raise NotAPicture(_("A seal is as wide as it is high; this picture is not."))
    return _saved(shown)


def _opened(content: bytes) -> "Image.Image":
    from PIL import Image  # slow to import, rarely needed

    if len(content) > MOST_BYTES:
        raise NotAPicture(_("This picture is larger than %(most)s MB."), most=MOST_BYTES // 1024**2)
    try:
        opened = Image.open(io.BytesIO(content), formats=["PNG"])
        if max(opened.size) > _MOST_PIXELS:
            raise NotAPicture(_("This picture has more than %(most)s pixels on a side."), most=_MOST_PIXELS)
        opened.load()
        return opened.convert("RGBA")
    except (Image.DecompressionBombError, *_UNREADABLE) as error:
        raise NotAPicture(
            _("This is not a PNG picture."), way_out=_("Save it as PNG with a transparent background.")
        ) from error


def _has_colour(picture: "Image.Image", seen: "Image.Image", channel: int) -> bool:
    """Whether what is seen has, on the whole, more of this colour than of the others."""
    from PIL import ImageStat

    means = ImageStat.Stat(picture.convert("RGB"), seen).mean
    return all(means[channel] >= mean + _DISTANCE for place, mean in enumerate(means) if place != channel)


def _saved(picture: "Image.Image") -> bytes:
    picture.thumbnail((_LARGEST_KEPT, _LARGEST_KEPT))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
