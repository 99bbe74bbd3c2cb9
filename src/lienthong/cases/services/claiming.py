"""What was handed in at the counter becomes the person's own once it is certain who the person is."""

from collections.abc import Iterable

from django.db import transaction

from lienthong.cases import events
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.services.documents import keep_handed_in, keep_result
from lienthong.foundation import rows
from lienthong.foundation.ledger import services as ledger
from lienthong.identity.actors import Citizen
from lienthong.identity.models import Account
from lienthong.identity.services.confirming import confirmed_number, wait_for_readers


@transaction.atomic
def claim(*, account_id: int) -> list[int]:
    """Give the person of an account the dossiers of the counter that carry their number and belong to no account yet,
    what was opened for these at other agencies, and the papers in them. Says which, by id.

    Only where a clerk has confirmed the number; nothing without. Again finds nothing left to do. Who is at the counter
    at this very moment is waited for (`account_with`), so that no dossier slips through.
    """
    number = confirmed_number(account_id)
    if not number:
        return []
    wait_for_readers(number)
    person = Citizen(account_id, Account.objects.get(pk=account_id).full_name)
    own = Dossier.objects.filter(account=None, parent=None, applicant_person_id=number)
    claimed = _give(own, person)
    beneath = claimed
    while beneath:
        beneath = _give(Dossier.objects.filter(account=None, parent_id__in=beneath), person)
        claimed += beneath
    _keep_papers(claimed)
    return claimed


def _give(found: "Iterable[Dossier]", person: Citizen) -> list[int]:
    ids = sorted(dossier.pk for dossier in found)
    for pk in ids:
        dossier = rows.fetch(Dossier, "id = %s FOR UPDATE", pk)[0]
        dossier.account_id = person.account_id
        rows.change(dossier, "account")
        ledger.record(
            events.CLAIMED, subject=(DOSSIER, pk), actor=person, organisation_id=dossier.reception_id, data={}
        )
    return ids


def _keep_papers(dossier_ids: list[int]) -> None:
    for pk in dossier_ids:
        keep_handed_in(pk)
    results = Paper.objects.filter(dossier_id__in=dossier_ids, kind="result", state=Paper.State.READY)
    for paper_id in results.order_by("pk").values_list("pk", flat=True):
        keep_result(paper_id)
