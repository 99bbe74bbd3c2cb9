"""Differences of two versions as a page shows them: what is the same between two changes is folded away."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _now

from lienthong.documents.drafts.comparing import Change, Comparison, Line
from lienthong.documents.drafts.views.forms import FIELDS

SHOWN_AROUND = 1
"""Paragraphs that are shown before and after a change."""


def shown_differences(differs: Comparison) -> dict[str, Any]:
    return {
        "count": differs.count,
        "whole": differs.whole,
        "fields": [(FIELDS[each.name], each.pieces) for each in differs.fields],
        "parts": [
            {"title": _part(part.appendix), "rows": list(_rows(part.lines))} for part in differs.parts if part.differs
        ],
    }


def _part(appendix: int) -> str:
    return _now("Appendix %(number)s") % {"number": appendix} if appendix else str(FIELDS["body"])


def _rows(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """Each line that differs, with those around it; of others how many there are."""
    changed = [place for place, line in enumerate(lines) if line.change is not Change.SAME]
    near = {place + step for place in changed for step in range(-SHOWN_AROUND, SHOWN_AROUND + 1)}
    for is_near, group in groupby(range(len(lines)), key=near.__contains__):
        places = list(group)
        if is_near:
            yield from ({"line": lines[place], "looks": _only_looks(lines[place])} for place in places)
        else:
            yield {"folded": len(places)}


def _only_looks(line: Line) -> bool:
    return line.change is Change.CHANGED and all(piece.change is Change.SAME for piece in line.pieces)
