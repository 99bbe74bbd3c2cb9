"""Records and yearly lists, each limited to what the asking person may see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lienthong.documents import policy
from lienthong.documents.models import (
    DisposedRecord,
    HandedRecord,
    HandOver,
    Record,
    RecordItem,
    RecordLine,
    RecordList,
)
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.rules import WARNED, Stage, known
from lienthong.foundation import clock
from lienthong.foundation.files import search
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer
from lienthong.work.subjects import SUBJECTS

PAGE = 50
MOST_OFFERED = 200
"""Open records from which somebody chooses."""


def posts_inside(agency_id: int) -> list[PostNode]:
    return records_policy.posts_of(policy.units_of(tree()[agency_id]))


_RECEIVED = HandedRecord.objects.filter(record_id=OuterRef("pk"), counts=True, hand_over__state=HandOver.State.RECEIVED)
_IN_THE_ARCHIVE = (
    ~Q(rights=Record.Rights.NAMED) | Q(stage=Stage.HANDED_OVER) | Q(Exists(_RECEIVED), stage=Stage.DESTROYED)
)


def visible_to(officer: Officer) -> QuerySet[Record]:
    """What somebody may see: what their posts make, what lies open to their unit or to a post of theirs by name, what
    is made below them where they have documents.see; archivists all of their agency. What is limited to posts by name
    those see, and the archivists once they have it; to destroy what they never had tells them nothing of it."""
    named = Record.posts.through.objects.filter(record_id=OuterRef("pk"), post_id__in=officer.post_ids)
    units = {post.organisation.id for post in officer.posts}
    below = Q(unit_id__in=officer.organisation_ids(policy.SEE)) | Q(unit__path__within_any=officer.paths(policy.SEE))
    return Record.objects.filter(
        Q(maker_id__in=officer.post_ids)
        | Q(rights=Record.Rights.UNIT, unit_id__in=units)
        | Exists(named)
        | Q(_IN_THE_ARCHIVE, organisation_id__in=records_policy.archived_by(officer))
        | Q(below, ~Q(rights=Record.Rights.NAMED))
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """How records are narrowed. `unit_id` with what is in it only, not below."""

    text: str = ""
    year: int | None = None
    unit_id: int | None = None
    stage: str = ""
    due: bool = False


def listing(officer: Officer, filters: Filters, *, after: int | None = None, size: int = PAGE) -> list[Record]:
    """A page of records, the newest first; one more than a page when there is a next. One query."""
    found = visible_to(officer)
    if filters.text.strip():
        found = found.filter(search=search.query(filters.text))
    if filters.year:
        found = found.filter(year=filters.year)
    if filters.unit_id:
        found = found.filter(unit_id=filters.unit_id)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.due:
        found = _due(found)
    if after:
        found = found.filter(pk__lt=after)
    return list(found.annotate(filed=Count("items")).order_by("-pk")[: size + 1])


def _due(records: QuerySet[Record]) -> QuerySet[Record]:
    """Of these, what the archive has to have within thirty days, or should have, and nobody has given it yet."""
    given = HandedRecord.objects.filter(record_id=OuterRef("pk"), counts=True)
    return records.filter(~Exists(given), stage=Stage.CLOSED, due_on__lte=clock.today() + WARNED)


def one(officer: Officer, record_id: int) -> Record | None:
    return visible_to(officer).filter(pk=record_id).first()


@dataclass(frozen=True, slots=True)
class Shown:
    """A filed document as a reader may see it: without `seen` neither its name nor its page."""

    item: RecordItem
    number: int
    seen: bool
    listed: bool


def items_of(officer: Officer, record: Record) -> list[Shown]:
    """What is in it. Those who work on it and its archivists see what all of it is called but what is limited to
    others; each opens what they may see. One query, and two for each kind of what is in it."""
    items = list(record.items.order_by("place", "id"))
    ids: dict[str, list[int]] = {}
    for item in items:
        ids.setdefault(item.subject_type, []).append(item.subject_id)
    seen = {kind: SUBJECTS[kind].seen_by(officer, found) for kind, found in ids.items() if kind in SUBJECTS}
    limited = {kind: SUBJECTS[kind].limited(found) for kind, found in ids.items() if kind in SUBJECTS}
    agency = tree()[record.organisation_id]
    lists = records_policy.works_on(officer, record) or records_policy.archives(officer, agency)
    return [
        Shown(item, number, is_seen, is_seen or (lists and item.subject_id not in limited.get(item.subject_type, ())))
        for number, item in enumerate(items, start=1)
        for is_seen in [item.subject_id in seen.get(item.subject_type, ())]
    ]


def open_for(officer: Officer) -> list[Record]:
    """The open records in which somebody may file, the newest first."""
    found = visible_to(officer).filter(stage=Stage.OPEN, frozen_for="").order_by("-pk")[:MOST_OFFERED]
    return [record for record in found if records_policy.works_on(officer, record)]


def holding(officer: Officer, subject: tuple[str, int]) -> list[Record]:
    """The records that hold a document, of those that somebody may see."""
    inside = RecordItem.objects.filter(record_id=OuterRef("pk"), subject_type=subject[0], subject_id=subject[1])
    return list(visible_to(officer).filter(Exists(inside)).order_by("pk"))


def is_on_its_way(record_id: int) -> bool:
    """Whether it stands on a hand-over or a list of disposal that counts."""
    on = {"record_id": record_id, "counts": True}
    return HandedRecord.objects.filter(**on).exists() or DisposedRecord.objects.filter(**on).exists()


# the yearly list


def list_of(agency_id: int, year: int) -> RecordList | None:
    return RecordList.objects.filter(organisation_id=agency_id, year=year).first()


def lines_of(found: RecordList, *, unit_id: int | None = None, text: str = "") -> list[RecordLine]:
    """The lines by unit and notation, with the number of records opened from each. One query."""
    lines = found.lines.annotate(opened=Count("records")).order_by("unit_id", "notation")
    return [
        line
        for line in (lines.filter(unit_id=unit_id) if unit_id else lines)
        if not text or search_words(text) <= search_words(f"{line.notation} {line.title} {line.note}")
    ]


def search_words(text: str) -> set[str]:
    return set(known(text).split())


# the archive


def hide_titles(officer: Officer, records: Iterable[Record]) -> None:
    """Take title and description off the records that are limited to posts by name and not for this officer to see.

    Code, days, retention and counts stay: by those an archive is told of them, receives, appraises and destroys them.
    At most one query. To be read, not to be saved.
    """
    named = [record for record in records if record.rights == Record.Rights.NAMED]
    ids = {record.pk for record in named}
    seen = set(visible_to(officer).filter(pk__in=ids).values_list("pk", flat=True)) if ids else ids
    for record in named:
        if record.pk not in seen:
            record.title = record.description = ""


def due_at_archives(agency_ids: Sequence[int], *, most: int) -> list[Record]:
    """What the archives of these agencies wait for, whoever may see it, those due first."""
    return list(_due(Record.objects.filter(organisation_id__in=agency_ids)).order_by("due_on", "pk")[:most])


def asking_archives(agency_ids: Sequence[int]) -> QuerySet[Record]:
    """What units ask the archives of these agencies to let them keep, whoever may see it."""
    return Record.objects.filter(organisation_id__in=agency_ids, keeping=Record.Keeping.ASKED)


def ready_to_hand_over(officer: Officer, unit_ids: Collection[int]) -> list[Record]:
    """Closed records of these units that the archive is to get, those due first, on no hand-over yet."""
    given = HandedRecord.objects.filter(record_id=OuterRef("pk"), counts=True)
    found = visible_to(officer).filter(~Exists(given), stage=Stage.CLOSED, due_on__isnull=False, unit_id__in=unit_ids)
    return list(found.order_by("due_on", "pk")[:MOST_OFFERED])


def over(agency_ids: Sequence[int], day: date) -> list[Record]:
    """Records whose time is over and that nothing holds, on no list yet."""
    listed = DisposedRecord.objects.filter(record_id=OuterRef("pk"), counts=True)
    found = Record.objects.filter(
        ~Exists(listed),
        organisation_id__in=agency_ids,
        over_on__lt=day,
        stage__in=[Stage.CLOSED, Stage.HANDED_OVER],
        frozen_for="",
    )
    return list(found.order_by("over_on", "pk")[:MOST_OFFERED])


def hand_overs_seen_by(officer: Officer) -> QuerySet[HandOver]:
    agencies = records_policy.archived_by(officer)
    return HandOver.objects.filter(
        Q(organisation_id__in=agencies)
        | Q(unit_id__in=officer.organisation_ids(policy.SEE))
        | Q(unit__path__within_any=officer.paths(policy.SEE))
        | Q(given_by_id=officer.account_id)
    )
