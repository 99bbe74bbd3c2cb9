"""The agencies whose correspondence is simulated, and the people in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from lienthong.documents import policy
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import Officer
from lienthong.identity.definition import CAST
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.simulation.chance import pick
from lienthong.simulation.dossiers import manners
from lienthong.simulation.dossiers.staff import Desk, Stage, group_of
from lienthong.simulation.scenario import Scenario

HANDLER = "case-handler"
MOST, MOST_UNITS = 6, 4
"""So many agencies write to each other, and so many units of each settle what comes: each needs people."""
NEAR = 0.6
COMMITTEE = "peoples-committee"
LOWEST = "commune"
"""Agencies of communes write too little of their own to be simulated."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of an agency: its head, and who works there."""

    node: Node
    head: PostNode
    handlers: tuple[PostNode, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """An agency with its own document clerk."""

    agency: Node
    clerk: PostNode
    leaders: tuple[PostNode, ...]
    units: tuple[Unit, ...]

    def unit_for(self, part_of_key: str, place: int) -> Unit | None:
        """The one whose business it is; where none is, one of them all. None in an agency without units."""
        fitting = [unit for unit in self.units if part_of_key in unit.node.key] or list(self.units)
        return fitting[place % len(fitting)] if fitting else None

    def posts(self) -> Iterator[PostNode]:
        yield from (self.clerk, *self.leaders)
        for unit in self.units:
            yield from (unit.head, *unit.handlers)


def offices(scenario: Scenario) -> list[Office]:
    """Of the province, its departments and districts, those with a clerk of the cast first; where the scenario is
    confined to some counters, the province's own and those of their districts."""
    day = scenario.start
    groups = {group_of(node) for key in scenario.counters if (node := tree().by_key(key))}
    with clock.at(clock.day_start(day)):
        found = [office for node in policy.can_be_sent_to() if (office := _office(node, day))]
    if groups:
        top = tree().nodes.values()
        root = next(node for node in top if node.parent_id is None)
        found = [each for each in found if each.agency == root or group_of(each.agency) in groups]
    found.sort(key=lambda each: (not is_of_cast(each.clerk), each.agency.key))
    return found[:MOST]


def committees(found: Sequence[Office]) -> list[Office]:
    """The People's Committees among them: the province's own first, then those that people of the cast lead; where
    there are none, all others."""
    own = [each for each in found if each.agency.kind == COMMITTEE]
    others = [each for each in own if each.agency.parent_id is not None]
    led = [each for each in others if is_of_cast(each.leaders[0])]
    return [*(each for each in own if each.agency.parent_id is None), *(led or others)]


def is_of_cast(post: PostNode) -> bool:
    """Whether somebody of the cast sits there: whom the simulation puts into posts does not count, so that the order is
    the same before and after."""
    return (tree()[post.organisation_id].key, post.key) in _cast_posts()


def _cast_posts() -> set[tuple[str, str]]:
    people = (officer for each in CAST.all() for officer in each.body.officers)
    return {(held.organisation, held.post) for officer in people for held in officer.posts}


def _office(agency: Node, day: date) -> Office | None:
    agencies = tree()
    desk = policy.clerks_of(agency)
    if desk is None or agency.level == LOWEST:
        return None
    leaders = agencies.posts_in(agency.id, policy.LEADER, day)
    units = list(_units(agency, day))
    units.sort(key=lambda unit: (not is_of_cast(unit.head), unit.node.key))
    if not leaders:
        return None
    return Office(agency, agencies.posts_in(*desk, day)[0], tuple(leaders[:2]), tuple(units[:MOST_UNITS]))


def _units(agency: Node, day: date) -> Iterator[Unit]:
    agencies = tree()
    for node in policy.units_of(agency):
        heads = agencies.posts_in(node.id, policy.HEAD, day)
        if node is not agency and heads:
            yield Unit(node, heads[0], tuple(agencies.posts_in(node.id, HANDLER, day)[:2]))


def stage(found: list[Office]) -> Stage:
    """Their desks, for filling the posts that nobody holds."""
    desks: dict[Desk, tuple[PostNode, ...]] = {}
    for office in found:
        for post in office.posts():
            desk = (post.organisation_id, min(post.roles))
            desks[desk] = (*desks.get(desk, ()), post)
    return Stage((), desks, frozenset())


def near(rng: Random, found: Sequence[Office]) -> Office:
    """Mostly one of the two that come first, where people of the cast sit."""
    return pick(rng, found[:2] if rng.random() < NEAR else found)


class People:
    """Who holds which post on a day; asked of the database once for each."""

    def __init__(self, seed: int, day: date) -> None:
        self.seed, self.day = seed, day
        self._known: dict[int, Officer | None] = {}

    def in_post(self, post: PostNode) -> Officer | None:
        """The holder in this post; None when nobody holds it, or the holder is away today."""
        if post.id not in self._known:
            self._known[post.id] = self._find(post)
        return self._known[post.id]

    def _find(self, post: PostNode) -> Officer | None:
        if manners.is_absent(self.seed, f"{tree()[post.organisation_id].key}/{post.key}", self.day):
            return None
        held = holders_of([post.id], self.day).get(post.id)
        actor = actor_of(Account.objects.get(pk=held[0][0]), acting_post_id=post.id) if held else None
        return actor if isinstance(actor, Officer) else None
