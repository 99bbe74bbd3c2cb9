"""Reading somebody's dossier as an officer: allowed by the post, and on record."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.queries.pages import DossierPage, dossier_page
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger import services as ledger
from lienthong.identity.actors import Officer
from lienthong.identity.queries import Actor

DOSSIER_READ = "dossier-read"
"""Readings are on record under a subject of their own, so that they do not bury what happened to the dossier."""


class NoSuchFile(NotFound):
    code = "cases.no_such_file"


@transaction.atomic
def read_dossier(*, dossier_id: int, actor: Actor) -> DossierPage:
    """The page of a dossier. That an officer has opened it, and in which post, is in the ledger.

    Raises NoSuchDossier for what the person may not see.
    """
    page = dossier_page(actor, dossier_id)
    put_on_record(page.dossier, actor, {})
    return page


@transaction.atomic
def read_file(*, dossier_id: int, file_id: int, actor: Actor) -> StoredFile:
    """A file of a dossier: handed in, or attached to what an officer filled in. On record as the dossier itself is.

    Raises NoSuchDossier, and NoSuchFile for a file of another dossier.
    """
    page = dossier_page(actor, dossier_id)
    file = page.file(file_id)
    if file is None:
        raise NoSuchFile(_("The dossier has no such file."))
    put_on_record(page.dossier, actor, {"file": file.pk})
    return file


@transaction.atomic
def read_paper(*, dossier_id: int, paper_id: int, actor: Actor) -> Paper:
    """A paper issued in a dossier or drafted for it. On record. Raises NoSuchDossier, NoSuchFile."""
    page = dossier_page(actor, dossier_id)
    paper = next((paper for paper in page.papers if paper.pk == paper_id), None)
    if paper is None:
        raise NoSuchFile(_("The dossier has no such file."))
    put_on_record(page.dossier, actor, {"paper": paper.pk})
    return paper


def put_on_record(dossier: Dossier, actor: Actor, data: dict[str, Any]) -> None:
    """Applicants who look at their own dossier are nobody's business; a clerk who entered it is no applicant."""
    if isinstance(actor, Officer) and actor.account_id not in (dossier.account_id, dossier.represented_account_id):
        ledger.record(
            events.SEEN,
            subject=(DOSSIER_READ, dossier.pk),
            actor=actor,
            organisation_id=actor.acting.organisation.id,
            data=data,
        )
