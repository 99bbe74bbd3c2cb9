"""Boxes 7, 9b and 12: who signs, who gets it (NĐ 30/2020 App. I.II.7, I.II.9, I.III.3)."""

import re

from django.utils.translation import gettext as _

from lienthong.documents.checking.boxes import Boxes
from lienthong.documents.checking.deviations import Box, Found, Look
from lienthong.documents.checking.paper import Line
from lienthong.documents.rules.kinds import PERSONAL_LETTER

_SIGNER = Box("signer", "7a", "I.II.7.đ", Look(13, 14, bold=True, italic=False, capitals=True))
_NAME = Box("name", "7b", "I.II.7.đ", Look(13, 14, bold=True, italic=False, capitals=False))
_MARKS = Box("signer", "7a", "I.II.7.b", Look(13, 14))
_DEGREES = Box("name", "7b", "I.II.7.c", Look(13, 14))
_HEAD = Box("recipients-head", "9b", "I.II.9.d", Look(12, 12, bold=True, italic=True))
_LIST = Box("recipients", "9b", "I.II.9.d", Look(11, 11, bold=False, italic=False))
_DRAFTER = Box("drafter", "12", "I.III.3", Look(11, 11, italic=False))

_MARK = re.compile(r"(TM|KT|TL|TUQ|Q)\. \S")
_MARK_WRITTEN_ELSE = re.compile(r"(?:(?:T/M|K/T|T/L|T\.M|K\.T|T\.L|TUQ/|T\.U\.Q)\b|(?:TM|KT|TL|TUQ)(?:\b(?!\. )|\.\S))")
_FOR_THE_HEAD = re.compile(r"(?:KT|TL|TUQ)\. ")
_DEGREE = re.compile(r"(?:PGS|GS|TS|ThS|Ths|BS|KS|CN|CKI{1,2}|Đại tá|Thượng tá|Trung tá|Thiếu tá|NGƯT|NSƯT)\b\.?")
_KEPT = re.compile(r"[-–]?\s*Lưu\s*:", re.IGNORECASE)
_KEPT_RIGHTLY = re.compile(r"[-–]?\s*Lưu: VT\b.*")


def foot(boxes: Boxes) -> Found:
    yield from _capacity(boxes.capacity)
    if boxes.name is not None:
        yield from _NAME.looks(boxes.name)
        if _DEGREE.match(boxes.name.text):
            yield _DEGREES.off("degree", boxes.name, boxes.name.words, _("the name without degrees and titles"))
    if boxes.receivers_head is None:
        if not (boxes.kind and boxes.kind.code == PERSONAL_LETTER):
            yield _HEAD.off("missing", None, _("not found at the lower left"), "Nơi nhận:")
        return
    yield from _HEAD.looks(boxes.receivers_head)
    if boxes.receivers_head.text != "Nơi nhận:":
        yield _HEAD.off("text", boxes.receivers_head, boxes.receivers_head.words, "Nơi nhận:")
    yield from _receivers(boxes.receivers)
    if boxes.drafter is not None:
        yield from _DRAFTER.looks(boxes.drafter)


def _capacity(lines: list[Line]) -> Found:
    for index, line in enumerate(lines):
        yield from _SIGNER.looks(line)
        if _MARK_WRITTEN_ELSE.match(line.text):
            yield _MARKS.off("mark", line, line.words, "TM., Q., KT., TL., TUQ.")
        elif _FOR_THE_HEAD.match(line.text) and index + 1 == len(lines):
            yield _MARKS.off("title", line, line.words, _("below, the title of who signs for the head"))


def _receivers(lines: list[Line]) -> Found:
    """In a PDF a receiver may have several lines: only what begins with a dash is one."""
    for line in lines:
        yield from _LIST.looks(line)
    wanted = _("each line begins with a dash and ends with a semicolon, the last with a dot")
    starts = [index for index, line in enumerate(lines) if line.bulleted or line.text.startswith("-")]
    if lines and (not starts or starts[0] > 0):
        yield _LIST.off("dash", lines[0], lines[0].words, wanted)
    for index, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = lines[following - 1]
        if not last.text.endswith("." if following == len(lines) else ";"):
            yield _LIST.off("end", lines[index], last.text[-12:], wanted)
    kept = next((index for index, line in enumerate(lines) if _KEPT.match(line.text)), None)
    if kept is None:
        yield _LIST.off("kept", lines[-1] if lines else None, _("no line “Lưu: VT”"), "- Lưu: VT, … .")
    elif (starts and kept < starts[-1]) or not _KEPT_RIGHTLY.match(lines[kept].text):
        yield _LIST.off("kept", lines[kept], lines[kept].words, _("“Lưu: VT, …” as the last line"))
