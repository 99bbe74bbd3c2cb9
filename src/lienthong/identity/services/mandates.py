"""Acting for others: saying so, giving it, taking it up, confirming it, taking it back.

The two people find each other by a code that one tells the other. So nobody learns from these pages who has an account,
and nobody is asked by strangers.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.identifiers import person_id_facts
from lienthong.identity import events, representing, rules
from lienthong.identity.models import Account, Business, Mandate, Person
from lienthong.identity.queries import applicant_facts
from lienthong.identity.services.mandate_rows import (
    Actor,
    MandateMovedOn,
    MandateRefused,
    end,
    fresh_code,
    lock,
    no_such_mandate,
    record,
    require_claimed,
    require_not_over,
    settle,
    tidy,
)

MOST_OPEN = 20
"""So many claims and offers of one person may wait at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For what and how long. No procedures: for all. `evidence_id` is a stored file of whoever says so."""

    valid_from: date
    valid_to: date | None = None
    procedures: tuple[str, ...] = ()
    evidence_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """Whom one acts for, as it is said: `identity` is the personal identification number, or the tax code."""

    name: str
    identity: str
    for_business: bool = False
    phone: str = ""
    address_unit: str = ""
    address_detail: str = ""


@transaction.atomic
def claim(*, actor: Actor, kind: Mandate.Kind, represented: Represented, terms: Terms) -> Mandate:
    """Say that one may act for another. It counts when the other, or a clerk, has confirmed it.

    Saying the same again while it waits gives the same. Raises MandateRefused.
    """
    account = _locked(actor)
    if kind == Mandate.Kind.PARENT:
        terms = _until_of_age(represented, terms)
    _require_sense(kind, represented.for_business, terms)
    if not represented.for_business and represented.identity == _own_number(account):
        raise MandateRefused(_("This is your own number: for yourself you need no mandate."))
    waiting = Mandate.objects.filter(
        agent=account,
        kind=kind,
        identity=represented.identity,
        for_business=represented.for_business,
        state=Mandate.State.CLAIMED,
    ).first()
    if waiting:
        return waiting
    mandate = _new(
        account, kind, Mandate.State.CLAIMED, represented, terms, agent=account, agent_name=account.full_name
    )
    record(events.MANDATE_CLAIMED, mandate, actor)
    return mandate


@transaction.atomic
def offer(*, actor: Actor, agent_name: str, terms: Terms, business_id: int | None = None) -> Mandate:
    """Let somebody act for oneself, or for a business one represents by law. It counts when the other has taken it up.

    Giving the same again while it waits gives the same. Raises MandateRefused, NoSuchMandate.
    """
    account = _locked(actor)
    _require_sense(Mandate.Kind.WRITTEN, business_id is not None, terms)
    business = _represented_business(account, business_id) if business_id is not None else None
    same = Mandate.objects.filter(
        made_by=account,
        state=Mandate.State.OFFERED,
        agent_name=agent_name,
        business=business,
        procedures=list(terms.procedures),
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
    ).first()
    if same:
        return same
    represented = _as_represented(business) if business else _themselves(account)
    mandate = _new(account, Mandate.Kind.WRITTEN, Mandate.State.OFFERED, represented, terms, agent_name=agent_name)
    mandate.account, mandate.business = (None, business) if business else (account, None)
    mandate.save(update_fields=["account", "business"])
    record(events.MANDATE_OFFERED, mandate, actor)
    return mandate


@transaction.atomic
def take(*, actor: Actor, code: str) -> Mandate:
    """Take up a mandate that somebody gave, by its code. Raises NoSuchMandate, MandateMovedOn, MandateRefused."""
    mandate = lock(code=tidy(code))
    if mandate.agent_id == actor.account_id and mandate.state in rules.ACTIVE_STATES:
        return mandate
    if mandate.state != Mandate.State.OFFERED:
        raise no_such_mandate()
    if mandate.made_by_id == actor.account_id:
        raise MandateRefused(_("You gave this mandate yourself: the other person takes it up with the code."))
    account = Account.objects.get(pk=actor.account_id)
    if folded(account.full_name) != folded(mandate.agent_name):
        raise MandateRefused(
            _("This mandate was given to somebody of another name."),
            way_out=_("Ask whoever gave it to write your name as it stands in your account."),
        )
    require_not_over(mandate)
    mandate.agent, mandate.agent_name = account, account.full_name
    settle(mandate, Mandate.State.CONFIRMED, mandate.made_by)
    record(events.MANDATE_TAKEN, mandate, actor)
    return mandate


@transaction.atomic
def confirm(*, actor: Actor, mandate_id: int) -> Mandate:
    """Confirm that somebody may act for oneself, or for a business one represents by law.

    For oneself it takes the code too (`by_code`), so the page knows the mandate already. Raises NoSuchMandate,
    MandateMovedOn, MandateRefused.
    """
    mandate = lock(pk=mandate_id)
    account = Account.objects.get(pk=actor.account_id)
    if not may_confirm(account, mandate):
        raise no_such_mandate()
    if mandate.state in rules.ACTIVE_STATES:
        return mandate
    require_claimed(mandate)
    if mandate.for_business:
        mandate.business = Business.objects.get(tax_code=mandate.identity)
    else:
        mandate.account = account
    settle(mandate, Mandate.State.CONFIRMED, account)
    record(events.MANDATE_CONFIRMED, mandate, actor)
    return mandate


def may_confirm(account: Account, mandate: Mandate) -> bool:
    """Whether it is this person's to confirm: the own number was named, or a business that the person represents."""
    if mandate.agent_id == account.pk or mandate.kind == Mandate.Kind.PARENT:
        return False
    if mandate.for_business:
        represented = representing.businesses_of(account.pk)
        return Business.objects.filter(pk__in=represented, tax_code=mandate.identity).exists()
    return mandate.identity == _own_number(account)


