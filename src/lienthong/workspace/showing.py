"""The page of a dossier at the desk: everything it shows, put together from one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lienthong.cases import values
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Component, Digitised, Dossier, Paper, StepVisit
from lienthong.cases.queries.gates import may_see
from lienthong.cases.queries.pages import DossierPage, corrections
from lienthong.cases.rules.scanning import ScanFacts
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.services.digitising import reception_post
from lienthong.cases.services.reading import DOSSIER_READ
from lienthong.cases.values import procedure_of
from lienthong.foundation.fields.context import FileRef
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import display_html
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import Scan
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import Component as DeclaredComponent
from lienthong.procedures.shapes import Step
from lienthong.workspace.comparing import checks
from lienthong.workspace.deeds import decision, deeds
from lienthong.workspace.entering import became
from lienthong.workspace.history import Holders, described
from lienthong.workspace.offers import offers, with_officer
from lienthong.workspace.talk import talk_context

ROUNDS = 20
"""So often a page looks whether a paper has been made, every three seconds; then it leaves it to the person."""

_ICONS = {"pdf": "file-earmark-pdf", "image": "file-earmark-image", "docx": "file-earmark-word", "dwg": "rulers"}


def dossier_context(page: DossierPage, officer: Officer) -> dict[str, Any]:
    found = offers(page, officer)
    mine = with_officer(page, officer)
    holders = holders_of(sorted({visit.post_id for visit in page.visits if visit.post_id}))
    visits = [Visit(page, visit, holders) for visit in page.visits]
    dossier = page.dossier
    return {
        "page": page,
        "dossier": dossier,
        "can_do": [offer for offer in found if not offer.hindrance],
        "cannot_do": [offer for offer in found if offer.hindrance],
        "deeds": deeds(page, officer),
        "decision": decision(page, officer),
        "several_steps": len({offer.visit.pk for offer in found}) > 1,
        "said": [visit for visit in visits if visit.row in mine and (visit.asked_for or visit.row.reply)],
        "visits": visits,
        "open": [visit for visit in visits if visit.row.done_at is None],
        "with_a_word": any(not offer.hindrance and not offer.has_a_page for offer in found),
        "asked": asked_for(page),
        "may_check": bool(mine),
        "may_digitise": reception_post(officer, dossier, page.open_visits) is not None,
        "application": shown(page, page.procedure.form, dossier.data),
        "corrections": corrections(page),
        "channel": Dossier.Channel(dossier.channel).label,
        "history": described(timeline((DOSSIER, dossier.pk)), page, holders),
        "readings": f"{DOSSIER_READ} {dossier.pk}" if "ledger.see" in officer.permissions else "",
        "beneath": [Interlinked.of(sub) for sub in page.sub_dossiers],
        "above": _above(page, officer),
        "became": became(page.procedure, dossier, officer),
        "checks": checks(page.procedure, dossier, officer),
        **papers_context(page),
        **talk_context(page, officer),
    }


@dataclass(frozen=True, slots=True)
class Interlinked:
    """A dossier that another one waits for, or the one that waits."""

    dossier: Dossier
    name: str
    agency: str
    status_name: str
    reachable: bool = True

    @classmethod
    def of(cls, dossier: Dossier, *, reachable: bool = True) -> "Interlinked":
        status = RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status)
        agency = tree()[dossier.competent_id].name
        return cls(dossier, procedure_of(dossier).full_name, agency, status, reachable)


def _above(page: DossierPage, officer: Officer) -> Interlinked | None:
    """The dossier that this one was opened for; its page is not for every officer who handles this one."""
    parent = page.dossier.parent
    return Interlinked.of(parent, reachable=may_see(officer, parent)) if parent else None


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A component with the files handed in for it."""

    declared: DeclaredComponent
    files: list["HandedIn"]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file of the dossier as its page shows it."""

    component: Component
    icon: str
    preview: str
    """How it can be looked at in the page: image, pdf, or not at all."""
    blocked: str
    """Why it cannot be opened: pending or infected."""

    @property
    def digitised(self) -> Digitised | None:
        """How it was scanned at reception; None for what the applicant handed in."""
        return getattr(self.component, "digitised", None)

    @property
    def facts(self) -> ScanFacts | None:
        return ScanFacts.from_json(self.digitised.scan) if self.digitised else None


def asked_for(page: DossierPage) -> list[AskedFor]:
    return [AskedFor(asked.declared, [_handed_in(file) for file in asked.files]) for asked in page.asked]


def _handed_in(component: Component) -> HandedIn:
    format_, scan = BY_KEY[component.file.format], component.file.scan
    blocked = scan if scan in (Scan.PENDING, Scan.INFECTED) else ""
    preview = format_.kind if format_.inline and not blocked else ""
    return HandedIn(component, _ICONS.get(format_.kind, "file-earmark-text"), preview, blocked)


@dataclass(frozen=True)
class Visit:
    """A visit of a step as the page shows it."""

    page: DossierPage
    row: StepVisit
    holders: Holders

    @property
    def step(self) -> Step:
        return self.page.step_of(self.row)

    @property
    def agency(self) -> Node:
        return self.page.agency_of(self.row)

    @property
    def person(self) -> str:
        """Who did it; while it is open, who holds its post."""
        if self.row.done_by:
            return self.row.done_by.full_name
        if self.row.post is None:
            return ""
        return ", ".join(name for _account, name in self.holders.get(self.row.post.pk, [])) or self.row.post.title

    @property
    def action(self) -> str:
        action = self.step.action(self.row.action)
        return action.name if action else ""

    @property
    def answers(self) -> str:
        action = self.step.action(self.row.action)
        return shown(self.page, action.asks, self.row.answers) if action and self.row.answers else ""

    @property
    def asked_for(self) -> str:
        """What whoever passed it on said or asks; a request to the applicant is told elsewhere."""
        return "" if self.row.waiting or self.row.reply else self.row.request


def shown(page: DossierPage, fields: FieldList, data: Mapping[str, Any]) -> str:
    """Stored data as HTML, with its files as links."""

    def address(file: FileRef) -> str:
        return reverse("workspace:file", args=[page.dossier.pk, int(file.id)])

    return display_html(fields, from_json(fields, data), values.context_of(page.dossier), heading=3, file_url=address)


# papers


@dataclass(frozen=True, slots=True)
class PaperShown:
    """`state`: draft, being-signed, being-made or ready. A receipt that is only now being made has no row yet."""

    name: str
    state: str
    paper: Paper | None = None

    @property
    def in_making(self) -> bool:
        return self.state in ("being-signed", "being-made")


def papers_context(page: DossierPage, *, rounds: int = 0) -> dict[str, Any]:
    """The papers that were issued, are being made or are drafted; and whether to look again soon."""
    papers = [PaperShown(paper.name, _state(page, paper), paper) for paper in page.papers]
    if page.dossier.received_at and not any(paper.kind == "receipt" for paper in page.papers):
        papers.insert(0, PaperShown(page.rule_set.form("receipt").name, "being-made"))
    waits = any(paper.in_making for paper in papers)
    return {
        "papers": papers,
        "in_making": waits,
        "again": reverse("workspace:papers", args=[page.dossier.pk]) + f"?lan={rounds + 1}"
        if waits and rounds < ROUNDS
        else "",
    }


def _state(page: DossierPage, paper: Paper) -> str:
    if paper.file_id:
        return "ready"
    if paper.state != Paper.State.DRAFT:
        return "being-made"
    return "being-signed" if paper.key in page.dossier.signed else "draft"
