"""Dossiers of a demonstration: declared, and taken through the services as the people of the cast would."""

import uuid
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from lienthong.cases import services
from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.services.carrying import calendar_now
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar, Limit
from lienthong.foundation.definitions.registry import Body, Kind, Shape
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.papers.rendering import render
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import Actor, actor_of
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component

NAMESPACE = uuid.UUID("5f0c5b52-2f7f-4b7e-9a54-6d2f4f7b9e11")
"""Makes the key of a sample out of its place in the file, so that seeding twice makes it once."""


class SampleStep(Shape):
    """What somebody does next: an officer an action, the applicant a supplement or a withdrawal."""

    by: str = Field(description="User name")
    after: Limit = Field(description="Working time after what was done before")
    step: str = ""
    action: str = ""
    reason: str = ""
    assign: str = Field("", description="User name of the person it is assigned to")
    answers: dict[str, Any] = {}
    results: dict[str, dict[str, Any]] = {}
    supplement: str = Field("", description="What the applicant writes with a supplement")
    withdraw: str = Field("", description="Why the applicant withdraws")


class SampleDossier(Shape):
    procedure: str
    competent: str
    applicant: str
    days_ago: int = Field(ge=0, le=400, description="Working days before today on which it was handed in")
    at: str = Field("09:00", pattern=r"^\d\d:\d\d$")
    data: dict[str, Any] = Field(description="The application as typed")
    walk: tuple[SampleStep, ...] = ()


class SamplesBody(Body):
    """Dossiers that a demonstration shows."""

    dossiers: tuple[SampleDossier, ...]


SAMPLES = Kind("samples", SamplesBody, title=_("dossiers of the demonstration"), after=("procedure", "cast"))


def settle_samples(samples: SamplesBody, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Take the declared dossiers through the services, each at its own moments. May be repeated. Returns how many were
    made. Raises NotAllowed outside demonstrations."""
    if not settings.DEMO:
        raise NotAllowed(_("Sample dossiers exist only in a demonstration."))
    now, calendar, made = clock.now(), calendar_now(), 0
    for number, sample in enumerate(samples.dossiers):
        key = uuid.uuid5(NAMESPACE, f"{samples.key}:{number}")
        if not Dossier.objects.filter(draft_key=key).exists():
            _settle(sample, key, _beginning(sample, now, calendar), now, calendar)
            made += 1
        tell(number + 1, len(samples.dossiers))
    return made


def _beginning(sample: SampleDossier, now: datetime, calendar: Calendar) -> datetime:
    day = calendar.next_working_day(clock.local(now).date(), -sample.days_ago)
    moment = datetime.combine(day, time.fromisoformat(sample.at), clock.ZONE)
    return min(calendar.first_working_moment(moment), now)


def _settle(sample: SampleDossier, key: uuid.UUID, moment: datetime, now: datetime, calendar: Calendar) -> None:
    """All of a sample or nothing: its steps stop where they would reach the future."""
    with transaction.atomic():
        with clock.at(moment):
            dossier = _hand_in(sample, key)
        for step in sample.walk:
            moment = calendar.add(moment, step.after)
            if moment >= now:
                break
            with clock.at(moment):
                _take(dossier, step)


def _hand_in(sample: SampleDossier, key: uuid.UUID) -> Dossier:
    applicant = _actor(sample.applicant)
    procedure = PROCEDURE.current(sample.procedure).body
    handed_in = []
    for component in procedure.components:
        if component.required and not component.from_form:
            file = _sample_file(component, applicant)
            handed_in.append(services.HandedIn(component.key, file.pk, file.name))
    return services.open_dossier(
        procedure_key=sample.procedure,
        competent_key=sample.competent,
        raw=sample.data,
        actor=applicant,
        idempotency_key=key,
        files=handed_in,
    )


def _sample_file(component: Component, applicant: Actor) -> StoredFile:
    """A page that says what it stands for."""
    pdf = render("cases/sample", {"name": component.name}, at=clock.now())
    policy = Policy(kinds={"pdf"}, max_bytes=5_000_000)
    return files.store(pdf, name=f"{component.key}.pdf", policy=policy, actor=applicant)


def _take(dossier: Dossier, step: SampleStep) -> None:
    person = _actor(step.by)
    if step.supplement:
        services.supplement(dossier_id=dossier.pk, applicant=person, note=step.supplement)
    elif step.withdraw:
        services.withdraw(dossier_id=dossier.pk, applicant=person, reason=step.withdraw)
    elif isinstance(person, Officer):
        visit = StepVisit.objects.get(dossier=dossier, step=step.step, done_at=None)
        services.act(
            dossier_id=dossier.pk,
            visit_id=visit.pk,
            action=step.action,
            officer=person,
            reason=step.reason,
            post_id=_post_of(step.assign, dossier, step) if step.assign else None,
            answers=step.answers,
            results=step.results,
        )


def _post_of(username: str, dossier: Dossier, step: SampleStep) -> int:
    """The post in which the person can do what the action leads to."""
    process = PROCEDURE.pinned(dossier.procedure_id).process
    action = process.step(step.step).action(step.action)
    assert action and action.to
    can = {post.id for post in services.assignable(dossier, process.step(action.to))}
    person = _actor(username)
    assert isinstance(person, Officer)
    return next(post.id for post in person.posts if post.id in can)


def _actor(username: str) -> Actor:
    return actor_of(Account.objects.get(username=username))
