"""Published documents, as anybody may see them: nothing of recipients, nothing of what was withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from lienthong.documents.models import DocumentFile, Publication, Relation
from lienthong.documents.rules.publishing import Force, force_of
from lienthong.documents.rules.relations import ENDING, How
from lienthong.foundation import clock
from lienthong.foundation.files import search
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.services import READABLE_SCANS
from lienthong.foundation.organisations.models import Organisation

PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    text: str = ""
    section: str = ""
    kind: str = ""
    agency_id: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page of the list goes on."""

    dated: date
    id: int


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the public list."""

    publication: Publication
    force: Force


@dataclass(frozen=True, slots=True)
class PublicRelation:
    """`public`: the id of the publication of the other document, where it is public itself."""

    words: str | Promise
    code: str
    dated: date | None
    later: bool
    public: int | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    publication: Publication
    force: Force
    files: Sequence[DocumentFile]
    relations: Sequence[PublicRelation]


def _public() -> QuerySet[Publication]:
    """Whatever becomes of the document elsewhere: recalled or limited it is not public."""
    found = Publication.objects.filter(
        withdrawn_at=None, issue__recalled_at=None, issue__limited=False, issue__document__circulation=""
    )
    return found.select_related("issue__document")


def listed(filters: Filters, *, after: Before | None = None) -> list[Published]:
    """A page, the newest first; one more than a page when there is a next. Two queries."""
    found = _public()
    if filters.section:
        found = found.filter(section=filters.section)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.agency_id:
        found = found.filter(organisation_id=filters.agency_id)
    if filters.year:
        found = found.filter(dated__range=(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.text.strip():
        found = found.filter(issue__document__search=search.query(filters.text))
    if after:
        found = found.filter(Q(dated__lt=after.dated) | Q(dated=after.dated, id__lt=after.id))
    rows = list(found.order_by("-dated", "-id")[: PAGE + 1])
    ended, today = _ended_on(row.issue_id for row in rows), clock.today()
    return [Published(row, _force(row, ended.get(row.issue_id), today)) for row in rows]


def agencies_with_publications() -> list[int]:
    """One look into the index for each organisation, however many documents there are."""
    found = Publication.objects.filter(organisation=OuterRef("pk"), withdrawn_at=None)
    return list(Organisation.objects.filter(Exists(found)).values_list("pk", flat=True))


def public_page(publication_id: int) -> PublicPage | None:
    """Four queries."""
    found = _public().filter(pk=publication_id).first()
    if found is None:
        return None
    files = DocumentFile.objects.filter(
        document_id=found.issue.document_id,
        role__in=[DocumentFile.Role.MAIN, DocumentFile.Role.APPENDIX],
        file__scan__in=READABLE_SCANS,
    )
    ended = _ended_on([found.issue_id])
    return PublicPage(
        found,
        _force(found, ended.get(found.issue_id), clock.today()),
        list(files.select_related("file").order_by("place")),
        _relations(found.issue_id),
    )


def public_file(publication_id: int, place: int) -> StoredFile | None:
    page = public_page(publication_id)
    return next((each.file for each in page.files if each.place == place), None) if page else None


def _force(publication: Publication, ended_on: date | None, today: date) -> Force:
    return force_of(
        effective_from=publication.effective_from,
        expires_on=publication.expires_on,
        ended_on=ended_on,
        today=today,
    )


def _ended_on(issues: Iterable[int]) -> dict[int, date]:
    """From which day another document has replaced or cancelled each: when that is in force, else its own day."""
    ends = Relation.objects.filter(earlier__in=list(issues), in_force=True, how__in=sorted(ENDING))
    found = ends.values_list("earlier_id", "issue__publication__effective_from", "issue__document__dated")
    return {earlier: day for earlier, effective, dated in found if (day := effective or dated)}


def _relations(issue_id: int) -> list[PublicRelation]:
    """Of a document that is limited, in its circulation or to posts by name, nothing is said."""
    found = (
        Relation.objects.filter(Q(issue=issue_id) | Q(earlier=issue_id), in_force=True)
        .select_related("issue__document", "issue__publication", "earlier__document", "earlier__publication")
        .order_by("-issue_id", "id")
    )
    relations = []
    for each in found:
        later = each.earlier_id == issue_id
        other = each.issue if later else each.earlier
        publication = getattr(other, "publication", None)
        public = publication.pk if publication and not publication.withdrawn_at and not other.recalled_at else None
        if not other.document.circulation and not other.limited:
            words = (Relation.PASSIVE if later else Relation.WORDS)[How(each.how)]
            relations.append(PublicRelation(words, other.document.code, other.document.dated, later, public))
    return relations
