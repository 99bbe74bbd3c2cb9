"""Copies of a PDF, made in a process of their own that a hostile PDF may exhaust: drawn on, or only some pages.

    python -m lienthong.foundation.files.pdf_copies FOLDER

In the folder are the document and task.json, which says what is wanted; for drawing also two drawings, each a PDF page
without ground: one for a document that bears digital signatures, one for any other. A signature holds for the bytes it
was made of and not for a copy. So a copy has none: what was seen of the signatures is drawn flat. A PDF can also be
looked at only (`looked_at`).
"""

import io
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lienthong.foundation.files import bounded, pdfa

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter

_SECONDS, _MEMORY, _LARGEST = 60, 2 * 1024**3, 512 * 1024**2
_MM = 72 / 25.4
_DEEPEST = 8
_HIDDEN = 2
_SEEN = "seen.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the drawing goes on the first page, in mm: `left` and `top` of its corner from the page's.

    With `below` it goes under the first line that begins so, and under those that go on from a line beginning with
    `subject` below that, as long as that is in the upper half; `top` is where no such line is found.
    """

    left: float
    top: float
    below: str = ""
    subject: str = ""


def overlay(content: IO[bytes], *, plain: bytes, signed: bytes, place: Place) -> bytes | None:
    """A copy with the drawing on its first page; None for a PDF that cannot be drawn on."""
    return _made(content, {"place": asdict(place)}, plain=plain, signed=signed)


def first_pages(content: IO[bytes], count: int) -> bytes | None:
    """A copy of at most so many pages, without forms and signatures; None for a PDF that cannot be read."""
    return _made(content, {"first": count})


def chosen_pages(content: IO[bytes], pages: Sequence[int]) -> bytes | None:
    """A copy of these pages (1 is the first), without forms and signatures; None for a PDF that cannot be read or has
    fewer."""
    return _made(content, {"pages": list(pages)})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a PDF is. `claim`: which PDF/A it says it is, such as 2b; `has_intent`: it says which colours it means, as
    PDF/A has to; `copied`: it has a form, signatures or a lock that opens without a password, and the copy has not."""

    pages: int
    signed: bool
    claim: str
    has_intent: bool
    copied: bool
    locked: bool = False
    """It does not open without a password: nothing else is known of it."""


def looked_at(folder: Path, name: str, *, copy: str = "") -> Seen | None:
    """What a PDF of a folder is; None for one that cannot be read. With `copy` that is made beside it where it needs to
    be: all pages, without forms and signatures."""
    (folder / "task.json").write_text(json.dumps({"look": name, "copy": copy}))
    (folder / _SEEN).unlink(missing_ok=True)
    if _run(folder) != 0:
        return None
    return Seen(**json.loads((folder / _SEEN).read_text()))


def _run(folder: Path) -> int | None:
    command = [sys.executable, "-m", __name__, str(folder)]
    return bounded.run(command, folder=folder, seconds=_SECONDS, memory=_MEMORY, largest=_LARGEST)


def _made(content: IO[bytes], task: dict[str, Any], **drawings: bytes) -> bytes | None:
    with tempfile.TemporaryDirectory(prefix="lienthong-copy-") as name:
        folder = Path(name)
        content.seek(0)
        with (folder / "document.pdf").open("wb") as copy:
            shutil.copyfileobj(content, copy)
        for which, drawing in drawings.items():
            (folder / f"{which}.pdf").write_bytes(drawing)
        (folder / "task.json").write_text(json.dumps(task))
        end = _run(folder)
        made = folder / "copy.pdf"
        return made.read_bytes() if end == 0 and made.is_file() else None


def main(folder: Path) -> None:
    task = json.loads((folder / "task.json").read_text())
    if "look" in task:
        _look(folder, task)
    else:
        _copy(folder, task)


def _look(folder: Path, task: dict[str, Any]) -> None:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(folder / task["look"])
    if reader.is_encrypted and not reader.decrypt(""):
        locked = Seen(pages=0, signed=False, claim="", has_intent=False, copied=False, locked=True)
        (folder / _SEEN).write_text(json.dumps(asdict(locked)))
        return
    root = reader.root_object
    told = root.get("/Metadata")
    has_form = "/AcroForm" in root
    copied = bool(task["copy"]) and (has_form or reader.is_encrypted)
    seen = Seen(
        pages=len(reader.pages),
        signed=_is_signed(reader),
        claim=pdfa.claim(io.BytesIO(told.get_object().get_data())) if told is not None else "",
        has_intent="/OutputIntents" in root,
        copied=copied,
    )
    if copied:
        writer = PdfWriter()
        for page in reader.pages:
            _flatten(writer, writer.add_page(page))
        writer.write(folder / task["copy"])
    (folder / _SEEN).write_text(json.dumps(asdict(seen)))


def _copy(folder: Path, task: dict[str, Any]) -> None:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(folder / "document.pdf")
    if reader.is_encrypted:
        reader.decrypt("")
    writer = PdfWriter()
    chosen = (reader.pages[number - 1] for number in task["pages"]) if "pages" in task else reader.pages
    for page in islice(chosen, task.get("first")):
        _flatten(writer, writer.add_page(page))
    if "place" in task:
        drawing = PdfReader(folder / ("signed.pdf" if _is_signed(reader) else "plain.pdf")).pages[0]
        _draw_on(writer.pages[0], drawing, Place(**task["place"]))
    out = io.BytesIO()
    writer.write(out)
    (folder / "copy.pdf").write_bytes(out.getvalue())


