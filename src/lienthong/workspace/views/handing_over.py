"""Giving papers to another desk by a list, and confirming those that arrive."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases.models import HandOver, HandOverLine
from lienthong.cases.queries import handing_over as queries
from lienthong.cases.services import handing_over as services
from lienthong.cases.services.handing_over import Arrived
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.serving import serve_made
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest, officer_with

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@officer_with(queries.SEE)
def overview(request: OfficerRequest) -> HttpResponse:
    """What has to leave a desk, what arrives there, what went before."""
    place = queries.place_of(request.officer, request.GET.get("noi", ""))
    if request.method == "POST":
        return _made(request, place)
    leaving, coming = queries.moves_from(place), queries.moves_to(place)
    context = {
        "place": place,
        "places": queries.places_of(request.officer),
        "leaving": [_group(node, moves) for node, moves in queries.by_receiver(leaving)],
        "later": bool([move for move in leaving if not move.today]),
        "coming": [_group(node, moves) for node, moves in queries.by_giver(coming)],
        "waiting": [_list(each) for each in queries.waiting_for(place)],
        "recent": [_list(each) for each in queries.recent(place)],
    }
    return render(request, "workspace/hand_overs.html", context)


def _group(node: Node, moves: list[queries.Move]) -> dict[str, object]:
    rows = [{"move": move, "procedure": procedure_of(move.dossier).full_name} for move in moves]
    return {"node": node, "rows": rows}


def _list(hand_over: HandOver) -> dict[str, object]:
    agencies = tree()
    return {
        "list": hand_over,
        "giver": agencies[hand_over.giver_id].name,
        "receiver": agencies[hand_over.receiver_id].name,
    }


def _made(request: OfficerRequest, place: Node) -> HttpResponse:
    chosen = [found for text in request.POST.getlist("luot") if (found := asked.number(text)) is not None]
    back = f"{reverse('workspace:hand_overs')}?noi={place.key}"
    do = services.take_unlisted if request.POST.get("_do") == "take" else services.make_lists
    try:
        made = do(place_id=place.id, visit_ids=chosen, officer=request.officer)
    except DomainError as refused:
        messages.warning(request, refused.in_full)
        return redirect(back)
    said = ngettext("%(count)s hand-over list was made.", "%(count)s hand-over lists were made.", len(made))
    messages.success(request, said % {"count": len(made)})
    return redirect("workspace:hand_over", made[0].pk) if len(made) == 1 else redirect(back)


@get_or_post
@officer_with(queries.SEE)
def hand_over(request: OfficerRequest, hand_over_id: int) -> HttpResponse:
    """One list; who receives it confirms here, all at once or line by line."""
    found = queries.hand_over_for(request.officer, hand_over_id)
    items = queries.items_of(found)
    error = ""
    if request.method == "POST":
        said = _said(request, items)
        try:
            services.confirm(hand_over_id=hand_over_id, officer=request.officer, said=said)
        except services.RemarkNeeded as refused:
            error = str(refused)
        else:
            if said:
                messages.success(request, _("Confirmed."))
            else:
                messages.warning(request, _("Mark at least one line, or say that everything has arrived."))
            return redirect("workspace:hand_over", hand_over_id)
    agencies = tree()
    receiver = agencies[found.receiver_id]
    context = {
        **_list(found),
        "rows": [_row(request, item) for item in items],
        "may_confirm": found.is_open and request.officer.may(queries.SEE, receiver),
        "error": error,
    }
    return render(request, "workspace/hand_over.html", context, status=422 if error else 200)


def _row(request: OfficerRequest, item: queries.Item) -> dict[str, object]:
    posted = request.method == "POST"
    return {
        "line": item.line,
        "dossier": item.dossier,
        "procedure": procedure_of(item.dossier).full_name,
        "is_open": item.line.state == HandOverLine.State.OPEN,
        "state": HandOverLine.State(item.line.state).label,
        "chosen": request.POST.get(f"den.{item.line.pk}", "") if posted else "",
        "remark": asked.words(request.POST, f"y-kien.{item.line.pk}", 500) if posted else item.line.remark,
    }


def _said(request: OfficerRequest, items: list[queries.Item]) -> dict[int, Arrived]:
    """What was said of each line that is open. "All arrived" says it of those nothing else was said of; what was said
    to be missing stays missing."""
    everything = request.POST.get("_do") == "all"
    said = {}
    for item in items:
        pk = item.line.pk
        word, remark = request.POST.get(f"den.{pk}", ""), asked.words(request.POST, f"y-kien.{pk}", 500)
        if word == "thieu":
            said[pk] = Arrived(received=False, remark=remark)
        elif word == "co" or everything:
            said[pk] = Arrived(received=True, remark=remark)
    return said


@require_safe
@officer_with(queries.SEE)
def paper(request: OfficerRequest, hand_over_id: int) -> HttpResponse:
    found, pdf = services.printed(hand_over_id=hand_over_id, officer=request.officer)
    return serve_made(pdf, name=f"Danh sách bàn giao {found.number}-{found.year}")
