"""Dossiers of a demonstration: declared, and taken through the services as the people of the cast would.

Each is told backwards from the present ("handed in 9 working days ago, assigned 8.5 working days ago"), so that a
demonstration looks the same on whatever day it begins, and nothing in it lies in the future.
"""

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from lienthong.cases import services, values
from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.rules.counter import Counted
from lienthong.cases.services import papers, subordinate
from lienthong.cases.services.carrying import calendar_now
from lienthong.cases.services.counter import bring_supplement, withdraw_at_counter
from lienthong.cases.services.taking import is_asked
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.definitions.registry import Body, Catalogue, Key, Kind, Problem, Shape
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import Names
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.papers.rendering import render
from lienthong.identity.actors import Officer
from lienthong.identity.definition import CAST
from lienthong.identity.models import Account
from lienthong.identity.queries import Actor, actor_of
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component, ProcedureBody, Verb

NAMESPACE = uuid.UUID("5f0c5b52-2f7f-4b7e-9a54-6d2f4f7b9e11")
"""Makes the key of a draft out of the key of a sample, so that seeding twice makes it once."""

_DAY = re.compile(r"\$\{(?:(?P<ago>\d+) days ago|(?P<ahead>\d+) days ahead|today)(?:, (?P<form>in words|yy))?\}")


class SampleStep(Shape):
    """What somebody does: an officer an action, the applicant a supplement or a withdrawal."""

    by: str = Field(description="User name")
    ago: Limit = Field(description="Working time before the present at which it was done")
    inside: str = Field("", description="Step that the dossier elsewhere was opened by in which it is done")
    step: str = ""
    action: str = ""
    reason: str = ""
    assign: str = Field("", description="User name of the person it is assigned to")
    answers: dict[str, Any] = {}
    results: dict[str, dict[str, Any]] = {}
    supplement: str = Field("", description="What the applicant writes with a supplement")
    components: tuple[str, ...] = Field((), description="Components that the supplement brings")
    withdraw: str = Field("", description="Why the applicant withdraws")


class SampleDossier(Shape):
    key: Key
    procedure: str
    variant: str = Field("", description="Case of the procedure, where it has several")
    competent: str
    applicant: str = Field(description="User name of the citizen, or of the clerk who took it in at the counter")
    ago: Limit = Field(description="Working time before the present at which it was handed in")
    data: dict[str, Any] = Field(
        description="The application as typed. A text may hold days: ${today} is the day of the step, ${12 days ago}"
        " a day before the present, ${12 days ahead} one after it; also ${12 days ago, in words}, and"
        " ${12 days ago, yy}, two digits of its year"
    )
    walk: tuple[SampleStep, ...] = ()


class SamplesBody(Body):
    """Dossiers that a demonstration shows."""

    dossiers: tuple[SampleDossier, ...]


def check_samples(body: SamplesBody, catalogue: Catalogue) -> Iterator[Problem]:
    """Procedures, people, steps and actions exist; what is done later lies later; a key is there once."""
    cast = catalogue.all(CAST).values()
    people = {person.username for body in cast for person in body.officers}
    people |= {person.username for body in cast for person in body.citizens}
    procedures = catalogue.all(PROCEDURE)
    seen: set[str] = set()
    for number, sample in enumerate(body.dossiers):
        at = ("dossiers", number)
        if sample.key in seen:
            yield Problem((*at, "key"), _("“%(text)s” is there twice.") % {"text": sample.key})
        seen.add(sample.key)
        if sample.applicant not in people:
            yield Problem((*at, "applicant"), _nobody(sample.applicant))
        yield from catalogue.refers(PROCEDURE, sample.procedure, at=(*at, "procedure"))
        procedure = catalogue.get(PROCEDURE, sample.procedure)
        if procedure:
            yield from _variant_problems(sample, procedure, (*at, "variant"))
            procedure = procedure.in_variant(sample.variant)
        yield from _walk_problems(sample, procedure, procedures, people, (*at, "walk"))


def _variant_problems(sample: SampleDossier, procedure: ProcedureBody, at: tuple[str | int, ...]) -> Iterator[Problem]:
    keys = [variant.key for variant in procedure.variants]
    if sample.variant not in (keys or [""]):
        message = _("The procedure has no variant “%(text)s”; it has: %(keys)s.")
        yield Problem(at, message % {"text": sample.variant, "keys": ", ".join(keys) or "–"})


def _walk_problems(
    sample: SampleDossier,
    procedure: ProcedureBody | None,
    procedures: Mapping[str, ProcedureBody],
    people: set[str],
    at: tuple[str | int, ...],
) -> Iterator[Problem]:
    before = sample.ago
    for number, step in enumerate(sample.walk):
        if step.ago.usual_working_time >= before.usual_working_time:
            yield Problem((*at, number, "ago"), _("This happens before what was done before it."))
        before = step.ago
        for field, username in (("by", step.by), ("assign", step.assign)):
            if username and username not in people:
                yield Problem((*at, number, field), _nobody(username))
        acting_in = _acting_in(procedure, step, procedures) if procedure else None
        if procedure and (step.step or step.inside) and not (acting_in and _is_action(acting_in, step)):
            message = _("The procedure has no action “%(action)s” in a step “%(step)s”.")
            yield Problem((*at, number, "action"), message % {"action": step.action, "step": step.step})


