"""What a content is, decided by the content alone, and whether it is whole and harmless."""

import re
from collections.abc import Callable
from typing import IO

import filetype  # type: ignore[import-untyped]
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import Unsafe, WrongKind
from lienthong.foundation.files.formats import drawings, images, messages, ods, ooxml, pdf, tables
from lienthong.foundation.files.kinds import BY_KEY, BY_MEDIA_TYPE, Format
from lienthong.foundation.files.rules import Policy

_HEAD = 8192
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP_SIZE = 22
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml-stylesheet)\b", re.IGNORECASE)

_examine: dict[str, Callable[[IO[bytes], int], None]] = {
    "pdf": pdf.examine,
    "jpeg": images.examine_jpeg,
    "png": images.examine_png,
    "webp": images.examine_webp,
    "csv": tables.examine,
    "dwg": drawings.examine,
    "eml": messages.examine,
}


def examine(content: IO[bytes], size: int, policy: Policy) -> Format:
    """The format of a content of `size` bytes that the policy takes.

    Raises WrongKind, Damaged, Unsafe or Locked, each with what to do instead.
    """
    content.seek(0)
    head = content.read(_HEAD)
    format_ = _recognised(content, head)
    if format_ is None and "eml" in policy.kinds and messages.is_message(content):
        format_ = BY_KEY["eml"]
    if format_ is None and "csv" in policy.kinds and tables.is_text(head):  # a kind that only its place can know
        format_ = BY_KEY["csv"]
    if format_ is None or format_.kind not in policy.kinds:
        raise WrongKind(
            _("This file is of a kind that is not accepted here. Accepted: %(accepted)s."),
            way_out=_("Save the document in one of these forms and attach it again."),
            accepted=policy.words,
        )
    if format_.key in _examine:
        _refuse_second_kind(content, head if format_.key != "eml" else b"", size)  # messages may be written in HTML
        _examine[format_.key](content, size)
    return format_


def _recognised(content: IO[bytes], head: bytes) -> Format | None:
    if head.startswith(ooxml.MAGIC):
        key = ooxml.examine(content) or ods.examine(content)
        return BY_KEY[key] if key else None
    guess = filetype.guess(head)
    return BY_MEDIA_TYPE.get(guess.mime) if guess else None


def _refuse_second_kind(content: IO[bytes], head: bytes, size: int) -> None:
    """A content that is also a web page or an archive deceives one of its readers."""
    if _MARKUP.search(head[:1024]) or _ends_like_zip(content, size):
        raise Unsafe(
            _("This file is two kinds of file at once, which is a way to hide something."),
            way_out=_("Open it in its program and save it again, then attach the new file."),
        )


def _ends_like_zip(content: IO[bytes], size: int) -> bool:
    """Whether an archive's directory ends where the content ends, which is where programs look for it."""
    content.seek(max(0, size - _END_OF_ZIP_SIZE - 0xFFFF))
    tail = content.read()
    place = tail.rfind(_END_OF_ZIP)
    while place >= 0:
        comment = int.from_bytes(tail[place + 20 : place + 22], "little")
        if place + _END_OF_ZIP_SIZE + comment == len(tail):
            return True
        place = tail.rfind(_END_OF_ZIP, 0, place)
    return False
