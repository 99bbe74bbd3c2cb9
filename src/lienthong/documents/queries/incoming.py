"""Documents that came in: the register of an agency, one document with its way, what looks like the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import IsNull

from lienthong.documents import policy
from lienthong.documents.models import Arrival, Document, DocumentFile, Note, Task
from lienthong.documents.rules.journey import Status
from lienthong.foundation import clock
from lienthong.foundation.files import search
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer

if TYPE_CHECKING:
    from lienthong.documents.services.registering import NewDocument

PAGE = 50
MUCH = 0.1
"""The share of the province's organisations from which on somebody sees much of all documents."""
MANY = 5_000
"""Of so many documents with the words that are looked for, the newest are found by going through them."""
MOST_ALIKE = 5
_READERS = Arrival.readers.through
_SPANS: tuple[int, ...] = (35, 371, date.max.toordinal())
"""How many days back a page of the register is looked for, one after the other."""


@dataclass(frozen=True, slots=True)
class Alike:
    """What the agency has registered already: `seen` by who asks, and whether there is more that is limited to
    others."""

    seen: tuple[Arrival, ...] = ()
    hidden: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen) or self.hidden

    def __or__(self, other: "Alike") -> "Alike":
        both = {each.pk: each for each in (*self.seen, *other.seen)}
        return Alike(tuple(both.values()), self.hidden or other.hidden)


NOTHING_ALIKE = Alike()
LATELY = timedelta(days=31)
"""As far back it is looked for what has no number: many are called alike, and no index finds an abstract."""


def duplicates(agency_id: int, new: "NewDocument", officer: Officer) -> Alike:
    """What the agency has registered that is the same by number, symbol and issuer, of the same day (NĐ 30/2020
    App. VI); without a number what came lately from the same issuer under the same abstract."""
    name = new.issuer_name.strip()
    issuer = Q(document__issuer_id=new.issuer_id) if new.issuer_id else Q(document__issuer_name__iexact=name)
    if new.mark:
        same = Q(document__compared=new.mark.compared)
    else:
        same = Q(document__abstract__iexact=new.abstract.strip(), arrived_on__gte=clock.today() - LATELY)
    found = Arrival.objects.filter(issuer, same, document__dated=new.dated, organisation_id=agency_id)
    return _alike(found, officer)


def with_content(agency_id: int, digests: Sequence[str], officer: Officer) -> Alike:
    """What the agency has registered with one of these very contents as a file."""
    if not digests:
        return NOTHING_ALIKE
    files = DocumentFile.objects.filter(document=OuterRef("document"), file__sha256__in=digests)
    return _alike(Arrival.objects.filter(Exists(files), organisation_id=agency_id), officer)


def _alike(arrivals: QuerySet[Arrival], officer: Officer) -> Alike:
    """One query."""
    told = arrivals.annotate(told=Case(When(not_kept_from(officer), then=Value(True)), default=Value(False)))
    found = list(told.select_related("document").order_by("-id")[:MOST_ALIKE])
    seen = tuple(each for each in found if each.told)
    return Alike(seen, len(seen) < len(found))


def visible_to(officer: Officer, *, since: date = date.min) -> QuerySet[Arrival]:
    """What somebody may see: clerks all of their agencies; others what lies or lay with them, or with the organisations
    over which they have documents.see. What is limited is seen by the posts that are named and those it was handed to.

    Most see little of the whole: that is gathered from the indexes of desks. Who sees much of it finds a page sooner by
    going through the newest and asking of each. `since`: what arrived before is left out.
    """
    arrived = Q(arrived_on__gte=since)
    if len(policy.seen_by(officer)) > len(tree().nodes) * MUCH:
        return Arrival.objects.filter(arrived, _each_seen_by(officer))
    lying = (Task.objects.filter(each).values("arrival_id") for each in [*_own_desks(officer), _below(officer)])
    named = _READERS.objects.filter(post_id__in=officer.post_ids).values("arrival_id")
    registered = Arrival.objects.filter(arrived, organisation_id__in=_registers(officer)).values("id")
    return Arrival.objects.filter(arrived, not_kept_from(officer), pk__in=registered.union(named, *lying))


def visible_among(officer: Officer, ids: Collection[int]) -> QuerySet[Arrival]:
    """Of these few, what somebody may see: each is looked at by itself."""
    return Arrival.objects.filter(_each_seen_by(officer), pk__in=ids)


def _each_seen_by(officer: Officer) -> Q:
    lay = Task.objects.filter(reduce(or_, [*_own_desks(officer), _below(officer)]), arrival=OuterRef("pk"))
    seen = Q(organisation_id__in=_registers(officer)) | _has(lay) | _named(officer, "pk")
    return seen & not_kept_from(officer)


