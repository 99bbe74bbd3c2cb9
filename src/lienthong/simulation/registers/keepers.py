"""Who keeps which register: ordinary officers with the post that may, in agencies that keep it. Where nobody in any of
them holds one, somebody gets it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import Officer
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.simulation.actors import Tell
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import manners, staff
from lienthong.simulation.dossiers.staff import Desk, Stage, Worker

MOST_NEW = 3
"""In so many of the agencies that keep a register somebody gets a post, where none of them has anybody."""


@dataclass(frozen=True, slots=True)
class Clerk:
    """An officer in the post from which entries of a register are made for an agency."""

    officer: Officer
    name: str
    keeper: Node


def registers(day: date) -> list[RegisterBody]:
    """Those that are kept on the day."""
    with clock.at(clock.day_start(day)):
        return [published.body for published in REGISTER.all()]


def fill_posts(seed: int, day: date, tell: Tell) -> None:
    """Somebody for a writing post of every register that nobody could keep."""
    desks: dict[Desk, tuple[PostNode, ...]] = {}
    possible_for = [list(_desks(body, day)) for body in registers(day)]
    held = holders_of(list({post.id for each in possible_for for _desk, posts in each for post in posts}), day)
    for possible in possible_for:
        if not any(held.get(post.id) for _desk, posts in possible for post in posts):
            desks.update({desk: posts[:1] for desk, posts in possible[:MOST_NEW]})
    desks.update(_approving(day, {node for node, _role in desks}))
    staff.fill_posts(_stage(desks), seed, day, tell)


def clerks_of(bodies: Sequence[RegisterBody], day: date) -> Mapping[str, Sequence[Clerk]]:
    """Those who keep each register, by its key."""
    possible = {body.key: list(_desks(body, day)) for body in bodies}
    desks: dict[Desk, tuple[PostNode, ...]] = {desk: posts for each in possible.values() for desk, posts in each}
    workers = staff.workers(_stage(desks), day, ())
    return {key: list(_clerks(each, workers)) for key, each in possible.items()}


def at_work(clerks: Sequence[Clerk], seed: int, day: date, *decision: object) -> Clerk:
    """One of them, of those who are there today; if none is, one who should be."""
    there = [clerk for clerk in clerks if not manners.is_absent(seed, clerk.name, day)]
    return pick(dice(seed, "clerk", *decision), there or clerks)


def _stage(desks: dict[Desk, tuple[PostNode, ...]]) -> Stage:
    return Stage((), desks, frozenset())


def _desks(body: RegisterBody, day: date) -> Iterator[tuple[Desk, tuple[PostNode, ...]]]:
    """Where entries can be made: the posts that may, in the agencies that keep the register."""
    nodes = dict.fromkeys(node for key in body.keepers for node in tree().with_function(key, day))
    for node in nodes:
        for access in body.access:
            if "write" not in access.may or (access.function and access.function not in node.functions):
                continue
            if posts := tuple(tree().posts_in(node.id, access.role, day)):
                yield (node.id, access.role), posts


def _approving(day: date, nodes: Collection[int]) -> Iterator[tuple[Desk, tuple[PostNode, ...]]]:
    """Who approves what is proposed in those agencies: the first post that may, there or above."""
    for body in registers(day):
        wanted = [access for access in body.access if "approve" in access.may]
        kept_in = {node.id for key in body.keepers for node in tree().with_function(key, day)}
        for node in sorted(kept_in.intersection(nodes)):
            above = [(access.role, each.id) for access in wanted for each in reversed(tree().ancestors(tree()[node]))]
            there = ((org, role, tree().posts_in(org, role, day)) for role, org in above)
            if found := next(((org, role, posts) for org, role, posts in there if posts), None):
                yield (found[0], found[1]), tuple(found[2][:1])


def _clerks(desks: Sequence[tuple[Desk, tuple[PostNode, ...]]], workers: Sequence[Worker]) -> Iterator[Clerk]:
    for desk, posts in desks:
        for worker in workers:
            own = next((held for held in worker.officer.posts if held.id in {post.id for post in posts}), None)
            if own and desk in worker.desks:
                yield Clerk(worker.officer.acting_in(own), worker.name, tree()[desk[0]])
