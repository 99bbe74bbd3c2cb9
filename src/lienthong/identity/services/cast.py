"""The invented people of a demonstration become accounts."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.models import Posting
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.foundation.organisations.services import appoint
from lienthong.identity.definition import CastBody, CastBusiness, CastCitizen, CastOfficer
from lienthong.identity.models import Account, Business, Mandate, Person
from lienthong.identity.rules import name_key
from lienthong.identity.services.addresses import keep_verified_address
from lienthong.identity.services.mandate_rows import fresh_code


class Settled(NamedTuple):
    """One person of the cast, for a list of the demonstration's accounts; `posts` says what the person does."""

    username: str
    name: str
    posts: str


@transaction.atomic
def settle_cast(cast: CastBody, password: str) -> list[Settled]:
    """Make the accounts, people, businesses and postings of the cast, all with one password. May be repeated.

    Raises NotAllowed outside demonstrations: everybody knows these passwords.
    """
    if not getattr(settings, "DEMO", False):
        raise NotAllowed(_("Demonstration accounts exist only in a demonstration."))
    hashed = _HashedOnce(password)
    settled = [_officer(person, cast, hashed) for person in cast.officers]
    settled += [_citizen(person, hashed) for person in cast.citizens]
    for business in cast.businesses:
        _business(business, cast)
    return settled


class _HashedOnce:
    """One hash for all of them, and none for those who have the password already: a good hash takes its time."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._known: dict[str, bool] = {}
        self._made = ""

    def fits(self, hashed: str) -> bool:
        if hashed not in self._known:
            self._known[hashed] = check_password(self._password, hashed)
        return self._known[hashed]

    def new(self) -> str:
        if not self._made:
            self._made = make_password(self._password)
            self._known[self._made] = True
        return self._made


def _account(person: CastOfficer | CastCitizen, hashed: _HashedOnce, *, managed: bool, phone: str = "") -> Account:
    account = Account.objects.filter(username=person.username.lower()).first()
    if account is None:
        account = Account(username=person.username.lower(), created_at=clock.now())
    if not hashed.fits(account.password):
        account.password = hashed.new()
    account.full_name, account.name_key = person.name, name_key(person.name)
    account.email, account.phone = person.email.lower(), phone
    account.managed, account.is_active = managed, True
    account.save()
    keep_verified_address(account)
    return account


def _officer(person: CastOfficer, cast: CastBody, hashed: _HashedOnce) -> Settled:
    account = _account(person, hashed, managed=True)
    posts = [_post(held.organisation, held.post) for held in person.posts]
    for post in posts:
        if not Posting.objects.filter(account=account, post_id=post.id, valid_to__isnull=True).exists():
            first_day = max(cast.effective_from, post.valid_from)
            appoint(account_id=account.pk, post_id=post.id, valid_from=first_day)
    named = (f"{post.title}, {tree()[post.organisation_id].name}" for post in posts)
    return Settled(account.username, account.full_name, "; ".join(named))


def _post(organisation: str, key: str) -> PostNode:
    owner = by_key(organisation)
    return next(post for post in tree().posts.values() if post.organisation_id == owner.id and post.key == key)


def _citizen(person: CastCitizen, hashed: _HashedOnce) -> Settled:
    account = _account(person, hashed, managed=False, phone=person.phone)
    facts = {
        "person_id": person.person_id,
        "born": person.born,
        "gender": person.gender,
        "address_unit": person.address.unit,
        "address_detail": person.address.detail,
    }
    Person.objects.update_or_create(account=account, defaults=facts)
    return Settled(account.username, account.full_name, _("Citizen"))


def _business(business: CastBusiness, cast: CastBody) -> None:
    facts = {
        "name": business.name,
        "address_unit": business.address.unit,
        "address_detail": business.address.detail,
    }
    row, _created = Business.objects.update_or_create(tax_code=business.tax_code, defaults=facts)
    account = Account.objects.get(username=business.representative.lower())
    Mandate.objects.get_or_create(
        business=row,
        agent=account,
        kind=Mandate.Kind.LEGAL,
        state=Mandate.State.CHECKED,
        defaults={
            "code": fresh_code(),
            "agent_name": account.full_name,
            "for_business": True,
            "name": row.name,
            "identity": row.tax_code,
            "address_unit": row.address_unit,
            "address_detail": row.address_detail,
            "valid_from": cast.effective_from,
            "made_at": clock.now(),
            "made_by": account,
            "confirmed_at": clock.now(),
            "confirmed_by": account,
        },
    )
