"""Who may do what with the working calendar."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity import offices
from lienthong.identity.actors import HeldPost, Officer

ARRANGE = "calendar.arrange"
"""To approve what units register for the leaders, arrange the week and publish it: the office's work."""

KEEPER = "calendar-keeper"


def has_calendar(agency: Node) -> bool:
    return bool(leaders_of(agency))


def leaders_of(agency: Node) -> list[PostNode]:
    """The posts whose engagements stand in the calendar of the agency."""
    return tree().posts_in(agency.id, offices.LEADER, clock.today())


def agencies_of(officer: Officer) -> list[Node]:
    """The agencies whose calendar the officer reads from inside: those of the own posts, and those arranged."""
    found: dict[int, Node] = {}
    for post in sorted(officer.posts, key=lambda post: post.id != officer.acting.id):
        for node in offices.agencies_of(post.organisation):
            found.setdefault(node.id, node)
    found |= {node.id: node for node in offices.served(officer, ARRANGE) if node.id not in found}
    return [node for node in found.values() if has_calendar(node)]


def arranged_by(officer: Officer) -> list[Node]:
    return [node for node in offices.served(officer, ARRANGE) if has_calendar(node)]


def arranges(officer: Officer, agency: Node) -> bool:
    return offices.post_serving(officer, ARRANGE, agency) is not None


def require_arranging(officer: Officer, agency: Node) -> HeldPost:
    """Raises NotAllowed."""
    post = offices.post_serving(officer, ARRANGE, agency)
    if post is None:
        raise NotAllowed(_("You do not arrange the calendar of %(agency)s."), agency=agency.name)
    return post


def units_of(officer: Officer, agency: Node) -> list[Node]:
    """For which units the officer registers engagements in the calendar of the agency, the chosen post's first."""
    found: dict[int, Node] = {}
    for post in sorted(officer.posts, key=lambda post: post.id != officer.acting.id):
        if agency.id in {node.id for node in offices.agencies_of(post.organisation)}:
            found.setdefault(post.organisation.id, post.organisation)
    return list(found.values())


def desk_of(agency: Node) -> Node | None:
    """The office where engagements of the agency are approved; None where nobody arranges its calendar."""
    agencies, today = tree(), clock.today()
    near = (agencies[pk] for pk in agencies.below(agency))
    inside = [node for node in near if node.id == agency.id or node.parent_id == agency.id]
    for node in sorted(inside, key=lambda node: (-len(node.path), node.id)):
        if agencies.posts_in(node.id, KEEPER, today) and agency in offices.agencies_served_from(node):
            return node
    return None


def inside(agency: Node) -> list[Node]:
    """The agency and its own parts, from the top down."""
    agencies, found, today = tree(), {agency.id: agency}, clock.today()
    for node in sorted((agencies[each] for each in agencies.below(agency)), key=lambda node: (len(node.path), node.id)):
        if node.kind in offices.INSIDE and node.parent_id in found and node.in_force(today):
            found[node.id] = node
    return list(found.values())


def taking_part(agency: Node) -> list[Node]:
    """The units and agencies that can take part as a whole: the agency's own parts, and the agencies right below it."""
    agencies, today = tree(), clock.today()
    below = (agencies[each] for each in agencies.below(agency))
    under = [node for node in below if node.parent_id == agency.id and node.in_force(today)]
    own = [node for node in inside(agency) if node.id != agency.id]
    known = {node.id for node in own}
    return [*own, *sorted((node for node in under if node.id not in known), key=lambda node: node.id)]


def posts_of(units: list[Node]) -> list[PostNode]:
    """The posts of these, in the order of the units."""
    places, today = {unit.id: place for place, unit in enumerate(units)}, clock.today()
    found = [post for post in tree().posts.values() if post.organisation_id in places and post.in_force(today)]
    return sorted(found, key=lambda post: (places[post.organisation_id], post.id))
