"""Where officers give the picture of their signature, and clerks that of the seal they keep."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer
from lienthong.signing import pictures, policy
from lienthong.signing.cutting import MOST_BYTES, NotAPicture
from lienthong.signing.models import Picture

_NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def signature(request: OfficerRequest) -> HttpResponse:
    refused: DomainError | None = None
    if request.method == "POST":
        try:
            if "bo" in request.POST:
                pictures.end_signature(officer=request.officer)
                messages.success(request, _("Your signature is shown in words from now on."))
            else:
                pictures.give_signature(_required(request), officer=request.officer)
                messages.success(request, _("From now on this picture stands where you sign."))
            return redirect("signing:signature")
        except NotAPicture as error:
            refused = error
    shown = {
        "picture": pictures.signature_of(request.officer.account_id),
        "seals": policy.seals_kept_by(request.officer),
    }
    return _page(request, "signing/signature.html", shown, refused)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(policy.KEEP_SEAL)
def seal(request: OfficerRequest, organisation_id: int) -> HttpResponse:
    node = policy.kept_seal(organisation_id, request.officer)
    refused: DomainError | None = None
    width = request.POST.get("rong", "")
    if request.method == "POST":
        try:
            if "bo" in request.POST:
                pictures.end_seal(organisation_id=node.id, officer=request.officer)
                messages.success(request, _("The seal is shown in words from now on."))
            else:
                diameter = asked.number(width)
                pictures.give_seal(_sent(request), organisation_id=node.id, diameter=diameter, officer=request.officer)
                messages.success(request, _("From now on this picture of the seal stands on what the agency issues."))
            return redirect("signing:seal", node.id)
        except (NotAPicture, pictures.NoSuchSize) as error:
            refused = error
    picture = pictures.seal_of(node.id)
    shown = {
        "organisation": node,
        "picture": picture,
        "width": width if refused else picture.diameter if picture else "",
        "wrong_width": isinstance(refused, pictures.NoSuchSize),
        "least": pictures.SMALLEST,
        "most": pictures.LARGEST,
    }
    return _page(request, "signing/seal.html", shown, refused)


@require_safe
@signed_in_officer
def signature_picture(request: OfficerRequest) -> HttpResponse:
    return _png(pictures.signature_of(request.officer.account_id))


@require_safe
@officer_with(policy.KEEP_SEAL)
def seal_picture(request: OfficerRequest, organisation_id: int) -> HttpResponse:
    return _png(pictures.seal_of(policy.kept_seal(organisation_id, request.officer).id))


def _page(request: HttpRequest, template: str, shown: dict[str, Any], refused: DomainError | None) -> HttpResponse:
    shown |= {"refused": refused, "limit_mb": MOST_BYTES // 1024**2}
    return render(request, template, shown, status=refused.status if refused else 200)


def _sent(request: HttpRequest) -> bytes | None:
    """What was sent, not more of it than tells that it is too large."""
    file = request.FILES.get("tep")
    return file.read(MOST_BYTES + 1) if file else None


def _required(request: HttpRequest) -> bytes:
    content = _sent(request)
    if content is None:
        raise NotAPicture(_("Choose the picture of your signature."))
    return content


def _png(picture: Picture | None) -> HttpResponse:
    """Made by us, so it is what it says; nothing else may come with it."""
    if picture is None:
        raise NotFound(_("There is no picture."))
    answer = HttpResponse(pictures.content_of(picture), content_type="image/png")
    answer["Content-Security-Policy"] = _NOTHING_ELSE
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
