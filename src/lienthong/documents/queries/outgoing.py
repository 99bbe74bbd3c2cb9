"""Documents that went out: the register of an agency, and one of them with where it has come to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lienthong.documents import policy
from lienthong.documents.models import DocumentFile, Issue, Sending
from lienthong.documents.queries.exchange import OF_TRAIT, Trait
from lienthong.documents.queries.incoming import PAGE, Filters
from lienthong.documents.rules.journey import Status
from lienthong.foundation import clock
from lienthong.foundation.files import search
from lienthong.identity.actors import Officer


def issues_for(officer: Officer) -> QuerySet[Issue]:
    """What somebody may see: clerks all of their agencies, others what a unit of theirs drafted, and those with
    documents.see what went out from the organisations over which they have it; what is limited, the posts that are
    named."""
    registers = [node.id for node in policy.agencies_of(officer)]
    units = [post.organisation.id for post in officer.posts]
    theirs = Q(organisation_id__in=registers) | Q(unit_id__in=units)
    theirs |= Q(organisation_id__in=officer.organisation_ids(policy.SEE))
    theirs |= Q(organisation__path__within_any=officer.paths(policy.SEE))
    return Issue.objects.filter(Q(theirs, limited=False) | _named(officer.post_ids, "pk"))


def not_kept_from(posts: Collection[int], prefix: str = "") -> Q:
    """Of what these posts might see, what is not limited to others. `prefix` leads to the issue."""
    return Q(**{f"{prefix}limited": False}) | _named(posts, f"{prefix}pk")


def _named(posts: Collection[int], issue: str) -> Q:
    return Q(Exists(Issue.readers.through.objects.filter(issue_id=OuterRef(issue), post_id__in=posts)))


_SENDINGS = Sending.objects.filter(issue=OuterRef("pk")).order_by().values("issue").annotate(many=Count("pk"))
_RECIPIENTS = Coalesce(Subquery(_SENDINGS.values("many")), 0)
"""Counted for the lines of a page only: a join would count those of the whole register first."""


@dataclass(frozen=True, slots=True)
class IssuedBefore:
    """Where a page of the register goes on."""

    issued_at: datetime
    id: int


def issues(
    officer: Officer,
    filters: Filters,
    *,
    after: IssuedBefore | None = None,
    size: int = PAGE,
    trait: Trait | None = None,
    unit_id: int | None = None,
) -> list[Issue]:
    """A page of the register, the newest first; one more than a page when there is a next. One query."""
    found = issues_for(officer).select_related("document").annotate(recipients=_RECIPIENTS)
    if filters.agency_id:
        found = found.filter(organisation_id=filters.agency_id)
    if trait:
        found = found.filter(OF_TRAIT[trait], recalled_at=None)
    if unit_id:
        found = found.filter(unit_id=unit_id)
    if filters.kind:
        found = found.filter(document__kind=filters.kind)
    if filters.first:
        found = found.filter(issued_at__gte=clock.day_start(filters.first))
    if filters.last:
        found = found.filter(issued_at__lt=clock.day_start(filters.last + timedelta(days=1)))
    if filters.text.strip():
        found = found.filter(document__search=search.query(filters.text))
    if after:
        found = found.filter(Q(issued_at__lt=after.issued_at) | Q(issued_at=after.issued_at, id__lt=after.id))
    return list(found.order_by("-issued_at", "-id")[: size + 1])


@dataclass(frozen=True)
class IssuePage:
    """A document that went out, with everybody to whom it went and its files. Three queries."""

    issue: Issue
    sendings: Sequence[Sending]
    files: Sequence[DocumentFile]

    @property
    def settled(self) -> int:
        """How many agencies of the province have settled it."""
        return sum(each.arrival is not None and each.arrival.status == Status.DONE for each in self.sendings)


def issue_page(officer: Officer, issue_id: int) -> IssuePage | None:
    """None for what is not there, and for what is not to be seen."""
    issue = issues_for(officer).select_related("document", "answers__document").filter(pk=issue_id).first()
    if issue is None:
        return None
    return IssuePage(
        issue,
        list(Sending.objects.filter(issue=issue).select_related("arrival", "posting").order_by("place")),
        list(DocumentFile.objects.filter(document_id=issue.document_id).select_related("file").order_by("place")),
    )


def usual_symbol(agency_id: int, kind: str) -> str:
    """The symbol of the last document of a type that an agency issued; empty where there was none."""
    found = Issue.objects.filter(organisation_id=agency_id, document__kind=kind).order_by("-issued_at", "-id")
    return found.values_list("document__symbol", flat=True).first() or ""
