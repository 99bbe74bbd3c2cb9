"""What people do with dossiers, each by the service that a page would call."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from random import Random
from time import gmtime
from typing import Any

from django.db import transaction
from PIL import Image

from lienthong.cases import events, services, values
from lienthong.cases.definition import RULE_SET, RuleSetBody
from lienthong.cases.models import Dossier, ReturnWay, StepVisit, Taker
from lienthong.cases.queries.gates import open_visits_of
from lienthong.cases.queries.pages import page_of
from lienthong.cases.rules.counter import Counted
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.services.counter import bring_supplement, withdraw_at_counter
from lienthong.cases.services.taking import is_asked
from lienthong.foundation import clock, rows
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger import queries as ledger_queries
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.queries import Actor
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Action, Component, ProcedureBody, Verb
from lienthong.simulation import people, words
from lienthong.simulation.answers import Answers
from lienthong.simulation.chance import dice, one_of, pick
from lienthong.simulation.dossiers import manners
from lienthong.simulation.dossiers.arrivals import Arrival
from lienthong.simulation.dossiers.staff import Worker, places_of
from lienthong.simulation.papers import gets_papers
from lienthong.simulation.people import Person
from lienthong.simulation.scenario import Scenario
from lienthong.work.queries import loads

TRIES = 4
"""How often somebody sends a form again with what it complained of mended."""
_MADE = gmtime(0)
PICTURES = 8
"""How many different papers there are in the simulated world."""
SMALL = 1_000_000  # bytes


@lru_cache(maxsize=2 * PICTURES)
def _paper(number: int, kind: str) -> bytes:
    """A small real photograph of a sheet, or a PDF of it; the same bytes whenever it is made."""
    out = BytesIO()
    sheet = Image.new("RGB", (96, 136), "#f4f1e9")
    sheet.paste("#5b5750", (12, 14 + 9 * number, 84, 20 + 9 * number))
    if kind == "pdf":
        sheet.save(out, "PDF", creationDate=_MADE, modDate=_MADE)
    else:
        sheet.save(out, "JPEG")
    return out.getvalue()


def stored(accept: Iterable[str], name: str, actor: Actor | None, number: int) -> StoredFile:
    kind = "image" if "image" in accept else "pdf"
    ending = "jpg" if kind == "image" else "pdf"
    policy = Policy(kinds={kind}, max_bytes=SMALL)
    return files.store(_paper(number % PICTURES, kind), name=f"{name}.{ending}", policy=policy, actor=actor)


def apply(scenario: Scenario, arrival: Arrival, person: Person, actor: Actor) -> Dossier | None:
    """Hand in an application; what is complained of is mended. None when it was never accepted."""
    declared = PROCEDURE.current(arrival.offer.procedure).body
    rng = dice(scenario.unchanged.seed, "wishes", arrival.serial)
    procedure = declared.in_variant(pick(rng, [variant.key for variant in declared.variants] or [""]))
    signed = arrival.online and gets_papers(scenario, arrival.key(scenario))
    returned = _wish(procedure, person, rng, online=ONLINE_RESULT if signed else 0.0)
    facts = {"name": person.name, "person_id": person.person_id, "phone": person.phone, "address": person.address}
    context = values.context_for(actor.account_id, {**facts, "email": person.email})
    filled = Answers(
        f"{scenario.seed}:{arrival.serial}",
        context,
        person,
        arrival.offer.places,
        attach=lambda field: _attach(field, actor, arrival.serial),
    )
    raw = filled.fill(procedure.form)
    handed_in: dict[str, Component] = {}
    if arrival.online:
        handed_in = {each.key: each for each in procedure.components if _always_asked(each)}
    for _try in range(TRIES):
        try:
            return _open(scenario, arrival, procedure, raw, list(handed_in.values()), returned, actor)
        except NotAccepted as refused:
            missing = {path.removeprefix("components.") for path in refused.errors if path.startswith("components.")}
            handed_in |= {each.key: each for each in procedure.components if each.key in missing}
            wrong = [path for path in refused.errors if not path.startswith("components.")]
            raw = filled.mend(procedure.form, raw, wrong)
    return None


@transaction.atomic
def _open(
    scenario: Scenario,
    arrival: Arrival,
    procedure: ProcedureBody,
    raw: dict[str, Any],
    components: list[Component],
    returned: services.Return,
    actor: Actor,
) -> Dossier:
    papers = [
        services.HandedIn(each.key, file.pk, file.name)
        for number, each in enumerate(components)
        for file in [stored(each.accept, each.key, actor, arrival.serial + number)]
    ]
    return services.open_dossier(
        procedure_key=arrival.offer.procedure,
        variant=procedure.variant.key if procedure.variant else "",
        competent_key=arrival.offer.competent,
        raw=raw,
        actor=actor,
        idempotency_key=arrival.key(scenario),
        files=papers,
        returned=returned,
    )


_LIKED = {"counter": 0.85, "post": 0.15}
ONLINE_RESULT = 0.5
"""Beside those likings, that of people who apply from an account and whose papers are made: what is never signed never
comes back online."""


def _wish(procedure: ProcedureBody, person: Person, rng: Random, *, online: float) -> services.Return:
    """How somebody wants the result."""
    liked = {**_LIKED, "online": online}
    way = one_of(rng, {way: liked[way] for way in procedure.return_ways})
    return services.Return(ReturnWay(way), person.address if way == "post" else "")


def _always_asked(component: Component) -> bool:
    return component.required and not component.from_form and component.when is None


def _attach(field: File, actor: Actor, number: int) -> str:
    with transaction.atomic():
        return str(stored(field.accept, field.key, actor, number).pk)


def supplement(dossier_id: int, actor: Actor, seed: object) -> Dossier:
    """Bring what was missing: one more paper, with a word. A clerk takes it in from somebody at the counter."""
    dossier = rows.fetch(Dossier, "id = %s", dossier_id)[0]
    procedure = values.procedure_of(dossier)
    component = next((each for each in procedure.components if _always_asked(each)), None)
    rng = dice(seed, "brings", dossier.draft_key, dossier.supplements)
    if isinstance(actor, Officer):
        brought = {component.key: Counted(copies=1)} if component else {}
        note = pick(rng, words.SUPPLEMENTS)
        return bring_supplement(dossier_id=dossier_id, officer=actor, counted=brought, note=note, accept=False)
    with transaction.atomic():
        papers = []
        if component:
            file = stored(component.accept, component.key, actor, dossier.supplements)
            papers = [services.HandedIn(component.key, file.pk, file.name)]
        note = pick(rng, words.SUPPLEMENTS)
        return services.supplement(dossier_id=dossier_id, applicant=actor, files=papers, note=note)


def withdraw(dossier_id: int, actor: Actor, seed: object) -> Dossier:
    reason = pick(dice(seed, "withdraws", dossier_id), words.WITHDRAWALS)
    if isinstance(actor, Officer):
        return withdraw_at_counter(dossier_id=dossier_id, officer=actor, reason=reason)
    return services.withdraw(dossier_id=dossier_id, applicant=actor, reason=reason)


class Held:
    """A dossier as somebody at work has it before them."""

    def __init__(self, dossier: Dossier, visits: list[StepVisit]) -> None:
        self.dossier, self.visits = dossier, visits

    @classmethod
    def read(cls, dossier_id: int) -> "Held":
        return cls.now(rows.fetch(Dossier, "id = %s", dossier_id)[0])

    @classmethod
    def now(cls, dossier: Dossier) -> "Held":
        """With the steps that it is in, for a dossier that was just touched."""
        return cls(dossier, open_visits_of(dossier))

    @property
    def procedure(self) -> ProcedureBody:
        return values.procedure_of(self.dossier)

    @property
    def rule_set(self) -> RuleSetBody:
        return RULE_SET.pinned(self.dossier.rule_set_id)

    def visit(self, visit_id: int) -> StepVisit | None:
        return next((visit for visit in self.visits if visit.pk == visit_id and not visit.waiting), None)


def decide(held: Held, visit: StepVisit, seed: object) -> Action | None:
    """What the officer does now; None when the dossier has to wait for others."""
    rng = dice(seed, "decides", held.dossier.draft_key, visit.step, visit.opened_at, held.dossier.supplements)
    actions = services.offered(held.dossier, visit)
    chosen = manners.decide(actions, rng)
    if chosen and (_is_hindered(held, visit, chosen) or _was_asked_for(held, chosen)):
        chosen = manners.main_action(actions)
    return None if chosen is None or _is_hindered(held, visit, chosen) else chosen


def _is_hindered(held: Held, visit: StepVisit, action: Action) -> bool:
    return services.hindrance(held.dossier, held.visits, visit, action) is not None


def _was_asked_for(held: Held, action: Action) -> bool:
    """An agency is asked once, and a payment: whoever wants to know looks at the dossier's page."""
    match action.does:
        case Verb.CONSULT:
            return any(visit.step in action.opens for visit in page_of(held.dossier).visits)
        case Verb.REQUEST_PAYMENT:
            asked = ledger_queries.search(
                kind=str(events.PAYMENT_REQUESTED), subject=(DOSSIER, held.dossier.pk), size=1
            )
            return bool(asked.entries)
        case _:
            return False


