"""The clerk's panel: the desk where one sits, the number at it, who waits."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer
from lienthong.queueing import services
from lienthong.queueing.models import Seat
from lienthong.queueing.policy import SEE, SERVE
from lienthong.queueing.queries import desks
from lienthong.queueing.queries.places import Shop, places, shop_of, shops_of

SHOWN_IN_LINE = 8


@require_safe
@never_cache
@signed_in_officer
def panel(request: OfficerRequest) -> HttpResponse:
    """Where the day is worked through. Who sits nowhere chooses a desk; who only looks on sees the statistics."""
    if SERVE not in request.officer.permissions:
        seen = shops_of(request.officer, SEE)
        if not seen:
            raise Http404
        return redirect("queueing:statistics", seen[0].key)
    found = _own(request.officer)
    if found is None:
        return redirect("queueing:choose")
    shop, seat = found
    shown = desks.panel(shop, seat)
    return render(
        request,
        "queueing/panel.html",
        {"panel": shown, "others": _destinations(shop, seat, shown), **_line(shown)},
    )


@require_safe
@never_cache
@officer_with(SERVE)
def waiting(request: OfficerRequest) -> HttpResponse:
    """Who waits, for the panel that asks again every few seconds."""
    found = _own(request.officer)
    if found is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = desks.panel(*found)
    return render(request, "queueing/parts/line.html", {"panel": shown, **_line(shown)})


def _own(officer: Officer) -> tuple[Shop, Seat] | None:
    """Where the officer sits, if that desk is still declared and the officer still serves there."""
    seat = desks.seat_of(officer)
    if seat is None:
        return None
    shop = shop_of(seat.organisation_id)
    if not officer.may(SERVE, shop.node) or seat.desk not in shop.body.by_number:
        return None
    return shop, seat


def _line(panel: desks.Panel) -> dict[str, Any]:
    """Those who wait for this desk, the next ones first; how many wait in every group."""
    now = clock.now()
    mine = panel.for_this_desk
    return {
        "counts": [
            {
                "group": group,
                "waiting": sum(ticket.group == group.letter for ticket in panel.queue),
                "mine": group.letter in panel.letters,
            }
            for group in panel.shop.body.groups
        ],
        "next": [{"ticket": ticket, "waited": now - ticket.taken_at} for ticket in mine[:SHOWN_IN_LINE]],
        "more": max(len(mine) - SHOWN_IN_LINE, 0),
        "mine": len(mine),
    }


def _destinations(shop: Shop, seat: Seat, panel: desks.Panel) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where the one at the desk can be passed on to: groups and desks, as a list of choices."""
    here = panel.call.group if panel.call else ""
    groups = [(group.letter, f"{group.letter} · {group.name}") for group in shop.body.groups if group.letter != here]
    others = [
        (str(desk.number), _("Desk %(number)s") % {"number": desk.number} + (f" · {desk.name}" if desk.name else ""))
        for desk in shop.body.desks
        if desk.number != seat.desk
    ]
    return [(name, choices) for name, choices in ((_("Groups"), groups), (_("Desks"), others)) if choices]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(SERVE)
def choose(request: OfficerRequest) -> HttpResponse:
    """Choose the desk where one sits today."""
    if request.method == "POST":
        return _tried(request, lambda: _sit(request), back="queueing:choose")
    served = [{"shop": shop, "places": places(shop)} for shop in shops_of(request.officer, SERVE)]
    seat = desks.seat_of(request.officer)
    return render(request, "queueing/choose.html", {"served": served, "seat": seat})


def _sit(request: OfficerRequest) -> None:
    services.sit_down(
        officer=request.officer,
        shop_key=request.POST.get("noi", ""),
        desk=asked.number(request.POST.get("quay", "")) or 0,
        take_over="thay" in request.POST,
    )


@require_POST
@officer_with(SERVE)
def leave(request: OfficerRequest) -> HttpResponse:
    return _tried(request, lambda: services.leave_desk(officer=request.officer))


@require_POST
@officer_with(SERVE)
def do(request: OfficerRequest, deed: str) -> HttpResponse:
    """One thing that a clerk does with a number."""
    act = DEEDS.get(deed)
    if act is None:
        raise Http404
    return _tried(request, lambda: act(request))


def _tried(request: HttpRequest, act: Callable[[], Any], back: str = "queueing:panel") -> HttpResponse:
    """To the panel; a refusal is said there, where the next thing to do stands."""
    try:
        act()
    except DomainError as refused:
        messages.error(request, refused.in_full)
        return redirect(back)
    return redirect("queueing:panel")


def _next(request: OfficerRequest) -> None:
    call = services.call_next(officer=request.officer, finishing=asked.number(request.POST.get("dang", "")))
    if call is None:
        messages.info(request, _("Nobody waits for your desk."))


def _absent(request: OfficerRequest) -> None:
    call = services.mark_absent(officer=request.officer, call=_call(request))
    messages.info(request, _("%(code)s did not come. It can be undone below.") % {"code": call.code})


def _pass_on(request: OfficerRequest) -> None:
    ticket = services.pass_on(officer=request.officer, call=_call(request), to=request.POST.get("den", ""))
    group = _("group %(group)s") % {"group": ticket.group}
    place = _("desk %(number)s") % {"number": ticket.desk} if ticket.desk else group
    messages.success(request, _("%(code)s waits for %(place)s.") % {"code": ticket.code, "place": place})


def _put_back(request: OfficerRequest) -> None:
    ticket = services.put_back(officer=request.officer, code=request.POST.get("so", ""))
    messages.success(request, _("%(code)s waits again, in its old place.") % {"code": ticket.code})


DEEDS: Mapping[str, Callable[[OfficerRequest], object]] = {
    "goi-tiep": _next,
    "goi-lai": lambda request: services.call_again(officer=request.officer, call=_call(request)),
    "bat-dau": lambda request: services.start(officer=request.officer, call=_call(request)),
    "xong": lambda request: services.finish(officer=request.officer, call=_call(request)),
    "vang": _absent,
    "chuyen": _pass_on,
    "goi-so": lambda request: services.call_number(officer=request.officer, code=request.POST.get("so", "")),
    "cho-lai": _put_back,
}
"""By the word in the address."""


def _call(request: OfficerRequest) -> int:
    return asked.number(request.POST.get("goi", "")) or 0
