"""Giving a directive: directly, from a meeting, or from a document that is shown with it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.directives import policy, services
from lienthong.directives.rules import Incomplete
from lienthong.directives.services import LONGEST_WORDS, NotWithYou, Order, Source
from lienthong.directives.views.words import SOURCES, day_of, end_of, given_of, posts_with_names, refusal, source_word
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations import parts
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.work.subjects import SUBJECTS

MOST_RECEIVERS = 500


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.GIVE)
def give(request: OfficerRequest) -> HttpResponse:
    agencies, given = policy.gives_for(request.officer), _given(request)
    if not agencies:
        raise NotWithYou(_("Directives are given by the leaders of an agency and, in their name, by its office."))
    agency = next((node for node in agencies if node.key == given.get("co-quan", "")), agencies[0])
    key = asked.key(given.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        try:
            made = services.give(agency_id=agency.id, order=_order(given), officer=request.officer, key=key)
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            context = refusal(refused)
        else:
            messages.success(request, _("Directive %(code)s was given.") % {"code": made.code})
            return redirect("directives:one", made.pk)
    context |= _shown(request.officer, agencies, agency, given) | {"key": key}
    status = 422 if context["errors"] or context["refused"] else 200
    return render(request, "directives/give.html", context, status=status)


def _given(request: OfficerRequest) -> QueryDict:
    """What the form says; when it is opened from something of another room, with the words of that."""
    if request.method == "POST":
        return request.POST
    given = request.GET.copy()
    kind, subject_id = SUBJECTS.get(given.get("nguon", "")), asked.number(given.get("ma", ""))
    if kind is None or subject_id is None or subject_id not in kind.seen_by(request.officer, [subject_id]):
        given.pop("ma", None)
        return given
    facts = kind.facts([subject_id])[subject_id]
    dated = facts.dated.isoformat() if facts.dated else ""
    said = {"nguon-so": facts.code, "nguon-ngay": dated, "nguon-trich-yeu": facts.title}
    for name, value in said.items():
        given.setdefault(name, value)
    return given


def _order(given: QueryDict) -> Order:
    """Raises Incomplete for days that are none."""
    errors: dict[str, Any] = {}
    due, dated = day_of(given, "han", "due", errors), day_of(given, "nguon-ngay", "dated", errors)
    if errors:
        raise Incomplete(errors)
    subject_id = asked.number(given.get("ma", ""))
    source_type = given.get("nguon", "")
    known = source_type in SUBJECTS if subject_id is not None else source_type in SOURCES
    if not known:
        source_type, subject_id = "", None
    said = Source(
        type=source_type,
        id=subject_id,
        code=asked.words(given, "nguon-so", 60),
        dated=dated,
        title=asked.words(given, "nguon-trich-yeu", 500),
        clause=asked.words(given, "nguon-muc", 200),
    )
    return Order(
        content=asked.paragraphs(given, "noi-dung", LONGEST_WORDS + 1),
        lead=asked.number(given.get("chu-tri", "")),
        giver=asked.number(given.get("nguoi-giao", "")),
        product=asked.words(given, "san-pham", 500),
        due_at=end_of(due),
        cooperate=_ticked(given, "phoi-hop"),
        know=_ticked(given, "de-biet"),
        source=said if source_type else Source(),
    )


def _ticked(given: QueryDict, name: str) -> tuple[int, ...]:
    found = (asked.number(text) for text in given.getlist(name)[:MOST_RECEIVERS])
    return tuple(dict.fromkeys(number for number in found if number is not None))


def _shown(officer: Officer, agencies: list[Node], agency: Node, given: QueryDict) -> dict[str, Any]:
    inside = {unit.id for unit in parts.units_of(agency)}
    receivers = policy.receivers_of(agency)
    subject_id = asked.number(given.get("ma", ""))
    return {
        "agencies": agencies,
        "agency": agency,
        "givers": posts_with_names(policy.givers_of(agency)),
        "own": next((post.id for post in policy.givers_of(agency) if post.id in officer.post_ids), 0),
        "giver": asked.number(given.get("nguoi-giao", "")),
        "lead": asked.number(given.get("chu-tri", "")),
        "groups": [
            (_("Parts of the agency"), [node for node in receivers if node.id in inside]),
            (_("Agencies below it"), [node for node in receivers if node.id not in inside]),
        ],
        "cooperate": _ticked(given, "phoi-hop"),
        "know": _ticked(given, "de-biet"),
        "given": given_of(given),
        "source_id": subject_id,
        "source_word": source_word(given.get("nguon", "")),
        "sources": SOURCES.items(),
        "today": clock.today(),
        "most": LONGEST_WORDS,
    }
