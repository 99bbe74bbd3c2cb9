"""What our templates left in a PDF for signatures: pages, their sizes, named destinations.

Import this module where it is used: pyHanko takes a second to import.
"""

from collections.abc import Callable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.signing import stamps
from lienthong.signing.stamps import POINTS_PER_MM, Box

_MOST_NODES = 1000
"""Nodes of the tree of named destinations that are looked at."""


def page_at(reader: PdfFileReader, index: int) -> Any:
    """The reference of a page; 0 is the first."""
    return reader.find_page_for_modification(index)[0]  # type: ignore[no-untyped-call]


def media_box(reader: PdfFileReader, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a page in points."""
    found = page_at(reader, index).get_object()
    while "/MediaBox" not in found:
        found = found["/Parent"]
    left, bottom, right, top = (float(each) for each in found["/MediaBox"])
    return left, bottom, right, top


def places(reader: PdfFileReader) -> dict[str, Box]:
    """The places for stamps of a file that our templates made."""
    corners = {}
    for name, (index, x, y) in points(reader, stamps.is_place):
        left, _bottom, _right, top = media_box(reader, index)
        corners[name] = (index + 1, (x - left) / POINTS_PER_MM, (top - y) / POINTS_PER_MM)
    return stamps.places_of(corners)


def seen_signatures(reader: PdfFileReader) -> list[Box]:
    """Where signatures are seen on the first page."""
    left, _bottom, _right, top = media_box(reader, 0)
    notes = part(page_at(reader, 0).get_object(), "/Annots", [])
    found = []
    for index in range(min(len(notes), _MOST_NODES)):
        note = notes[index]
        if part(note, "/FT", part(part(note, "/Parent", {}), "/FT", "")) == "/Sig":
            x, bottom, right, up = (float(each) for each in note["/Rect"])
            width, height = (right - x) / POINTS_PER_MM, (up - bottom) / POINTS_PER_MM
            corner = ((x - left) / POINTS_PER_MM, (top - up) / POINTS_PER_MM)
            found.append(Box(page=1, left=corner[0], top=corner[1], width=width, height=height))
    return found


def points(reader: PdfFileReader, wanted: Callable[[str], bool]) -> Iterator[tuple[str, tuple[int, float, float]]]:
    """The named destinations whose names are `wanted`: name, page (0 is the first), x and y in points."""
    found = [(name, target) for name, target in _destinations(reader) if wanted(name) and target[1] == "/XYZ"]
    if not found:
        return
    pages = {page_at(reader, index).idnum: index for index in range(int(reader.root["/Pages"]["/Count"]))}
    for name, (page, _kind, x, y, *_zoom) in found:
        yield name, (pages[page.idnum], float(x), float(y))


def _destinations(reader: PdfFileReader) -> Iterator[tuple[str, Any]]:
    names = part(reader.root, "/Names", {})
    waiting = [names["/Dests"]] if "/Dests" in names else []
    for _turn in range(_MOST_NODES):  # a hostile tree may bite its own tail
        if not waiting:
            return
        node = waiting.pop()
        kids, leaves = part(node, "/Kids", []), part(node, "/Names", [])
        waiting.extend(kids[index] for index in range(len(kids)))
        for index in range(0, len(leaves) - 1, 2):
            target = leaves[index + 1]
            found = target["/D"] if isinstance(target, generic.DictionaryObject) else target
            yield str(leaves[index]), [found.raw_get(0), *(found[part] for part in range(1, len(found)))]


def part(holder: Any, key: str, otherwise: Any) -> Any:
    """Unlike `get`, follows references."""
    try:
        return holder[key]
    except KeyError:
        return otherwise
