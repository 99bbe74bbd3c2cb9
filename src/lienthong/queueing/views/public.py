"""What everybody may see: where one can take numbers, the own number, the screen in the room."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation import clock
from lienthong.queueing import services
from lienthong.queueing.models import Ticket
from lienthong.queueing.queries.desks import screen as calls_on_screen
from lienthong.queueing.queries.places import procedures_of, shop, shops
from lienthong.queueing.queries.waiting import own, room

STOP_ASKING = 286
"""The answer at which htmx stops asking again."""

GROUNDS = {"sang": "light", "toi": "dark"}
"""Light or dark, as the address of a screen says it; without one the device decides."""


@require_safe
@never_cache
def places(request: HttpRequest) -> HttpResponse:
    """The one-stop shops where one takes a number."""
    now = clock.now()
    found = [{"shop": each, "gives": each.gives(now)} for each in shops()]
    return render(request, "queueing/places.html", {"places": found})


@require_safe
@never_cache
def place(request: HttpRequest, shop_key: str) -> HttpResponse:
    """How crowded a shop is now, so that people come when it is quiet."""
    here, now = shop(shop_key), clock.now()
    there = room(here)
    groups = [
        {
            "group": group,
            "waiting": there.count(group.letter),
            "minutes": there.wait_in(group.letter, now),
            "procedures": procedures_of(group),
        }
        for group in here.body.groups
    ]
    shown = {"shop": here, "groups": groups, "gives": here.gives(now), "hours": here.giving(now.date())}
    return render(request, "queueing/place.html", shown)


@require_safe
@never_cache
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's own number. It asks again every few seconds; while nothing changed the answer is empty."""
    found = own(secret)
    version = _version(found.ticket.state, found.ticket.group, found.ahead, found.desk)
    shown = {"own": found, "ticket": found.ticket, "version": version}
    if not request.headers.get("HX-Request"):
        return render(request, "queueing/ticket.html", shown)
    if request.GET.get("v") == version:
        return HttpResponse(status=204)
    status = 200 if found.ticket.is_open else STOP_ASKING
    return render(request, "queueing/parts/own.html", shown, status=status)


@require_POST
@never_cache
def give_back(request: HttpRequest, secret: str) -> HttpResponse:
    given: Ticket = services.give_back(secret=secret)
    return redirect("queueing:ticket", given.secret)


@require_safe
@never_cache
def screen(request: HttpRequest, shop_key: str) -> HttpResponse:
    """The last calls, large. It asks again every few seconds; the answer is empty until something changes."""
    here = shop(shop_key)
    calls, now = calls_on_screen(here), clock.local(clock.now())
    version = _version(calls, f"{now:%H:%M}")
    shown: dict[str, Any] = {
        "shop": here,
        "calls": calls,
        "now": now,
        "version": version,
        "ground": GROUNDS.get(request.GET.get("nen", "")),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "queueing/screen.html", shown)
    if request.GET.get("v") == version:
        return HttpResponse(status=204)
    return render(request, "queueing/parts/calls.html", shown)


def _version(*parts: object) -> str:
    """Says whether what is shown is still the same."""
    return sha256(repr(parts).encode()).hexdigest()[:12]
