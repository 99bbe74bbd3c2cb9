"""What the room itself lets be filed in records: documents that came in and that went out. How they are named, dated
and counted, who may see them, and how they go when the record that holds them is destroyed. Whatever else is to be
filed is registered by its own room, under the types of subjects of `work.subjects`."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.documents.copying.filing import let_go_of_copies
from lienthong.documents.definition import kind_names
from lienthong.documents.models import (
    Arrival,
    Document,
    DocumentFile,
    Issue,
    OfficialCopy,
    Publication,
    RecordItem,
)
from lienthong.documents.queries.incoming import visible_among
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records.rules import Stage
from lienthong.documents.rules.journey import Status
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import Officer
from lienthong.work import subjects
from lienthong.work.subjects import Facts, SubjectKind


def _facts_of(document: Document, kinds: Mapping[str, str], *, is_finished: bool) -> Facts:
    return Facts(
        code=document.code,
        kind=kinds.get(document.kind, document.kind),
        title=document.abstract,
        issuer=document.issuer_name,
        dated=document.dated,
        sheets=document.pages,
        is_finished=is_finished,
    )


def _files_of(document_id: int) -> list[StoredFile]:
    held = DocumentFile.objects.filter(document_id=document_id).select_related("file").order_by("place")
    return [each.file for each in held]


def _let_go(document_id: int, by: Subject) -> list[dict[str, Any]]:
    """The files of a document, by whoever lets go of it last: of the agency that issued it, those that got it, and the
    public where it is on the portal."""
    if _is_public(document_id) or _others_have(document_id, by):
        return []
    held = list(DocumentFile.objects.filter(document_id=document_id).select_related("file"))
    DocumentFile.objects.filter(pk__in=[each.pk for each in held]).delete()
    gone = set(files.discard_unless_held(each.file_id for each in held))
    return [
        {"file": each.file_id, "sha256": each.file.sha256, "size": each.file.size}
        for each in held
        if each.file_id in gone
    ]


def let_go_of_what_was_public(issue_id: int) -> list[int]:
    """The files of a document that was kept for the public alone: everybody's records with it were destroyed while it
    was on the portal. Says which."""
    return [] if _has((ISSUE, issue_id)) else [each["file"] for each in _erase_issue(issue_id)]


def _is_public(document_id: int) -> bool:
    return Publication.objects.filter(issue__document_id=document_id, withdrawn_at=None).exists()


def _others_have(document_id: int, by: Subject) -> bool:
    """Others whose records with it have not been destroyed all, or who never filed it."""
    found = {(DOCUMENT, pk) for pk in Arrival.objects.filter(document_id=document_id).values_list("pk", flat=True)}
    found |= {(ISSUE, pk) for pk in Issue.objects.filter(document_id=document_id).values_list("pk", flat=True)}
    return any(_has(other) for other in found - {by})


def _has(subject: Subject) -> bool:
    stages = RecordItem.objects.filter(subject_type=subject[0], subject_id=subject[1])
    known = set(stages.values_list("record__stage", flat=True))
    return known != {Stage.DESTROYED}


# what came in

OVER = frozenset({Status.DONE, Status.REFUSED, Status.RECALLED})


def _arrival_facts(ids: Collection[int]) -> dict[int, Facts]:
    kinds, found = kind_names(), Arrival.objects.filter(pk__in=ids).select_related("document")
    return {each.pk: _facts_of(each.document, kinds, is_finished=each.status in OVER) for each in found}


def _arrivals_seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    return set(visible_among(officer, ids).values_list("pk", flat=True))


def _arrival_files(arrival_id: int) -> list[StoredFile]:
    return _files_of(Arrival.objects.values_list("document_id", flat=True).get(pk=arrival_id))


def _erase_arrival(arrival_id: int) -> list[dict[str, Any]]:
    document = Arrival.objects.values_list("document_id", flat=True).get(pk=arrival_id)
    copies = OfficialCopy.objects.filter(arrival=arrival_id)
    return [*_let_go(document, (DOCUMENT, arrival_id)), *let_go_of_copies(copies)]


subjects.register(
    DOCUMENT,
    SubjectKind(
        word=_("Incoming document"),
        facts=_arrival_facts,
        seen_by=_arrivals_seen_by,
        view="documents:arrival",
        files=_arrival_files,
        erase=_erase_arrival,
        limited=lambda ids: set(Arrival.objects.filter(pk__in=ids, limited=True).values_list("pk", flat=True)),
    ),
)

# what went out


def _issue_facts(ids: Collection[int]) -> dict[int, Facts]:
    kinds, found = kind_names(), Issue.objects.filter(pk__in=ids).select_related("document")
    return {each.pk: _facts_of(each.document, kinds, is_finished=True) for each in found}


def _issues_seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    return set(issues_for(officer).filter(pk__in=ids).values_list("pk", flat=True))


def _issue_files(issue_id: int) -> list[StoredFile]:
    return _files_of(Issue.objects.values_list("document_id", flat=True).get(pk=issue_id))


def _erase_issue(issue_id: int) -> list[dict[str, Any]]:
    document = Issue.objects.values_list("document_id", flat=True).get(pk=issue_id)
    copies = OfficialCopy.objects.filter(issue=issue_id)
    return [*_let_go(document, (ISSUE, issue_id)), *let_go_of_copies(copies)]


subjects.register(
    ISSUE,
    SubjectKind(
        word=_("Outgoing document"),
        facts=_issue_facts,
        seen_by=_issues_seen_by,
        view="documents:issued",
        files=_issue_files,
        erase=_erase_issue,
        limited=lambda ids: set(Issue.objects.filter(pk__in=ids, limited=True).values_list("pk", flat=True)),
    ),
)
