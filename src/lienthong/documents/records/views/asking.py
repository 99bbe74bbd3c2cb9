"""What a unit asks the archive about a record that is limited to posts by name: the archivist answers without being
told what it is called."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods

from lienthong.documents.models import Record
from lienthong.documents.records import archiving, carrying, queries
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.views.forms import given_of, refused_into
from lienthong.foundation import asked
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, officer_with


def asked_of_archive(officer: Officer, record_id: int) -> Record | None:
    """The record about which an archivist is asked and of which they see no page."""
    if queries.one(officer, record_id):
        return None
    return queries.asking_archives(records_policy.archived_by(officer)).filter(pk=record_id).first()


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(records_policy.ARCHIVE)
def answer(request: OfficerRequest, record_id: int) -> HttpResponse:
    """Whether the unit may keep it longer."""
    record = asked_of_archive(request.officer, record_id)
    if record is None:
        return redirect("records:record", record_id)
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        with refused_into(context):
            archiving.answer_keeping(
                record_id=record_id,
                officer=request.officer,
                agreed=request.POST.get("viec") != "khong",
                words=asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS),
            )
            messages.success(request, _now("It was written down."))
            return redirect("records:archive")
    context |= {
        "record": record,
        "code": carrying.code_of(record),
        "unit": tree()[record.unit_id].name,
        "retention": carrying.retention_names().get(record.retention, record.retention),
        "why": archiving.why_kept(record),
        "typed": given_of(request.POST),
        "most": carrying.LONGEST_WORDS,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_asking.html", context, status=422 if wrong else 200)
