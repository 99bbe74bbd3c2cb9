"""Who may do what with records, and with whom they lie."""

from collections.abc import Iterable

from lienthong.documents import policy
from lienthong.documents.models import Record
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node, PostNode
from lienthong.identity.actors import HeldPost, Officer

ARCHIVE = "documents.archive"
"""To receive records into the archive of the agency and to propose what is destroyed."""
ARCHIVIST = "archivist"

_INSIDE = UNITS | {"office"}


def agency_of(unit: Node) -> Node:
    """The agency whose list of records a unit works by; an office works by that of the agency above it."""
    agencies, found = tree(), unit
    while found.kind in _INSIDE and (above := agencies.parent(found)):
        found = above
    return found


def agencies_of(officer: Officer) -> list[Node]:
    """Those in which the officer holds a post, that of the acting post first."""
    posts = sorted(officer.posts, key=lambda post: post.id != officer.acting.id)
    found = {node.id: node for node in (agency_of(post.organisation) for post in posts)}
    return list(found.values())


def is_clerk(officer: Officer, agency: Node) -> bool:
    return policy.post_for(officer, agency) is not None


def units_led(officer: Officer, agency: Node) -> list[Node]:
    """The parts of an agency for which somebody drafts the list: all of them for its clerks and leaders, else those
    that they lead."""
    units = policy.units_of(agency)
    return units if is_clerk(officer, agency) else [unit for unit in units if officer.may(policy.SEE, unit)]


def leads(officer: Officer, agency: Node) -> bool:
    """Whether somebody is the head of the agency, or a deputy."""
    return any(policy.LEADER in post.roles and post.organisation.id == agency.id for post in officer.posts)


def archives(officer: Officer, agency: Node) -> bool:
    return any(_archives(post) and agency_of(post.organisation).id == agency.id for post in officer.posts)


def archived_by(officer: Officer) -> list[int]:
    """The agencies whose archive somebody keeps."""
    return sorted({agency_of(post.organisation).id for post in officer.posts if _archives(post)})


def _archives(post: HeldPost) -> bool:
    return any(grant.permission == ARCHIVE for grant in post.grants)


def archive_desk(agency: Node) -> int | None:
    """The organisation in which the archivists of an agency sit."""
    today, agencies = clock.today(), tree()
    found = (unit.id for unit in policy.units_of(agency) if agencies.posts_in(unit.id, ARCHIVIST, today))
    return next(found, None)


def clerks_desk(agency: Node) -> int | None:
    """The organisation in which the clerks of an agency sit."""
    today, agencies = clock.today(), tree()
    found = (unit.id for unit in policy.units_of(agency) if agencies.posts_in(unit.id, policy.CLERK, today))
    return next(found, None)


def works_on(officer: Officer, record: Record) -> bool:
    """Who files, orders and closes: whoever holds the post that makes it, and the heads of its unit."""
    return record.maker_id in officer.post_ids or officer.may(policy.SEE, tree()[record.unit_id])


def posts_of(units: Iterable[Node]) -> list[PostNode]:
    wanted, today = {unit.id for unit in units}, clock.today()
    found = (post for post in tree().posts.values() if post.organisation_id in wanted and post.in_force(today))
    return sorted(found, key=lambda post: post.id)


def makers_for(officer: Officer, agency: Node) -> list[PostNode]:
    """The posts for which somebody may open a record: their own, and those of the units that they lead."""
    own = [post.id for post in officer.posts if agency_of(post.organisation).id == agency.id]
    led = [unit for unit in policy.units_of(agency) if officer.may(policy.SEE, unit)]
    found = {post.id: post for post in [*(tree().posts[each] for each in own), *posts_of(led)]}
    return list(found.values())
