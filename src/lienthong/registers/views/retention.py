"""Entries whose time is over: the lists, and what is decided about them. Nothing is done before it is confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers.definition import REGISTER
from lienthong.registers.retention import queries, rules, services
from lienthong.registers.retention.models import AppraisedEntry
from lienthong.registers.retention.queries import PAGE, Chosen

Decision = AppraisedEntry.Decision


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done with entries of a list. `among`: the decisions of those it is offered for."""

    word: str
    button: str | Promise
    title: str | Promise
    lead: str | Promise
    icon: str
    among: tuple[str, ...] = (Decision.OPEN,)
    is_grave: bool = False
    needs_reason: bool = True
    needs_day: bool = False


DEEDS = {
    each.word: each
    for each in (
        Deed(
            "giu",
            pgettext_lazy("entries", "Keep on"),
            _("Keep entries on"),
            _("They stay as they are. On the day you choose they come back to this list."),
            "archive",
            needs_day=True,
        ),
        Deed(
            "xoa",
            pgettext_lazy("entries", "Erase"),
            _("Erase entries for good"),
            _(
                "In seven days the entries are erased with their whole history and their files. Until then the decision"
                " can be taken back; afterwards nothing brings them back."
            ),
            "trash3",
            is_grave=True,
        ),
        Deed(
            "rut-lai",
            _("Take the decision back"),
            _("Take decisions back"),
            _("The entries are to be decided about again."),
            "arrow-return-left",
            among=(Decision.ERASE, Decision.KEEP),
            needs_reason=False,
        ),
    )
}

TABS: dict[str, tuple[str, str | Promise]] = {
    "": (Decision.OPEN, _("To be decided")),
    "se-xoa": (Decision.ERASE, _("To be erased")),
    "giu": (Decision.KEEP, _("Kept on")),
    "da-xoa": (Decision.ERASED, pgettext_lazy("entries", "Erased")),
}


@require_safe
@signed_in_officer
def overview(request: OfficerRequest) -> HttpResponse:
    """The lists that the officer may decide about."""
    names = {each.key: each.body.name for each in REGISTER.all()}
    found = [
        {"appraisal": each, "name": names[each.register], "agency": tree()[each.organisation_id].name}
        for each in queries.appraisals_of(request.officer)
    ]
    return render(request, "registers/appraisals.html", {"lists": found})


