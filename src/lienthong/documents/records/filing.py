"""What can be filed in records: for each kind of subject how it is named, dated and counted, who may see it, and how
it goes when the record that holds it is destroyed. Whatever else is to be filed registers its kind here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.definition import DOCUMENT_KINDS
from lienthong.documents.models import Arrival, DocumentFile
from lienthong.documents.queries.incoming import visible_to
from lienthong.documents.rules.journey import Status
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.files import services as files
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
    see; `erase` lets go of the contents of one in the caller's transaction and says what went; `view` is its page."""

    word: str | Promise
    facts: Callable[[Collection[int]], dict[int, Facts]]
    seen_by: Callable[[Officer, Collection[int]], set[int]]
    erase: Callable[[int], list[dict[str, Any]]]
    view: str


FILED: dict[str, FiledKind] = {}
"""By the type of subject, under which work items and the ledger know it too."""


def _facts(ids: Collection[int]) -> dict[int, Facts]:
    kinds = {item.code: item.name for item in CODE_LIST.current(DOCUMENT_KINDS).body.items}
    found = Arrival.objects.filter(pk__in=ids).select_related("document")
    return {
        arrival.pk: Facts(
            code=document.code,
            kind=kinds.get(document.kind, document.kind),
            title=document.abstract,
            issuer=document.issuer_name,
            dated=document.dated,
            sheets=document.pages,
            is_finished=arrival.status == Status.DONE,
        )
        for arrival in found
        if (document := arrival.document)
    }


def _seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    return set(visible_to(officer).filter(pk__in=ids).values_list("pk", flat=True))


def _erase(arrival_id: int) -> list[dict[str, Any]]:
    """The files, where no other agency has the same document."""
    document_id = Arrival.objects.values_list("document_id", flat=True).get(pk=arrival_id)
    if Arrival.objects.filter(document_id=document_id).exclude(pk=arrival_id).exists():
        return []
    held = list(DocumentFile.objects.filter(document_id=document_id).select_related("file"))
    DocumentFile.objects.filter(pk__in=[each.pk for each in held]).delete()
    return [
        {"file": each.file_id, "sha256": each.file.sha256, "size": each.file.size}
        for each in held
        if _discarded(each.file_id)
    ]


def _discarded(file_id: int) -> bool:
    try:
        with transaction.atomic():
            files.discard([file_id])
    except (ProtectedError, IntegrityError):  # another room holds it
        return False
    return True


FILED[DOCUMENT] = FiledKind(
    word=_("Incoming document"), facts=_facts, seen_by=_seen_by, erase=_erase, view="documents:arrival"
)
