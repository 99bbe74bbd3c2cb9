"""What everybody may read of the calendars, and the feeds for programs."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.identity.queries import actor_of
from lienthong.meetings import ical, policy, queries, services
from lienthong.meetings.rules import monday_of
from lienthong.meetings.views import showing
from lienthong.meetings.views.week import monday_in

BEHIND, AHEAD = timedelta(days=60), timedelta(days=366)
"""How much of a calendar a feed has."""

ICS = "text/calendar; charset=utf-8"
SECONDS_PUBLIC = 300
"""How long anybody may go on with a public feed."""


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The agencies that show their calendar."""
    found = queries.agencies_with_something_public(clock.today() - BEHIND)
    return render(request, "meetings/public.html", {"agencies": found})


@require_safe
def week(request: HttpRequest, agency_key: str) -> HttpResponse:
    agency, monday = _agency(agency_key), monday_in(request.GET.get("tuan", ""))
    last = showing.last_day(monday)
    shown = queries.public(agency, monday, last)
    return render(
        request,
        "meetings/public_week.html",
        {
            "agency": agency,
            "days": showing.table(shown, monday),
            "count": len(shown),
            "monday": monday,
            "last": last,
            "week": queries.week_of(agency, monday),
            "before": f"?tuan={(monday - timedelta(days=7)).isoformat()}",
            "after": f"?tuan={(monday + timedelta(days=7)).isoformat()}",
            "is_present": monday == monday_of(clock.today()),
            "feed": settings.ORIGIN + reverse("meetings:public_feed", args=[agency.key]),
        },
    )


def _agency(key: str) -> Node:
    agency = tree().by_key(key)
    if agency is None or not policy.has_calendar(agency):
        raise Http404
    return agency


@require_safe
def public_feed(request: HttpRequest, agency_key: str) -> HttpResponse:
    """What an agency shows everybody, for programs."""
    agency, today = _agency(agency_key), clock.today()
    name = _("Working calendar of %(agency)s") % {"agency": agency.name}
    shown = queries.public(agency, today - BEHIND, today + AHEAD)
    return _answer(request, ical.calendar(name, shown, inside=False), f"public, max-age={SECONDS_PUBLIC}")


@require_safe
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody takes part in, for the programs of that person: whoever has the address reads it."""
    account_id, today = queries.account_of_feed(token), clock.today()
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    officer = actor_of(account) if account else None
    if not isinstance(officer, Officer):
        raise Http404
    name = _("Working calendar of %(name)s") % {"name": officer.name}
    shown = queries.own(officer, today - BEHIND, today + AHEAD)
    return _answer(request, ical.calendar(name, shown, inside=True), "private, no-cache")


def _answer(request: HttpRequest, body: bytes, kept: str) -> HttpResponse:
    """Asked again with the tag it had, a program is told only that it is the same."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    same = tag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(b"" if same else body, status=304 if same else 200, content_type=ICS)
    answer["ETag"], answer["Cache-Control"], answer["X-Robots-Tag"] = tag, kept, "noindex"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def feed(request: OfficerRequest) -> HttpResponse:
    """The own secret address: shown this once when it is made."""
    token = services.make_feed(officer=request.officer) if request.method == "POST" else ""
    address = settings.ORIGIN + reverse("meetings:own_feed", args=[token]) if token else ""
    context = {
        "feed": queries.feed_of(request.officer.account_id),
        "address": address,
        "public": [
            (agency, settings.ORIGIN + reverse("meetings:public_feed", args=[agency.key]))
            for agency in policy.agencies_of(request.officer)
        ],
    }
    return render(request, "meetings/feed.html", context)


@require_POST
@signed_in_officer
def revoke_feed(request: OfficerRequest) -> HttpResponse:
    services.revoke_feed(officer=request.officer)
    messages.success(request, _("Revoked. Programs that had the address read nothing any more."))
    return redirect("meetings:feed")