@require_safe
@signed_in_officer
def appraisal(request: OfficerRequest, appraisal_id: int) -> HttpResponse:
    """A list: what is to be decided, or what was (`xem`)."""
    found, body = queries.opened(appraisal_id, request.officer)
    tab = request.GET.get("xem", "")
    if tab not in TABS:
        raise Http404
    decision = TABS[tab][0]
    after = asked.number(request.GET.get("sau", ""))
    lines = queries.page(found, decision, after=after)
    shown = lines[:PAGE]
    counts = queries.counts(found)
    return render(
        request,
        "registers/appraisal.html",
        {
            "appraisal": found,
            "body": body,
            "agency": tree()[found.organisation_id],
            "years": rules.years(body.retention),
            "rows": queries.rows(body, request.officer, shown),
            "tab": tab,
            "tabs": [(word, name, counts[key], word == tab) for word, (key, name) in TABS.items()],
            "decision": decision,
            "deeds": [deed for deed in DEEDS.values() if decision in deed.among],
            "words": " ".join(deed.word for deed in DEEDS.values() if decision in deed.among),
            "many": counts[decision] if counts[decision] > len(shown) else 0,
            "up_to": queries.newest(found, decision),
            "first": asked.with_query(request, sau="") if after else "",
            "next": asked.with_query(request, sau=str(shown[-1].pk)) if len(lines) > PAGE else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def decide(request: OfficerRequest, appraisal_id: int) -> HttpResponse:
    """What was chosen on the list, with what is to be done: shown first, done when it is confirmed."""
    found, body = queries.opened(appraisal_id, request.officer)
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    deed = DEEDS.get(given.get("viec", ""))
    if deed is None:
        raise Http404
    chosen = _chosen(given)
    lines = list(found.entries.filter(chosen.condition, decision__in=deed.among).order_by("-pk")[: PAGE + 1])
    number = found.entries.filter(chosen.condition, decision__in=deed.among).count()
    list_page = reverse("registers:appraisal", args=[appraisal_id])
    if not number:
        messages.info(request, _now("Nothing of what you chose is still to be decided. Tick rows first."))
        return redirect(list_page)
    refused: DomainError | None = None
    if posted:
        try:
            done = _DOING[deed.word](appraisal_id, chosen, given, request)
        except (rules.NoReason, rules.WrongDayToKeep) as problem:
            refused = problem
        else:
            messages.success(request, _done(deed, done))
            return redirect(list_page)
    context = {
        "appraisal": found,
        "body": body,
        "agency": tree()[found.organisation_id],
        "deed": deed,
        "ids": sorted(chosen.ids or ()),
        "up_to": chosen.up_to,
        "everything": chosen.ids is None,
        "tab": given.get("xem", ""),
        "number": number,
        "rows": queries.rows(body, request.officer, lines[:PAGE]),
        "others": number - len(lines[:PAGE]),
        "reason": asked.paragraphs(given, "ly-do", rules.LONGEST_REASON),
        "day": asked.words(given, "den-ngay", 20),
        "today": clock.today(),
        "most": rules.LONGEST_REASON,
        "problems": _problems(refused),
    }
    return render(request, "registers/appraise.html", context, status=refused.status if refused else 200)


def _problems(refused: DomainError | None) -> dict[str, str]:
    """By the control that they stand beside."""
    said = refused.in_full if refused else ""
    match refused:
        case rules.NoReason():
            return {"reason": said}
        case rules.WrongDayToKeep():
            return {"day": said}
    return {}


def _chosen(given: QueryDict) -> Chosen:
    tab = given.get("xem", "")
    if given.get("tat-ca") and tab in TABS:
        return Chosen(None, TABS[tab][0], asked.number(given.get("den", "")) or 0)
    ids = (asked.number(text) for text in given.getlist("b")[:PAGE])
    return Chosen(frozenset(id for id in ids if id is not None))


Given = Mapping[str, str]


def _erase(appraisal_id: int, chosen: Chosen, given: Given, request: OfficerRequest) -> int:
    return services.erase(appraisal_id=appraisal_id, chosen=chosen, reason=_reason(given), officer=request.officer)


def _keep(appraisal_id: int, chosen: Chosen, given: Given, request: OfficerRequest) -> int:
    until = asked.day(asked.words(given, "den-ngay", 20))
    return services.keep(
        appraisal_id=appraisal_id, chosen=chosen, until=until, reason=_reason(given), officer=request.officer
    )


def _take_back(appraisal_id: int, chosen: Chosen, given: Given, request: OfficerRequest) -> int:
    return services.take_back(appraisal_id=appraisal_id, chosen=chosen, officer=request.officer)


def _reason(given: Given) -> str:
    return asked.paragraphs(given, "ly-do", rules.LONGEST_REASON)


_DOING: dict[str, Callable[[int, Chosen, Given, OfficerRequest], int]] = {
    "xoa": _erase,
    "giu": _keep,
    "rut-lai": _take_back,
}


def _done(deed: Deed, number: int) -> str:
    match deed.word:
        case "xoa":
            said = ngettext(
                "%(n)s entry is going to be erased in seven days. Until then the decision can be taken back.",
                "%(n)s entries are going to be erased in seven days. Until then the decision can be taken back.",
                number,
            )
        case "giu":
            said = ngettext("%(n)s entry is kept on.", "%(n)s entries are kept on.", number)
        case _:
            said = ngettext(
                "%(n)s entry is to be decided about again.", "%(n)s entries are to be decided about again.", number
            )
    return said % {"n": number}
