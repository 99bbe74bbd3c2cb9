"""The file with what is wrong in it marked, to be mended and sent again."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import IO

from django.utils.translation import gettext as _

from lienthong.foundation.files import services as files
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import HEADING, NOTE, WRONG, Styled, XlsxWriter
from lienthong.registers.importing.judging import Row
from lienthong.registers.importing.models import Import, ImportRow

WHOLE = 20_000
"""Rows of a file that is given back whole; of a longer one only the rows that are wrong."""
MOST = 100_000
"""Wrong rows that are given back."""
WIDTH, REASON_WIDTH = 22, 70


def made_of(found: Import, rows: Iterable[Row]) -> IO[bytes]:
    """The rows with the wrong cells marked, and the reasons in a column of their own. Empty where nothing is wrong."""
    draft = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  whoever keeps it closes it
    wrong = found.lines.filter(outcome=ImportRow.Outcome.WRONG).order_by("row")
    if not wrong.exists():
        return draft
    width = len(found.headings)
    whole = Import.objects.values_list("passed", flat=True).get(pk=found.pk) <= WHOLE
    widths = [*[WIDTH] * width, REASON_WIDTH, 10]
    with closing(XlsxWriter(draft, sheet=_("Wrong rows"), widths=widths, filtered=width + 2)) as writer:
        writer.row([*found.headings, _("What is wrong"), _("Row in the file")], style=HEADING)
        for number, cells, line in _beside(rows, wrong[:MOST].iterator(chunk_size=2_000)):
            if line or whole:
                writer.row([*_marked(cells, width, line), Styled(_reasons(line), NOTE), number])
    draft.seek(0)
    return draft


def keep(found: Import, draft: IO[bytes]) -> None:
    """In the transaction in which the import, which is locked, comes to its end."""
    former, found.report = found.report_id, None
    if draft.read(1):
        draft.seek(0)
        name = f"{found.name.rpartition('.')[0][:100]} - {_('wrong rows')}.xlsx"
        found.report = files.keep(draft, name=name, format_key="xlsx")
    found.save(update_fields=["report"])
    if former:
        files.discard([former])


def _beside(rows: Iterable[Row], wrong: Iterator[ImportRow]) -> Iterator[tuple[int, list[Cell], ImportRow | None]]:
    """Each row with what is wrong in it. Both come in the order of the rows."""
    line = next(wrong, None)
    for number, cells in rows:
        while line is not None and line.row < number:
            line = next(wrong, None)
        yield number, list(cells), line if line is not None and line.row == number else None


def _marked(cells: list[Cell], width: int, line: ImportRow | None) -> list[Cell | Styled]:
    places = {place for _path, place, _shown, _why in line.problems} if line else set()
    full = [*cells[:width], *[None] * (width - len(cells))]
    return [Styled(cell, WRONG) if place in places else cell for place, cell in enumerate(full)]


def _reasons(line: ImportRow | None) -> str:
    return "; ".join(dict.fromkeys(why for _path, _place, _shown, why in line.problems)) if line else ""
