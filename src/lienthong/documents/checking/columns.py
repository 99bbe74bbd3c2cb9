"""Head and foot that somebody set with tabs instead of a table: their lines taken apart into left and right."""

from collections.abc import Iterator
from dataclasses import replace

from lienthong.documents.checking.boxes import KIND_NAMES, NATIONAL, is_appendix
from lienthong.documents.checking.paper import Line, Piece, Place
from lienthong.foundation.fields.typed import folded

_HIGHEST = 12
"""Lines from the top among which a head is looked for."""


def columns_of(lines: list[Line]) -> list[Line]:
    """The same lines, those of a head or foot without a table in two columns, whose middle is then not known."""
    places = {line.place for line in lines}
    split: list[Line] = []
    at: tuple[Place, Place] | None = None
    for index, line in enumerate(lines):
        if line.place is not Place.BODY:
            split.append(line)
            continue
        text = folded(line.text)
        if index < _HIGHEST and Place.HEAD_RIGHT not in places and folded(NATIONAL) in text:
            at = (Place.HEAD_LEFT, Place.HEAD_RIGHT)
        elif at == (Place.HEAD_LEFT, Place.HEAD_RIGHT) and (text in KIND_NAMES or text.startswith("kinh gui")):
            at = None
        elif text.startswith("noi nhan") and Place.FOOT_LEFT not in places:
            at = (Place.FOOT_LEFT, Place.FOOT_RIGHT)
        elif is_appendix(line.text):
            at = None
        split += _parted(line, at) if at else [line]
    for number, line in enumerate(split, start=1):
        line.number = number
    return split


def _parted(line: Line, places: tuple[Place, Place]) -> Iterator[Line]:
    left, right = _sides(line.pieces)
    for pieces, place in zip((left, right), places, strict=True):
        if any(piece.text.strip() for piece in pieces):
            yield replace(line, pieces=pieces, place=place, alignment=None)


def _sides(pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """What stands before the first tab, and behind it."""
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in pieces:
        before, tab, after = ("", "\t", piece.text) if right else piece.text.partition("\t")
        if before:
            left.append(replace(piece, text=before))
        if tab:
            right.append(replace(piece, text=after))
    return tuple(left), tuple(right)