def _draw_on(first: "PageObject", drawing: "PageObject", place: Place) -> None:
    from pypdf import Transformation

    if first.rotation:
        first.transfer_rotation_to_content()
    room, high = first.cropbox, float(drawing.mediabox.height)
    top = float(room.top) - place.top * _MM
    if place.below and (found := _below(first, place)) is not None:
        top = found
    top = max(top, float(room.bottom) + high)
    where = Transformation().translate(float(room.left) + place.left * _MM, top - high)
    first.merge_transformed_page(drawing, where)


def _is_signed(reader: "PdfReader") -> bool:
    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else None
    if not isinstance(form, dict):
        return False
    flags = form.get("/SigFlags")
    return bool(isinstance(flags, int) and flags & 1) or any(_signatures(form.get("/Fields"), 0))


def _signatures(fields: Any, depth: int) -> Iterator[bool]:
    fields = fields.get_object() if fields is not None else None
    for each in fields if isinstance(fields, list) and depth < _DEEPEST else ():
        field = each.get_object()
        if isinstance(field, dict):
            yield field.get("/FT") == "/Sig" and "/V" in field
            yield from _signatures(field.get("/Kids"), depth + 1)


# flattening


def _flatten(writer: "PdfWriter", page: "PageObject") -> None:
    """What is seen of form fields and signatures becomes part of the page; other notes stay."""
    from pypdf.generic import ArrayObject, NameObject

    listed = page.get("/Annots")
    listed = listed.get_object() if listed is not None else None
    if not isinstance(listed, list):
        return
    kept = ArrayObject()
    for each in listed:
        note = each.get_object()
        if isinstance(note, dict) and note.get("/Subtype") == "/Widget":
            _draw(writer, page, note)
        else:
            kept.append(each)
    page[NameObject("/Annots")] = kept


def _draw(writer: "PdfWriter", page: "PageObject", widget: Any) -> None:
    """As ISO 32000-1 12.5.5 has it: the box of the appearance, turned by its matrix, fills the widget's rectangle."""
    from pypdf import PageObject
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, RectangleObject, StreamObject

    looks = widget.get("/AP", DictionaryObject()).get_object().get("/N")
    seen = looks.get_object() if looks is not None else None
    if isinstance(seen, dict) and not isinstance(seen, StreamObject):
        looks = seen.get(widget.get("/AS"))
        seen = looks.get_object() if looks is not None else None
    if not isinstance(seen, StreamObject) or int(widget.get("/F", 0)) & _HIDDEN:
        return
    room = RectangleObject([float(number) for number in widget["/Rect"].get_object()])
    left, bottom, width, height = _turned(seen)
    if not width or not height:
        return
    wide, high = float(room.width) / width, float(room.height) / height
    across, up = float(room.left) - left * wide, float(room.bottom) - bottom * high
    over = PageObject.create_blank_page(writer, float(page.mediabox.width), float(page.mediabox.height))
    over[NameObject("/MediaBox")] = page.mediabox
    named = DictionaryObject({NameObject("/Seen"): looks})
    over[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
    stream = DecodedStreamObject()
    stream.set_data(f"q {wide:.6f} 0 0 {high:.6f} {across:.4f} {up:.4f} cm /Seen Do Q".encode())
    over[NameObject("/Contents")] = writer._add_object(stream)
    page.merge_page(over)


def _turned(seen: Any) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the appearance's box after its own matrix."""
    a, b, c, d, e, f = (float(number) for number in seen.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    left, bottom, right, top = (float(number) for number in seen["/BBox"].get_object())
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    across, up = [x for x, _y in corners], [y for _x, y in corners]
    return min(across), min(up), max(across) - min(across), max(up) - min(up)


# finding the line to go under


def _below(page: "PageObject", place: Place) -> float | None:
    """Under the number, or under what a letter is about where that follows it."""
    lines = _lines(page)
    start = next((place_ for place_, (_y, text) in enumerate(lines) if text.startswith(place.below)), None)
    if start is None:
        return None
    lowest = lines[start][0]
    if place.subject and any(text.startswith(place.subject) for _y, text in lines[start + 1 : start + 2]):
        for up, text in lines[start + 1 :]:
            if lowest - up > 24 or text.startswith("Kính"):
                break
            lowest = up
    return lowest - 8


def _lines(page: "PageObject") -> list[tuple[float, str]]:
    """The lines that begin in the left part of the upper half, from the top: height and text."""
    room = page.cropbox
    pieces: dict[int, list[tuple[float, str]]] = {}

    def note(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            across, up = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.setdefault(round(up / 3), []).append((across, text))

    page.extract_text(visitor_text=note)
    middle, half = float(room.left) + float(room.width) * 0.45, float(room.bottom) + float(room.height) / 2
    lines = []
    for level in sorted(pieces, reverse=True):
        left = sorted(piece for piece in pieces[level] if piece[0] < middle)
        if left and level * 3 > half:
            lines.append((level * 3.0, "".join(text for _across, text in left).strip()))
    return lines


if __name__ == "__main__":
    main(Path(sys.argv[1]))
