"""OpenDocument spreadsheets (ISO/IEC 26300) row by row."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from lxml import etree

from lienthong.foundation.sheets.cells import MOST_COLUMNS, Cell

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_PARAGRAPH = f"{_TEXT}p"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


class Workbook:
    """Raises zipfile.BadZipFile, KeyError, ValueError and etree.LxmlError."""

    def __init__(self, content: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(content)
        with self._content() as part:
            found = etree.iterparse(
                part, events=("start", "end"), tag=(f"{_TABLE}table", f"{_TABLE}table-row"), resolve_entities=False
            )
            self.names = []
            for event, element in found:
                if event == "start" and element.tag == f"{_TABLE}table":
                    self.names.append(element.get(f"{_TABLE}name") or "")
                elif event == "end":
                    _forget(element)

    def rows(self, name: str) -> Iterator[tuple[int, list[Cell]]]:
        """The rows that have anything in them, each with its number in the sheet."""
        number, here = 0, False
        with self._content() as part:
            found = etree.iterparse(
                part, events=("start", "end"), tag=(f"{_TABLE}table", f"{_TABLE}table-row"), resolve_entities=False
            )
            for event, element in found:
                if element.tag == f"{_TABLE}table":
                    if event == "start":
                        here = (element.get(f"{_TABLE}name") or "") == name
                    elif here:
                        return
                elif event == "end":
                    if here:
                        times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                        cells = _cells(element)
                        for again in range(times if cells else 0):
                            yield number + 1 + again, cells
                        number += times
                    _forget(element)

    def _content(self) -> IO[bytes]:
        return self.archive.open("content.xml")


def _cells(row: Any) -> list[Cell]:
    """Up to the last one that has anything in it: to the right a row goes on empty for ever."""
    cells: list[Cell] = []
    empty = 0
    for cell in row.iterchildren(*_CELLS):
        times = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), MOST_COLUMNS)
        value = _value(cell)
        if value is None or value == "":
            empty += times
        else:
            cells += [None] * empty + [value] * times
            empty = 0
        if len(cells) + empty >= MOST_COLUMNS:
            break
    return cells[:MOST_COLUMNS]


def _value(cell: Any) -> Cell:
    match cell.get(f"{_OFFICE}value-type"):
        case None:
            return None
        case "float" | "percentage" | "currency":
            written = cell.get(f"{_OFFICE}value", "0")
            return int(written) if written.lstrip("-").isdecimal() else float(written)
        case "boolean":
            return bool(cell.get(f"{_OFFICE}boolean-value") == "true")
        case "date":
            moment = datetime.fromisoformat(cell.get(f"{_OFFICE}date-value", ""))
            return date(moment.year, moment.month, moment.day) if moment.time() == time.min else moment
        case _:
            return "\n".join("".join(paragraph.itertext()) for paragraph in cell.iterchildren(_PARAGRAPH))


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
