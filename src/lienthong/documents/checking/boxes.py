"""Which box of the decree's plan (NĐ 30/2020 App. I.IV) a line of a document stands in, by its place and words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from lienthong.documents.checking.paper import Line, Place
from lienthong.documents.rules.kinds import KINDS, LETTER, DocumentKind
from lienthong.foundation.fields.typed import folded

NATIONAL = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
URGENCIES = ("khan", "thuong khan", "hoa toc", "hoa toc hen gio", "khan cap")
CIRCULATIONS = ("xem xong tra lai", "luu hanh noi bo")

KIND_NAMES = {folded(kind.name): kind for kind in KINDS.values() if kind.code != LETTER}
_NUMBER = re.compile(r"s[ốo]\s*[:.]?\s*[^/]{0,12}/|s[ốo]\s*:", re.IGNORECASE)
LEVELS = re.compile(r"(phần|chương|mục|tiểu mục)\s+(?:thứ\s+)?([IVXLC]+|[0-9]+)\s*[.:]?", re.IGNORECASE)
_ADDRESSED = re.compile(r"kính gửi", re.IGNORECASE)
_APPENDIX = re.compile(r"phụ lục(?:\s+([IVXLC]+|[0-9]+))?\s*[:.]?", re.IGNORECASE)
_SAME_NAME = re.compile(r"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)\b", re.IGNORECASE)
_DRAFTER = re.compile(r"[A-ZĐ]{1,6}\.?\s*\(?[0-9]*\)?\.?")
_ALIKE = 0.8


@dataclass(slots=True)
class Boxes:
    """Lines by box. What was not found is empty or None."""

    kind: DocumentKind | None = None
    national: Line | None = None
    motto: Line | None = None
    parent: list[Line] = field(default_factory=list)
    issuer: list[Line] = field(default_factory=list)
    number: Line | None = None
    place: Line | None = None
    title: Line | None = None
    abstract: list[Line] = field(default_factory=list)
    addressed: Line | None = None
    addressees: list[Line] = field(default_factory=list)
    authority: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    capacity: list[Line] = field(default_factory=list)
    name: Line | None = None
    receivers_head: Line | None = None
    receivers: list[Line] = field(default_factory=list)
    drafter: Line | None = None
    urgency: Line | None = None
    circulation: Line | None = None
    appendices: list[Line] = field(default_factory=list)
    appendix_titles: list[Line] = field(default_factory=list)


def sort(lines: Iterable[Line]) -> Boxes:
    boxes = Boxes()
    by_place: dict[Place, list[Line]] = {place: [] for place in Place}
    for line in lines:
        by_place[line.place].append(line)
    _marks(boxes, by_place)
    _left_head(boxes, by_place[Place.HEAD_LEFT])
    _right_head(boxes, by_place[Place.HEAD_RIGHT])
    _middle(boxes, by_place[Place.BODY])
    _left_foot(boxes, by_place[Place.FOOT_LEFT])
    _right_foot(boxes, by_place[Place.FOOT_RIGHT])
    if boxes.kind is None and (boxes.abstract or boxes.addressed):
        boxes.kind = KINDS[LETTER]
    return boxes


def _marks(boxes: Boxes, by_place: dict[Place, list[Line]]) -> None:
    """Urgency and circulation stand anywhere above the text, mostly in text boxes."""
    for place in (Place.HEAD_LEFT, Place.HEAD_RIGHT, Place.BODY):
        for line in by_place[place][:30]:
            if folded(line.text) in URGENCIES and boxes.urgency is None:
                boxes.urgency = line
            elif folded(line.text) in CIRCULATIONS and boxes.circulation is None:
                boxes.circulation = line
        by_place[place] = [line for line in by_place[place] if line not in (boxes.urgency, boxes.circulation)]


def _left_head(boxes: Boxes, lines: list[Line]) -> None:
    below = next((index for index, line in enumerate(lines) if _ends_names(line)), len(lines))
    names, rest = lines[:below], lines[below:]
    if rest and _NUMBER.match(rest[0].text):
        boxes.number = rest.pop(0)
    boxes.abstract = rest
    first_bold = next((index for index, line in enumerate(names) if line.is_bold), len(names) - 1)
    if first_bold == 0 and len(names) > 1 and not _SAME_NAME.match(names[1].text) and _is_agency(names[1].text):
        first_bold = 1
    boxes.parent, boxes.issuer = names[: max(first_bold, 0)], names[max(first_bold, 0) :]


def _ends_names(line: Line) -> bool:
    return _NUMBER.match(line.text) is not None or line.text.lower().startswith("v/v")


def _is_agency(text: str) -> bool:
    """Whether a line begins the name of an agency, not the second line of one."""
    beginnings = "so,phong,ban,chi cuc,cuc,van phong,trung tam,uy ban,hoi dong,truong,benh vien,thanh tra,bo phan"
    return any(f"{folded(text)} ".startswith(f"{word} ") for word in beginnings.split(","))


def _right_head(boxes: Boxes, lines: list[Line]) -> None:
    for line in lines:
        if boxes.national is None and is_like(line.text, NATIONAL):
            boxes.national = line
        elif boxes.motto is None and is_like(line.text, MOTTO):
            boxes.motto = line
        elif boxes.place is None and ("ngày" in line.text.lower() or "tháng" in line.text.lower()):
            boxes.place = line


def is_like(text: str, wanted: str) -> bool:
    return SequenceMatcher(None, folded(text)[:80], folded(wanted)).ratio() >= _ALIKE


def _middle(boxes: Boxes, lines: list[Line]) -> None:
    """Type and abstract, whom it is for, who decides, the text; after the signature the appendices."""
    first = next((line for line in lines if _APPENDIX.fullmatch(line.text)), None)
    own = lines[: lines.index(first)] if first else lines
    _appendices(boxes, lines[len(own) :])
    if own and (kind := KIND_NAMES.get(folded(own[0].text))):
        boxes.kind, boxes.title = kind, own[0]
        own = own[1:]
        while own and _goes_on(boxes.abstract, own[0]):
            boxes.abstract.append(own.pop(0))
    if own and (_ADDRESSED.match(own[0].text) or own[0].text.endswith("điện:")):
        boxes.addressed = own.pop(0)
        while own and (own[0].text.startswith(("-", "–")) or own[0].bulleted):
            boxes.addressees.append(own.pop(0))
    while own and _is_decider(own[0]) and boxes.kind and boxes.kind.bases:
        boxes.authority.append(own.pop(0))
    boxes.body = own


def _goes_on(abstract: list[Line], line: Line) -> bool:
    """Whether a line below the type belongs to the abstract, which ends with a line below it."""
    if not _is_centred(line) or _ADDRESSED.match(line.text) or LEVELS.fullmatch(line.text):
        return False
    return not abstract or (not abstract[-1].rule and not _is_decider(line))


def _is_centred(line: Line) -> bool:
    """In a PDF nobody says so: there the bold lines below the type are its abstract."""
    return line.alignment == "center" or (line.alignment is None and line.is_bold)


def _is_decider(line: Line) -> bool:
    return line.text.isupper() and not line.text.endswith(":") and (line.alignment in (None, "center"))


def is_appendix(text: str) -> bool:
    return _APPENDIX.fullmatch(text) is not None


def _appendices(boxes: Boxes, lines: list[Line]) -> None:
    for index, line in enumerate(lines):
        if _APPENDIX.fullmatch(line.text):
            boxes.appendices.append(line)
            if index + 1 < len(lines) and not lines[index + 1].text.startswith("("):
                boxes.appendix_titles.append(lines[index + 1])


def _left_foot(boxes: Boxes, lines: list[Line]) -> None:
    for line in lines:
        if boxes.receivers_head is None and "noi nhan" in folded(line.text):
            boxes.receivers_head = line
        elif boxes.receivers_head is not None:
            if _DRAFTER.fullmatch(line.text) and boxes.receivers:
                boxes.drafter = line
            else:
                boxes.receivers.append(line)


def _right_foot(boxes: Boxes, lines: list[Line]) -> None:
    lines = [line for line in lines if not line.text.startswith("(")]
    if len(lines) > 1:
        *boxes.capacity, boxes.name = lines
    elif lines:
        boxes.capacity = lines
