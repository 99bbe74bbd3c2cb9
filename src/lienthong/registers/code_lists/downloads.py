"""Lists and conversions as files."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lienthong.foundation.fields.lists import Item
from lienthong.foundation.files.serving import content_disposition
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import CSV, HEADING, XLSX, CsvWriter, XlsxWriter
from lienthong.registers.code_lists.converting import Converted, Outcome
from lienthong.registers.code_lists.queries import OnDay

FORMATS = {"xlsx": XLSX, "csv": CSV, "json": "application/json"}

OUTCOMES: Mapping[Outcome, str | Promise] = {
    Outcome.SAME: gettext_lazy("unchanged"),
    Outcome.REPLACED: gettext_lazy("replaced"),
    Outcome.SEVERAL: gettext_lazy("several"),
    Outcome.ENDED: gettext_lazy("abolished"),
    Outcome.UNCLEAR: gettext_lazy("unclear"),
    Outcome.UNKNOWN: gettext_lazy("not found"),
    Outcome.BLANK: "",
}

BETWEEN = "; "
"""Stands between the parts of a cell that holds several."""


def the_list(found: OnDay, items: Iterable[Item], format_key: str, *, name: str) -> HttpResponse:
    """The items as a file: what is in force on a day, or all that ever were."""
    if format_key == "json":
        return _answer(json.dumps(as_json(found, items), ensure_ascii=False).encode(), format_key, name)
    names = [
        _("Code"),
        pgettext("code", "Name"),
        _("Above"),
        _("In force from"),
        _("In force until"),
        _("Replaced by"),
        _("Note"),
    ]
    rows: Iterable[list[Cell]] = (
        [each.code, each.name, each.parent, each.valid_from, each.valid_to, " ".join(each.replaced_by), each.note]
        for each in items
    )
    sheet = _sheet(names, [12, 50, 12, 14, 14, 20, 30], rows, format_key, title=found.body.name)
    return _answer(sheet, format_key, name)


def as_json(found: OnDay, items: Iterable[Item]) -> dict[str, Any]:
    return {
        "key": found.key,
        "name": found.body.name,
        "version": found.published.version,
        "effective_from": found.published.effective_from.isoformat(),
        "items": [item_as_json(item) for item in items],
    }


def item_as_json(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "parent": item.parent or None,
        "valid_from": _iso(item.valid_from),
        "valid_to": _iso(item.valid_to),
        "replaced_by": list(item.replaced_by),
        "note": item.note,
    }


def conversion(found: OnDay, rows: Sequence[Converted], until: date, format_key: str, *, name: str) -> HttpResponse:
    """What became of every line, with all items that it became in one cell."""
    sheet = _sheet(headings(found.day, until), [34, 12, 34, 16, 24, 60], cells(rows), format_key, title=found.body.name)
    return _answer(sheet, format_key, name)


def headings(since: date, until: date) -> list[str]:
    days = {"since": f"{since:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}
    return [
        _("Pasted"),
        _("Code on %(since)s") % days,
        _("Name on %(since)s") % days,
        _("What became of it"),
        _("Code on %(until)s") % days,
        _("Name on %(until)s") % days,
    ]


def cells(rows: Iterable[Converted]) -> Iterable[list[Cell]]:
    for row in rows:
        yield [
            row.typed,
            row.item.code if row.item else None,
            row.item.name if row.item else None,
            str(OUTCOMES[row.outcome]),
            BETWEEN.join(each.code for each in row.became) or None,
            BETWEEN.join(each.name for each in row.became) or None,
        ]


def _sheet(
    names: Sequence[str], widths: Sequence[int], rows: Iterable[Iterable[Cell]], format_key: str, *, title: str
) -> bytes:
    target = io.BytesIO()
    if format_key == "csv":
        with closing(CsvWriter(target)) as plain:
            plain.row(names)
            for row in rows:
                plain.row(row)
    else:
        with closing(XlsxWriter(target, sheet=title, widths=widths, filtered=len(names))) as book:
            book.row(names, style=HEADING)
            for row in rows:
                book.row(row)
    return target.getvalue()


def _answer(content: bytes, format_key: str, name: str) -> HttpResponse:
    disposition = content_disposition("attachment", f"{name}.{format_key}")
    return HttpResponse(content, content_type=FORMATS[format_key], headers={"Content-Disposition": disposition})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
