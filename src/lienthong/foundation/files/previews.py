"""Pictures as a browser may show them: drawn anew, so that nothing but the picture is left of what was uploaded."""

import io
from typing import IO

from django.core.files.base import File
from PIL import Image, ImageOps

from lienthong.foundation.files import storage
from lienthong.foundation.files.formats import images
from lienthong.foundation.files.models import StoredFile

MEDIA_TYPE = "image/jpeg"
LONGEST_SIDE = 1600
_QUALITY = 85


def preview(stored: StoredFile) -> File[bytes]:
    """The preview of a stored picture, at most 1600 pixels long, without the place and device its file may tell.

    Made when it is first asked for and kept. Raises ContentMissing, and ValueError for what is no picture.
    """
    name = storage.preview_name(stored.sha256)
    store = storage.present()
    if not store.exists(name):
        with storage.open_content(stored.sha256) as content:
            drawn = _draw(content, stored.format)
        with storage.new_draft() as draft:
            draft.write(drawn)
            storage.put(draft, name, len(drawn))
    return store.open(name)


def _draw(content: IO[bytes], format_key: str) -> bytes:
    if format_key not in ("jpeg", "png", "webp"):
        raise ValueError(f"a {format_key} file has no preview")
    with images.one_decodes, images.open_checked(content, format_key.upper()) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        drawn = io.BytesIO()
        _on_white(upright).save(drawn, "JPEG", quality=_QUALITY)
    return drawn.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, colour profile and everything else that lies beside the picture."""
    colours = picture.convert("RGBA")
    page = Image.new("RGB", picture.size, "white")
    page.paste(colours, mask=colours.getchannel("A"))
    return page
