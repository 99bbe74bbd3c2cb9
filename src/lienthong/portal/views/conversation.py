"""Writing to whoever has the dossier in hand, and reading what they wrote."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases import services
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier
from lienthong.cases.queries.gates import open_visits_of
from lienthong.cases.services.talking import Enclosed
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.portal import progress, talk
from lienthong.portal.forms import key_of, number_of
from lienthong.portal.pages import page
from lienthong.portal.views.dossiers import own_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def conversation(request: PersonRequest, dossier_id: int) -> HttpResponse:
    """The whole conversation, and by POST one more message. What was typed is there again when it is refused."""
    dossier = own_dossier(request.person, dossier_id)
    key = key_of(request.POST.get("khoa", ""))
    if request.method != "POST" or key is None:
        return _page(request, dossier)
    try:
        services.write_back(
            dossier_id=dossier_id,
            text=request.POST.get("noi-dung", ""),
            applicant=request.person,
            key=key,
            files=enclosed(request),
        )
    except FileRefused as refused:
        return _page(request, dossier, file_problem=refused.in_full, status=422)
    except DomainError as refused:
        return _page(request, dossier, problem=refused.in_full, status=refused.status)
    within = RULE_SET.pinned(dossier.rule_set_id).answer_within.text
    messages.success(request, _("Your message was sent. An answer is due within %(limit)s.") % {"limit": within})
    return redirect("portal:talk", dossier_id)


@require_safe
@signed_in
def enclosed_file(request: PersonRequest, dossier_id: int, enclosed_id: int) -> HttpResponseBase:
    own_dossier(request.person, dossier_id)
    file = services.read_enclosed(dossier_id=dossier_id, enclosed_id=enclosed_id, actor=request.person)
    return serve(file, as_attachment="tai" in request.GET)


def enclosed(request: HttpRequest) -> list[Enclosed]:
    sent = (file for file in request.FILES.getlist("tep") if isinstance(file, UploadedFile))
    return [Enclosed(file.name or "", file) for file in sent]


def _page(request: HttpRequest, dossier: Dossier, *, status: int = 200, **typed: Any) -> HttpResponse:
    before = number_of(request.GET.get("truoc", ""))
    context = talk.shown(dossier, open_visits_of(dossier), before=before)
    if key := key_of(request.POST.get("khoa", "")):
        context |= {"form_key": key, "text": request.POST.get("noi-dung", "")}
    shown = {
        "dossier": dossier,
        "name": progress.title_of(dossier),
        "earlier_than": before,
        "write_open": True,
        **context,
        **typed,
    }
    return page(request, "conversation", "mine", status=status, private=True, **shown)