def not_kept_from(officer: Officer, prefix: str = "") -> Q:
    """Of what somebody might see, what is not limited to others. `prefix` leads to the arrival."""
    arrival = f"{prefix}pk"
    handed = Task.objects.filter(reduce(or_, _own_desks(officer)), arrival=OuterRef(arrival))
    return Q(**{f"{prefix}limited": False}) | _has(handed) | _named(officer, arrival)


def _named(officer: Officer, arrival: str) -> Q:
    return _has(_READERS.objects.filter(arrival_id=OuterRef(arrival), post_id__in=officer.post_ids))


def _has(rows: QuerySet[Any]) -> Q:
    """Whether there is one, asked of each line by itself.

    EXISTS would be looked up for all lines at once, from the whole table: PostgreSQL does not expect that fifty lines
    are enough for a page.
    """
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))


def _registers(officer: Officer) -> list[int]:
    return [node.id for node in policy.agencies_of(officer)]


def _own_desks(officer: Officer) -> list[Q]:
    """Tasks that lie with somebody."""
    roles = [Q(post=None, role=role, organisation_id__in=each) for role, each in officer.desks().items()]
    return [Q(post_id__in=officer.post_ids), *roles]


def _below(officer: Officer) -> Q:
    """Tasks that lie with those whose documents somebody sees."""
    return Q(organisation_id__in=policy.seen_by(officer))


_PRESENTED = _has(Task.objects.filter(arrival=OuterRef("pk")))
"""Whoever it was presented to has or had a task."""


@dataclass(frozen=True, slots=True)
class Filters:
    """How the register is narrowed."""

    agency_id: int | None = None
    text: str = ""
    kind: str = ""
    statuses: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    not_presented: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    arrived_on: date
    id: int


def listing(officer: Officer, filters: Filters, *, after: Cursor | None = None, size: int = PAGE) -> list[Arrival]:
    """A page of the register, the newest first; one more than a page when there is a next. At most four queries."""
    fits, spans = _condition(filters), _SPANS
    if filters.text.strip():
        fits, spans = _with_words(fits, filters.text)
    if after:
        fits &= Q(arrived_on__lt=after.arrived_on) | Q(arrived_on=after.arrived_on, id__lt=after.id)
    page: list[Arrival] = []
    for days in spans:
        since = _since(days, filters, after)
        found = visible_to(officer, since=since).filter(fits).select_related("document")
        page = list(found.annotate(is_presented=_PRESENTED).order_by("-arrived_on", "-id")[: size + 1])
        if len(page) > size or since == filters.first:
            break
    return page


def _since(days: int, filters: Filters, after: Cursor | None) -> date:
    newest = min(clock.today(), filters.last or date.max, after.arrived_on if after else date.max)
    earliest = filters.first or date.min
    return date.fromordinal(max(newest.toordinal() - days, earliest.toordinal()))


def _condition(filters: Filters) -> Q:
    """All but the words, and from when on."""
    fits = Q()
    if filters.not_presented:
        fits &= ~_PRESENTED & ~Q(status__in=[Status.REFUSED, Status.RECALLED])
    if filters.agency_id:
        fits &= Q(organisation_id=filters.agency_id)
    if filters.kind:
        fits &= Q(document__kind=filters.kind)
    if filters.statuses:
        fits &= Q(status__in=filters.statuses)
    if filters.last:
        fits &= Q(arrived_on__lte=filters.last)
    return fits


def _with_words(fits: Q, words: str) -> tuple[Q, tuple[int, ...]]:
    """Words that few documents have lead to them by their index; what many have is read line by line, from the newest
    on, until a page is full. How many have several words together, only counting tells."""
    wanted = Q(document__search=search.query(words))
    if Document.objects.filter(search=search.query(words))[:MANY].count() < MANY:
        return fits & wanted, _SPANS[-1:]
    return fits & Q(Case(When(wanted, then=Value(True)), default=Value(False))), _SPANS


@dataclass(frozen=True)
class ArrivalPage:
    """A document that came in with everything about it. Four queries."""

    arrival: Arrival
    tasks: Sequence[Task]
    notes: Sequence[Note]
    files: Sequence[DocumentFile]


def arrival_page(officer: Officer, arrival_id: int) -> ArrivalPage | None:
    """None for what is not there, and for what is not to be seen."""
    arrival = visible_to(officer).select_related("document").filter(pk=arrival_id).first()
    if arrival is None:
        return None
    return ArrivalPage(
        arrival,
        list(Task.objects.filter(arrival=arrival).order_by("id")),
        list(Note.objects.filter(arrival=arrival).select_related("author").order_by("id")),
        list(DocumentFile.objects.filter(document_id=arrival.document_id).select_related("file").order_by("place")),
    )
