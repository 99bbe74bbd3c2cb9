"""Files and papers of a dossier, for those who may see it."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthong.cases import services
from lienthong.cases.models import Paper
from lienthong.cases.services.papers import draft_result
from lienthong.foundation import clock
from lienthong.foundation.files.serving import serve, serve_made
from lienthong.identity.policy import OfficerRequest, signed_in_officer


@require_safe
@signed_in_officer
def file(request: OfficerRequest, dossier_id: int, file_id: int) -> HttpResponseBase:
    found = services.read_file(dossier_id=dossier_id, file_id=file_id, actor=request.officer)
    return serve(found, as_attachment="tai" in request.GET)


@require_safe
@signed_in_officer
def paper(request: OfficerRequest, dossier_id: int, paper_id: int) -> HttpResponseBase:
    """A paper that was issued; of a result that is drafted, how it would look."""
    found = services.read_paper(dossier_id=dossier_id, paper_id=paper_id, actor=request.officer)
    if found.file:
        return serve(found.file, as_attachment="tai" in request.GET)
    if found.state == Paper.State.DRAFT:
        return serve_made(draft_result(found, at=clock.now()), name=found.name)
    messages.info(request, _("This paper is being made; try again in a moment."))
    return redirect("workspace:dossier", dossier_id)
