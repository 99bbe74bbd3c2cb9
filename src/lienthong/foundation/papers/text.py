"""What of a text can be printed: a PDF/A may hold no character that its font cannot draw."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

MISSING = "□"
"""Stands for a character the official font has no picture of (emoji, foreign scripts): nothing vanishes unseen."""


def printable(text: str) -> str:
    """The text as it can be printed: composed letters, line ends as one "\\n", no control characters.

    Those that turn the direction of writing (U+202E and its kin) are left out too: on an official paper they could
    make a name read otherwise than it is stored.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if composed.isprintable() and covered().issuperset(map(ord, composed)):
        return composed
    return "".join(map(_printed, composed))


@cache
def _printed(character: str) -> str:
    if character in "\n\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if character == "\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf"):
        return ""
    if ord(character) in covered():
        return character
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(ord(part) in covered() for part in plain):
        return plain
    return MISSING


@cache
def covered() -> frozenset[int]:
    """The characters that every face of the official font can draw."""
    faces = [_covered_by(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(set.intersection(*faces))


def _covered_by(font: bytes) -> set[int]:
    """The characters of a TrueType font: its Windows Unicode subtable of `cmap`, format 4 (OpenType 1.9, cmap)."""
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", table, 2)
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * index)
        if (platform, encoding) == (3, 1):
            return _format_4(table[offset:])
    raise ValueError("the font has no Unicode character map")


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _checksum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"the font has no table {tag!r}")


def _format_4(subtable: bytes) -> set[int]:
    """Codes whose glyph is not 0. Segments are four parallel arrays; a range offset counts from its own place."""
    segments = struct.unpack_from(">H", subtable, 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", subtable, 14)
    starts = struct.unpack_from(f">{segments}H", subtable, 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", subtable, 16 + 4 * segments)
    offsets_at = 16 + 6 * segments
    offsets = struct.unpack_from(f">{segments}H", subtable, offsets_at)
    codes: set[int] = set()
    for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", subtable, offsets_at + 2 * index + offset + 2 * (code - start))
            if (glyph + delta) % 65536 if glyph or not offset else 0:
                codes.add(code)
    return codes