def act(held: Held, visit: StepVisit, action: Action, worker: Worker, assignee: int | None, seed: object) -> Dossier:
    """Carry the action out, with everything filled in that it asks for."""
    rng = dice(seed, "says", held.dossier.draft_key, visit.step, visit.opened_at)
    said = "back" if action.back else action.does.value
    reason = pick(rng, words.REASONS.get(said, words.REASONS["other"])) if action.reason_needed else ""
    asks, drafts = len(action.asks) > 0, action.does is Verb.DRAFT
    filled = _filling(held, worker, visit, seed) if asks or drafts else None
    asked = filled.fill(action.asks) if filled and asks else {}
    results = {}
    if filled and drafts:
        results = {key: filled.fill(held.procedure.result(key).fields, f"{key}.") for key in action.results}
    taking = _taking(held.dossier, rng) if action.does is Verb.RETURN_RESULT and is_asked(held.dossier) else None
    for left in reversed(range(TRIES)):
        try:
            return services.act(
                dossier_id=held.dossier.pk,
                visit_id=visit.pk,
                action=action.key,
                officer=worker.officer,
                reason=reason,
                post_id=assignee,
                answers=asked,
                results=results,
                taking=taking,
            )
        except NotAccepted as refused:
            if not left or filled is None:
                raise
            _mend(filled, held.procedure, action, asked, results, refused.errors)
    raise AssertionError


