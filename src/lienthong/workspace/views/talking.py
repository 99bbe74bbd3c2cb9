"""Writing to the applicant from the page of the dossier."""

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.cases import services
from lienthong.cases.services.talking import Enclosed
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.workspace.talk import talk_context


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def conversation(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """By POST one more message. By GET what was said earlier; without a place in it, the page of the dossier, where a
    task of the inbox leads."""
    key = asked.key(request.POST.get("key", ""))
    if request.method == "POST" and key is not None:
        return _write(request, dossier_id, key)
    if before := asked.number(request.GET.get("truoc", "")):
        return _show(request, dossier_id, before=before)
    return redirect(_place(dossier_id))


def _write(request: OfficerRequest, dossier_id: int, key: uuid.UUID) -> HttpResponse:
    sent = (file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile))
    try:
        services.write(
            dossier_id=dossier_id,
            text=request.POST.get("text", ""),
            officer=request.officer,
            key=key,
            wants_answer=request.POST.get("wants_answer") == "1",
            files=[Enclosed(file.name or "", file) for file in sent],
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, dossier_id, refused=refused)
    messages.success(request, _("The message was sent; the applicant is told that it is there."))
    return redirect(_place(dossier_id))


@require_POST
@signed_in_officer
def leave_unanswered(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    if services.leave_unanswered(dossier_id=dossier_id, officer=request.officer):
        messages.success(request, _("Noted: no answer is needed."))
    return redirect(_place(dossier_id))


@require_safe
@signed_in_officer
def enclosed_file(request: OfficerRequest, dossier_id: int, enclosed_id: int) -> HttpResponseBase:
    file = services.read_enclosed(dossier_id=dossier_id, enclosed_id=enclosed_id, actor=request.officer)
    return serve(file, as_attachment="tai" in request.GET)


def _place(dossier_id: int) -> str:
    return reverse("workspace:dossier", args=[dossier_id]) + "#trao-doi"


def _show(
    request: OfficerRequest, dossier_id: int, *, before: int | None = None, refused: DomainError | None = None
) -> HttpResponse:
    page = services.read_dossier(dossier_id=dossier_id, actor=request.officer)
    context = talk_context(page, request.officer, before=before)
    if refused:
        said = refused.in_full
        beside = "file_problem" if isinstance(refused, FileRefused) else "problem"
        context |= {
            beside: said,
            "form_key": request.POST["key"],
            "text": request.POST.get("text", ""),
            "wants_answer": request.POST.get("wants_answer") == "1",
        }
    shown = {"page": page, "dossier": page.dossier, "earlier_than": before, **context}
    return render(request, "workspace/talk.html", shown, status=refused.status if refused else 200)
