"""Papers: receipts and signed results a second on one core."""

from collections.abc import Callable
from time import perf_counter

from django.db import transaction

from bench import Row, world
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.services import papers
from lienthong.foundation import clock
from lienthong.identity.actors import Officer
from tests import cast
from tests.cases import dossiers

COUNT = 40


def run() -> list[Row]:
    with clock.at(cast.MONDAY):
        clerk, leader = world.officer(cast.CLERK), world.officer(cast.LEADER)
        receipts = _per_second(_receipt, clerk, [dossiers.received() for _ in range(COUNT)])
        approved = [dossiers.approved() for _ in range(COUNT)]
        signed = _per_second(_signing, leader, approved)
    assert Paper.objects.filter(dossier=approved[-1], state=Paper.State.READY).exists()
    return [
        ("receipts (form 01): rendered, stored, recorded", receipts, "/s", None),
        ("results: numbered, rendered, signed PAdES, stored, recorded", signed, "/s", None),
    ]


def _per_second(make: Callable[[Dossier, Officer], None], officer: Officer, waiting: list[Dossier]) -> float:
    """The first is made unmeasured: it loads the fonts and the keys."""
    make(waiting[0], officer)
    began = perf_counter()
    for dossier in waiting[1:]:
        make(dossier, officer)
    return (len(waiting) - 1) / (perf_counter() - began)


@transaction.atomic
def _receipt(dossier: Dossier, clerk: Officer) -> None:
    papers.make_receipt(dossier.pk, account_id=clerk.account_id, post_id=clerk.post_id, at=clock.now())


@transaction.atomic
def _signing(dossier: Dossier, leader: Officer) -> None:
    papers.sign_results(
        dossier.pk,
        dossier.signed,
        account_id=leader.account_id,
        post_id=leader.acting.id,
        organisation_id=leader.acting.organisation.id,
        at=clock.now(),
    )
