"""What people were told, what they want to hear; and the address at which gateways report."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.identity.models import Account
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.notifications import channels, kinds, queries, rules, services
from lienthong.notifications.definition import ChannelBody
from lienthong.notifications.gateways import file

LONGEST_REPORT = 65_536


@require_safe
@never_cache
@signed_in
def list_of(request: PersonRequest) -> HttpResponse:
    after = queries.Place.of(request.GET.get("sau", ""))
    page = queries.page_of(request.person.account_id, after)
    unread = [row for row in page.rows if row.read_at is None]
    shown = {
        "unread": unread,
        "read": [row for row in page.rows if row.read_at is not None],
        "newest": unread[0].pk if unread else None,
        "next": page.next,
        "continued": after is not None,
        "demonstration": settings.DEMO,
    }
    return render(request, "notifications/list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def notification(request: PersonRequest, notification_id: int) -> HttpResponse:
    """The whole message. Looking at it is reading it; by POST it is read without being looked at."""
    if request.method == "HEAD":
        queries.own(request.person.account_id, notification_id)
        return HttpResponse()
    found = services.mark_read(notification_id=notification_id, reader=request.person)
    if request.method == "POST":
        return redirect("notifications:list")
    shown = {"told": found, "label": kinds.label_of(found.kind)}
    return render(request, "notifications/notification.html", shown)


@require_POST
@signed_in
def read_all(request: PersonRequest) -> HttpResponse:
    newest = queries.Place.of(f"unread-{request.POST.get('den', '')}")
    if newest:
        services.mark_all_read(reader=request.person, up_to=newest.id)
    return redirect("notifications:list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def preferences(request: PersonRequest) -> HttpResponse:
    if request.method == "POST":
        services.save_preferences(
            actor=request.person, wanted=request.POST.getlist("nhan"), language=request.POST.get("ngon-ngu", "")
        )
        messages.success(request, _("Your choice was saved."))
        return redirect("notifications:preferences")
    chosen = queries.preferences_of(request.person.account_id)
    account = Account.objects.get(pk=request.person.account_id)
    contact = rules.Contact(account.email, account.phone)
    offered = channels.offered().values()
    shown = {
        "groups": [
            (each, [_line(each.key, channel, chosen.choices) for channel in offered]) for each in kinds.all_groups()
        ],
        "ways": [(channel.name, contact.address(channel.reaches)) for channel in offered],
        "languages": settings.LANGUAGES,
        "language": chosen.language or settings.LANGUAGE_CODE,
    }
    return render(request, "notifications/preferences.html", shown)


def _line(group: str, channel: ChannelBody, choices: Mapping[str, bool]) -> dict[str, Any]:
    name = rules.choice(group, channel.key)
    return {
        "name": name,
        "id": f"{group}-{channel.key}",
        "label": channel.name,
        "on": rules.wanted(channel.way, group, choices),
    }


@require_safe
@never_cache
@signed_in
def written(request: PersonRequest) -> HttpResponse:
    """What the house's own gateway has put into files instead of sending it: in the demonstration only."""
    if not settings.DEMO:
        raise Http404
    names = {key: channel.name for key, channel in channels.offered().items()}
    shown = [(names.get(key, key), file.written(key)) for key in file.channels()]
    return render(request, "notifications/written.html", {"channels": shown})


@csrf_exempt
@require_POST
def report(request: HttpRequest, channel: str) -> HttpResponse:
    """A gateway tells what became of a message. Whoever cannot prove to be it learns nothing."""
    declared = channels.offered().get(channel)
    gateway = channels.gateway_of(declared) if declared else None
    told = gateway.report(request.headers, _said(request)) if gateway else None
    if told is None or not services.take_report(channel=channel, report=told):
        raise Http404  # a report may overtake our own note of the reference: gateways come back
    return HttpResponse(status=204)


def _said(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        said = json.loads(request.body[:LONGEST_REPORT])
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
