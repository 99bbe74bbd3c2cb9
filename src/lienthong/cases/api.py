"""Dossiers for programs. Every answer is limited to what the signed-in person may see; refusals are problem details."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, Router, Schema, Status

from lienthong.cases import services
from lienthong.cases.models import Dossier, ReturnWay, Taker
from lienthong.cases.queries import dossier_for
from lienthong.cases.queries.gates import open_visits_of
from lienthong.cases.values import procedure_of
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import acting_person

router = Router(tags=["dossiers"])


class NewDossier(Schema):
    procedure: str = Field(description="Key of the procedure")
    competent: str | None = Field(None, description="Key of the agency; may be left out where only one offers it")
    variant: str = Field("", description="Key of the variant, where the procedure has several")
    data: dict[str, Any] = Field(description="What the procedure's form asks, by its JSON Schema")
    return_way: ReturnWay = Field(ReturnWay.COUNTER, description="How the result is wanted")
    return_address: str = Field("", description="Where the post brings the result")


class OpenStep(Schema):
    visit: int
    step: str
    name: str
    agency: str = Field(description="Key of the organisation it lies with")
    opened_at: datetime
    due_at: datetime | None
    waiting: bool = Field(description="Whether it waits for the applicant")


class DossierAnswer(Schema):
    id: int
    code: str | None
    tracking: str
    procedure: str
    variant: str
    title: str
    applicant: str
    competent: str = Field(description="Key of the competent organisation")
    status: int = Field(description="National status, 1 to 10")
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    return_way: ReturnWay
    open: list[OpenStep]


class WhoTakes(Schema):
    name: str
    person_id: str = Field(description="Personal identification number, 12 digits")
    capacity: Taker.Capacity = Field(Taker.Capacity.OWN, description="By the own right, or with a mandate")
    mandate: str = Field("", description="The paper that says so: kind, number, day")


class DoneAction(Schema):
    action: str = Field(description="Key of an action that the step offers")
    reason: str = ""
    post: int | None = Field(None, description="Of an assignment: the post that is to do the next step")
    answers: dict[str, Any] = {}
    results: dict[str, dict[str, Any]] = {}
    taking: WhoTakes | None = Field(None, description="Who takes a result that is wanted at the counter")
    parcel: str = Field("", description="Number of the parcel, of a result by post")


@router.post("", response={201: DossierAnswer}, summary="Hand in an application")
def open_dossier(
    request: HttpRequest,
    new: NewDossier,
    idempotency_key: Header[UUID],
) -> Status[DossierAnswer]:
    """The same idempotency key gives the same dossier, however often it is sent."""
    dossier = services.open_dossier(
        procedure_key=new.procedure,
        competent_key=new.competent,
        variant=new.variant,
        raw=new.data,
        returned=services.Return(new.return_way, new.return_address),
        actor=acting_person(request),
        idempotency_key=idempotency_key,
    )
    return Status(201, _answer(dossier))


@router.get("/{dossier_id}", response=DossierAnswer, summary="Where a dossier stands")
def read_dossier(request: HttpRequest, dossier_id: int) -> DossierAnswer:
    return _answer(dossier_for(acting_person(request), dossier_id))


@router.post("/{dossier_id}/visits/{visit_id}", response=DossierAnswer, summary="Act in an open step")
def act(request: HttpRequest, dossier_id: int, visit_id: int, done: DoneAction) -> DossierAnswer:
    person = acting_person(request)
    if not isinstance(person, Officer):
        raise NotAllowed(_("Only officers act in steps."))
    dossier = services.act(
        dossier_id=dossier_id,
        visit_id=visit_id,
        action=done.action,
        officer=person,
        reason=done.reason,
        post_id=done.post,
        answers=done.answers,
        results=done.results,
        taking=services.Taking(**done.taking.dict()) if done.taking else None,
        parcel=done.parcel,
    )
    return _answer(dossier)


def _answer(dossier: Dossier) -> DossierAnswer:
    agencies, process = tree(), procedure_of(dossier).process
    return DossierAnswer(
        id=dossier.pk,
        code=dossier.code,
        tracking=dossier.tracking,
        procedure=dossier.procedure_key,
        variant=dossier.variant,
        title=dossier.title,
        applicant=dossier.applicant_name,
        competent=agencies[dossier.competent_id].key,
        status=dossier.status,
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        finished_at=dossier.finished_at,
        return_way=ReturnWay(dossier.return_way),
        open=[
            OpenStep(
                visit=visit.pk,
                step=visit.step,
                name=process.step(visit.step).name,
                agency=agencies[visit.organisation_id].key,
                opened_at=visit.opened_at,
                due_at=visit.due_at,
                waiting=visit.waiting,
            )
            for visit in open_visits_of(dossier)
        ],
    )
