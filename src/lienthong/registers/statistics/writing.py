"""The figures of a statistic as a spreadsheet or a CSV: numbers stay numbers, texts stay texts."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import HEADING, PLAIN, CsvWriter, XlsxWriter
from lienthong.registers.statistics.counting import Counted
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.figures import Sum


def written_to(target: IO[bytes], format_key: str, statistic: Statistic, made: Counted, *, heading: str) -> None:
    """Rows as on the page, below them the totals; `heading` is that of the figures. The target stays open."""
    rows = list(_rows(statistic, made, heading))
    if format_key == "csv":
        with closing(CsvWriter(target)) as table:
            for row in rows:
                table.row(row)
        return
    widths = [max(14, min(max(len(str(row[column] or "")) for row in rows) + 4, 60)) for column in range(len(rows[0]))]
    with closing(XlsxWriter(target, sheet=statistic.name, widths=widths)) as sheet:
        for number, row in enumerate(rows):
            sheet.row(row, style=HEADING if number in (0, len(rows) - 1) else PLAIN)


def _rows(statistic: Statistic, made: Counted, heading: str) -> Iterator[Sequence[Cell]]:
    figures, measure = made.figures, statistic.measure
    counted = [pgettext("count", "Entries")] if measure != "count" else []
    yield [made.dimensions[0].label, heading, *counted, _("Share"), *(part.name for part in figures.columns)]
    for row in figures.rows:
        entries = [int(row.all.count)] if counted else []
        share = round(row.share, 4) if row.share is not None else None
        yield [row.part.name, _value(row.all, measure), *entries, share, *(_value(each, measure) for each in row.cells)]
    entries = [int(figures.all.count)] if counted else []
    below = [_value(each, measure) for each in figures.below]
    yield [_("All together"), _value(figures.all, measure), *entries, None, *below]


def _value(found: Sum, measure: str) -> Cell:
    value = found.value(measure)
    if isinstance(value, Decimal):
        rounded = round(value, 6)
        return int(rounded) if rounded == rounded.to_integral_value() else rounded.normalize()
    return value
