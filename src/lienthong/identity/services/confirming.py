"""Confirming whose account it is: a clerk compares the person, the identity card and what the account says.

The person shows by a code of a quarter of an hour that the account is theirs, so that nobody who stands at a counter
confirms the account of somebody else who has given their number.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed, NotFound
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.statements import run
from lienthong.identity import events
from lienthong.identity.actors import Citizen, Officer
from lienthong.identity.models import Person
from lienthong.identity.policy import require
from lienthong.identity.services.mandate_rows import fresh_code, tidy

CONFIRM = "identity.confirm-numbers"
"""To compare people with their identity cards, at the counter."""

GOOD_FOR = timedelta(minutes=15)
"""So long a code can be told to a clerk."""

ACCOUNT = "account"


class NumberMissing(DomainError):
    code = "identity.number_missing"


class NumberConfirmed(Conflict):
    """The number of an account was confirmed, here or for another account."""

    code = "identity.number_confirmed"


class NoSuchCode(NotFound):
    code = "identity.no_such_code"


class NotThisPerson(DomainError):
    """The card and the account say different things."""

    code = "identity.not_this_person"


@transaction.atomic
def make_code(*, actor: Officer | Citizen) -> Person:
    """A code to be told to a clerk; the one that is still good, if there is one.

    Raises NumberMissing, NumberConfirmed.
    """
    person, _created = Person.objects.select_for_update().get_or_create(account_id=actor.account_id)
    if person.confirmed_at:
        raise NumberConfirmed(_("Your identification number has been confirmed already."))
    if not person.person_id:
        raise NumberMissing(
            _("Your personal identification number is missing."), way_out=_("Enter it under “Your details” first.")
        )
    now = clock.now()
    if person.code_until is None or person.code_until <= now:
        person.code, person.code_until = fresh_code(), now + GOOD_FOR
        person.save(update_fields=["code", "code_until"])
    return person


@transaction.atomic
def look(*, officer: Officer, code: str, number: str, name: str = "") -> Person:
    """The account of who stands there, to be compared with the card: `number` and `name` as they are on it. On record.

    Raises NotAllowed, NoSuchCode, NotThisPerson, NumberConfirmed.
    """
    person = _compared(officer, code, number, name)
    _record(events.NUMBER_SEEN, person, officer)
    return person


@transaction.atomic
def confirm(*, officer: Officer, code: str, number: str, name: str = "") -> Person:
    """Put on record that the account is that of the person who stands there with the card. Again changes nothing.

    What follows for the person's dossiers does so by a subscription. Raises as `look`.
    """
    person = _compared(officer, code, number, name, lock=True)
    if person.confirmed_at:
        return person
    # An account that was closed has no use of it any more.
    former = Person.objects.filter(person_id=person.person_id, confirmed_at__isnull=False, account__is_active=False)
    former.update(confirmed_at=None, confirmed_by=None, confirmed_post_id=None)
    person.confirmed_at, person.confirmed_by_id = clock.now(), officer.account_id
    person.confirmed_post_id = officer.post_id
    try:
        with transaction.atomic():
            person.save(update_fields=["confirmed_at", "confirmed_by", "confirmed_post_id"])
    except IntegrityError:
        raise _confirmed_elsewhere() from None
    _record(events.NUMBER_CONFIRMED, person, officer)
    return person


_CONFIRMED = """
    SELECT account.id FROM identity_person person JOIN identity_account account ON account.id = person.account_id
     WHERE person.person_id = %s AND person.person_id <> '' AND person.confirmed_at IS NOT NULL AND account.is_active"""


def account_with(number: str) -> int | None:
    """The account of the person with that number, where a clerk has confirmed it; never by what somebody only said.

    Until the end of the transaction `wait_for_readers` of the same number waits, so that what is kept for nobody here
    is found there.
    """
    if not number:
        return None
    run("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_lock_name(number)]).close()
    with run(_CONFIRMED, [number]) as cursor:
        found = cursor.fetchone()
    return found[0] if found else None


def confirmed_number(account_id: int) -> str:
    """The confirmed number of an account; empty where none is."""
    confirmed = Person.objects.filter(account_id=account_id, confirmed_at__isnull=False)
    return confirmed.values_list("person_id", flat=True).first() or ""


def wait_for_readers(number: str) -> None:
    """Wait for the transactions that have asked whose the number is, and let others wait until this one is over."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_lock_name(number)]).close()


def _lock_name(number: str) -> str:
    return f"person {number}"


def _compared(officer: Officer, code: str, number: str, name: str, *, lock: bool = False) -> Person:
    require(officer, CONFIRM, officer.acting.organisation)
    rows = Person.objects.select_for_update(of=("self",)) if lock else Person.objects.all()
    person = rows.select_related("account").filter(code=tidy(code) or None, account__is_active=True).first()
    if person is None or (person.confirmed_at is None and _is_over(person)):
        raise NoSuchCode(
            _("There is no account with this code, or the code is too old."),
            way_out=_("The person makes a new one under “Your account”: “Confirm the number at a counter”."),
        )
    if person.account_id == officer.account_id:
        raise NotAllowed(_("You cannot confirm your own number."), way_out=_("A colleague can."))
    if person.person_id != number or (name and folded(name) != folded(person.account.full_name)):
        raise NotThisPerson(
            _("Name and number in the account are not those on the card."),
            way_out=_("The person corrects them under “Your details” and makes a new code."),
        )
    others = Person.objects.filter(person_id=number, confirmed_at__isnull=False, account__is_active=True)
    if others.exclude(pk=person.pk).exists():
        raise _confirmed_elsewhere()
    return person


def _is_over(person: Person) -> bool:
    return person.code_until is None or person.code_until <= clock.now()


def _confirmed_elsewhere() -> NumberConfirmed:
    return NumberConfirmed(
        _("This number has been confirmed for another account."),
        way_out=_("The person signs in with that one; who has forgotten the password sets a new one there."),
    )


def _record(kind: ledger.EventKind, person: Person, officer: Officer) -> None:
    ledger.record(
        kind,
        subject=(ACCOUNT, person.account_id),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data={},
    )
