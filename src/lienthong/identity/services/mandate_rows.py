"""What the use cases of mandates share: finding one, why they refuse, deciding on it, putting it on record."""

import secrets

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.fields.typed import compact
from lienthong.identity import representing
from lienthong.identity.actors import Citizen, Officer
from lienthong.identity.models import Account, Mandate

MANDATE = "mandate"
"""The type of subject under which the ledger knows mandates."""

LONGEST_REASON = 500
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

Actor = Officer | Citizen


class NoSuchMandate(NotFound):
    code = "identity.no_such_mandate"


class MandateRefused(DomainError):
    """What was said does not fit together; nothing was changed."""

    code = "identity.mandate_refused"


class MandateMovedOn(Conflict):
    code = "identity.mandate_moved_on"


def fresh_code() -> str:
    """Ten characters, 50 random bits."""
    return "".join(secrets.choice(_LETTERS) for _position in range(10))


def tidy(typed: str) -> str:
    return compact(typed).replace("-", "").upper()[:20]


def no_such_mandate() -> NoSuchMandate:
    """The same words whether there is none or it is not this person's."""
    return NoSuchMandate(
        _("There is no mandate with this code, or it is not for you."),
        way_out=_("Compare the code, and your name and identification number in your account."),
    )


def lock(**where: object) -> Mandate:
    """The mandate, locked till the end of the transaction. Raises NoSuchMandate."""
    found = Mandate.objects.select_for_update().filter(**where).first()
    if found is None:
        raise no_such_mandate()
    return found


def require_claimed(mandate: Mandate) -> None:
    if mandate.state != Mandate.State.CLAIMED:
        raise MandateMovedOn(_("Somebody has decided on this already: %(state)s."), state=mandate.get_state_display())
    require_not_over(mandate)


def require_not_over(mandate: Mandate) -> None:
    if representing.is_over(mandate):
        raise MandateMovedOn(_("The days of this mandate are over."), way_out=_("It has to be given again."))


def settle(mandate: Mandate, state: Mandate.State, by: Account) -> None:
    mandate.state, mandate.confirmed_at, mandate.confirmed_by = state, clock.now(), by
    mandate.save()


def end(mandate: Mandate, actor: Actor, reason: str) -> None:
    mandate.state, mandate.revoked_at, mandate.revoked_by_id = Mandate.State.REVOKED, clock.now(), actor.account_id
    mandate.reason = reason.strip()[:LONGEST_REASON]
    mandate.save()


def record(kind: ledger.EventKind, mandate: Mandate, actor: Actor, *, organisation_id: int | None = None) -> None:
    """Who acts for whom is personal: the entry says only which mandate, of what kind and for what."""
    ledger.record(
        kind,
        subject=(MANDATE, mandate.pk),
        actor=actor,
        organisation_id=organisation_id,
        data={"kind": mandate.kind, "procedures": list(mandate.procedures), "until": mandate.valid_to},
    )
