"""Whether a PDF says of itself that it is PDF/A (ISO 19005): read from its XMP, which such a file keeps uncompressed.
What it claims is not proved by that."""

import re
from typing import IO

_PART = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']|>)\s*([1-4])")
_LEVEL = re.compile(rb"pdfaid:conformance\s*(?:=\s*[\"']|>)\s*([ABUEFabuef])")
PIECE = 1024 * 1024
_OVERLAP = 200
"""Bytes of a piece that are looked at with the next: a claim may lie on their border."""


def claim(content: IO[bytes]) -> str:
    """The part and the level, as 2b, 3u, 4; empty where it claims none."""
    part = level = None
    kept = b""
    while piece := content.read(PIECE):
        window = kept + piece
        part, level = part or _PART.search(window), level or _LEVEL.search(window)
        if part and level:
            break
        kept = window[-_OVERLAP:]
    if part is None:
        return ""
    return part[1].decode() + (level[1].decode().lower() if level else "")
