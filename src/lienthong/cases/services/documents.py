"""The papers that somebody has here: what was handed in and received is kept by itself, more can be kept for later.

Nobody else sees them; a paper is used again in an application by one click, without a copy of its content.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Component, Document, Dossier, DraftFile, Paper
from lienthong.cases.queries.documents import document_of, fits, for_draft
from lienthong.cases.services.drafting import declared_component, draft_of, forget_files
from lienthong.cases.services.representing import require_mandate
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import require_harmless
from lienthong.identity.models import Account
from lienthong.identity.queries import Actor
from lienthong.procedures.definition import DOCUMENT_TYPES

MOST_KEPT = 200
"""Papers that one person may keep; what was handed in or received is not counted."""

LONGEST_NAME = 255


class NotKept(DomainError):
    """The paper cannot be kept, or used, as it was asked for."""

    code = "cases.document_not_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What somebody says of a paper; `type` is a code of the list document-types."""

    name: str
    type: str = ""
    number: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


# by themselves, after the transaction that handed them in or issued them


def keep_handed_in(dossier_id: int) -> None:
    """What came with a dossier, or with a supplement to it. May run twice; what was reused is here already,
    as are the papers that a sub-dossier has from its own."""
    dossier = Dossier.objects.select_related("mandate").get(pk=dossier_id)
    if dossier.account_id is None or dossier.parent_id is not None:
        return
    declared = {each.key: each for each in procedure_of(dossier).components if not each.from_form}
    Document.objects.bulk_create(
        [
            Document(
                origin=Document.Origin.HANDED_IN,
                component=each.component,
                file_id=each.file_id,
                type=declared[each.component].document,
                kind=declared[each.component].name[:500],
                name=each.name,
                added_at=each.added_at,
                **_owners(dossier),
            )
            for each in Component.objects.filter(dossier=dossier, reused=False).order_by("id")
            if each.component in declared
        ],
        ignore_conflicts=True,
    )


def keep_result(paper_id: int) -> None:
    """A result that was signed. May run twice."""
    paper = Paper.objects.select_related("dossier__mandate").get(pk=paper_id)
    if paper.kind != "result" or paper.file_id is None or paper.issued_at is None or paper.dossier.account_id is None:
        return
    declared = procedure_of(paper.dossier).result(paper.key)
    Document.objects.get_or_create(
        paper=paper,
        defaults={
            "origin": Document.Origin.RESULT,
            "file_id": paper.file_id,
            "type": declared.document,
            "kind": paper.name,
            "name": paper.name,
            "number": paper.number,
            "issued_on": clock.local(paper.issued_at).date(),
            "added_at": paper.issued_at,
            **_owners(paper.dossier),
        },
    )


def _owners(dossier: Dossier) -> dict[str, object]:
    return {
        "account_id": dossier.account_id,
        "for_account_id": dossier.represented_account_id,
        "for_business_id": dossier.represented_business_id,
        "mandate_id": dossier.mandate_id,
        "dossier": dossier,
    }


# by the person


@transaction.atomic
def keep(*, person: Actor, file: StoredFile, facts: PaperFacts) -> Document:
    """Keep a stored file for later, in the transaction that stored it. The same content is kept once.

    Raises NotKept.
    """
    Account.objects.select_for_update().get(pk=person.account_id)
    kept = Document.objects.filter(account_id=person.account_id, origin=Document.Origin.KEPT)
    if same := kept.filter(file__sha256=file.sha256).first():
        forget_files({file.pk} - {same.file_id})
        return same
    if kept.count() >= MOST_KEPT:
        raise NotKept(
            _("You may keep %(most)s papers at most."), way_out=_("Remove those you need no more."), most=MOST_KEPT
        )
    document = Document(origin=Document.Origin.KEPT, account_id=person.account_id, file=file, added_at=clock.now())
    _describe(document, facts)
    document.save(force_insert=True)
    return document


@transaction.atomic
def describe(*, person: Actor, document_id: int, facts: PaperFacts) -> Document:
    """Name a paper. Of what was handed in or received only the name can be changed: the rest is on record.

    Raises NoSuchDocument, NotKept.
    """
    document = document_of(person, document_id, lock=True)
    if document.origin == Document.Origin.KEPT:
        _describe(document, facts)
    else:
        document.name = _name(facts)
    document.save()
    return document


@transaction.atomic
def remove(*, person: Actor, document_id: int) -> None:
    """Remove a paper that the person kept. Applications in which it is used keep it. Raises NoSuchDocument, NotKept."""
    document = document_of(person, document_id, lock=True)
    if document.origin != Document.Origin.KEPT:
        raise NotKept(_("This paper belongs to a dossier and stays with it."))
    file_id = document.file_id
    document.delete()
    forget_files({file_id})


@transaction.atomic
def reuse(*, key: uuid.UUID, applicant: Actor, component: str, document_id: int) -> DraftFile:
    """Attach a paper that is here already to a draft. The same content twice is attached once.

    Raises NoSuchDraft, NoSuchDocument, NotKept, Infected, NotScannedYet, MandateEnded.
    """
    draft = draft_of(key, applicant, lock=True)
    mandate = require_mandate(draft)
    declared = declared_component(procedure_of(draft), component)
    document = for_draft(applicant, mandate).select_related("file", "paper").filter(pk=document_id).first()
    if document is None or not fits(document, declared):
        raise NotKept(_("This paper cannot be used here."), way_out=_("Choose another, or attach a file."))
    require_harmless(document.file)
    attached = DraftFile.objects.filter(draft=draft, component=component, file__sha256=document.file.sha256).first()
    return attached or DraftFile.objects.create(
        draft=draft,
        component=component,
        file=document.file,
        name=document.name,
        added_at=clock.now(),
        reused=True,
        result=document.paper,
    )


def _describe(document: Document, facts: PaperFacts) -> None:
    types = PUBLISHED.code_list(DOCUMENT_TYPES, clock.today())
    if facts.type and types.find(facts.type, clock.today()) is None:
        raise NotKept(_("There is no such type of paper."))
    if facts.issued_on and facts.valid_until and facts.valid_until < facts.issued_on:
        raise NotKept(_("It cannot end before the day it was issued on."))
    document.name = _name(facts)
    document.type = facts.type
    document.kind = types.name(facts.type, clock.today()) if facts.type else ""
    document.number = facts.number.strip()[:60]
    document.issued_on, document.valid_until = facts.issued_on, facts.valid_until


def _name(facts: PaperFacts) -> str:
    if not facts.name.strip():
        raise NotKept(_("Give the paper a name."))
    return facts.name.strip()[:LONGEST_NAME]
