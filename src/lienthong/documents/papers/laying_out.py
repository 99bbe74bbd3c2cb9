"""The paper of a document, and where on it signature and seal come."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lienthong.documents.rules.blocks import (
    Article,
    Basis,
    Block,
    Centred,
    Clause,
    Group,
    Level,
    Paragraph,
    Point,
    Run,
    Table,
)
from lienthong.documents.rules.contents import Contents, Signer
from lienthong.documents.rules.kinds import LETTER, MINUTES, PERSONAL_LETTER, TELEGRAM
from lienthong.documents.rules.urgency import Urgency
from lienthong.foundation import papers
from lienthong.foundation.papers.letterheads import NO_BREAK
from lienthong.foundation.papers.wording import day_in_words, number_and_symbol, place_and_day

STAMPS = {
    Urgency.URGENT: ("KHẨN", 20),
    Urgency.VERY_URGENT: ("THƯỢNG KHẨN", 40),
    Urgency.EXPRESS: ("HỎA TỐC", 30),
}
"""Words of the mark of urgency and its width in mm; all are 8 mm high (App. I.III.2.b)."""

_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_PLACE = re.compile(r"stamp-(?P<name>signer|seal)-(?P<width>[0-9]+)x(?P<height>[0-9]+)")
_POINTS_PER_TENTH = 72 / 254


Part = Any
"""Of a line: a text, a gap to be filled ({"fill": name}), or a list of parts that stay on one line."""
Line = str | list[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page (1 is the first) in points; `x`, `y` is its lower left corner from that of the page."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The file, the room of the signature between title and name (box 7c), that of the seal, which covers a third of it
    from the left (box 8). `signing` finds both in the file by their names, "signer" and "seal"."""

    pdf: bytes
    signature: Box
    seal: Box


def lay_out(contents: Contents, *, at: datetime) -> Laid:
    """The document as PDF/A-2b; the same contents and `at` give the same bytes. What is not known yet leaves its room.

    Raises PaperTooLarge.
    """
    pdf = papers.render("documents/document", as_data(contents), at=at)
    places = dict(_places(pdf))
    return Laid(pdf=pdf, signature=places["signer"], seal=places["seal"])


def as_data(contents: Contents) -> dict[str, Any]:
    kind = contents.described_kind
    stamp, width = STAMPS.get(contents.urgency, ("", 0))
    return {
        "title": kind.name,
        "is_letter": kind.code == LETTER,
        "is_personal": kind.code == PERSONAL_LETTER,
        "call": f"{contents.issuer} điện:" if kind.code == TELEGRAM else "Kính gửi:",
        "parent": contents.parent,
        "issuer": contents.issuer,
        "number": number_and_symbol(contents.number, contents.symbol)
        if contents.number
        else _number_gap(contents, "Số: "),
        "place_and_day": "" if kind.code == MINUTES else _place_and_day(contents),
        "abstract": contents.abstract,
        "authority": contents.authority,
        "addressees": contents.addressees,
        "body": list(_blocks(contents.body)),
        "signer": _signer(contents.signer),
        "second_signer": _signer(contents.second_signer) if contents.second_signer else None,
        "recipients": contents.receivers(),
        "urgency": stamp,
        "urgency_width": width,
        "circulation": contents.circulation.value,
        "drafter": _drafter(contents),
        "address": contents.address,
        "appendices": list(_appendices(contents)),
    }


def _place_and_day(contents: Contents) -> Line:
    if contents.dated:
        return place_and_day(contents.place, contents.dated)
    return [f"{contents.place or ' ' * 16}, ", *_day_gap()]


def _number_gap(contents: Contents, before: str) -> Line:
    return [before, [{"fill": "number"}, f"/{contents.symbol}" if contents.symbol else ""]]


def _day_gap() -> list[Part]:
    return [["ngày ", {"fill": "day"}, " tháng ", {"fill": "month"}, " năm ", {"fill": "year"}]]


def _drafter(contents: Contents) -> str:
    """PL.(300)"""
    if not contents.drafter:
        return ""
    return contents.drafter.upper() + (f".({contents.copies})" if contents.copies else ".")


