"""The registers of what goes out of an agency: documents, hand-over to the post, use of kept copies (NĐ 30/2020
App. IV), and official copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.documents.models import Arrival, CopyUse, Issue, OfficialCopy, Posting, RecordItem, Relation, Sending
from lienthong.documents.queries.books import LIMITED, Filters, Source
from lienthong.documents.queries.outgoing import not_kept_from
from lienthong.documents.rules.relations import ENDING
from lienthong.foundation import clock
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer

OUTGOING_DOCUMENT = "outgoing-document"
"""The type of subject under which records know issues."""


@dataclass(frozen=True, slots=True)
class OutgoingLine:
    """`ended_by`: the mark of what replaced or cancelled it; of what is limited nothing but that it is there."""

    issue: Issue
    sendings: Sequence[Sending]
    ended_by: str = ""

    @property
    def taken_in(self) -> tuple[int, int]:
        """How many agencies of the province have registered it, of how many to which it went."""
        arrivals = [each.arrival for each in self.sendings if each.arrival]
        return sum(each.number is not None for each in arrivals), len(arrivals)

    @property
    def copies(self) -> int:
        return sum(each.copies for each in self.sendings)


@dataclass(frozen=True, slots=True)
class CopyLine:
    """`notation`: of the record in which the kept copy lies."""

    use: CopyUse
    notation: str


def _issues(agency: Node, filters: Filters) -> QuerySet[Issue]:
    first, end = clock.day_start(filters.period.first), clock.day_start(filters.period.last + timedelta(days=1))
    found = Issue.objects.filter(not_kept_from(filters.readers), organisation_id=agency.id)
    found = found.filter(issued_at__gte=first, issued_at__lt=end)
    return (found.filter(unit_id=filters.unit.id) if filters.unit else found).select_related("document")


def _outgoing_lines(issues: Sequence[Issue]) -> list[OutgoingLine]:
    """Two queries."""
    ids = [issue.pk for issue in issues]
    sendings: dict[int, list[Sending]] = {}
    for each in Sending.objects.filter(issue__in=ids).select_related("arrival", "posting").order_by("issue", "place"):
        sendings.setdefault(each.issue_id, []).append(each)
    ends = Relation.objects.filter(earlier__in=ids, in_force=True, how__in=sorted(ENDING))
    ended = {
        each.earlier_id: LIMITED if each.issue.limited else each.issue.document.code
        for each in ends.select_related("issue__document")
    }
    return [OutgoingLine(issue, sendings.get(issue.pk, []), ended.get(issue.pk, "")) for issue in issues]


def _postings(agency: Node, filters: Filters) -> QuerySet[Posting]:
    period = (filters.period.first, filters.period.last)
    found = Posting.objects.filter(not_kept_from(filters.readers, "sending__issue__"), organisation_id=agency.id)
    found = found.filter(posted_on__range=period)
    if filters.unit:
        found = found.filter(sending__issue__unit_id=filters.unit.id)
    return found.select_related("sending__issue__document")


def _uses(agency: Node, filters: Filters) -> QuerySet[CopyUse]:
    period = (filters.period.first, filters.period.last)
    found = CopyUse.objects.filter(not_kept_from(filters.readers, "issue__"), organisation_id=agency.id)
    found = found.filter(handed_on__range=period)
    if filters.unit:
        found = found.filter(issue__unit_id=filters.unit.id)
    return found.select_related("issue__document", "decided_by")


def _use_lines(uses: Sequence[CopyUse]) -> list[CopyLine]:
    """One query."""
    items = RecordItem.objects.filter(
        subject_type=OUTGOING_DOCUMENT,
        subject_id__in={use.issue_id for use in uses},
        record__organisation_id__in={use.organisation_id for use in uses},
    )
    notations = dict(items.order_by("-id").values_list("subject_id", "record__notation"))
    return [CopyLine(use, notations.get(use.issue_id, "")) for use in uses]


def _official(agency: Node, filters: Filters) -> QuerySet[OfficialCopy]:
    first, end = clock.day_start(filters.period.first), clock.day_start(filters.period.last + timedelta(days=1))
    named = Arrival.readers.through.objects.filter(arrival_id=OuterRef("arrival_id"), post_id__in=filters.readers)
    of_arrivals = Q(Q(arrival__limited=False) | Exists(named), arrival__isnull=False)
    of_issues = Q(not_kept_from(filters.readers, "issue__"), issue__isnull=False)
    found = OfficialCopy.objects.filter(of_arrivals | of_issues, organisation_id=agency.id)
    found = found.filter(made_at__gte=first, made_at__lt=end)
    if filters.unit:
        found = found.filter(issue__unit_id=filters.unit.id)
    return found.select_related("arrival__document", "issue__document")


OUTGOING = Source(_issues, "issued_at", _outgoing_lines, row=lambda line: line.issue, by_moment=True)
POST = Source(_postings, "posted_on", list, row=lambda line: line)
COPIES = Source(_uses, "handed_on", _use_lines, row=lambda line: line.use)
OFFICIAL = Source(_official, "made_at", list, row=lambda line: line, by_moment=True)


def waiting_for_the_post(officer: Officer, agency: Node, *, most: int) -> list[Sending]:
    """Copies on paper that were not handed over yet, of the latest year, the oldest first; one more than asked for."""
    found = Sending.objects.filter(
        not_kept_from(officer.post_ids, "issue__"),
        issue__organisation_id=agency.id,
        issue__issued_at__gte=clock.now() - timedelta(days=365),
        issue__recalled_at=None,
        copies__gt=0,
        posting=None,
    )
    return list(found.select_related("issue__document").order_by("issue__issued_at", "issue_id", "place")[: most + 1])
