"""A dossier as its pages show it: where it stands, what was handed in, what was issued, what happened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Literal

from lienthong.cases.definition import RULE_SET, RuleSetBody
from lienthong.cases.models import Component, Digitised, Dossier, Extension, Paper, StepVisit
from lienthong.cases.queries.gates import dossier_for
from lienthong.cases.values import components_asked, context_of, names_of, procedure_of
from lienthong.foundation import clock
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.display import Change, Part, diff, display
from lienthong.foundation.fields.stored_files import attached_in
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.models import Mandate
from lienthong.identity.queries import Actor
from lienthong.procedures.shapes import Component as DeclaredComponent
from lienthong.procedures.shapes import ProcedureBody, Step

StationState = Literal["done", "now", "waiting", "late", "stopped", "next", "skipped"]


@dataclass(frozen=True, slots=True)
class Station:
    """A phase of the process on the line that people see."""

    name: str
    state: StationState


@dataclass(frozen=True, slots=True)
class Asked:
    """A component with the files handed in for it, the newest last."""

    declared: DeclaredComponent
    files: list[Component]


@dataclass(frozen=True)
class DossierPage:
    """Everything the pages of one dossier show, read in four queries."""

    dossier: Dossier
    visits: list[StepVisit]
    components: list[Component]
    papers: list[Paper]

    @property
    def procedure(self) -> ProcedureBody:
        return procedure_of(self.dossier)

    @property
    def rule_set(self) -> RuleSetBody:
        return RULE_SET.pinned(self.dossier.rule_set_id)

    @property
    def status_name(self) -> str:
        return self.rule_set.status_name(self.dossier.status)

    @property
    def competent(self) -> Node:
        return tree()[self.dossier.competent_id]

    @property
    def reception(self) -> Node:
        return tree()[self.dossier.reception_id]

    @property
    def open_visits(self) -> list[StepVisit]:
        return [visit for visit in self.visits if visit.done_at is None]

    @property
    def waiting(self) -> StepVisit | None:
        """The visit that waits for the applicant."""
        return next((visit for visit in self.visits if visit.waiting), None)

    def step_of(self, visit: StepVisit) -> Step:
        return self.procedure.process.step(visit.step)

    def agency_of(self, visit: StepVisit) -> Node:
        """Where a visit is: of a dossier elsewhere the agency that settles it, not the officer who follows it."""
        sub = self.sub_dossier_of(visit)
        return tree()[sub.competent_id if sub else visit.organisation_id]

    @cached_property
    def application(self) -> list[Part]:
        """What was filled in, part by part."""
        form = self.procedure.form
        return list(display(form, from_json(form, self.dossier.data), context_of(self.dossier)))

    def answers_of(self, visit: StepVisit) -> list[Part]:
        """What the officer filled in when the visit was closed."""
        action = self.step_of(visit).action(visit.action)
        if action is None or not visit.answers:
            return []
        return list(display(action.asks, from_json(action.asks, visit.answers), context_of(self.dossier)))

    @cached_property
    def asked(self) -> list[Asked]:
        """The components this application has to have, each with what was handed in."""
        names = names_of(self.procedure, self.dossier)
        return [
            Asked(declared, [file for file in self.components if file.component == declared.key])
            for declared in components_asked(self.procedure, names)
        ]

    def file(self, file_id: int) -> StoredFile | None:
        """A file of the dossier: handed in, attached to what an officer filled in, or the evidence of the mandate by
        which it was handed in. None when it is of another."""
        for component in self.components:
            if component.file_id == file_id:
                return component.file
            digitised: Digitised | None = getattr(component, "digitised", None)
            if digitised and digitised.signed_copy_id == file_id:
                return digitised.signed_copy
        if self.mandate is not None and self.mandate.evidence_id == file_id:
            return self.mandate.evidence
        attached = {str(file_id)} & set(attached_in([self.dossier.data, *(visit.answers for visit in self.visits)]))
        return StoredFile.objects.filter(pk=file_id).first() if attached else None

    @cached_property
    def mandate(self) -> Mandate | None:
        """By which another handed it in. One query, none where the applicant did."""
        if self.dossier.mandate_id is None:
            return None
        return Mandate.objects.select_related("evidence").get(pk=self.dossier.mandate_id)

    @property
    def results(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind == "result" and paper.state == Paper.State.READY]

    @cached_property
    def extension(self) -> Extension | None:
        """A new date that was asked for and is not decided yet. One query, none for a dossier that has none to give."""
        if self.dossier.due_at is None or self.dossier.finished_at is not None:
            return None
        waiting = Extension.objects.filter(dossier=self.dossier, decided_at=None)
        return waiting.select_related("asked_by").first()

    @cached_property
    def sub_dossiers(self) -> list[Dossier]:
        """What other agencies were asked to settle in procedures of their own. No query where the process asks none."""
        if not any(step.dossier for step in self.procedure.process.steps):
            return []
        return list(self.dossier.sub_dossiers.order_by("pk"))

    def sub_dossier_of(self, visit: StepVisit) -> Dossier | None:
        """The dossier at another agency that a visit follows."""
        return next((sub for sub in self.sub_dossiers if sub.parent_visit == visit.pk), None)

    @cached_property
    def stations(self) -> list[Station]:
        waiting = {sub.parent_visit for sub in self.sub_dossiers if sub.paused_at}
        ended = self.dossier.finished_at is not None
        return stations(self.procedure, self.visits, ended=ended, waiting=waiting)


def stations(
    procedure: ProcedureBody, visits: list[StepVisit], *, ended: bool, waiting: Collection[int | None] = ()
) -> list[Station]:
    """The phases of the main path: done, where the dossier is now, still to come; late where a step is over its due.

    `waiting` are the visits whose dossiers elsewhere wait for the applicant.
    """
    states: dict[str, StationState] = {}
    now = clock.now()
    elsewhere = {visit.step for visit in visits if visit.done_at is None and procedure.process.step(visit.step).dossier}
    for visit in visits:
        step = procedure.process.step(visit.step)
        if not step.is_station:
            continue
        if visit.done_at is not None:
            states.setdefault(step.station, "done")
        elif visit.waiting or visit.pk in waiting:
            states[step.station] = "waiting"
        elif elsewhere & set(step.waits_for):
            continue  # it is where the others are
        else:
            states[step.station] = "late" if visit.due_at and visit.due_at < now else "now"
    closed = ended and not any(visit.done_at is None for visit in visits)
    return [Station(name, states.get(name, "skipped" if closed else "next")) for name in procedure.process.stations()]


@dataclass(frozen=True, slots=True)
class Correction:
    """What the applicant changed in the application with a supplement."""

    at: datetime
    changes: Sequence[Change]


def corrections(page: DossierPage) -> list[Correction]:
    """How the application came to be what it is, the latest correction first. No query without a supplement."""
    if not page.dossier.supplements:
        return []
    form, context = page.procedure.form, context_of(page.dossier)
    former = list(page.dossier.former_data.order_by("id"))
    versions = [from_json(form, data) for data in (*(each.data for each in former), page.dossier.data)]
    changes = [diff(form, before, after, context) for before, after in pairwise(versions)]
    return [Correction(row.replaced_at, changed) for row, changed in zip(former, changes, strict=True)][::-1]


def dossier_page(actor: Actor, dossier_id: int) -> DossierPage:
    """The page of a dossier, for whom may see it. Raises NoSuchDossier."""
    return page_of(dossier_for(actor, dossier_id))


def page_of(dossier: Dossier) -> DossierPage:
    visits = StepVisit.objects.filter(dossier=dossier, opened_at__gte=dossier.submitted_at)
    return DossierPage(
        dossier=dossier,
        visits=list(visits.select_related("done_by", "post").order_by("opened_at", "id")),
        components=list(dossier.components.select_related("file", "result", "digitised__signed_copy").order_by("id")),
        papers=list(dossier.papers.select_related("file", "account").order_by("id")),
    )