def _signer(signer: Signer) -> dict[str, Any]:
    return {"capacity": signer.capacity(), "name": signer.name, "other_title": signer.other_title}


def _appendices(contents: Contents) -> Iterator[dict[str, Any]]:
    for number, appendix in enumerate(contents.appendices, start=1):
        yield {
            "label": f"Phụ lục {roman(number)}" if len(contents.appendices) > 1 else "Phụ lục",
            "title": appendix.title,
            "source": _source(contents),
            "landscape": appendix.landscape,
            "body": list(_blocks(appendix.blocks)),
        }


def _source(contents: Contents) -> Line:
    """Which document it belongs to; one that has no number yet leaves its room (App. I.III.1.c)."""
    name = "Văn bản" if contents.kind == LETTER else contents.described_kind.name
    number: Line = number_and_symbol(contents.number, contents.symbol).removeprefix("Số: ")
    if not contents.number:
        number = _number_gap(contents, "")
    day: Line = day_in_words(contents.dated).replace(" ", NO_BREAK) if contents.dated else _day_gap()
    return _joined(f"(Kèm theo {name} số ", number, " ", day, f" của {contents.issuer})")


def _joined(*lines: Line) -> Line:
    """One text where all are known."""
    if all(isinstance(line, str) for line in lines):
        return "".join(map(str, lines))
    return [part for line in lines for part in ([line] if isinstance(line, str) else line)]


def roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written


def _blocks(blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    """Grounds end with “;” and the last one with “.”; the text ends with “./.” (App. I.II.6.a, App. III)."""
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        yield _block(block, following)


def _block(block: Block, following: Block | None) -> dict[str, Any]:
    end = "./." if following is None else ""
    match block:
        case Basis():
            text = block.text.rstrip(" ;.,") + (";" if isinstance(following, Basis) else ".")
            return {"kind": "paragraph", "runs": [_run(Run(text=text, italic=True))]}
        case Centred():
            return {"kind": "centred", "lines": [block.text]}
        case Level():
            return {"kind": "centred", "lines": [block.label, *([block.title.upper()] if block.title else [])]}
        case Group():
            text = f"{block.number}. {block.title.upper()}"
            return {"kind": "heading", "runs": [_run(Run(text=text, bold=True))]}
        case Article():
            return _numbered(Run(text=f"Điều {block.number}. ", bold=True), block.runs, end)
        case Clause():
            return _numbered(Run(text=f"{block.number}. ", bold=_is_bold(block.runs)), block.runs, end)
        case Point():
            return _numbered(Run(text=f"{block.letter}) "), block.runs, end)
        case Paragraph():
            return _numbered(Run(text=""), block.runs, end)
        case Table():
            return {"kind": "table", "columns": block.columns, "rows": block.rows, "caption": "", "figures": ()}


def _numbered(number: Run, runs: tuple[Run, ...], end: str) -> dict[str, Any]:
    is_title = _is_bold(runs) and not end
    return {
        "kind": "heading" if is_title and number.text else "paragraph",
        "runs": [_run(each) for each in (number, *(_ended(runs) if end else runs)) if each.text],
    }


def _is_bold(runs: Iterable[Run]) -> bool:
    found = tuple(runs)
    return bool(found) and all(run.bold for run in found)


def _ended(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    if not runs:
        return runs
    *others, last = runs
    text = last.text.removesuffix("./.").rstrip(" .;,")
    return (*others, last.model_copy(update={"text": f"{text}./."}))


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "bold": run.bold, "italic": run.italic}


def _places(pdf: bytes) -> Iterator[tuple[str, Box]]:
    from pypdf import PdfReader  # takes a quarter of a second to load, which every start would pay

    reader = PdfReader(io.BytesIO(pdf))
    for name, target in reader.named_destinations.items():
        found = _PLACE.fullmatch(name)
        page = reader.get_destination_page_number(target) if found else None
        if found and page is not None:
            width, height = (int(found[side]) * _POINTS_PER_TENTH for side in ("width", "height"))
            left, top = float(target.left or 0), float(target.top or 0)
            yield found["name"], Box(page=page + 1, x=left, y=top - height, width=width, height=height)
