"""Small pages about the site itself, and what programs ask of it."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from lienthong.portal.pages import page

KEPT_FROM_ROBOTS = ("/nop-ho-so/", "/ho-so-cua-toi/", "/tra-cuu/", "/kiem-tra/", "/tai-khoan/", "/ban-lam-viec/", "/ui")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "accessibility")


@require_safe
@cache_control(max_age=24 * 3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may show the procedures, and nothing that belongs to a person."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_FROM_ROBOTS), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 when this process answers and the database does too; for load balancers and monitoring."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})
