"""Receiving at a counter: the number, the procedure, the form and the papers on one page, the receipt, the next one."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.cases import services
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import CounterEntry, Dossier, Paper
from lienthong.cases.queries import counter as queries
from lienthong.cases.queries.pages import page_of
from lienthong.cases.services import counter as desk
from lienthong.cases.services.papers import receipt_of
from lienthong.cases.values import procedure_of
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.files.serving import serve_made
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.identity.services.confirming import CONFIRM
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import ProcedureBody, Verb
from lienthong.workspace import counter
from lienthong.workspace.showing import ROUNDS, papers_context

RECEIVE = "cases.receive"
LONGEST_CODE = 500
"""Characters of what a scanner sends."""

CASE = ":"
"""Stands between a procedure and its case."""

FETCH = "_fetch"
"""Name of the buttons that take answers from a register; the value is which of the procedure's."""

OUTCOMES: dict[str, desk.Outcome] = {
    "accept": Verb.ACCEPT,
    "supplement": Verb.REQUEST_SUPPLEMENT,
    "refuse": Verb.REFUSE,
}
"""What the buttons of the page do."""

log = logging.getLogger(__name__)

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@officer_with(RECEIVE)
def start(request: OfficerRequest) -> HttpResponse:
    """Who is next: a number that is typed, or a card that is scanned."""
    typed, error = "", ""
    if request.method == "POST":
        without = "without" in request.POST
        typed = "" if without else request.POST.get("so", "")[:LONGEST_CODE]
        if typed.strip() or without:
            try:
                begun = desk.begin_entry(officer=request.officer, typed=typed)
            except desk.NumberNotRight as refused:
                error = str(refused)
            else:
                return redirect("workspace:counter_entry", begun.key)
        else:
            error = _("Scan the card, or enter the number.")
    return render(
        request,
        "workspace/counter/start.html",
        {
            "shop": queries.counter_at(request.officer),
            "typed": asked.words({"so": typed}, "so", 60),
            "error": error,
            "entries": [_entry_row(entry) for entry in queries.entries_of(request.officer)],
            "done_today": queries.today_taken_in(request.officer),
        },
        status=422 if error else 200,
    )


def _entry_row(entry: CounterEntry) -> dict[str, Any]:
    body = next((each.body for each in PROCEDURE.all() if each.key == entry.procedure_key), None)
    return {"entry": entry, "procedure": body.name if body else ""}


EntryView = Callable[..., HttpResponseBase]


