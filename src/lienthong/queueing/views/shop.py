"""What a shop's own people see of its queue: how it went, its addresses, the poster to put up."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.papers.codes import qr_svg
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer
from lienthong.queueing import services
from lienthong.queueing.models import Door
from lienthong.queueing.policy import SEE, SERVE
from lienthong.queueing.queries.places import doors_of, shop_for, shops_of
from lienthong.queueing.queries.statistics import period, statistics


@require_safe
@never_cache
@signed_in_officer
def numbers(request: OfficerRequest, shop_key: str) -> HttpResponse:
    """Numbers, waiting and serving of a day or a stretch of days."""
    shop = shop_for(request.officer, shop_key, SEE, SERVE)
    first, last = period(_day(request.GET.get("tu", "")), _day(request.GET.get("den", "")))
    one_day = first == last
    shown: dict[str, Any] = {
        "shop": shop,
        "shops": shops_of(request.officer, SEE, SERVE),
        "found": statistics(shop, first, last),
        "one_day": one_day,
        "serves": request.officer.may(SERVE, shop.node),
    }
    if one_day:
        shown["before"] = _of(first - timedelta(days=1))
        shown["after"] = _of(first + timedelta(days=1)) if first < clock.today() else ""
    return render(request, "queueing/statistics.html", shown)


def _of(day: date) -> str:
    return f"?tu={day.isoformat()}&den={day.isoformat()}"


def _day(text: str) -> date | None:
    found = asked.day(text)
    return found if found and 2000 <= found.year <= 2099 else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(SERVE)
def devices(request: OfficerRequest, shop_key: str) -> HttpResponse:
    """The addresses of kiosk, poster and screen; a new one where strangers have the old."""
    shop = shop_for(request.officer, shop_key, SERVE)
    if request.method == "POST":
        purpose = request.POST.get("cua", "")
        if purpose in Door.Purpose.values:
            services.change_door(shop_key=shop.key, purpose=purpose, officer=request.officer)
            messages.success(request, _("The address was changed. The old one gives no more numbers."))
        return redirect("queueing:devices", shop.key)
    doors = doors_of(shop.node.id)
    screen = settings.ORIGIN + reverse("queueing:screen", args=[shop.key])
    shown = {
        "shop": shop,
        "kiosk": _address("kiosk", doors[Door.Purpose.KIOSK].key),
        "phone": _address("phone", doors[Door.Purpose.POSTER].key),
        "screen": screen,
        "doors": doors,
    }
    return render(request, "queueing/devices.html", shown)


@require_safe
@never_cache
@officer_with(SERVE)
def poster(request: OfficerRequest, shop_key: str) -> HttpResponse:
    """A sheet of A4 for the entrance."""
    shop = shop_for(request.officer, shop_key, SERVE)
    address = _address("phone", doors_of(shop.node.id)[Door.Purpose.POSTER].key)
    return render(request, "queueing/poster.html", {"shop": shop, "qr": _qr(address)})


def _address(name: str, key: str) -> str:
    return settings.ORIGIN + reverse(f"queueing:{name}", args=[key])


def _qr(address: str) -> SafeString:
    return mark_safe(qr_svg(address))  # noqa: S308  drawn by us from an address of ours
