"""The agencies, desks and officers that take part; posts that nobody holds get somebody."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lienthong.cases import services
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.organisations.queries import holders_of, province, tree
from lienthong.foundation.organisations.rules import Node, NoSuchFunction, PostNode
from lienthong.identity.actors import Officer
from lienthong.identity.definition import CAST, CastBody, CastCitizen, CastOfficer
from lienthong.identity.models import Account
from lienthong.identity.queries import UNITS, actor_of
from lienthong.identity.services import settle_cast
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import ProcedureBody
from lienthong.simulation import people
from lienthong.simulation.actors import Tell
from lienthong.simulation.chance import dice
from lienthong.simulation.dossiers.arrivals import LEVELS, Offer, weight_of_agency
from lienthong.simulation.people import Person, Place
from lienthong.simulation.scenario import Fewer

PROVINCE = "province"
INTERLINKED = 0.4
"""How often an interlinked procedure is asked for beside another, where all are at hand."""
Desk = tuple[int, str]
"""Organisation and role."""

AT_ONCE = 200
PASSWORD = "mot-cua-dien-tu"  # noqa: S105 - that of every account of a demonstration


def group_of(node: Node) -> str:
    """The part of the province that an organisation belongs to: its district, where there are none its commune."""
    local = (each.key for each in tree().ancestors(node) if each.level in ("district", "commune"))
    return next(local, PROVINCE)


def places_of(node: Node, day: date) -> tuple[Place, ...]:
    """The communes that an agency serves: those of the nearest area above it."""
    units = PUBLISHED.code_list(UNITS, day)
    for each in reversed(tree().ancestors(node)):
        if found := people.places_below(units, each.area, day) if each.area else ():
            return found
    return people.places_below(units, province().administrative_code, day)


@dataclass(frozen=True)
class Stage:
    """Where the play takes place: what is offered, who sits where. The same in every process.

    `shared` are the organisations that work for several groups.
    """

    offers: tuple[Offer, ...]
    desks: dict[Desk, tuple[PostNode, ...]]
    shared: frozenset[int]

    def organisations(self, group: str | None) -> list[int]:
        """Those of a group; of None the shared ones."""
        if group is None:
            return sorted(self.shared)
        return sorted({org for org, _role in self.desks if group_of(tree()[org]) == group} - self.shared)

    @property
    def groups(self) -> list[str]:
        return sorted({offer.group for offer in self.offers})


def set_stage(day: date, counters: tuple[str, ...] = ()) -> Stage:
    """Everything that is offered on the day by agencies that can carry it through; only what is handed in at the
    `counters`, where some are named."""
    offers: list[Offer] = []
    desks: dict[Desk, tuple[PostNode, ...]] = {}
    shared: set[int] = set()
    with clock.at(clock.day_start(day)):
        for procedure, agencies, share in _shares(day, counters):
            for node in agencies:
                try:
                    needed = list(_desks_of(procedure, node, day))
                except NoSuchFunction:
                    continue
                if not all(posts for _desk, posts in needed):
                    continue
                group = group_of(node)
                desks.update(needed)
                shared |= {desk[0] for desk, _posts in needed if group_of(tree()[desk[0]]) != group}
                weight = share * weight_of_agency(node.key)
                offers.append(Offer(procedure.key, node.key, group, weight, places_of(node, day)))
    return Stage(tuple(offers), desks, frozenset(shared))


def _shares(day: date, counters: tuple[str, ...]) -> Iterator[tuple[ProcedureBody, list[Node], float]]:
    """The procedures in force that people apply for, the agencies that offer each, and the share of all applications
    that each of those gets on average. At single counters each procedure is asked for alike, interlinked ones less."""
    bodies = [published.body for published in PROCEDURE.all() if published.body.online != "information"]
    for body in bodies:
        alike = sum(other.level == body.level for other in bodies)
        agencies = services.offering(body)
        if counters:
            agencies = [node for node in agencies if _reception_key(body, node, day) in counters]
        interlinked = any(step.dossier for step in body.process.steps)
        share = (INTERLINKED if interlinked else 1.0) if counters else LEVELS[body.level] / alike
        yield body, agencies, share / (len(agencies) or 1)


def _reception_key(procedure: ProcedureBody, competent: Node, day: date) -> str:
    try:
        return reception_of(procedure, competent, day).key
    except NoSuchFunction:
        return ""


def reception_of(procedure: ProcedureBody, competent: Node, day: date) -> Node:
    """The one-stop shop at which a procedure of an agency is handed in. Raises NoSuchFunction."""
    return tree().nearest(procedure.process.first.at, competent, day)


def _desks_of(procedure: ProcedureBody, node: Node, day: date) -> Iterator[tuple[Desk, tuple[PostNode, ...]]]:
    for step in procedure.process.steps:
        organisation = tree().nearest(step.at, node, day)
        yield (organisation.id, step.role), tuple(tree().posts_in(organisation.id, step.role, day))
        if step.dossier:
            other = PROCEDURE.current(step.dossier.procedure).body.in_variant(step.dossier.variant)
            yield from _desks_of(other, tree().nearest(other.competent, node, day), day)


# people


@dataclass(frozen=True, slots=True)
class Worker:
    """An officer at work with the posts that count here. `name` names the dice of what the officer does."""

    officer: Officer
    name: str
    posts: frozenset[int]
    desks: frozenset[Desk]
    standing_in: frozenset[int | None] = frozenset()
    """Those of the posts that belong to somebody who is away today."""


def fill_posts(stage: Stage, seed: int, day: date, tell: Tell) -> None:
    """Somebody for every post that nobody holds."""
    posts = {post.id: post for held in stage.desks.values() for post in held}
    held = holders_of(list(posts), day)
    empty = [post for post in posts.values() if not held.get(post.id)]
    officers = [_new_officer(post, seed, day) for post in sorted(empty, key=lambda post: post.id)]
    for number in range(0, len(officers), AT_ONCE):
        settle_cast(_cast(day, officers=officers[number : number + AT_ONCE]), PASSWORD)
        tell(min(number + AT_ONCE, len(officers)), len(officers), "officers")


def _new_officer(post: PostNode, seed: int, day: date) -> CastOfficer:
    organisation = tree()[post.organisation_id]
    person = people.person(dice(seed, "officer", organisation.key, post.key), places_of(organisation, day)[0], day)
    return CastOfficer.model_validate(
        {
            "username": f"{post.key}.{organisation.key}"[:150],
            "name": person.name,
            "posts": [{"organisation": organisation.key, "post": post.key}],
        }
    )


def workers(stage: Stage, day: date, fewer: tuple[Fewer, ...]) -> list[Worker]:
    """Who is there to work, those whom the scenario takes away left out; one query a person."""
    posts = {post.id: post for held in stage.desks.values() for post in held}
    held: dict[int, set[int]] = defaultdict(set)
    for post_id, holders in sorted(holders_of(list(posts), day).items()):
        for account_id, _name in holders[:1]:
            held[account_id].add(post_id)
    accounts = Account.objects.in_bulk(list(held))
    found = []
    with clock.at(clock.day_start(day)):
        for account_id, mine in held.items():
            officer = actor_of(accounts[account_id])
            assert isinstance(officer, Officer)
            desks = {desk for desk, there in stage.desks.items() if mine & {post.id for post in there}}
            name = min(f"{tree()[posts[post].organisation_id].key}/{posts[post].key}" for post in mine)
            found.append(Worker(officer, name, frozenset(mine), frozenset(desks)))
    found.sort(key=lambda worker: worker.name)
    for change in fewer:
        found = _without(found, change)
    return found


class NobodyThere(DomainError):
    code = "simulation.nobody_there"


def _without(found: list[Worker], change: Fewer) -> list[Worker]:
    """One after another is taken from the desk where most are."""
    above = tree().by_key(change.agency)
    left = list(found)
    for _taken in range(change.count):
        desks: dict[Desk, list[Worker]] = defaultdict(list)
        for worker in left:
            for desk in worker.desks:
                if above and desk[1] == change.role and tree().is_within(tree()[desk[0]], above):
                    desks[desk].append(worker)
        if not desks:
            raise NobodyThere(
                _("Nobody with the role “%(role)s” is left in “%(agency)s”."),
                way_out=_("Take fewer away, or name another agency or role."),
                role=change.role,
                agency=change.agency,
            )
        fullest = max(sorted(desks), key=lambda desk: len(desks[desk]))
        left.remove(desks[fullest][-1])
    return left


# citizens with an account


def username(seed: int, number: int) -> str:
    return f"dan.{seed}.{number:06}"


def citizen(seed: int, number: int, place: Place, day: date) -> Person:
    """The person behind an account; `day` is the first of the run, from which ages are counted."""
    return people.person(dice(seed, "citizen", number), place, day)


def cast_citizens() -> dict[str, CastCitizen]:
    """The citizens of the cast by user name."""
    return {citizen.username: citizen for published in CAST.all() for citizen in published.body.citizens}


def of_cast(citizen: CastCitizen, places: tuple[Place, ...]) -> Person:
    """The person behind the account, who lives in one of the places."""
    return Person(
        name=citizen.name,
        gender="male" if citizen.gender == "1" else "female",
        born=citizen.born,
        person_id=citizen.person_id,
        ethnicity=people.people_of(citizen.name),
        phone=citizen.phone,
        email=citizen.email,
        place=next((place for place in places if place.unit == citizen.address.unit), places[0]),
        detail=citizen.address.detail,
    )


def settle_citizens(seed: int, places: tuple[Place, ...], number: int, day: date, tell: Tell) -> None:
    """Accounts for so many people, spread over the communes: the n-th lives in the n-th place, counted round."""
    known = set(Account.objects.filter(username__startswith=f"dan.{seed}.").values_list("username", flat=True))
    new = [n for n in range(number) if username(seed, n) not in known]
    for start in range(0, len(new), AT_ONCE):
        chunk = new[start : start + AT_ONCE]
        settle_cast(_cast(day, citizens=[_new_citizen(seed, n, places[n % len(places)], day) for n in chunk]), PASSWORD)
        tell(start + len(chunk), len(new), "citizens")


def _new_citizen(seed: int, number: int, place: Place, day: date) -> CastCitizen:
    person = citizen(seed, number, place, day)
    return CastCitizen.model_validate(
        {
            "username": username(seed, number),
            "name": person.name,
            "person_id": person.person_id,
            "born": person.born,
            "gender": "1" if person.gender == "male" else "2",
            "phone": person.phone,
            "address": {"unit": place.unit, "detail": person.detail},
        }
    )


def _cast(day: date, officers: list[CastOfficer] | None = None, citizens: list[CastCitizen] | None = None) -> CastBody:
    return CastBody(
        key="simulation",
        name="Người của tỉnh mô phỏng",
        effective_from=day,
        officers=tuple(officers or ()),
        citizens=tuple(citizens or ()),
    )
