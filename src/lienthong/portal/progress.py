"""What an applicant is told of a dossier: what happened, what is wanted, why it ended. Reads, decides nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.cases.events import SUPPLEMENTED
from lienthong.cases.models import Dossier, Paper, StepVisit
from lienthong.cases.queries.pages import DossierPage, Station
from lienthong.cases.rules import Status
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.values import number_of, procedure_of
from lienthong.foundation.ledger.queries import timeline as ledger_of
from lienthong.foundation.organisations.queries import tree
from lienthong.portal.wording import STATUS_LOOKS
from lienthong.procedures.shapes import Verb
from lienthong.ui.formatting import Tone


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the applicant's timeline."""

    at: datetime
    title: str
    text: str = ""
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown."""

    name: str
    tone: Tone
    icon: str


def look_of(dossier: Dossier, name: str) -> Look:
    tone, icon = STATUS_LOOKS[dossier.status]
    return Look(name, tone, icon)


def title_of(dossier: Dossier) -> str:
    """The name of the procedure; what the dossier is about is its own title."""
    return procedure_of(dossier).full_name


def open_now(dossier: Dossier) -> bool:
    return not Status(dossier.status).ended


def reason_of_end(page: DossierPage) -> str:
    """Why it was refused or stopped, in the officer's words."""
    status = page.dossier.status
    if status == Status.REFUSED:
        return next((str(paper.data.get("reason", "")) for paper in page.papers if paper.kind == "refusal"), "")
    if status == Status.STOPPED:
        return next((visit.note for visit in reversed(page.visits) if _stopped(page, visit)), "")
    return ""


def _stopped(page: DossierPage, visit: StepVisit) -> bool:
    action = page.step_of(visit).action(visit.action)
    return action is not None and action.does is Verb.STOP


def being_signed(page: DossierPage) -> bool:
    """Approved, but its file is still being made."""
    return bool(page.dossier.signed) and not page.results


def results(page: DossierPage) -> list[tuple[Paper, str]]:
    """The signed results with their numbers, also those of the agencies that a part was handed on to."""
    subs = {sub.pk: sub for sub in page.sub_dossiers}
    theirs = Paper.objects.filter(dossier__in=subs, kind="result", state=Paper.State.READY) if subs else ()
    return [
        *((paper, number_of(paper, page.procedure)) for paper in page.results),
        *((paper, number_of(paper, procedure_of(subs[paper.dossier_id]))) for paper in theirs),
    ]


INTERNAL = "control"
"""The control slip is of the agencies, not of the applicant."""


def issued(page: DossierPage) -> list[Paper]:
    """The papers an applicant may have besides results, the newest first."""
    ready = [
        paper for paper in page.papers if paper.kind not in ("result", INTERNAL) and paper.state == Paper.State.READY
    ]
    return sorted(ready, key=lambda paper: paper.pk, reverse=True)


def timeline(page: DossierPage) -> list[Happened]:
    """What happened, the newest first; without the agency's inner steps."""
    dossier = page.dossier
    begun = _("It was handed on from your main dossier") if dossier.parent_id else _("You handed in the application")
    found = [Happened(dossier.submitted_at, begun, icon="send")]
    if dossier.received_at:
        said = _("Code %(code)s.") % {"code": dossier.code}
        found.append(Happened(dossier.received_at, _("The agency received it"), said, "ok"))
    for paper in page.papers:
        if paper.kind == "supplement-request" and paper.issued_at:
            reason = str(paper.data.get("reason", ""))
            found.append(Happened(paper.issued_at, _("The agency asked for more"), reason, "soon", "pause-circle"))
    found += _supplements(page)
    for sub in page.sub_dossiers:
        found += _elsewhere(sub)
    if dossier.finished_at:
        found.append(_end(page, dossier.finished_at))
    if dossier.returned_at and dossier.returned_at != dossier.finished_at:
        found.append(Happened(dossier.returned_at, _("The result was handed over to you"), tone="ok"))
    found.sort(key=lambda entry: entry.at)
    return found[::-1]


def _elsewhere(sub: Dossier) -> list[Happened]:
    """When a part was handed on to another agency, and what came of it there."""
    names = {"agency": tree()[sub.competent_id].name}
    found = [Happened(sub.submitted_at, _("Handed on to %(agency)s") % names, title_of(sub), icon="send")]
    if Status(sub.status) in (Status.FINISHED, Status.RETURNED) and sub.finished_at:
        found.append(Happened(sub.finished_at, _("%(agency)s has the result") % names, title_of(sub), "ok", "award"))
    elif not open_now(sub) and sub.finished_at:
        found.append(Happened(sub.finished_at, _("%(agency)s ended it without a result") % names, title_of(sub)))
    return found


def _supplements(page: DossierPage) -> list[Happened]:
    """When the applicant supplemented, with the word that went with the last one."""
    if not page.dossier.supplements:
        return []
    entries = ledger_of((DOSSIER, page.dossier.pk))
    came = [entry.at for entry in entries if entry.kind == SUPPLEMENTED.key]
    reply = next((visit.reply for visit in reversed(page.visits) if visit.reply), "")
    return [
        Happened(at, _("You handed in what was missing"), reply if at == came[-1] else "", "info", "reply")
        for at in came
    ]


def stations(page: DossierPage) -> list[Station]:
    """The line of stations as an applicant reads it.

    A dossier that came to no result stops at the station it had reached. When the result is there, nobody is late any
    more: it only waits to be fetched.
    """
    line = list(page.stations)
    status = Status(page.dossier.status)
    if status in (Status.REFUSED, Status.STOPPED, Status.WITHDRAWN):
        reached = max((n for n, station in enumerate(line) if station.state == "done"), default=0)
        return [
            *line[:reached],
            Station(line[reached].name, "stopped"),
            *(Station(station.name, "skipped") for station in line[reached + 1 :]),
        ]
    if page.dossier.finished_at:
        return [replace(station, state="now") if station.state == "late" else station for station in line]
    return line


def _end(page: DossierPage, at: datetime) -> Happened:
    match page.dossier.status:
        case Status.REFUSED:
            return Happened(at, _("The application was not accepted"), reason_of_end(page), "neutral", "slash-circle")
        case Status.STOPPED:
            return Happened(at, _("The agency stopped handling it"), reason_of_end(page), "neutral", "slash-circle")
        case Status.WITHDRAWN:
            return Happened(at, _("You withdrew it"), "", "neutral", "arrow-return-left")
        case _:
            return Happened(at, _("The result is there"), "", "ok", "award")