def _taking(dossier: Dossier, rng: Random) -> services.Taking:
    """Who comes for a result: the applicant, or for whom it says no number somebody with a mandate."""
    if dossier.applicant_person_id:
        return services.Taking.by_applicant(dossier)
    place = places_of(tree()[dossier.competent_id], clock.today())[0]
    agent = people.person(rng, place, clock.today())
    return services.Taking(agent.name, agent.person_id, Taker.Capacity.MANDATE, words.MANDATE)


def _mend(
    filled: Answers,
    procedure: ProcedureBody,
    action: Action,
    asked: dict[str, Any],
    results: dict[str, dict[str, Any]],
    errors: Mapping[str, Any],
) -> None:
    for path in errors:
        key, _dot, inner = path.partition(".")
        if key in results:
            filled.mend(procedure.result(key).fields, results[key], [inner])
        else:
            filled.mend(action.asks, asked, [path])


def _filling(held: Held, worker: Worker, visit: StepVisit, seed: object) -> Answers:
    """What officers fill in is about the person of the dossier, as far as they know."""
    dossier = held.dossier
    rng = dice(seed, "person", dossier.draft_key)
    places = places_of(tree()[dossier.competent_id], clock.today())
    person = people.person(rng, places[0], clock.today())
    context = values.context_for_officer(worker.officer)
    number = visit.pk
    return Answers(
        f"{seed}:{dossier.draft_key}:{visit.step}",
        context,
        person,
        places,
        attach=lambda field: _attach(field, worker.officer, number),
    )


def assignee(held: Held, action: Action, staffed: frozenset[int], moment: datetime) -> int | None:
    """The post with the least on it of those somebody holds; for actions that assign."""
    if action.does is not Verb.ASSIGN or action.to is None:
        return None
    step = held.procedure.process.step(action.to)
    posts = [post for post in services.assignable(held.dossier, step) if post.id in staffed]
    there = loads([post.id for post in posts], now=moment)
    return min(posts, key=lambda post: (there[post.id].open if post.id in there else 0, post.key)).id if posts else None
