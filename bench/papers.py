"""Papers: receipts and signed results a second on one core."""

from time import perf_counter

from django.db import transaction

from bench import Row, world
from lienthong.cases.models import Paper
from lienthong.cases.services import papers
from lienthong.foundation import clock
from tests import cast
from tests.cases import dossiers

COUNT = 40


def run() -> list[Row]:
    with clock.at(cast.MONDAY):
        waiting = [dossiers.received() for _ in range(COUNT)]
        clerk = world.officer(cast.CLERK)
        began = perf_counter()
        for dossier in waiting:
            with transaction.atomic():
                papers.make_receipt(dossier.pk, account_id=clerk.account_id, post_id=clerk.post_id, at=clock.now())
        receipts = COUNT / (perf_counter() - began)
        approved = [dossiers.approved() for _ in range(10)]
        leader = world.officer(cast.LEADER)
        began = perf_counter()
        for dossier in approved:
            with transaction.atomic():
                papers.sign_results(
                    dossier.pk,
                    dossier.signed,
                    account_id=leader.account_id,
                    post_id=leader.acting.id,
                    organisation_id=leader.acting.organisation.id,
                    at=clock.now(),
                )
        signed = len(approved) / (perf_counter() - began)
    assert Paper.objects.filter(dossier=approved[0], state=Paper.State.READY).exists()
    return [
        ("receipts (form 01): rendered, stored, recorded", receipts, "/s", None),
        ("results: numbered, rendered, signed PAdES, stored, recorded", signed, "/s", None),
    ]
