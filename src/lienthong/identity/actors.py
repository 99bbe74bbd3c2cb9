"""Who acts: the person behind a request as a plain value, with the posts held and what they allow."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lienthong.foundation.organisations.rules import Node

Permission = str
"""<module>.<verb>, such as cases.receive."""

MANAGE: Permission = "identity.manage"
"""To give accounts and posts to officers, and take them back."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission a post gives: in its organisation, or also below it."""

    permission: Permission
    below: bool


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post with its organisation and everything its roles grant."""

    id: int
    title: str
    organisation: Node
    roles: frozenset[str]
    grants: frozenset[Grant]
    standing_in: bool = False
    """Whether somebody else holds it, who is away."""


@dataclass(frozen=True)
class Officer:
    """A person who holds posts. `acting` is the post the person has chosen to work in; inboxes show all of them."""

    account_id: int
    name: str
    posts: tuple[HeldPost, ...]
    acting: HeldPost

    @property
    def post_id(self) -> int:
        return self.acting.id

    @property
    def standing_in(self) -> bool:
        """Whether the post acted in is that of somebody who is away."""
        return self.acting.standing_in

    @cached_property
    def post_ids(self) -> frozenset[int]:
        return frozenset(post.id for post in self.posts)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything the person may do somewhere: enough to decide which parts of the desk to show."""
        return frozenset(grant.permission for post in self.posts for grant in post.grants)

    def posts_with(self, permission: Permission, organisation: Node) -> list[HeldPost]:
        """The posts that give the permission in that organisation."""
        return [post for post in self.posts if _grants(post, permission, organisation)]

    def may(self, permission: Permission, organisation: Node) -> bool:
        return any(_grants(post, permission, organisation) for post in self.posts)

    def paths(self, permission: Permission) -> list[str]:
        """Paths (ltree) of the subtrees in which the person has the permission; for reads scoped in SQL."""
        return sorted(
            {_dotted(post) for post in self.posts for g in post.grants if g.permission == permission and g.below}
        )

    def organisation_ids(self, permission: Permission) -> list[int]:
        """Organisations, without what is below them, in which the person has the permission."""
        return sorted({post.organisation.id for post in self.posts for g in post.grants if g.permission == permission})

    def desks(self) -> dict[str, list[int]]:
        """The organisations in which the person has each role: where work for that role lies."""
        desks: dict[str, set[int]] = {}
        for post in self.posts:
            for role in post.roles:
                desks.setdefault(role, set()).add(post.organisation.id)
        return {role: sorted(organisations) for role, organisations in sorted(desks.items())}

    def acting_in(self, post: HeldPost) -> "Officer":
        return Officer(self.account_id, self.name, self.posts, post)


@dataclass(frozen=True, slots=True)
class Citizen:
    """A signed-in person who applies."""

    account_id: int
    name: str
    post_id: None = None


def _grants(post: HeldPost, permission: Permission, organisation: Node) -> bool:
    here = post.organisation
    return any(
        grant.permission == permission
        and (organisation.id == here.id or (grant.below and organisation.path[: len(here.path)] == here.path))
        for grant in post.grants
    )


def _dotted(post: HeldPost) -> str:
    return ".".join(map(str, post.organisation.path))


def merged(given: Iterable[Grant]) -> frozenset[Grant]:
    """Grants without those that a wider one of the same permission covers."""
    grants = set(given)
    wide = {grant.permission for grant in grants if grant.below}
    return frozenset(grant for grant in grants if grant.below or grant.permission not in wide)
