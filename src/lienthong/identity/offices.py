"""For which agencies an officer works: an agency's office, or the division that is its office, works for all of it."""

from collections.abc import Iterator

from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node
from lienthong.identity.actors import HeldPost, Officer, Permission

OFFICE, LEADER = "office", "agency-leader"
INSIDE = UNITS | {OFFICE}


def served(officer: Officer, permission: Permission) -> list[Node]:
    """The agencies for which the officer has the permission: of a post in an office or a division the one above, of
    an office itself and of every agency that very one."""
    found: dict[int, Node] = {}
    for post in officer.posts:
        if any(grant.permission == permission for grant in post.grants):
            for node in agencies_served_from(post.organisation):
                found.setdefault(node.id, node)
    return list(found.values())


def post_serving(officer: Officer, permission: Permission, agency: Node) -> HeldPost | None:
    """The post by which the officer has the permission for the agency, the chosen one first."""
    posts = sorted(officer.posts, key=lambda post: post.id != officer.acting.id)
    for post in posts:
        may = any(grant.permission == permission for grant in post.grants)
        if may and any(node.id == agency.id for node in agencies_served_from(post.organisation)):
            return post
    return None


def agencies_of(organisation: Node) -> list[Node]:
    """The agency that an organisation is part of; for an office the one above first."""
    own = tree().agency_of(organisation)
    above = tree().parent(own) if own.kind == OFFICE else None
    return [above, own] if above else [own]


def agencies_served_from(organisation: Node) -> Iterator[Node]:
    above = tree().parent(organisation)
    if organisation.kind in INSIDE and above:
        yield above
    if organisation.kind not in UNITS:
        yield organisation
