"""Who somebody is: the actor behind an account."""

from functools import lru_cache

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.organisations.definition import ROLE
from lienthong.foundation.organisations.queries import postings_of, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Citizen, Grant, HeldPost, Officer, merged
from lienthong.identity.models import Account

Actor = Officer | Citizen

UNITS = "administrative-units"
"""The code list of provinces, districts and communes."""


def actor_of(account: Account, *, acting_post_id: int | None = None) -> Actor:
    """The account as an officer when it holds a post today, else as a citizen. One query.

    `acting_post_id` is the post the person chose to work in; ignored when it is not (any more) among those held.
    """
    held = tuple(_held(post) for post in postings_of(account.pk))
    if not held:
        return Citizen(account.pk, account.full_name)
    acting = next((post for post in held if post.id == acting_post_id), held[0])
    return Officer(account.pk, account.full_name, held, acting)


def _held(post: PostNode) -> HeldPost:
    return HeldPost(
        id=post.id,
        title=post.title,
        organisation=tree()[post.organisation_id],
        roles=post.roles,
        grants=_grants(post.roles, tuple(role.id for role in ROLE.all())),
    )


@lru_cache(maxsize=4096)
def _grants(roles: frozenset[str], editions: tuple[int, ...]) -> frozenset[Grant]:
    """What roles grant, by the editions of roles in force."""
    bodies = [ROLE.pinned(edition) for edition in editions]
    return merged(
        Grant(permission, role.scope == "below")
        for role in bodies
        if role.key in roles
        for permission in role.permissions
    )


def applicant_facts(account_id: int) -> dict[str, str]:
    """What forms may know of the signed-in person: name, person_id, phone, email, address in one line."""
    account = Account.objects.select_related("person").get(pk=account_id)
    person = getattr(account, "person", None)
    return {
        "name": account.full_name,
        "person_id": person.person_id if person else "",
        "phone": account.phone,
        "email": account.email,
        "address": address_line(person.address_unit, person.address_detail) if person else "",
    }


def address_line(unit: str, detail: str) -> str:
    """An address as people write it: the detail, then the administrative units from the smallest up."""
    units = PUBLISHED.code_list(UNITS, clock.today()).chain(unit, clock.today()) if unit else ()
    return ", ".join(filter(None, (detail, *(item.name for item in units))))
