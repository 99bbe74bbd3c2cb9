"""What a clerk does with mandates at the counter: comparing what was said with the original papers."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import NotAllowed
from lienthong.identity import events
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account, Business, Mandate
from lienthong.identity.policy import require
from lienthong.identity.services.mandate_rows import (
    MandateRefused,
    end,
    lock,
    no_such_mandate,
    record,
    require_claimed,
    settle,
    tidy,
)

CHECK = "identity.check-mandates"
"""To compare claims with their papers, at the counter."""


@transaction.atomic
def check(*, officer: Officer, code: str) -> Mandate:
    """Put on record that a clerk has compared a claim with the original papers. A business becomes known by it.

    Raises NotAllowed, NoSuchMandate, MandateMovedOn.
    """
    require(officer, CHECK, officer.acting.organisation)
    mandate = lock(code=tidy(code))
    _require_another(officer, mandate)
    if mandate.state == Mandate.State.CHECKED:
        return mandate
    require_claimed(mandate)
    if mandate.for_business:
        mandate.business = _known_business(mandate)
    else:
        mandate.account = None
    mandate.confirmed_post_id = officer.post_id
    settle(mandate, Mandate.State.CHECKED, Account.objects.get(pk=officer.account_id))
    record(events.MANDATE_CHECKED, mandate, officer, organisation_id=officer.acting.organisation.id)
    return mandate


@transaction.atomic
def refuse(*, officer: Officer, code: str, reason: str) -> Mandate:
    """A clerk does not accept a claim. Raises NotAllowed, NoSuchMandate, MandateMovedOn, MandateRefused."""
    require(officer, CHECK, officer.acting.organisation)
    mandate = lock(code=tidy(code))
    _require_another(officer, mandate)
    require_claimed(mandate)
    if not reason.strip():
        raise MandateRefused(_("Say why, so that the person can put it right."))
    end(mandate, officer, reason)
    record(events.MANDATE_REFUSED, mandate, officer, organisation_id=officer.acting.organisation.id)
    return mandate


@transaction.atomic
def look(*, officer: Officer, code: str) -> Mandate:
    """The claim with this code, for the clerk it was told to. On record. Raises NotAllowed, NoSuchMandate."""
    require(officer, CHECK, officer.acting.organisation)
    mandate = Mandate.objects.select_related("agent", "business", "evidence").filter(code=tidy(code)).first()
    if mandate is None or mandate.agent_id is None:
        raise no_such_mandate()
    record(events.MANDATE_SEEN, mandate, officer, organisation_id=officer.acting.organisation.id)
    return mandate


def business_with(mandate: Mandate) -> Business | None:
    """The business that is known already under the tax code of a claim: what the clerk compares the name with."""
    return Business.objects.filter(tax_code=mandate.identity).first() if mandate.for_business else None


def _require_another(officer: Officer, mandate: Mandate) -> None:
    """Nobody decides on the own claim."""
    if officer.account_id in (mandate.agent_id, mandate.made_by_id, mandate.account_id):
        raise NotAllowed(_("You cannot decide on a mandate of your own."), way_out=_("A colleague can."))


def _known_business(mandate: Mandate) -> Business:
    """The business with that tax code; made by the claim that a clerk has compared, when there is none."""
    try:
        with transaction.atomic():
            return Business.objects.get_or_create(
                tax_code=mandate.identity,
                defaults={
                    "name": mandate.name,
                    "address_unit": mandate.address_unit,
                    "address_detail": mandate.address_detail,
                },
            )[0]
    except IntegrityError:
        return Business.objects.get(tax_code=mandate.identity)
