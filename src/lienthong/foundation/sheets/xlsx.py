"""Excel workbooks (ISO/IEC 29500) row by row: only the values, as they were when the workbook was saved."""

import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from lxml import etree

from lienthong.foundation.sheets.cells import MOST_COLUMNS, Broken, Cell, column_letter

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(r"/(officeDocument|worksheet|sharedStrings|styles)$")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LETTERS = [column_letter(place) for place in range(MOST_COLUMNS)]
_LAST_DAY = 2_958_465  # 31/12/9999


class Workbook:
    """The visible sheets of a workbook. Raises zipfile.BadZipFile, KeyError, ValueError and etree.LxmlError."""

    def __init__(self, content: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(content)
        main = next(target for kind, target in self._relations("").values() if kind == "officeDocument")
        root = self._parsed(main)
        space = _STRICT if root.tag.startswith(_STRICT) else _MAIN
        self.space = space
        self._v, self._is, self._t = f"{space}v", f"{space}is", f"{space}t"
        properties = root.find(f"{space}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  a wall clock's
        relations = self._relations(main)
        self._parts = {
            sheet.get("name") or "": relations[_id_of(sheet)][1]
            for sheet in root.iter(f"{space}sheet")
            if sheet.get("state", "visible") == "visible" and relations[_id_of(sheet)][0] == "worksheet"
        }
        kinds = dict(relations.values())
        self.texts = self._texts(kinds.get("sharedStrings", ""))
        self.dates = self._dates(kinds.get("styles", ""))

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def rows(self, name: str) -> Iterator[tuple[int, list[Cell]]]:
        """The rows that have anything in them, each with its number in the sheet."""
        number = 0
        with self.archive.open(self._parts[name]) as part:
            for row in _elements(part, f"{self.space}row"):
                number = int(row.get("r") or number + 1)
                cells = self._cells(row)
                if any(cell is not None and cell != "" for cell in cells):
                    yield number, cells

    def _cells(self, row: Any) -> list[Cell]:
        cells: list[Cell] = []
        following = 0
        for cell in row:
            reference = cell.get("r")
            if following < MOST_COLUMNS and reference and reference.startswith(_LETTERS[following]):
                place = following if reference[len(_LETTERS[following])].isdigit() else _column(reference, following)
            else:
                place = _column(reference, following)
            if place >= MOST_COLUMNS:
                break
            if place == following:
                cells.append(self._value(cell))
            else:
                cells += [None] * (place - following)
                cells[place:] = [self._value(cell)]
            following = len(cells)
        return cells

    def _value(self, cell: Any) -> Cell:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inner = cell[0] if len(cell) == 1 else cell.find(self._is)
            if inner is not None and len(inner) == 1 and inner[0].tag == self._t:
                return inner[0].text or ""
            return _text_of(inner, self.space)
        only = cell[0] if len(cell) == 1 else None
        written = only.text if only is not None and only.tag == self._v else cell.findtext(self._v)
        if not written and kind != "str":
            return Broken("?") if cell.find(f"{self.space}f") is not None else None
        match kind:
            case "s":
                return self.texts[int(written)]
            case "str":
                return str(written or "")
            case "b":
                return written.strip() in ("1", "true")
            case "e":
                return Broken(written)
            case "d":
                return datetime.fromisoformat(written)
            case _:
                return self._number(written, cell.get("s"))

    def _number(self, written: str, style: str | None) -> Cell:
        if style is not None and self.dates[int(style)]:
            return self._moment(float(written))
        return int(written) if written.lstrip("-").isdecimal() else float(written)

    def _moment(self, days: float) -> Cell:
        """Days since the epoch; the part of a day to the second. A time alone has no day."""
        if not 0 <= days <= _LAST_DAY:
            return days
        seconds = round(days % 1 * 86_400)
        if days < 1 and seconds < 86_400:
            return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
        moment = self.epoch + timedelta(days=int(days), seconds=seconds)
        return date(moment.year, moment.month, moment.day) if not seconds else moment

    def _texts(self, part: str) -> "_Texts":
        texts = _Texts()
        if part:
            with self.archive.open(part) as content:
                for item in _elements(content, f"{self.space}si"):
                    texts.append(_text_of(item, self.space))
        return texts

    def _dates(self, part: str) -> Sequence[bool]:
        """Whether each style shows a number as a day or a time."""
        if not part:
            return [False]
        root, space = self._parsed(part), self.space
        own = {
            int(each.get("numFmtId", "0")): bool(
                re.search("[dmyhs]", _LITERAL.sub("", each.get("formatCode", "")), re.IGNORECASE)
            )
            for each in root.iter(f"{space}numFmt")
        }
        used = root.find(f"{space}cellXfs")
        formats = [int(each.get("numFmtId", "0")) for each in used] if used is not None else [0]
        return [own.get(each, each in _DATE_FORMATS) for each in formats]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and place of each part that a part refers to."""
        folder, name = posixpath.split(part)
        root = self._parsed(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for each in root:
            if kind := _RELATION.search(each.get("Type", "")):
                target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
                found[each.get("Id", "")] = (kind[1], target)
        return found

    def _parsed(self, part: str) -> Any:
        with self.archive.open(part) as content:
            return etree.parse(content, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()


class _Texts:
    """Many texts, one behind the other: a fifth of the memory of a list of them."""

    def __init__(self) -> None:
        self._bytes, self._ends = bytearray(), array("Q", [0])

    def append(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode("utf-8", "replace")


def _elements(content: IO[bytes], tag: str) -> Iterator[Any]:
    """Elements as they come, each forgotten when the next is asked for."""
    for _event, element in etree.iterparse(content, tag=tag, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _text_of(item: Any, space: str) -> str:
    """The text of all its runs; how it is read aloud (rPh) is left out."""
    if item is None:
        return ""
    parts = []
    for child in item:
        if child.tag == f"{space}t":
            parts.append(child.text or "")
        elif child.tag == f"{space}r":
            parts.append(child.findtext(f"{space}t") or "")
    return "".join(parts)


def _id_of(sheet: Any) -> str:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _column(reference: str | None, following: int) -> int:
    """0 for A1; the next one where the cell does not say."""
    if not reference:
        return following
    column = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column - 1
