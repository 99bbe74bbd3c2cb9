"""Who may see a proposal and decide on it, and at which desks it lies."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import Officer
from lienthong.registers import access
from lienthong.registers.definition import Access, May, RegisterBody
from lienthong.registers.proposals.models import Proposal

RIGHTS: tuple[May, ...] = ("propose", "approve")
"""Whoever has one of these for the entries of an agency sees what is proposed of them."""


class NoSuchProposal(NotFound):
    code = "registers.no_such_proposal"


class NobodyApproves(DomainError):
    """Nobody but who proposes it could approve it."""

    code = "registers.nobody_approves"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a proposal lies: with all of the role in the agency, or with these posts alone."""

    organisation_id: int
    role: str
    posts: tuple[int, ...] = ()


def visible(officer: Officer, body: RegisterBody) -> QuerySet[Proposal]:
    """What was sent by the officer, or concerns an agency for whose entries the officer may propose, write or approve
    something."""
    sent = Proposal.objects.filter(register=body.key).exclude(state=Proposal.State.DRAFT)
    theirs = Q(account_id=officer.account_id)
    for right in RIGHTS:
        reach = access.rights_of(officer, body, to=right).reach
        if reach is None:
            return sent
        theirs |= Q(organisation_id__in=sorted(reach))
    return sent.filter(theirs)


def no_such_proposal() -> NoSuchProposal:
    return NoSuchProposal(_("There is no such proposal, or it is not for you to see."))


def may_decide(officer: Officer, body: RegisterBody, proposal: Proposal) -> bool:
    """Whether it is the officer's to approve: never one's own, and only what lies in fields that are theirs."""
    if proposal.account_id == officer.account_id:
        return False
    theirs = access.rights_of(officer, body, to="approve").fields_at(proposal.organisation_id)
    return bool(theirs) and theirs >= touched(body, proposal)


def touched(body: RegisterBody, proposal: Proposal) -> frozenset[str]:
    """The fields that it would write, as far as the register still has them."""
    return frozenset(proposal.values.keys() & body.leaves.keys())


def desks(body: RegisterBody, keeper: int, fields: Collection[str], *, but: int, day: date) -> list[Desk]:
    """Where it lies to approve a change of these fields: at the agency that keeps the entry, else at the nearest above
    it that may, else anywhere. `but`: the account of who proposes it. One query.

    Raises NobodyApproves when nobody else holds such a post.
    """
    found = list(_places(body, keeper, frozenset(fields), day))
    holders = holders_of(sorted({post.id for _distance, _desk, posts in found for post in posts}), day)

    def others(post: PostNode) -> bool:
        return any(account != but for account, _name in holders.get(post.id, ()))

    held = [each for each in found if any(map(others, each[2]))]
    if not held:
        raise NobodyApproves(
            _("Nobody but you could approve this for %(agency)s."),
            way_out=_("Let a colleague propose it, so that you can approve it."),
            agency=tree()[keeper].name,
        )
    nearest = min(distance for distance, _desk, _posts in held)
    return [_without(desk, posts, holders, but) for distance, desk, posts in held if distance == nearest]


def _places(
    body: RegisterBody, keeper: int, fields: frozenset[str], day: date
) -> Iterator[tuple[int, Desk, list[PostNode]]]:
    """Every desk that may approve it, with how far it is and its posts; each once."""
    seen: set[tuple[int, str]] = set()
    for each in body.access:
        if "approve" not in each.may or (each.fields and not fields <= set(each.fields)):
            continue
        for distance, node in enumerate(_agencies(each, tree()[keeper])):
            posts = tree().posts_in(node.id, each.role, day)
            if posts and (not each.function or each.function in node.functions) and (node.id, each.role) not in seen:
                seen.add((node.id, each.role))
                yield distance, Desk(node.id, each.role), posts


def _agencies(each: Access, keeper: Node) -> Iterator[Node]:
    """Those whose posts reach the keeper's entries by this access, the nearest first."""
    yield keeper
    above = tree().ancestors(keeper)[-2::-1]
    if each.where != "own":
        yield from above
    if each.where == "province":
        near = {keeper.id, *(node.id for node in above)}
        yield from (node for node in tree().nodes.values() if node.id not in near)


def _without(desk: Desk, posts: list[PostNode], holders: dict[int, list[tuple[int, str]]], but: int) -> Desk:
    """Where who proposes holds one of the posts, it lies with the others alone."""
    held_by = {post.id: {account for account, _name in holders.get(post.id, ())} for post in posts}
    if not any(but in accounts for accounts in held_by.values()):
        return desk
    return Desk(desk.organisation_id, desk.role, tuple(post for post, accounts in held_by.items() if accounts - {but}))
