"""What can be filed in records: for each kind of subject how it is named, dated and counted, who may see it, and how
it goes when the record that holds it is destroyed. Whatever else is to be filed registers its kind here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.definition import kind_names
from lienthong.documents.models import Arrival, Document, DocumentFile, Issue, RecordItem
from lienthong.documents.queries.incoming import visible_to
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records.rules import Stage
from lienthong.documents.rules.journey import Status
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation.files import services as files
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Facts:
    """What the list of documents of a record says of one. `sheets` is None where nobody has counted."""

    code: str
    kind: str
    title: str
    issuer: str
    dated: date | None
    sheets: int | None
    is_finished: bool


@dataclass(frozen=True, slots=True)
class FiledKind:
    """A kind of what is filed. `facts` of many in a fixed number of queries; `seen_by` says which of them somebody may
    see, `limited` which are kept from all but the posts that are named; `erase` lets go of the contents of one in the
    caller's transaction and says what went; `view` is its page."""

    word: str | Promise
    facts: Callable[[Collection[int]], dict[int, Facts]]
    seen_by: Callable[[Officer, Collection[int]], set[int]]
    erase: Callable[[int], list[dict[str, Any]]]
    view: str
    limited: Callable[[Collection[int]], set[int]] = lambda ids: set()


FILED: dict[str, FiledKind] = {}
"""By the type of subject, under which work items and the ledger know it too."""


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


def _let_go(document_id: int, by: Subject) -> list[dict[str, Any]]:
    """The files of a document, by whoever lets go of it last: of the agency that issued it and those that got it."""
    if _others_have(document_id, by):
        return []
    held = list(DocumentFile.objects.filter(document_id=document_id).select_related("file"))
    DocumentFile.objects.filter(pk__in=[each.pk for each in held]).delete()
    return [
        {"file": each.file_id, "sha256": each.file.sha256, "size": each.file.size}
        for each in held
        if _discarded(each.file_id)
    ]


def _others_have(document_id: int, by: Subject) -> bool:
    """Others whose records with it have not been destroyed all, or who never filed it."""
    found = {(DOCUMENT, pk) for pk in Arrival.objects.filter(document_id=document_id).values_list("pk", flat=True)}
    found |= {(ISSUE, pk) for pk in Issue.objects.filter(document_id=document_id).values_list("pk", flat=True)}
    return any(_has(other) for other in found - {by})


def _has(subject: Subject) -> bool:
    stages = RecordItem.objects.filter(subject_type=subject[0], subject_id=subject[1])
    known = set(stages.values_list("record__stage", flat=True))
    return known != {Stage.DESTROYED}


def _discarded(file_id: int) -> bool:
    try:
        with transaction.atomic():
            files.discard([file_id])
    except (ProtectedError, IntegrityError):  # another room holds it
        return False
    return True


# what came in

OVER = frozenset({Status.DONE, Status.REFUSED, Status.RECALLED})


def _arrival_facts(ids: Collection[int]) -> dict[int, Facts]:
    kinds, found = kind_names(), Arrival.objects.filter(pk__in=ids).select_related("document")
    return {each.pk: _facts_of(each.document, kinds, is_finished=each.status in OVER) for each in found}


def _arrivals_seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    return set(visible_to(officer).filter(pk__in=ids).values_list("pk", flat=True))


def _erase_arrival(arrival_id: int) -> list[dict[str, Any]]:
    return _let_go(Arrival.objects.values_list("document_id", flat=True).get(pk=arrival_id), (DOCUMENT, arrival_id))


FILED[DOCUMENT] = FiledKind(
    word=_("Incoming document"),
    facts=_arrival_facts,
    seen_by=_arrivals_seen_by,
    erase=_erase_arrival,
    view="documents:arrival",
    limited=lambda ids: set(Arrival.objects.filter(pk__in=ids, limited=True).values_list("pk", flat=True)),
)

# what went out


def _issue_facts(ids: Collection[int]) -> dict[int, Facts]:
    kinds, found = kind_names(), Issue.objects.filter(pk__in=ids).select_related("document")
    return {each.pk: _facts_of(each.document, kinds, is_finished=True) for each in found}


def _issues_seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    return set(issues_for(officer).filter(pk__in=ids).values_list("pk", flat=True))


def _erase_issue(issue_id: int) -> list[dict[str, Any]]:
    return _let_go(Issue.objects.values_list("document_id", flat=True).get(pk=issue_id), (ISSUE, issue_id))


FILED[ISSUE] = FiledKind(
    word=_("Outgoing document"),
    facts=_issue_facts,
    seen_by=_issues_seen_by,
    erase=_erase_issue,
    view="documents:issued",
    limited=lambda ids: set(Issue.objects.filter(pk__in=ids, limited=True).values_list("pk", flat=True)),
)
