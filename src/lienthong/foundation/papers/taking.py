"""A list as the file that somebody takes along."""

from django.http import Http404, HttpResponse

from lienthong.foundation import clock
from lienthong.foundation.papers import tables
from lienthong.foundation.papers.tables import Listing
from lienthong.foundation.sheets.writing import XLSX


def file_of(listing: Listing, format_key: str, name: str) -> HttpResponse:
    """As PDF or XLSX. Raises Http404 for another form."""
    if format_key not in {"pdf", "xlsx"}:
        raise Http404
    made = tables.pdf(listing, at=clock.now()) if format_key == "pdf" else tables.xlsx(listing)
    answer = HttpResponse(made, content_type="application/pdf" if format_key == "pdf" else XLSX)
    how = "inline" if format_key == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}.{format_key}"'
    return answer
