"""Applications for another: by which mandate, and whose facts they begin with."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Draft
from lienthong.foundation.errors import DomainError
from lienthong.identity import representing
from lienthong.identity.models import Mandate
from lienthong.identity.queries import Actor, applicant_facts
from lienthong.identity.services.mandate_rows import no_such_mandate
from lienthong.procedures.definition import PROCEDURE


class MandateEnded(DomainError):
    """What was not handed in when a mandate ended can only be deleted."""

    code = "cases.mandate_ended"
    status = 409


def mandate_for(applicant: Actor, mandate_id: int, procedure: str) -> Mandate:
    """The mandate by which somebody begins an application. Raises NoSuchMandate, MandateEnded."""
    mandate = Mandate.objects.filter(pk=mandate_id, agent_id=applicant.account_id).select_related("business").first()
    if mandate is None:
        raise no_such_mandate()
    _require_counts(mandate, procedure)
    return mandate


def require_mandate(draft: Draft, *, lock: bool = False) -> Mandate | None:
    """The mandate of a draft, as long as it counts; None for an own application.

    With `lock` nobody ends it before the transaction is over. Raises MandateEnded.
    """
    if draft.mandate_id is None:
        return None
    rows = Mandate.objects.select_for_update(of=("self",)) if lock else Mandate.objects.all()
    mandate = rows.select_related("business", "account").get(pk=draft.mandate_id)
    _require_counts(mandate, PROCEDURE.edition(draft.procedure_id).key)
    return mandate


def require_counts(mandate_id: int, procedure: str) -> None:
    """That a mandate is still good for a procedure. Raises MandateEnded."""
    _require_counts(Mandate.objects.get(pk=mandate_id), procedure)


def _require_counts(mandate: Mandate, procedure: str) -> None:
    if representing.counts(mandate, procedure=procedure):
        return
    if representing.counts(mandate):
        raise MandateEnded(
            _("Your mandate for %(name)s is not good for this procedure."),
            way_out=_("Ask for a mandate that names it."),
            name=mandate.name,
        )
    raise MandateEnded(
        _("You may no longer act for %(name)s: the mandate has ended. What was not handed in cannot go on."),
        way_out=_("Ask for a new mandate and begin again, or delete the draft."),
        name=mandate.name,
    )


def facts_for(account_id: int, mandate: Mandate | None) -> dict[str, str]:
    """What forms may know of whoever applies: the represented where there is one, else the person at the keyboard."""
    return representing.facts_of(mandate) if mandate else applicant_facts(account_id)


def columns_of(mandate: Mandate | None, account_id: int | None) -> Mapping[str, Any]:
    """What a dossier keeps of being handed in for another: for whom, by what, and who it was as known on that day."""
    if mandate is None or account_id is None:
        return {}
    return {
        "mandate_id": mandate.pk,
        "represented_account_id": mandate.account_id,
        "represented_business_id": mandate.business_id,
        "submitter": applicant_facts(account_id),
    }
