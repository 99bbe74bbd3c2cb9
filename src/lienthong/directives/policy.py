"""Who may do what with directives.

Leaders give; the office of their agency gives in their name, follows, judges, and takes on for its agency what others
gave to it. Whoever has a task by its desk carries it out.
"""

from collections.abc import Iterable

from lienthong.directives.models import Directive, Task
from lienthong.foundation import clock
from lienthong.foundation.organisations import parts
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import HeldPost, Officer

GIVE = "directives.give"
"""To give directives for the agency, to decide on more time and to cancel."""
FOLLOW = "directives.follow"
"""To say whether what was reported is done, to urge, and to take on for the agency what others gave to it."""
SEE = "directives.see"
"""To see the directives of an organisation: those that it gave and those that lie or lay with it."""

OFFICE = "directives-office"
"""The role of those who follow directives for the leaders of an agency."""


def _posts_with(officer: Officer, permission: str) -> list[HeldPost]:
    posts = sorted(officer.posts, key=lambda post: post.id != officer.acting.id)
    return [post for post in posts if any(grant.permission == permission for grant in post.grants)]


def served_by(officer: Officer, permission: str) -> dict[int, HeldPost]:
    """The agencies for which an officer has the permission, each with the post by which; that of the acting post
    first."""
    found: dict[int, HeldPost] = {}
    for post in _posts_with(officer, permission):
        for node in parts.served(post.organisation):
            found.setdefault(node.id, post)
    return found


def gives_for(officer: Officer) -> list[Node]:
    """The agencies in whose leaders' names somebody gives directives, and that have anybody to give them to."""
    agencies = [tree()[each] for each in served_by(officer, GIVE)]
    return [agency for agency in agencies if givers_of(agency) and receivers_of(agency)]


def givers_of(agency: Node) -> list[PostNode]:
    """The leaders in whose names directives of an agency are given."""
    return tree().posts_in(agency.id, parts.LEADER, clock.today())


def receivers_of(agency: Node) -> list[Node]:
    """To whom the leaders of an agency give directives: its parts and the agencies below it that somebody leads."""
    agencies, today = tree(), clock.today()
    inside = {unit.id for unit in parts.units_of(agency)}
    found = (agencies[each] for each in agencies.below(agency) if each != agency.id)
    led = (
        node
        for node in found
        if node.in_force(today) and (node.id in inside or node.kind not in parts.INSIDE) and parts.led_by(node)
    )
    return sorted(led, key=lambda node: (len(node.path), node.id))


def office_of(agency: Node) -> int | None:
    """The organisation where those sit who follow directives for an agency; None where nobody does."""
    today, agencies = clock.today(), tree()
    found = (unit.id for unit in parts.units_of(agency) if agencies.posts_in(unit.id, OFFICE, today))
    return next(found, None)


def gives(officer: Officer, directive: Directive) -> HeldPost | None:
    """The post by which somebody decides in the name of whoever gave it."""
    own = next((post for post in officer.posts if post.id == directive.giver_id), None)
    return own or served_by(officer, GIVE).get(directive.organisation_id)


def follows(officer: Officer, directive: Directive) -> HeldPost | None:
    """The post by which somebody says whether a directive is carried out."""
    own = next((post for post in officer.posts if post.id == directive.giver_id), None)
    return own or served_by(officer, FOLLOW).get(directive.organisation_id)


def has(officer: Officer, task: Task) -> HeldPost | None:
    """The post by which a task lies with an officer: that of its desk or, of an agency as a whole, of its office."""
    if task.post_id:
        return next((post for post in officer.posts if post.id == task.post_id), None)
    for post in officer.posts:
        if task.role in post.roles and post.organisation.id == task.organisation_id:
            return post
    return served_by(officer, FOLLOW).get(task.organisation_id) if task.parent_id is None else None


def seen_by(officer: Officer) -> frozenset[int]:
    """The organisations whose directives somebody sees: by `directives.see`, with what is below where the role says so,
    and those of the agencies that they give for or follow."""
    agencies, found = tree(), set(officer.organisation_ids(SEE))
    for post in officer.posts:
        if any(grant.permission == SEE and grant.below for grant in post.grants):
            found |= agencies.below(post.organisation)
    for agency_id in {*served_by(officer, GIVE), *served_by(officer, FOLLOW)}:
        found |= {unit.id for unit in parts.units_of(agencies[agency_id])}
    return frozenset(found)


def given_by(officer: Officer, seen: frozenset[int]) -> frozenset[int]:
    """The agencies all of whose directives somebody sees."""
    return seen | served_by(officer, GIVE).keys() | served_by(officer, FOLLOW).keys()


def below(task: Task) -> list[Node]:
    """The organisations to which a task can be handed on in parts: where it lies, and the parts of that."""
    return parts.units_of(tree()[task.organisation_id])


def posts_of(units: Iterable[Node]) -> list[PostNode]:
    wanted, today = {unit.id for unit in units}, clock.today()
    found = (post for post in tree().posts.values() if post.organisation_id in wanted and post.in_force(today))
    return sorted(found, key=lambda post: post.id)
