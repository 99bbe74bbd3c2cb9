"""The theme switch and the gallery of components."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lienthong.ui import preferences, samples


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme and go back to where the person was."""
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if inside else "/")
    preferences.keep_theme(response, request.POST.get("theme", ""), secure=request.is_secure())
    return response


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component as citizens see it."""
    return render(request, "ui/gallery/public.html", samples.context())


@require_safe
def desk_gallery(request: HttpRequest) -> HttpResponse:
    """Every component as officers see it."""
    return render(request, "ui/gallery/desk.html", samples.context())
