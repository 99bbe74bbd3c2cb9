"""Writing what was proposed, by the services that write everything else; also to try whether it could be written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.registers import queries, services
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.proposals import contents
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.queries import Entry
from lienthong.registers.services import Approved

Single = Literal["enter", "change", "correct", "end"]


class FieldsGone(Conflict):
    """The register has got another form since it was proposed."""

    code = "registers.proposal_fields_gone"


def write(
    deed: Single,
    *,
    register: str,
    officer: Officer,
    approved: Approved,
    day: date | None,
    reason: str,
    raw: Mapping[str, Any],
    organisation_id: int,
    entry_id: int | None,
    revision: int | None,
    request: UUID | None = None,
) -> Entry:
    """Raises what the service of the deed raises."""
    if deed == "enter":
        return services.enter(
            register=register,
            raw=raw,
            officer=officer,
            organisation_id=organisation_id,
            valid_from=day,
            request=request,
            approved=approved,
        )
    there: dict[str, Any] = {
        "register": register,
        "entry_id": entry_id,
        "revision": revision,
        "officer": officer,
        "reason": reason,
        "approved": approved,
    }
    if deed == "end":
        return services.end(**there, valid_until=day)
    if deed == "change":
        return services.change(**there, raw=raw, valid_from=day)
    return services.correct(**there, raw=raw, valid_from=day)


class _Back(Exception):
    """Takes what was tried back."""


@contextmanager
def tried() -> Iterator[None]:
    """What is written inside is taken back at the end: the database, too, has then said whether it could be."""
    try:
        with transaction.atomic():
            yield
            raise _Back
    except _Back:
        pass


def of_proposal(proposal: Proposal, *, officer: Officer, revision: int | None) -> Entry:
    """Write what was approved. Raises FieldsGone, and what the service of the deed raises."""
    body = queries.register(proposal.register)
    require_fields(body, proposal)
    return write(
        proposal.deed,  # type: ignore[arg-type]
        register=proposal.register,
        officer=officer,
        approved=approval_of(proposal),
        day=proposal.day,
        reason=proposal.reason,
        raw=contents.raw_of(body, proposal.values),
        organisation_id=proposal.organisation_id,
        entry_id=proposal.entry_id,
        revision=revision,
        request=proposal.key,
    )


def approval_of(proposal: Proposal) -> Approved:
    """In the history of the entry stand both who proposed and who approved."""
    account = Account.objects.filter(pk=proposal.account_id, is_active=True).first()
    chooser = actor_of(account, acting_post_id=proposal.post_id) if account else None
    return Approved(
        said={"proposal": proposal.pk, "proposed_by": proposal.account_id},
        chooser=chooser if isinstance(chooser, Officer) else None,
    )


def require_fields(body: RegisterBody, proposal: Proposal) -> None:
    """Raises FieldsGone where the register does not have all of the proposal's fields any more."""
    if missing := contents.gone(body, proposal.values):
        raise FieldsGone(
            _("The register has got another form since: there is no field “%(fields)s” any more."),
            way_out=_("Give the proposal back, so that it is completed in the new form."),
            fields=", ".join(labels_of(proposal, missing)),
        )


def labels_of(proposal: Proposal, keys: list[str]) -> list[str]:
    """What fields were called when they were proposed."""
    then = REGISTER.pinned(proposal.version_id)
    return [then.leaves[key].field.label if key in then.leaves else key for key in keys]
