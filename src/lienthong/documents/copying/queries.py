"""What can be copied and what was copied, each as far as somebody may see the document itself."""

from collections.abc import Collection

from django.db.models import QuerySet

from lienthong.documents.models import Arrival, DocumentFile, Issue, OfficialCopy
from lienthong.documents.queries.incoming import visible_among
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.rules.kinds import KINDS
from lienthong.documents.services.carrying import DOCUMENT, no_such_document
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import Officer

SHOWN = 20


def line_of(subject: Subject, officer: Officer, *, lock: bool = False) -> Arrival | Issue:
    """A document that the officer may see. Raises NoSuchDocument."""
    kind, pk = subject
    seen: QuerySet[Arrival] | QuerySet[Issue] = issues_for(officer).filter(pk=pk)
    if kind != ISSUE:
        seen = visible_among(officer, [pk] if kind == DOCUMENT else [])
    if lock:
        seen = seen.select_for_update(no_key=True, of=("self",))
    found = seen.select_related("document").first()
    if found is None:
        raise no_such_document()
    return found


def subject_of(line: Arrival | Issue) -> Subject:
    return (DOCUMENT if isinstance(line, Arrival) else ISSUE, line.pk)


def of_line(line: Arrival | Issue) -> QuerySet[OfficialCopy]:
    return OfficialCopy.objects.filter(**{"arrival" if isinstance(line, Arrival) else "issue": line})


def latest_of(line: Arrival | Issue) -> list[OfficialCopy]:
    """For the page of the document, the newest first. One query."""
    return list(of_line(line).order_by("-id")[:SHOWN])


def pdf_files(line: Arrival | Issue) -> list[DocumentFile]:
    """The files of a document that can be copied electronically, the document itself first."""
    held = DocumentFile.objects.filter(document_id=line.document_id, file__format="pdf").select_related("file")
    return list(held.exclude(role=DocumentFile.Role.OTHER).order_by("place"))


def seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    """Which of these copies somebody may see: those of documents that they may see. Three queries."""
    found = list(OfficialCopy.objects.filter(pk__in=ids).values_list("pk", "arrival_id", "issue_id"))
    arrivals = visible_among(officer, {arrival for _pk, arrival, _issue in found if arrival})
    issues = issues_for(officer).filter(pk__in={issue for _pk, _arrival, issue in found if issue})
    seen_arrivals, seen_issues = set(arrivals.values_list("pk", flat=True)), set(issues.values_list("pk", flat=True))
    return {pk for pk, arrival, issue in found if arrival in seen_arrivals or issue in seen_issues}


def one(officer: Officer, copy_id: int) -> OfficialCopy | None:
    """None for what is not there, and for what is not to be seen."""
    known = OfficialCopy.objects.select_related("arrival__document", "issue__document", "file", "made_by")
    found = known.filter(pk=copy_id).first()
    return found if found and copy_id in seen_by(officer, [copy_id]) else None


def is_a_copy(digest: str) -> bool:
    """Whether a file is itself a copy that was made here, by whatever agency."""
    return OfficialCopy.objects.exclude(digest="").filter(digest=digest).exists()


def usual_mark(agency_id: int) -> str:
    """The abbreviation of an agency as its last copy has it, else the last document that it issued; empty where there
    is neither."""
    copies = OfficialCopy.objects.filter(organisation_id=agency_id).order_by("-made_at", "-id")
    if last := copies.values_list("symbol", flat=True).first():
        return last.partition("-")[2]
    issues = Issue.objects.filter(organisation_id=agency_id).order_by("-issued_at", "-id")
    issued = issues.values_list("document__kind", "document__symbol").first()
    if issued is None:
        return ""
    kind, symbol = issued
    first, _hyphen, rest = symbol.rpartition("/")[2].partition("-")
    known = KINDS.get(kind)
    return rest if known and known.abbreviation and first == known.abbreviation else first