def _nobody(username: str) -> str:
    return _("There is nobody called “%(text)s” in the cast.") % {"text": username}


def _acting_in(
    procedure: ProcedureBody, step: SampleStep, procedures: Mapping[str, ProcedureBody]
) -> ProcedureBody | None:
    """The procedure of the dossier in which something is done: this one, or that of a dossier elsewhere."""
    if not step.inside:
        return procedure
    opened = next((each.dossier for each in procedure.process.steps if each.key == step.inside), None)
    other = procedures.get(opened.procedure) if opened else None
    return other.in_variant(opened.variant) if opened and other else None


def _is_action(procedure: ProcedureBody, step: SampleStep) -> bool:
    if step.supplement:
        return True
    declared = next((one for one in procedure.process.steps if one.key == step.step), None)
    return declared is not None and declared.action(step.action) is not None


SAMPLES = Kind(
    "samples",
    SamplesBody,
    title=_("dossiers of the demonstration"),
    after=("procedure", "cast"),
    check=check_samples,
)


@dataclass(frozen=True, slots=True)
class _Doing:
    """One thing that somebody did, at its moment."""

    moment: datetime
    sample: SampleDossier
    step: SampleStep | None = None
    """None where the dossier is handed in."""


def settle_samples(samples: SamplesBody, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Take the declared dossiers that are not there yet through the services, all of them or none. May be repeated.

    What is done happens in the order of its moments, as it would have: numbers and the ledger follow the calendar. A
    procedure that was not in force yet when a dossier would have been handed in has none. Returns how many were made.
    Raises NotAllowed outside demonstrations.
    """
    if not settings.DEMO:
        raise NotAllowed(_("Sample dossiers exist only in a demonstration."))
    now = clock.now()
    wanted = [sample for sample in samples.dossiers if not _is_there(sample)]
    doings = sorted((doing for each in wanted for doing in _doings(each, now)), key=lambda doing: doing.moment)
    to_do = Counter(doing.sample.key for doing in doings)
    total = len(to_do)
    made: dict[str, Dossier] = {}
    with transaction.atomic():
        for doing in doings:
            key = doing.sample.key
            with clock.at(doing.moment):
                if doing.step is None:
                    made[key] = _hand_in(doing.sample, _Days(now.date()))
                else:
                    _take(made[key], doing.step, _Days(now.date()))
            to_do[key] -= 1
            tell(total - len(+to_do), total)
    return total


def _draft_key(sample: SampleDossier) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, sample.key)


def _is_there(sample: SampleDossier) -> bool:
    return Dossier.objects.filter(draft_key=_draft_key(sample)).exists()


def _doings(sample: SampleDossier, now: datetime) -> list[_Doing]:
    """What was done with a dossier, in its order."""
    calendar = calendar_now()
    moment = calendar.before(now, sample.ago)
    if sample.procedure not in {procedure.key for procedure in PROCEDURE.all(clock.local(moment).date())}:
        return []
    doings = [_Doing(moment, sample)]
    for step in sample.walk:
        moment = max(moment, calendar.before(now, step.ago))
        doings.append(_Doing(moment, sample, step))
    return doings


def _hand_in(sample: SampleDossier, days: "_Days") -> Dossier:
    applicant = _actor(sample.applicant)
    procedure = PROCEDURE.current(sample.procedure).body.in_variant(sample.variant)
    raw = days.filled_in(sample.data)
    context = values.context_for(applicant.account_id)
    names = Names(procedure.form, clean(procedure.form, raw, context).values, context)
    return services.open_dossier(
        procedure_key=sample.procedure,
        variant=sample.variant,
        competent_key=sample.competent,
        raw=raw,
        actor=applicant,
        idempotency_key=_draft_key(sample),
        files=[
            _handed_in(component, applicant)
            for component in values.components_asked(procedure, names)
            if component.required and not component.from_form
        ],
    )


@dataclass(frozen=True, slots=True)
class _Days:
    """Fills the days into what was typed."""

    present: date

    def filled_in(self, typed: Any) -> Any:
        if isinstance(typed, dict):
            return {key: self.filled_in(value) for key, value in typed.items()}
        if isinstance(typed, list):
            return [self.filled_in(value) for value in typed]
        return _DAY.sub(self._written, typed) if isinstance(typed, str) else typed

    def _written(self, found: re.Match[str]) -> str:
        day = clock.today()
        if found["ago"] or found["ahead"]:
            day = self.present + timedelta(days=int(found["ahead"] or 0) - int(found["ago"] or 0))
        match found["form"]:
            case "in words":
                return _spelled(day)
            case "yy":
                return f"{day:%y}"
            case _:
                return f"{day:%d/%m/%Y}"


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _spelled(day: date) -> str:
    """A day as civil status papers spell it: Ngày mười lăm, tháng ba, năm hai nghìn không trăm hai mươi lăm."""
    month = "tư" if day.month == 4 else _below_hundred(day.month)
    thousands, rest = divmod(day.year, 1000)
    hundreds, last = divmod(rest, 100)
    year = f"{_DIGITS[thousands]} nghìn {_DIGITS[hundreds]} trăm"
    if last:
        year += f" {'linh ' if last < 10 else ''}{_below_hundred(last)}"
    return f"Ngày {_below_hundred(day.day)}, tháng {month}, năm {year}"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    words = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    match ones:
        case 0:
            pass
        case 1 if tens > 1:
            words.append("mốt")
        case 5:
            words.append("lăm")
        case _:
            words.append(_DIGITS[ones])
    return " ".join(words)


def _handed_in(component: Component, applicant: Actor) -> services.HandedIn:
    file = _sample_file(component, applicant)
    return services.HandedIn(component.key, file.pk, file.name)


def _sample_file(component: Component, applicant: Actor) -> StoredFile:
    """A page that says what it stands for."""
    pdf = render("cases/sample", {"name": component.name}, at=clock.now())
    policy = Policy(kinds={"pdf"}, max_bytes=5_000_000)
    return files.store(pdf, name=f"{component.key}.pdf", policy=policy, actor=applicant)


def _take(dossier: Dossier, step: SampleStep, days: "_Days") -> None:
    person = _actor(step.by)
    if step.inside:
        dossier = Dossier.objects.filter(parent=dossier, parent_visit__in=_visits(dossier, step.inside)).latest("pk")
    if step.supplement:
        _supplement(dossier, step, person)
    elif step.withdraw and isinstance(person, Officer):
        withdraw_at_counter(dossier_id=dossier.pk, officer=person, reason=step.withdraw)
    elif step.withdraw:
        services.withdraw(dossier_id=dossier.pk, applicant=person, reason=step.withdraw)
    elif isinstance(person, Officer):
        visit = _visits(dossier, step.step).get(done_at=None)
        services.act(
            dossier_id=dossier.pk,
            visit_id=visit.pk,
            action=step.action,
            officer=person,
            reason=step.reason,
            post_id=_post_of(step.assign, dossier, step) if step.assign else None,
            answers=days.filled_in(step.answers),
            results=days.filled_in(step.results),
            taking=services.Taking.by_applicant(dossier) if is_asked(dossier) else None,
        )
        _follow(dossier, visit.pk)


def _supplement(dossier: Dossier, step: SampleStep, person: Actor) -> None:
    """By the applicant, or by a clerk who takes it in from somebody at the counter."""
    if isinstance(person, Officer):
        counted = {key: Counted(copies=1) for key in step.components}
        bring_supplement(
            dossier_id=dossier.pk, officer=person, counted=counted, note=step.supplement or "", accept=False
        )
        return
    components = values.procedure_of(dossier).components
    services.supplement(
        dossier_id=dossier.pk,
        applicant=person,
        files=[_handed_in(component, person) for component in components if component.key in step.components],
        note=step.supplement,
    )


def _visits(dossier: Dossier, step: str) -> QuerySet[StepVisit]:
    return StepVisit.objects.filter(dossier=dossier, step=step)


def _follow(dossier: Dossier, visit_id: int) -> None:
    """What the steps after it wait for, and jobs would do in a moment: a result that goes into a dossier elsewhere is
    signed, and the end of one is told to the dossier that waits for it."""
    process = values.procedure_of(dossier).process
    done = StepVisit.objects.get(dossier=dossier, pk=visit_id)
    action = process.step(done.step).action(done.action)
    if action and action.does is Verb.APPROVE and any(step.dossier for step in process.steps):
        assert done.done_by_id and done.done_post_id
        papers.sign_results(
            dossier.pk,
            Dossier.objects.get(pk=dossier.pk).signed,
            account_id=done.done_by_id,
            post_id=done.done_post_id,
            organisation_id=done.organisation_id,
            at=clock.now(),
        )
    subordinate.report(dossier_id=dossier.pk)


def _post_of(username: str, dossier: Dossier, step: SampleStep) -> int:
    """The post in which the person can do what the action leads to."""
    process = values.procedure_of(dossier).process
    action = process.step(step.step).action(step.action)
    assert action and action.to
    can = {post.id for post in services.assignable(dossier, process.step(action.to))}
    person = _actor(username)
    assert isinstance(person, Officer)
    return next(post.id for post in person.posts if post.id in can)


def _actor(username: str) -> Actor:
    return actor_of(Account.objects.get(username=username))