def of_entry(view: EntryView) -> EntryView:
    """For the clerk whose entry it is. One that was taken in meanwhile leads to the dossier it has become."""

    @officer_with(RECEIVE)
    @wraps(view)
    def found(request: OfficerRequest, key: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            entry = desk.entry_of(key, request.officer)
        except desk.NoSuchEntry:
            dossier = desk.taken_in_from(key, request.officer)
            if dossier is None:
                raise
            return redirect("workspace:counter_done", dossier.pk)
        return view(request, entry, *args, **kwargs)

    return found


@get_or_post
@of_entry
def entry(request: OfficerRequest, found: CounterEntry) -> HttpResponse:
    """Everything on one page. Whatever was typed is kept before anything else happens."""
    if not found.procedure_key:
        return _choose(request, found)
    try:
        sheet = counter.shown(found, request.officer) if request.method != "POST" else counter.posted(found, request)
    except desk.NotReceivedHere as refused:
        return _choose(request, found, error=refused.in_full)
    if request.method != "POST":
        return _show(request, sheet)
    if sheet.refreshed is not None and request.headers.get("HX-Request"):
        return HttpResponse(
            sheet.form.refreshed(sheet.refreshed) + _checklist(request, sheet) + _offers(request, sheet)
        )
    if (wanted := asked.number(request.POST.get(FETCH, ""))) is not None:
        return _show(request, counter.fetched(sheet, wanted))
    do = request.POST.get("_do", "")
    if do == "all":
        return _show(request, _with_everything(sheet))
    if do == "later":
        messages.success(request, _("Kept. You find it below, under what is unfinished."))
        return redirect("workspace:counter")
    if do in OUTCOMES and sheet.refreshed is None and not sheet.told:
        return _take_in(request, sheet, OUTCOMES[do])
    return _show(request, sheet, status=422 if sheet.told else 200)


def _with_everything(sheet: counter.Sheet) -> counter.Sheet:
    before = {line.component.key: line.counted for line in sheet.lines}
    saved = desk.save_entry(
        key=sheet.entry.key,
        officer=sheet.officer,
        raw=sheet.entry.data,
        counted=desk.with_everything([line.component for line in sheet.lines], before),
        person={},
        competent_id=None,
        returned=desk.return_of(sheet.entry),
        reason=sheet.entry.reason,
    )
    return counter.shown(saved, sheet.officer)


def _take_in(request: OfficerRequest, sheet: counter.Sheet, outcome: desk.Outcome) -> HttpResponse:
    try:
        dossier = desk.take_in(key=sheet.entry.key, officer=request.officer, outcome=outcome)
    except NotAccepted as refused:
        return _show(request, counter.shown(sheet.entry, request.officer, told=refused.errors), status=422)
    except DomainError as refused:
        return _show(request, sheet, refused=refused.in_full, status=refused.status)
    make_at_once(request, dossier)
    return redirect("workspace:counter_done", dossier.pk)


def make_at_once(request: OfficerRequest, dossier: Dossier) -> None:
    """The paper for the person's hand. Where making it fails the dossier is taken in all the same: the job makes it."""
    try:
        desk.paper_at_once(dossier.pk, officer=request.officer)
    except Exception:
        log.exception("the paper of dossier %s was not made at once", dossier.pk)


def _show(request: OfficerRequest, sheet: counter.Sheet, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {"sheet": sheet, "refused": refused, **_person(sheet.entry)}
    return render(request, "workspace/counter/sheet.html", context, status=status)


def _checklist(request: HttpRequest, sheet: counter.Sheet) -> str:
    """The checklist for htmx, where an answer has changed which papers are on it; counts that are being typed stay."""
    if [line.component.key for line in sheet.lines] == counter.listed(request.POST, sheet.body.components):
        return ""
    return render_to_string("workspace/counter/checklist.html", {"sheet": sheet, "oob": True}, request)


def _offers(request: HttpRequest, sheet: counter.Sheet) -> str:
    """What registers know for htmx: an answer may have changed by what an entry is found."""
    if not sheet.body.prefill:
        return ""
    return render_to_string("workspace/counter/fetch.html", {"sheet": sheet, "oob": True}, request)


def _person(entry: CounterEntry) -> dict[str, Any]:
    """Who stands there, with the earlier dossiers, as little of each as will do."""
    known = [
        {
            "dossier": dossier,
            "procedure": procedure_of(dossier).full_name,
            "status": RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status),
        }
        for dossier in counter.earlier(entry)
    ]
    return {"entry": entry, "known": known, "born": asked.day(entry.person.get("born", ""))}


# what the person comes for


@get_or_post
@of_entry
def procedure(request: OfficerRequest, found: CounterEntry) -> HttpResponse:
    """Choose the procedure. Enter in the box takes the first that fits, or the one with the digit that was typed."""
    text = asked.words(request.POST if request.method == "POST" else request.GET, "tim")
    if request.method == "POST":
        chosen = request.POST.get("thu-tuc") or _meant(request, text)
        if not chosen:
            return _choose(
                request,
                found,
                text=text,
                error=_("No procedure that is received here fits. Try other words."),
                status=422,
            )
        key, _colon, variant = chosen.partition(CASE)
        try:
            desk.choose_procedure(key=found.key, officer=request.officer, procedure_key=key, variant=variant)
        except desk.NotReceivedHere as refused:
            return _choose(request, found, text=text, error=refused.in_full, status=422)
        return redirect("workspace:counter_entry", found.key)
    if request.headers.get("HX-Request"):
        context = {"entry": found, "offered": _choices(request, text), "text": text}
        return render(request, "workspace/counter/procedures.html", context)
    return _choose(request, found, text=text)


def _meant(request: OfficerRequest, text: str) -> str:
    offered = _offered(request, "" if text.isdecimal() and len(text) == 1 else text)
    if text.isdecimal() and len(text) == 1:
        place = int(text) - 1
        return _word(offered[place]) if 0 <= place < len(offered) else ""
    return _word(offered[0]) if offered and text else ""


def _word(body: ProcedureBody) -> str:
    """What a button says of a procedure, and of the case of it."""
    return f"{body.key}{CASE}{body.variant.key}" if body.variant else body.key


def _choices(request: OfficerRequest, text: str) -> list[tuple[str, ProcedureBody]]:
    return [(_word(body), body) for body in _offered(request, text)]


def _offered(request: OfficerRequest, text: str) -> list[ProcedureBody]:
    """A single digit chooses from the usual ones: they stay while it is typed."""
    if not text or (text.isdecimal() and len(text) == 1):
        return queries.usual_procedures(request.officer)
    return queries.procedures_for(request.officer, text)


def _choose(
    request: OfficerRequest, found: CounterEntry, *, text: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "offered": _choices(request, text),
        "text": text,
        "error": error,
        **_person(found),
    }
    return render(request, "workspace/counter/choose.html", context, status=status)


@require_POST
@of_entry
def keep(request: OfficerRequest, found: CounterEntry) -> HttpResponse:
    """What was typed so far, sent by the page itself while somebody types."""
    if found.procedure_key:
        try:
            counter.posted(found, request)
        except DomainError:
            log.info("an entry was taken in while the page was saving it")
    return HttpResponse(status=204)


@require_POST
@of_entry
def throw_away(request: OfficerRequest, found: CounterEntry) -> HttpResponse:
    desk.throw_away(key=found.key, officer=request.officer)
    return redirect("workspace:counter")


# it is taken in


@require_safe
@officer_with(RECEIVE)
def done(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    """What to put into the person's hand; then the next."""
    dossier = desk.own_dossier(dossier_id, request.officer)
    rounds = min(asked.number(request.GET.get("lan", "")) or 0, ROUNDS)
    page = page_of(dossier)
    together = queries.together_with(dossier)
    accepted = [each for each in together if each.received_at]
    paper = next((paper for paper in reversed(page.papers) if paper.state == Paper.State.READY), None)
    context = {
        "dossier": dossier,
        "page": page,
        "paper": paper,
        "together": [_together_row(each) for each in together],
        "one_receipt": len(accepted) > 1,
        "agency": tree()[dossier.competent_id].name,
        "confirms": CONFIRM in request.officer.permissions,
        **papers_context(page, rounds=rounds),
    }
    return render(request, "workspace/counter/done.html", context)


def _together_row(dossier: Dossier) -> dict[str, Any]:
    return {"dossier": dossier, "procedure": procedure_of(dossier).full_name}


@require_POST
@officer_with(RECEIVE)
def another(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    begun = desk.begin_another(officer=request.officer, dossier_id=dossier_id)
    return redirect("workspace:counter_entry", begun.key)


@require_safe
@officer_with(RECEIVE)
def receipt(request: OfficerRequest, together: UUID) -> HttpResponse:
    """One receipt for everything that was handed in together. Each dossier is read for it, and that is on record."""
    dossiers = queries.received_together(request.officer, together)
    for dossier in dossiers:
        services.read_dossier(dossier_id=dossier.pk, actor=request.officer)
    pdf = receipt_of(dossiers, account_id=request.officer.account_id, at=clock.now())
    return serve_made(pdf, name=f"Giấy tiếp nhận {dossiers[0].code}")
