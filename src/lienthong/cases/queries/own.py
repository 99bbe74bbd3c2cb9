"""Which dossiers are a person's own: handed in by it, for it, or for a business that it represents."""

from django.db.models import Q

from lienthong.cases.models import Dossier
from lienthong.identity.queries import Actor
from lienthong.identity.representing import businesses_of


def of_person(person: Actor) -> Q:
    """As a condition on dossiers. One query, for the businesses; each part has an index of its own."""
    own = of_account(person)
    businesses = businesses_of(person.account_id)
    return own | Q(represented_business_id__in=businesses) if businesses else own


def of_account(person: Actor) -> Q:
    """Those of the person alone: at the desk nobody looks after the businesses that an officer may represent."""
    return Q(account_id=person.account_id) | Q(represented_account_id=person.account_id)


def is_own(person: Actor, dossier: Dossier) -> bool:
    """What `of_person` says of a list, said of one. At most one query."""
    if person.account_id in (dossier.account_id, dossier.represented_account_id):
        return True
    business = dossier.represented_business_id
    return business is not None and business in businesses_of(person.account_id)


def is_represented(person: Actor, dossier: Dossier) -> bool:
    """Whether it was handed in for the person, or for a business that it represents. At most one query."""
    if dossier.mandate_id is None:
        return False
    if dossier.represented_account_id == person.account_id:
        return True
    business = dossier.represented_business_id
    return business is not None and business in businesses_of(person.account_id)
