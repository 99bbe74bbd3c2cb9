"""Who may do what with drafts: who writes for which agency, who is asked, who signs."""

from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.documents import policy
from lienthong.documents.drafts.rules import signer_by_order, signer_of
from lienthong.documents.models import Draft, DraftOpinion
from lienthong.documents.rules.contents import Signer
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import UNITS, Node, PostNode
from lienthong.identity.actors import HeldPost, Officer

COMMITTEE = "peoples-committee"


def drafts_for(officer: Officer) -> list[HeldPost]:
    """The posts by which somebody may begin a draft, that of the acting post first."""
    return sorted(officer.posts, key=lambda post: post.id != officer.acting.id)


def agencies_for(unit: Node) -> list[Node]:
    """In whose name a unit drafts: the agency that it is part of; an office that of the agency above it first, which it
    writes for, then its own."""
    agencies = tree()
    own = agencies.agency_of(unit)
    above = agencies.parent(own) if own.kind == "office" else None
    return [above, own] if above else [own]


def writes(officer: Officer, draft: Draft) -> bool:
    """Who changes it: whoever holds the post that drafts it, and the heads of its unit."""
    return draft.post_id in officer.post_ids or draft.unit_id in units_led(officer)


def units_led(officer: Officer) -> frozenset[int]:
    """The units, or agencies, of which somebody is a head."""
    return frozenset(post.organisation.id for post in officer.posts if {policy.HEAD, policy.LEADER} & post.roles)


def agencies_led(officer: Officer) -> frozenset[int]:
    return frozenset(post.organisation.id for post in officer.posts if policy.LEADER in post.roles)


def is_asked(officer: Officer, opinion: DraftOpinion) -> HeldPost | None:
    """The post by which somebody is asked; None where they are not."""
    if opinion.post_id:
        return next((post for post in officer.posts if post.id == opinion.post_id), None)
    return next(
        (
            post
            for post in officer.posts
            if opinion.role in post.roles and post.organisation.id == opinion.organisation_id
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class OfferedSigner:
    """Somebody who may sign, with the lines above the name as the post gives them."""

    post: PostNode
    people: str
    signer: Signer


def signers_for(agency: Node, unit: Node) -> list[OfferedSigner]:
    """The leaders of the agency, and by their order the heads of the unit that drafts and of those the unit is in. One
    query."""
    agencies, today = tree(), clock.today()
    leaders = agencies.posts_in(agency.id, policy.LEADER, today)
    between = [node for node in reversed(agencies.ancestors(unit)) if node.id != agency.id]
    between = [node for node in between if agencies.is_within(node, agency)]
    heads = [
        post
        for node in between
        for role in (policy.HEAD, policy.LEADER)
        for post in agencies.posts_in(node.id, role, today)
    ]
    names = _names([*leaders, *heads])
    is_committee = agency.kind == COMMITTEE
    found = [
        OfferedSigner(post, names[post.id], signer_of(title=post.title, name=names[post.id], is_committee=is_committee))
        for post in leaders
    ]
    head = leaders[0].title if leaders else ""
    found += [
        OfferedSigner(post, names[post.id], signer_by_order(title=post.title, name=names[post.id], head=head))
        for post in heads
        if head
    ]
    return sorted(found, key=lambda each: not each.people)


def _names(posts: Iterable[PostNode]) -> dict[int, str]:
    """The first who holds each."""
    ids = [post.id for post in posts]
    holders = holders_of(ids)
    return {post_id: next((name for _id, name in holders.get(post_id, [])), "") for post_id in ids}


Desk = tuple[int, str, int | None]
"""An organisation, a role in it, a post or none."""


@dataclass(frozen=True, slots=True)
class OfferedDesk:
    """A desk that can be asked for an opinion. `key` is how a form calls it: dv-12 (a unit), vt-7 (a post)."""

    key: str
    name: str
    desk: Desk


def desks_for(draft: Draft) -> list[tuple[str, list[OfferedDesk]]]:
    """Who can be asked, in groups: units of the agency by their heads, people of the agency, other agencies. One
    query."""
    agencies, today = tree(), clock.today()
    agency = agencies[draft.organisation_id]
    inside = policy.units_of(agency)
    units = [each for unit in inside if (each := _led(unit)) and unit.id != draft.unit_id]
    within = {unit.id for unit in inside}
    posts = [post for post in agencies.posts.values() if post.organisation_id in within and post.in_force(today)]
    posts = sorted((post for post in posts if post.id != draft.post_id), key=lambda post: post.id)
    names = holders_of([post.id for post in posts])
    people = [
        OfferedDesk(
            f"vt-{post.id}",
            f"{held[0][1]}, {post.title}, {agencies[post.organisation_id].name}",
            (post.organisation_id, min(post.roles, default=""), post.id),
        )
        for post in posts
        if (held := names.get(post.id))
    ]
    others = [
        each
        for node in policy.can_be_sent_to()
        if node.id != agency.id and node.kind not in UNITS and (each := _led(node))
    ]
    return [("units", units), ("people", people), ("agencies", others)]


def _led(node: Node) -> OfferedDesk | None:
    """A unit or agency by its heads; None where it has none."""
    agencies, today = tree(), clock.today()
    role = next((role for role in (policy.LEADER, policy.HEAD) if agencies.posts_in(node.id, role, today)), None)
    return OfferedDesk(f"dv-{node.id}", node.name, (node.id, role, None)) if role else None
