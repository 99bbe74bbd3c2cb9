"""Reading somebody's dossier as an officer: allowed by the post, and on record."""

from django.db import transaction

from lienthong.cases import events
from lienthong.cases.queries.pages import DossierPage, dossier_page
from lienthong.foundation.ledger import services as ledger
from lienthong.identity.actors import Officer
from lienthong.identity.queries import Actor

DOSSIER_READ = "dossier-read"
"""Readings are on record under a subject of their own, so that they do not bury what happened to the dossier."""


@transaction.atomic
def read_dossier(*, dossier_id: int, actor: Actor) -> DossierPage:
    """The page of a dossier. That an officer has opened it, and in which post, is in the ledger.

    Raises NoSuchDossier for what the person may not see.
    """
    page = dossier_page(actor, dossier_id)
    if isinstance(actor, Officer) and page.dossier.account_id != actor.account_id:
        ledger.record(
            events.SEEN,
            subject=(DOSSIER_READ, dossier_id),
            actor=actor,
            organisation_id=actor.acting.organisation.id,
            data={},
        )
    return page
