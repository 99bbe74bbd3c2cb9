"""Who may do what with documents."""

from lienthong.foundation import clock
from lienthong.foundation.organisations import parts
from lienthong.foundation.organisations.parts import served
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node, PostNode
from lienthong.identity.actors import HeldPost, Officer

REGISTER = "documents.register"
"""To receive, number and register documents: the clerk's work (NĐ 30/2020 art. 6.3)."""
SEE = "documents.see"
"""To see every document that lies or lay with the organisation."""

LEADER, HEAD, CLERK = parts.LEADER, parts.HEAD, "document-clerk"

units_of = parts.units_of


def agencies_of(officer: Officer) -> list[Node]:
    """The agencies whose documents an officer registers.

    The clerk's desk stands in an office or a division of the agency: then it is the one above, for an office its own
    documents too; else it is the organisation of the post itself.
    """
    found: dict[int, Node] = {}
    for post in officer.posts:
        if any(grant.permission == REGISTER for grant in post.grants):
            for node in served(post.organisation):
                found.setdefault(node.id, node)
    return list(found.values())


def post_for(officer: Officer, agency: Node) -> HeldPost | None:
    """The post by which an officer registers documents of the agency."""
    posts = sorted(officer.posts, key=lambda post: post.id != officer.acting.id)
    return next((post for post in posts if _registers(post, agency)), None)


def _registers(post: HeldPost, agency: Node) -> bool:
    may = any(grant.permission == REGISTER for grant in post.grants)
    return may and agency.id in {node.id for node in served(post.organisation)}


def seen_by(officer: Officer) -> frozenset[int]:
    """The organisations over which an officer has documents.see, with all that is below them where the role says so."""
    agencies, found = tree(), set(officer.organisation_ids(SEE))
    for post in officer.posts:
        if any(grant.permission == SEE and grant.below for grant in post.grants):
            found |= agencies.below(post.organisation)
    return frozenset(found)


def clerks_of(agency: Node) -> tuple[int, str] | None:
    """The desk of an agency's document clerks; None where it has none in this system."""
    agencies, today = tree(), clock.today()
    found = (unit.id for unit in units_of(agency) if agencies.posts_in(unit.id, CLERK, today))
    desk = next(found, None)
    return (desk, CLERK) if desk is not None else None


def can_be_sent_to() -> list[Node]:
    """The agencies of the province that have a document clerk here."""
    today = clock.today()
    nodes = (node for node in tree().nodes.values() if node.kind not in UNITS and node.in_force(today))
    return [node for node in nodes if clerks_of(node)]


def followed_by(officer: Officer) -> list[Node]:
    """The agencies whose settling of documents an officer may follow as a whole: whose clerk the officer is, and those
    that lie in `documents.see`."""
    found = {node.id: node for node in agencies_of(officer)}
    for node in sorted(tree().nodes.values(), key=lambda node: (len(node.path), node.id)):
        if node.kind not in UNITS and officer.may(SEE, node):
            found.setdefault(node.id, node)
    return list(found.values())


def units_followed_by(officer: Officer) -> list[Node]:
    """The divisions and units, by themselves, whose settling of documents their heads may follow."""
    units = (node for node in tree().nodes.values() if node.kind in UNITS and officer.may(SEE, node))
    return sorted(units, key=lambda node: (len(node.path), node.id))


def follows(officer: Officer) -> bool:
    return bool({REGISTER, SEE} & officer.permissions)


def presented_to(agency: Node) -> list[PostNode]:
    """To whom a clerk presents what came in: the leaders of the agency, and the heads of the units where its document
    clerks sit, who present it further."""
    agencies, today = tree(), clock.today()
    offices = [unit.id for unit in units_of(agency) if unit is not agency and agencies.posts_in(unit.id, CLERK, today)]
    desks = [(agency.id, LEADER), *((office, HEAD) for office in offices)]
    return [post for organisation, role in desks for post in agencies.posts_in(organisation, role, today)]
