"""Pictures: really decoded, within a limit of pixels."""

import threading
import warnings
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile

from lienthong.foundation.files.errors import Damaged, TooLarge, Unsafe, WrongKind

PIXEL_LIMIT = 50_000_000
"""An A4 page at 600 dots per inch has 35 million; a decoded picture takes up to four bytes for each."""

one_decodes = threading.Semaphore(1)
"""Held while decoding, so that a process never holds more than one decoded picture."""


def examine_jpeg(content: IO[bytes], size: int) -> None:
    _refuse_script_in_header(content)
    _decode(content, "JPEG")


def examine_png(content: IO[bytes], size: int) -> None:
    _decode(content, "PNG")


def examine_webp(content: IO[bytes], size: int) -> None:
    _decode(content, "WEBP")


def open_checked(content: IO[bytes], kind: str) -> ImageFile.ImageFile:
    """The picture, not decoded yet, after its measures were checked. Raises TooLarge, WrongKind or Damaged."""
    content.seek(0)
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            picture = Image.open(content, formats=[kind])
        moving = kind != "JPEG" and getattr(picture, "n_frames", 1) > 1
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Exception as error:  # whatever a parser meets in hostile bytes
        raise _damaged() from error
    if picture.width * picture.height > PIXEL_LIMIT:
        raise _too_many_pixels()
    if moving:
        raise WrongKind(
            _("Moving pictures are not accepted."),
            way_out=_("Save the picture as JPG or PNG and attach that file."),
        )
    return picture


def _decode(content: IO[bytes], kind: str) -> None:
    with one_decodes, open_checked(content, kind) as picture:
        # A JPEG is read to its end also when an eighth of its width is drawn, with a sixty-fourth of the memory.
        picture.draft(None, (picture.width // 8 or 1, picture.height // 8 or 1))
        try:
            picture.load()
        except Exception as error:  # whatever a decoder meets in hostile bytes
            raise _damaged() from error


def _refuse_script_in_header(content: IO[bytes]) -> None:
    """A JFIF header has 16 bytes and its thumbnail; other lengths are made to read as the start of a script's comment.

    ITU-T T.871 §10.1.
    """
    content.seek(0)
    header = content.read(20).ljust(20, b"\0")
    if header[2:4] == b"\xff\xe0" and header[6:11] == b"JFIF\0":
        length = int.from_bytes(header[4:6])
        if length != 16 + 3 * header[18] * header[19]:
            raise Unsafe(
                _("This file is two kinds of file at once, which is a way to hide something."),
                way_out=_("Open it in its program and save it again, then attach the new file."),
            )


def _too_many_pixels() -> TooLarge:
    return TooLarge(
        _("This picture has too many pixels: at most %(limit)s million are accepted."),
        way_out=_("Make it smaller or take it again with a lower resolution."),
        limit=PIXEL_LIMIT // 1_000_000,
    )


def _damaged() -> Damaged:
    return Damaged(
        _("This picture is damaged or incomplete."),
        way_out=_("Open it on your device to check it, save it again or take a new one, and attach that file."),
    )
