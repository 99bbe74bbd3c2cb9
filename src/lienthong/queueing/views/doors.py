"""Where numbers are taken: the kiosk at the door, and one's own telephone by the poster."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.papers.codes import qr_svg
from lienthong.identity.attempts import Allowance, address_of, refused, spend
from lienthong.queueing import services
from lienthong.queueing.models import Door, Ticket
from lienthong.queueing.queries.places import Shop, behind, grounds, procedures_of
from lienthong.queueing.queries.waiting import NoSuchTicket, in_line, no_such_ticket, own, ticket_of

OWN = "queue_numbers"
"""Session key of the numbers taken with this telephone, by shop."""

OF_SESSION = Allowance("queueing.session", times=5, within=timedelta(hours=12))
OF_ADDRESS = Allowance("queueing.address", times=40, within=timedelta(minutes=10))
"""Everybody in the room may have one address: that of the shop's own network, or of the telephone company."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def kiosk(request: HttpRequest, key: str) -> HttpResponse:
    """The touch screen at the door: choose what one comes for, take the paper."""
    shop = behind(key, Door.Purpose.KIOSK)
    if request.method != "POST":
        return render(request, "queueing/kiosk.html", _choice(request, shop, key))

    def taken(ticket: Ticket) -> HttpResponse:
        return redirect("queueing:kiosk_ticket", key, ticket.secret)

    return _take(request, shop, key, Door.Purpose.KIOSK, "queueing/kiosk.html", taken)


@require_safe
@never_cache
def kiosk_ticket(request: HttpRequest, key: str, secret: str) -> HttpResponse:
    """The paper of 80 mm, which prints itself; after some seconds the kiosk is there for the next person."""
    shop, found = behind(key, Door.Purpose.KIOSK), own(secret)
    if found.ticket.organisation_id != shop.node.id:
        raise no_such_ticket()
    address = settings.ORIGIN + reverse("queueing:ticket", args=[secret])
    shown = {
        "shop": shop,
        "key": key,
        "own": found,
        "ticket": found.ticket,
        "qr": mark_safe(qr_svg(address)),  # noqa: S308  drawn by us from an address of ours
    }
    return render(request, "queueing/kiosk_ticket.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone(request: HttpRequest, key: str) -> HttpResponse:
    """The same on one's own telephone: one number at a time, and not too many in a day."""
    shop = behind(key, Door.Purpose.POSTER)
    mine = _own_number(request, shop)
    if request.method != "POST":
        return render(request, "queueing/phone.html", {**_choice(request, shop, key), "mine": mine})
    if mine:
        return redirect("queueing:ticket", mine.secret)
    if not request.session.session_key:
        request.session.create()
    tries = [(OF_SESSION, str(request.session.session_key)), (OF_ADDRESS, address_of(request))]
    if wait := spend(tries):
        return refused(request, wait)

    def taken(ticket: Ticket) -> HttpResponse:
        request.session[OWN] = {**request.session.get(OWN, {}), shop.key: ticket.secret}
        return redirect("queueing:ticket", ticket.secret)

    return _take(request, shop, key, Door.Purpose.POSTER, "queueing/phone.html", taken)


def _own_number(request: HttpRequest, shop: Shop) -> Ticket | None:
    """The number with which this telephone still waits there."""
    secret = request.session.get(OWN, {}).get(shop.key)
    if not secret:
        return None
    try:
        ticket = ticket_of(secret)
    except NoSuchTicket:
        return None
    return ticket if ticket.is_open and ticket.day == clock.today() else None


def _take(
    request: HttpRequest, shop: Shop, key: str, purpose: str, template: str, taken: Callable[[Ticket], HttpResponse]
) -> HttpResponse:
    try:
        ticket = services.take(
            door=key,
            purpose=purpose,
            letter=request.POST.get("nhom", ""),
            priority=request.POST.get("uu-tien", ""),
            request=asked.key(request.POST.get("lan", "")) or uuid4(),
        )
    except (services.NotGiven, services.Full) as error:
        return render(request, template, _choice(request, shop, key, error), status=422)
    return taken(ticket)


def _choice(request: HttpRequest, shop: Shop, key: str, error: DomainError | None = None) -> dict[str, Any]:
    now = clock.now()
    waiting = Counter(each.group for each in in_line(shop.node.id))
    known = {ground.code: ground for ground in grounds(shop)}
    wanted = request.GET.get("uu-tien")
    return {
        "shop": shop,
        "key": key,
        "error": error,
        "groups": [
            {"group": group, "waiting": waiting[group.letter], "procedures": procedures_of(group)}
            for group in shop.body.groups
        ],
        "gives": shop.gives(now),
        "hours": shop.giving(now.date()),
        "grounds": list(known.values()),
        "ground": known.get(wanted or request.POST.get("uu-tien", "")),
        "choosing_ground": wanted is not None and wanted not in known,
        "press": uuid4(),
    }