@transaction.atomic
def decline(*, actor: Actor, code: str) -> Mandate:
    """Refuse an offer to oneself or a claim on oneself, by its code. Raises NoSuchMandate, MandateMovedOn."""
    mandate = lock(pk=by_code(code, actor).pk)
    if mandate.state not in (Mandate.State.OFFERED, Mandate.State.CLAIMED):
        raise MandateMovedOn(_("Somebody has decided on this already: %(state)s."), state=mandate.get_state_display())
    end(mandate, actor, "")
    record(events.MANDATE_REFUSED, mandate, actor)
    return mandate


@transaction.atomic
def revoke(*, actor: Actor, mandate_id: int, reason: str = "") -> Mandate:
    """End a mandate, an offer or a claim: by the agent, by whom it is for, by who represents that business.

    Ending it again changes nothing. Raises NoSuchMandate.
    """
    mandate = lock(pk=mandate_id)
    if not representing.seen_by(actor).filter(pk=mandate.pk).exists():
        raise no_such_mandate()
    if mandate.state == Mandate.State.REVOKED:
        return mandate
    end(mandate, actor, reason)
    record(events.MANDATE_REVOKED, mandate, actor)
    return mandate


def by_code(code: str, person: Actor) -> Mandate:
    """A mandate for whom its code was told: an offer to take up, or a claim on the own person or business.

    Raises NoSuchMandate, also for claims that are not this person's to confirm.
    """
    mandate = Mandate.objects.select_related("agent", "business", "account").filter(code=tidy(code)).first()
    account = Account.objects.get(pk=person.account_id)
    if mandate is None or representing.is_over(mandate):
        raise no_such_mandate()
    if mandate.state == Mandate.State.CLAIMED and not may_confirm(account, mandate):
        raise no_such_mandate()
    if mandate.state in rules.ACTIVE_STATES and not representing.seen_by(person).filter(pk=mandate.pk).exists():
        raise no_such_mandate()
    return mandate


# what they share


def _locked(actor: Actor) -> Account:
    """The account, locked: what one person says twice at the same moment is said once."""
    account = Account.objects.select_for_update().get(pk=actor.account_id)
    waiting = Mandate.objects.filter(made_by=account, state__in=[Mandate.State.CLAIMED, Mandate.State.OFFERED])
    if waiting.count() >= MOST_OPEN:
        raise MandateRefused(
            _("%(most)s mandates of yours are waiting already."),
            way_out=_("Take back what is not needed."),
            most=MOST_OPEN,
        )
    return account


def _own_number(account: Account) -> str:
    """The personal identification number of an account; one that nobody can have where none was said."""
    known = Person.objects.filter(account=account).values_list("person_id", flat=True).first()
    return known or "-"


def _require_sense(kind: Mandate.Kind, for_business: bool, terms: Terms) -> None:
    """The days make sense, and the kind fits whom it is for."""
    today = clock.today()
    if terms.valid_to is not None and terms.valid_to < max(terms.valid_from, today):
        raise MandateRefused(_("The last day must not lie before the first day or before today."))
    if kind == Mandate.Kind.WRITTEN:
        if terms.valid_to is None:
            raise MandateRefused(_("Say until when."))
        if terms.valid_to - terms.valid_from > rules.LONGEST_MANDATE:
            raise MandateRefused(_("A mandate lasts five years at most; it can be given again."))
    if for_business and kind == Mandate.Kind.PARENT:
        raise MandateRefused(_("A business has no parents: choose another kind."))


def _until_of_age(child: Represented, terms: Terms) -> Terms:
    """Parents act for their children until these are of age: 18 years (Civil Code 2015, art. 20), by the year that the
    personal identification number tells."""
    if child.for_business:
        return terms
    of_age = person_id_facts(child.identity).birth_year + rules.OF_AGE
    last = date(of_age, 12, 31)
    if last < clock.today():
        raise MandateRefused(
            _("By the number given, this person is of age."), way_out=_("Choose another kind, or ask for a mandate.")
        )
    return replace(terms, valid_to=min(terms.valid_to or last, last))


def _represented_business(account: Account, business_id: int) -> Business:
    if business_id not in representing.businesses_of(account.pk):
        raise no_such_mandate()
    return Business.objects.get(pk=business_id)


def _as_represented(business: Business) -> Represented:
    return Represented(
        name=business.name,
        identity=business.tax_code,
        for_business=True,
        address_unit=business.address_unit,
        address_detail=business.address_detail,
    )


def _themselves(account: Account) -> Represented:
    facts = applicant_facts(account.pk)
    if not facts["person_id"]:
        raise MandateRefused(
            _("Your personal identification number is missing."), way_out=_("Enter it under “Your details” first.")
        )
    return Represented(name=account.full_name, identity=facts["person_id"], phone=account.phone)


def _new(
    maker: Account,
    kind: Mandate.Kind,
    state: Mandate.State,
    represented: Represented,
    terms: Terms,
    *,
    agent_name: str,
    agent: Account | None = None,
) -> Mandate:
    return Mandate.objects.create(
        code=fresh_code(),
        kind=kind,
        state=state,
        agent=agent,
        agent_name=agent_name,
        for_business=represented.for_business,
        name=represented.name,
        identity=represented.identity,
        phone=represented.phone,
        address_unit=represented.address_unit,
        address_detail=represented.address_detail,
        procedures=list(terms.procedures),
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        evidence_id=terms.evidence_id,
        made_at=clock.now(),
        made_by=maker,
    )
