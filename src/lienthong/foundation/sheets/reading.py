"""A spreadsheet of any kind that is taken, as rows."""

from collections.abc import Iterator
from typing import IO, Protocol

from django.utils.translation import gettext_lazy as _
from lxml import etree

from lienthong.foundation.files.formats.ooxml import UNREADABLE
from lienthong.foundation.sheets import delimited, ods, xlsx
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.errors import Unreadable

KINDS = ("xlsx", "ods", "csv")
"""Kinds of files of the files room that can be read here; the first is the one most people send."""

_BAD = (*UNREADABLE, KeyError, IndexError, StopIteration, etree.LxmlError, OverflowError)


class Workbook(Protocol):
    """`names` are those of its sheets, as people see them."""

    @property
    def names(self) -> list[str]: ...

    def rows(self, name: str) -> Iterator[tuple[int, list[Cell]]]: ...


def sheets(content: IO[bytes], format_key: str) -> list[str]:
    """The names of the sheets; a CSV has one without a name. Raises Unreadable."""
    return list(_opened(content, format_key).names)


def rows(content: IO[bytes], format_key: str, sheet: str = "") -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a sheet that have anything in them, each with its number as people see it; the first sheet unless
    named. Raises Unreadable."""
    book = _opened(content, format_key)
    name = sheet if sheet in book.names else next(iter(book.names), None)
    if name is None:
        return
    try:
        yield from book.rows(name)
    except _BAD as error:
        raise _damaged() from error


def _opened(content: IO[bytes], format_key: str) -> Workbook:
    content.seek(0)
    try:
        match format_key:
            case "xlsx":
                return xlsx.Workbook(content)
            case "ods":
                return ods.Workbook(content)
            case _:
                return delimited.Workbook(content)
    except Unreadable:
        raise
    except _BAD as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(
        _("This spreadsheet is damaged or is not built as it should be."),
        way_out=_("Open it in its program, save it again and send that file."),
    )
