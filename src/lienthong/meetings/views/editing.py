"""Registering an engagement and writing it anew: one form."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import named_holders, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity import offices
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.meetings import policy, queries, rules, services
from lienthong.meetings.models import Attendance, Engagement
from lienthong.meetings.rules import Access, Part, State
from lienthong.meetings.services import Missing, NewEngagement

MOST_TICKED = 500


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def new(request: OfficerRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    agency = _agency(request, given)
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    if request.method != "POST":
        return _form(request, agency, key=key, given=_beginning(given))
    try:
        made = services.register(agency_id=agency.id, new=_new(request.POST), officer=request.officer, key=key)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _form(request, agency, key=key, given=_typed(request.POST), refused=refused)
    asked_for = made.state == State.PROPOSED
    messages.success(request, _now("The office was asked to approve it.") if asked_for else _now("It is entered."))
    return redirect("meetings:engagement", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def edit(request: OfficerRequest, engagement_id: int) -> HttpResponse:
    line = queries.one(request.officer, engagement_id)
    row = Engagement.objects.filter(pk=engagement_id).first()
    if line is None or row is None or not services.may_change(request.officer, row):
        raise services.no_such_engagement()
    if request.method != "POST":
        return _form(request, line.agency, row=row, given=_kept(row))
    sequence = asked.number(request.POST.get("_lan", ""))
    try:
        services.change(
            engagement_id=row.pk,
            new=_new(request.POST),
            officer=request.officer,
            sequence=-1 if sequence is None else sequence,
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _form(request, line.agency, row=row, given=_typed(request.POST), refused=refused)
    messages.success(request, _now("It was written down."))
    return redirect("meetings:engagement", row.pk)


def _agency(request: OfficerRequest, given: Mapping[str, str]) -> Node:
    """The one that is asked for, among those where the officer registers; else the first of these."""
    found = [node for node in policy.agencies_of(request.officer) if services.may_register(request.officer, node)]
    if not found:
        raise services.NotYours(_("You register no engagements in this calendar."))
    return next((node for node in found if node.key == given.get("co-quan", "")), found[0])


def _new(given: QueryDict) -> NewEngagement:
    """What was filled in. Raises WhenWrong, Missing."""
    return NewEngagement(
        when=rules.when(
            _day(given, "ngay"), _day(given, "den-ngay"), _part(given), _hour(given, "tu-gio"), _hour(given, "den-gio")
        ),
        content=asked.words(given, "noi-dung", 1000),
        unit_id=asked.number(given.get("don-vi", "")) or 0,
        leaders=_ticked(given, "lanh-dao"),
        whole=bool(given.get("ca-co-quan")),
        place=asked.words(given, "dia-diem", 250),
        others=asked.words(given, "thanh-phan", 500),
        remark=asked.words(given, "ghi-chu", 500),
        access=_access(given),
        posts=_ticked(given, "vi-tri"),
        organisations=_ticked(given, "co-quan-du"),
    )


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name, "").strip()
    found = asked.day(text)
    if text and found is None:
        raise Missing({"when": _("Write the day as day/month/year.")})
    return found


def _hour(given: Mapping[str, str], name: str) -> time | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    hour, _colon, minute = text.partition(":")
    numbers = asked.number(hour), asked.number(minute[:2])
    if numbers[0] is None or numbers[1] is None or numbers[0] > 23 or numbers[1] > 59:
        raise Missing({"when": _("Write the hour as 08:30.")})
    return time(numbers[0], numbers[1])


def _access(given: Mapping[str, str]) -> Access:
    text = given.get("muc", "")
    return Access(text) if text in set(Access) else Access.INTERNAL


def _part(given: Mapping[str, str]) -> Part | None:
    text = given.get("buoi", "")
    return Part(text) if text in set(Part) else None


def _ticked(given: QueryDict, name: str) -> tuple[int, ...]:
    found = (asked.number(text) for text in given.getlist(name)[:MOST_TICKED])
    return tuple(dict.fromkeys(number for number in found if number is not None))


def _typed(given: QueryDict) -> dict[str, Any]:
    """What was typed, by names that a template can ask for."""
    said: dict[str, Any] = {name.replace("-", "_"): asked.words(given, name, 1000) for name in given}
    return said | {
        "leaders": _ticked(given, "lanh-dao"),
        "posts": _ticked(given, "vi-tri"),
        "organisations": _ticked(given, "co-quan-du"),
    }


def _beginning(given: Mapping[str, str]) -> dict[str, Any]:
    day, leader = asked.day(given.get("ngay", "")), asked.number(given.get("lanh-dao", ""))
    return {"ngay": day.isoformat() if day else "", "leaders": (leader,) if leader else (), "muc": "internal"}


def _kept(row: Engagement) -> dict[str, Any]:
    attending = list(Attendance.objects.filter(engagement=row).order_by("pk"))
    when = row.when
    return {
        "ngay": when.first_day.isoformat(),
        "den_ngay": when.last_day.isoformat() if when.last_day > when.first_day else "",
        "buoi": "" if when.begins else when.part.value,
        "tu_gio": f"{when.begins:%H:%M}" if when.begins else "",
        "den_gio": f"{when.ends:%H:%M}" if when.ends else "",
        "noi_dung": row.content,
        "dia_diem": row.place,
        "thanh_phan": row.others,
        "ghi_chu": row.remark,
        "muc": row.access,
        "don_vi": str(row.unit_id),
        "ca_co_quan": any(each.leads and each.organisation_id for each in attending),
        "leaders": tuple(each.post_id for each in attending if each.leads and each.post_id),
        "posts": tuple(each.post_id for each in attending if not each.leads and each.post_id),
        "organisations": tuple(each.organisation_id for each in attending if not each.leads and each.organisation_id),
    }


def _form(
    request: OfficerRequest,
    agency: Node,
    *,
    given: Mapping[str, Any],
    key: UUID | None = None,
    row: Engagement | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    leaders = policy.leaders_of(agency)
    posts = [post for post in policy.posts_of(policy.inside(agency)) if offices.LEADER not in post.roles]
    holders = named_holders([post.id for post in (*leaders, *posts)])
    units = services.units_for(request.officer, agency)
    if row is not None and row.unit_id not in {unit.id for unit in units}:
        units = [tree()[row.unit_id], *units]
    when_wrong = isinstance(refused, rules.WhenWrong)
    errors = dict(refused.errors) if isinstance(refused, Missing) else {"when": str(refused)} if when_wrong else {}
    context = {
        "row": row,
        "agency": agency,
        "agencies": [] if row else policy.agencies_of(request.officer),
        "key": row.sequence if row else key,
        "given": given,
        "errors": errors,
        "refused": refused if refused is not None and not errors else None,
        "leaders": [(post.id, queries.named_post(post.id, holders)) for post in leaders],
        "posts": [
            (post.id, f"{queries.named_post(post.id, holders)}, {tree()[post.organisation_id].short_name}")
            for post in posts
            if holders.get(post.id)
        ],
        "organisations": [(node.id, node.name) for node in policy.taking_part(agency)],
        "units": [(str(unit.id), unit.name) for unit in units],
        "parts": Engagement.Part.choices,
        "accesses": Engagement.Access.choices,
        "arranges": policy.arranges(request.officer, agency),
    }
    return render(request, "meetings/form.html", context, status=422 if refused else 200)
