"""Tables as text (CSV): nothing but letters, in one of the encodings of Unicode."""

import codecs
from typing import IO

from lienthong.foundation.files.formats import ooxml

_PIECE = 1024 * 1024
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r"))


def is_text(head: bytes) -> bool:
    """Whether a content that begins so is letters, as far as can be seen there."""
    if head.startswith(_WIDE) or _is_wide(head):
        return True
    return _has_no_control(head)


def examine(content: IO[bytes], size: int) -> None:
    """To its end. Raises Damaged."""
    content.seek(0)
    head = content.read(4096)
    if head.startswith(_WIDE) or _is_wide(head):
        return
    content.seek(0)
    while piece := content.read(_PIECE):
        if not _has_no_control(piece):
            raise ooxml.damaged()


def _has_no_control(piece: bytes) -> bool:
    return len(piece.translate(None, _CONTROL)) == len(piece)


def _is_wide(head: bytes) -> bool:
    """UTF-16 without its mark: of Latin letters every other byte is nothing."""
    if len(head) < 4 or (len(head) % 2 and len(head) < 4096):
        return False
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return min(even, odd) == 0 and max(even, odd) > half * 0.6
