"""Text with a row on each line (CSV): the encoding and what stands between the cells are found from its beginning."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.sheets.cells import MOST_COLUMNS, Cell
from lienthong.foundation.sheets.errors import Unreadable

_HEAD = 256 * 1024
_LINES = 30
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = ",;\t|"


class Workbook:
    """A single sheet without a name. Raises Unreadable."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        content.seek(0)
        head = content.read(_HEAD)
        self.encoding = encoding(head, whole=len(head) < _HEAD)
        self.names = [""]
        text = codecs.getincrementaldecoder(self.encoding)("replace").decode(head)
        self.declared = text[:6].lower().startswith("sep=") and text[4:5]
        self.delimiter = self.declared or delimiter(text)

    def rows(self, name: str = "") -> Iterator[tuple[int, list[Cell]]]:
        self.content.seek(0)
        text = io.TextIOWrapper(_Unclosed(self.content), encoding=self.encoding, newline="")  # type: ignore[type-var]
        number = 0
        try:
            for number, row in enumerate(csv.reader(text, delimiter=self.delimiter), start=1):
                if any(row) and not (number == 1 and self.declared):
                    yield number, list(row[:MOST_COLUMNS])
        except UnicodeDecodeError as error:
            raise _not_utf8() from error
        except csv.Error as error:
            raise Unreadable(
                _("Row %(row)s of the file cannot be read: a quotation mark is perhaps never closed."),
                way_out=_("Open the file in its program, save it again and send it once more."),
                row=number + 1,
            ) from error


class _Unclosed(io.RawIOBase):
    """Reads on in a stream that belongs to somebody else."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        found = self._content.read(len(into))
        into[: len(found)] = found
        return len(found)

    def read1(self, size: int = -1) -> bytes:
        """What TextIOWrapper asks for."""
        return self._content.read(size)


def encoding(head: bytes, *, whole: bool = True) -> str:
    """The name of the encoding that a text which begins so is in. Raises Unreadable for what is neither UTF-8 nor
    UTF-16: which of the old encodings it is cannot be told, and guessing wrong spoils every name."""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    if b"\0" in head[:4096]:
        even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
        return "utf-16-le" if odd >= even else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    return "utf-8"


def delimiter(text: str) -> str:
    """What cuts the first lines into the most columns, the same number in most of them."""
    lines = text.splitlines()[:_LINES]
    best, most = ",", (0, 0)
    for candidate in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=candidate) if any(row))
        except csv.Error:
            continue
        width, rows = max(widths.items(), key=lambda each: (each[0] > 1, each[1], each[0]), default=(1, 0))
        if width > 1 and (rows, width) > most:
            best, most = candidate, (rows, width)
    return best


def _not_utf8() -> Unreadable:
    return Unreadable(
        _("The letters of this file are in an encoding that cannot be read."),
        way_out=_("In Excel save it as “CSV UTF-8” or as an Excel workbook (.xlsx), then send that file."),
    )
