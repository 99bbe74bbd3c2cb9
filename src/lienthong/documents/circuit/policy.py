"""Who may do what with a draft that is being signed, and with whom it lies."""

from lienthong.documents import policy
from lienthong.documents.drafts.policy import writes
from lienthong.documents.models import Draft, SigningTurn
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import HeldPost, Officer


def arranges(officer: Officer, draft: Draft) -> bool:
    """Who says whom to ask instead: whoever drafts it, and the clerks of the agency."""
    return writes(officer, draft) or numbers(officer, draft)


def numbers(officer: Officer, draft: Draft) -> bool:
    """The agency's document clerks give the number and use its seal (NĐ 30/2020 art. 6.3, 32)."""
    return policy.post_for(officer, tree()[draft.organisation_id]) is not None


def holds(officer: Officer, turn: SigningTurn) -> HeldPost | None:
    """The post by which it is the officer's turn: of the post that was named, else of all with its role. A post that
    the officer holds goes before one that the officer only stands in for."""
    posts = sorted(officer.posts, key=lambda post: post.standing_in)
    if turn.post_id:
        return next((post for post in posts if post.id == turn.post_id), None)
    return next(
        (post for post in posts if turn.role in post.roles and post.organisation.id == turn.organisation_id), None
    )


def own_post(officer: Officer, post: HeldPost) -> HeldPost:
    """The post with which somebody signs who acts in `post`: one's own, also when standing in for another."""
    if not post.standing_in:
        return post
    held = sorted(officer.posts, key=lambda each: (each.standing_in, each.id != officer.acting.id))
    return held[0]


def askable(agency: Node) -> list[PostNode]:
    """Who can check or sign a draft of the agency: its leaders, the heads of its units, and who works in the office
    where its document clerks sit. From the top down."""
    agencies, today = tree(), clock.today()
    found: dict[int, PostNode] = {}
    for unit in policy.units_of(agency):
        office = unit.id != agency.id and bool(agencies.posts_in(unit.id, policy.CLERK, today))
        for post in sorted(agencies.posts.values(), key=lambda each: each.id):
            leads = post.roles & {policy.LEADER, policy.HEAD}
            if post.organisation_id == unit.id and post.in_force(today) and (leads or office):
                found.setdefault(post.id, post)
    return list(found.values())
