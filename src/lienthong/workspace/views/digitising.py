"""Papers at the counter that become files: scanned, compared, signed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lienthong.cases import services
from lienthong.cases.models import Component, Digitised
from lienthong.cases.queries.pages import DossierPage, dossier_page
from lienthong.cases.services import digitising
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.rules import Policy
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.settings.environment import environment
from lienthong.workspace.showing import asked_for

MEGABYTE = 1024 * 1024


@require_safe
@signed_in_officer
def digitise(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """Where the reception is over, the officer is back at the dossier."""
    page = services.read_dossier(dossier_id=dossier_id, actor=request.officer)
    if digitising.reception_post(request.officer, page.dossier, page.open_visits) is None:
        messages.warning(
            request, _("Papers are digitised by whoever has the reception of the dossier, while it is open.")
        )
        return redirect("workspace:dossier", dossier_id)
    return _show(request, page)


@require_POST
@signed_in_officer
def add(request: OfficerRequest, dossier_id: int, component: str) -> HttpResponse:
    source = request.POST.get("nguon", "")
    if source not in Digitised.Source.values:
        raise Http404
    uploads = [digitising.Upload(file.name or "", file) for file in request.FILES.getlist("tep")]
    try:
        added = digitising.digitise(
            dossier_id=dossier_id,
            component=component,
            uploads=uploads,
            source=Digitised.Source(source),
            officer=request.officer,
            max_bytes=environment.upload_limit_mb * MEGABYTE,
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        page = dossier_page(request.officer, dossier_id)
        return _show(request, page, refused_in=component, refused=refused, given=source)
    messages.success(request, _("Taken. Now compare it with the paper, page by page."))
    return redirect(reverse("workspace:digitise", args=[dossier_id]) + f"#tep-{added.pk}")


@require_POST
@signed_in_officer
def remove(request: OfficerRequest, dossier_id: int, component_id: int) -> HttpResponse:
    try:
        digitising.remove_scan(dossier_id=dossier_id, component_id=component_id, officer=request.officer)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        messages.error(request, refused.in_full)
    else:
        messages.success(request, _("The scan was deleted."))
    return redirect("workspace:digitise", dossier_id)


@require_POST
@signed_in_officer
def sign(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """Every scan that was compared and is not signed yet; one that cannot be signed does not keep the others."""
    page = dossier_page(request.officer, dossier_id)
    ready = [component for component in page.components if _is_ready(component)]
    if not ready:
        messages.info(request, _("There is nothing to sign: first mark the scans that agree with the paper as right."))
    signed = 0
    for component in ready:
        try:
            digitising.sign_copy(dossier_id=dossier_id, component_id=component.pk, officer=request.officer)
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            messages.error(request, f"{component.name}: {refused.in_full}")
        else:
            signed += 1
    if signed:
        said = ngettext("%(n)s electronic copy was signed.", "%(n)s electronic copies were signed.", signed)
        messages.success(request, said % {"n": signed})
    return redirect("workspace:digitise", dossier_id)


def _is_ready(component: Component) -> bool:
    digitised = getattr(component, "digitised", None)
    compared = component.check_result == Component.Check.GOOD
    return bool(digitised and compared and not digitised.signed_copy_id and digitised.source in digitising.HEADINGS)


def _show(request: OfficerRequest, page: DossierPage, **more: Any) -> HttpResponse:
    policy = Policy(kinds={"pdf", "image"}, max_bytes=environment.upload_limit_mb * MEGABYTE)
    context = {
        "page": page,
        "dossier": page.dossier,
        "asked": asked_for(page),
        "may_check": True,
        "sources": Digitised.Source.choices,
        "accept": ",".join(policy.endings),
        "kinds": policy.words,
        "limit_mb": environment.upload_limit_mb,
        **more,
    }
    return render(request, "workspace/digitise.html", context, status=422 if more.get("refused") else 200)
