"""The access log of a document or a record: who opened it, on a page and as a spreadsheet."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lienthong.documents.finding import access
from lienthong.documents.records.carrying import RECORD
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation import asked
from lienthong.foundation.sheets.writing import XLSX
from lienthong.identity.policy import OfficerRequest, signed_in_officer

PAGES = {DOCUMENT: "documents:arrival", ISSUE: "documents:issued", RECORD: "records:record"}


@require_safe
@signed_in_officer
def page(request: OfficerRequest, subject_type: str, pk: int) -> HttpResponse:
    log = _log(request, subject_type, pk)
    before = asked.number(request.GET.get("truoc", ""))
    readings, older = access.page_of(log, before=before)
    context = {
        "log": log,
        "readings": readings,
        "back": reverse(PAGES[subject_type], args=[pk]),
        "file": reverse("documents:readings_file", args=[subject_type, pk]),
        "newest": asked.with_query(request, truoc="") if before else "",
        "older": asked.with_query(request, truoc=str(older)) if older else "",
    }
    return render(request, "documents/readings.html", context)


@require_safe
@signed_in_officer
def download(request: OfficerRequest, subject_type: str, pk: int) -> HttpResponse:
    answer = HttpResponse(access.xlsx(_log(request, subject_type, pk)), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="nhat-ky-truy-cap.xlsx"'
    return answer


def _log(request: OfficerRequest, subject_type: str, pk: int) -> access.Log:
    if subject_type not in PAGES:
        raise Http404
    return access.log_of((subject_type, pk), request.officer)
