"""What people do with their own accounts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict
from lienthong.identity import events
from lienthong.identity.actors import Citizen, Officer
from lienthong.identity.models import Account, Person
from lienthong.identity.rules import name_key


class NameTaken(Conflict):
    code = "identity.name_taken"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What people say of themselves, for forms to begin with. Empty: not said."""

    person_id: str = ""
    born: date | None = None
    gender: str = ""
    address_unit: str = ""
    address_detail: str = ""


@transaction.atomic
def sign_up(*, full_name: str, phone: str, password: str, email: str = "", person_id: str = "") -> Account:
    """Make the account of somebody who has accepted the terms. `phone` and `person_id` in the form they are kept in.

    Raises NameTaken when the telephone number has an account.
    """
    account = Account(
        username=phone,
        full_name=full_name,
        name_key=name_key(full_name),
        phone=phone,
        email=email.lower(),
        created_at=clock.now(),
        terms_accepted_at=clock.now(),
    )
    account.set_password(password)
    save_new(account)
    Person.objects.create(account=account, person_id=person_id)
    if account.email:
        EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
    itself = Citizen(account.pk, account.full_name)
    ledger.record(events.SIGNED_UP, subject=("account", account.pk), actor=itself, organisation_id=None, data={})
    return account


def save_new(account: Account) -> None:
    """Raises NameTaken when somebody has the user name, perhaps only since a moment ago."""
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        if not Account.objects.filter(username=account.username).exists():
            raise
        raise NameTaken(
            _("There is an account with the name “%(name)s” already."),
            way_out=_("Sign in with it, or set a new password if it was forgotten."),
            name=account.username,
        ) from None


@transaction.atomic
def save_profile(*, actor: Officer | Citizen, facts: PersonFacts, full_name: str = "", phone: str = "") -> None:
    """Keep what the person says of themselves. Nothing of it is in the ledger but which facts were changed.

    The name of an officer is the administrator's to change: papers carry it. Another number is not the one that a clerk
    has confirmed: it has to be confirmed anew.
    """
    account = Account.objects.select_for_update().get(pk=actor.account_id)
    person, _created = Person.objects.select_for_update().get_or_create(account=account)
    changed = _take(person, asdict(facts))
    if "person_id" in changed:
        person.confirmed_at = person.confirmed_by = person.confirmed_post_id = None
        person.code = person.code_until = None
    changed |= _take(account, {"phone": phone})
    if full_name and not account.managed:
        changed |= _take(account, {"full_name": full_name})
    if not changed:
        return
    account.name_key = name_key(account.full_name)
    account.save(update_fields=["phone", "full_name", "name_key"])
    person.save()
    ledger.record(
        events.PROFILE_CHANGED,
        subject=("account", account.pk),
        actor=actor,
        organisation_id=None,
        data={"changed": sorted(changed)},
    )


def _take(row: Account | Person, values: Mapping[str, object]) -> set[str]:
    """Set what differs; the names of what did."""
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    return changed
