"""A list as the file that somebody takes along."""

from collections.abc import Callable

from django.http import Http404, HttpResponse

from lienthong.foundation import clock
from lienthong.foundation.papers import tables
from lienthong.foundation.papers.tables import Listing
from lienthong.foundation.papers.word import DOCX
from lienthong.foundation.sheets.writing import XLSX

_MADE: dict[str, tuple[str, Callable[[Listing], bytes]]] = {
    "pdf": ("application/pdf", lambda listing: tables.pdf(listing, at=clock.now())),
    "docx": (DOCX, lambda listing: tables.docx(listing, at=clock.now())),
    "xlsx": (XLSX, tables.xlsx),
}


def file_of(listing: Listing, format_key: str, name: str) -> HttpResponse:
    """As PDF, Word or XLSX. Raises Http404 for another form."""
    if format_key not in _MADE:
        raise Http404
    content_type, made = _MADE[format_key]
    answer = HttpResponse(made(listing), content_type=content_type)
    how = "inline" if format_key == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}.{format_key}"'
    return answer
