"""Opening records, filing documents in them, closing them, opening them again, freezing (NĐ 30/2020 art. 28-29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import Record, RecordItem, RecordLine, RecordList
from lienthong.documents.records import carrying, events, queries, rules
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import RECORD, Missing, NotPossible, not_yours, put_down
from lienthong.documents.records.rules import Against, Stage
from lienthong.documents.rules.marks import Mark
from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.work.subjects import SUBJECTS, Facts

MOST_SHEETS = 32_000


class NotReady(Conflict):
    """`against` are what stands against closing, each with the places of the documents it is about."""

    code = "documents.record_not_ready"

    def __init__(self, against: Sequence[tuple[Against, tuple[int, ...]]]) -> None:
        super().__init__(_("The record cannot be closed yet."))
        self.against = against


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record says of itself. With a line of an approved list its notation, title and retention are those."""

    maker_id: int
    started_on: date
    year: int
    notation: str = ""
    title: str = ""
    retention: str = ""
    line_id: int | None = None
    rights: str = Record.Rights.UNIT
    posts: tuple[int, ...] = ()
    description: str = ""


@transaction.atomic
def open_record(*, agency_id: int, new: NewRecord, officer: Officer, key: UUID) -> Record:
    """Open a record for a post of the agency. The same key opens once. Raises NotYours, Missing, NoSuchRecord."""
    agency = tree().nodes.get(agency_id)
    makers = {post.id: post for post in records_policy.makers_for(officer, agency)} if agency else {}
    if agency is None or new.maker_id not in makers:
        raise not_yours()
    if earlier := Record.objects.filter(key=key, organisation_id=agency.id).first():
        return earlier
    line = _listed(agency.id, new.line_id)
    record = Record(
        key=key,
        organisation_id=agency.id,
        unit_id=makers[new.maker_id].organisation_id,
        maker_id=new.maker_id,
        line=line,
        year=line.list.year if line else new.year,
        notation=line.notation if line else new.notation,
        title=(new.title or (line.title if line else "")).strip(),
        retention=line.retention if line else new.retention,
        rights=new.rights,
        description=new.description.strip(),
        started_on=new.started_on,
        opened_at=clock.now(),
    )
    _require_complete(record, new)
    record.years = carrying.years_of(record.retention)
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise Missing({"notation": _("The agency has a record of this notation in this year already.")}) from error
    record.posts.set(new.posts)
    put_down(events.OPENED, (RECORD, record.pk), officer, agency.id, {"code": carrying.code_of(record)})
    return record


def _listed(agency_id: int, line_id: int | None) -> RecordLine | None:
    if line_id is None:
        return None
    wanted = RecordLine.objects.select_related("list").filter(
        pk=line_id, list__organisation_id=agency_id, list__state=RecordList.State.APPROVED
    )
    found = wanted.first()
    if found is None:
        raise carrying.no_such_record()
    return found


def _require_complete(record: Record, new: NewRecord) -> None:
    errors: dict[str, object] = {}
    if not rules.is_notation(record.notation):
        errors["notation"] = _("Write it as 01.TCCB: at most 20 letters, digits, dots, hyphens.")
    if not record.title:
        errors["title"] = _("Say what the record is about.")
    if record.retention not in carrying.retention_names():
        errors["retention"] = _("Choose how long it is kept.")
    if record.started_on > clock.today():
        errors["started"] = _("It cannot begin on a day that has not come.")
    if not 1945 <= record.year <= clock.today().year:
        errors["year"] = _("Write the year with four digits.")
    inside = {post.id for post in queries.posts_inside(record.organisation_id)}
    if record.rights != Record.Rights.UNIT and not (new.posts and inside.issuperset(new.posts)):
        errors["posts"] = _("Choose posts of the agency that may see it.")
    if errors:
        raise Missing(errors)


@transaction.atomic
def change(
    *, record_id: int, title: str, rights: str, posts: Sequence[int], description: str, officer: Officer
) -> Record:
    """Change what an open record is called and who may see it; who gets or loses the right is on record.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    record = _worked_on(record_id, officer)
    carrying.require_open(record)
    before = set(record.posts.values_list("pk", flat=True))
    record.title, record.rights, record.description = title.strip(), rights, description.strip()
    new = NewRecord(record.maker_id, record.started_on, record.year, posts=tuple(posts))
    _require_complete(record, new)
    record.save(update_fields=["title", "rights", "description"])
    record.posts.set(posts)
    data = {"rights": rights, "given": sorted(set(posts) - before), "taken": sorted(before - set(posts))}
    put_down(events.CHANGED, (RECORD, record.pk), officer, record.organisation_id, data)
    return record


@transaction.atomic
def read(*, record_id: int, officer: Officer, taken_along: bool = False) -> Record:
    """A record to be looked at, or the list of its documents to be taken along. On record. Raises NoSuchRecord."""
    record = queries.one(officer, record_id)
    if record is None:
        raise carrying.no_such_record()
    event = events.TAKEN_ALONG if taken_along else events.SEEN
    put_down(event, (carrying.RECORD_READ, record.pk), officer, officer.acting.organisation.id, {})
    return record


# what is in it


@transaction.atomic
def file(*, record_id: int, subject: tuple[str, int], officer: Officer, note: str = "") -> RecordItem:
    """File a document that the officer may see, without copying it. Filed twice it is there once.

    Raises NoSuchRecord, NotYours, NotPossible.
    """
    record = _worked_on(record_id, officer)
    facts = facts_of(subject, officer)
    earlier = record.items.filter(subject_type=subject[0], subject_id=subject[1]).first()
    if earlier:
        return earlier
    carrying.require_open(record)
    last = record.items.aggregate(last=Max("place"))["last"] or 0
    item = RecordItem.objects.create(
        record=record,
        subject_type=subject[0],
        subject_id=subject[1],
        place=last + 1,
        code=facts.code,
        kind=facts.kind[:200],
        title=facts.title,
        issuer=facts.issuer,
        dated=facts.dated,
        sheets=facts.sheets,
        note=note.strip()[:500],
        filed_at=clock.now(),
        filed_by_id=officer.account_id,
    )
    put_down(events.FILED, (RECORD, record.pk), officer, record.organisation_id, {"subject": list(subject)})
    return item


def facts_of(subject: tuple[str, int], officer: Officer) -> Facts:
    """What a document says of itself to somebody who may see it. Raises NoSuchRecord."""
    kind = SUBJECTS.get(subject[0])
    if kind is None or subject[1] not in kind.seen_by(officer, [subject[1]]):
        raise carrying.no_such_record()
    return kind.facts([subject[1]])[subject[1]]


@transaction.atomic
def unfile(*, record_id: int, item_id: int, officer: Officer, reason: str) -> None:
    """Take a document out of an open record; that it was there is on record. Asked twice it is done once.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    record = _worked_on(record_id, officer)
    carrying.require_open(record)
    reason = carrying.require_words(reason)
    item = record.items.filter(pk=item_id).first()
    if item is None:
        return
    item.delete()
    data = {"subject": [item.subject_type, item.subject_id], "reason": reason}
    put_down(events.UNFILED, (RECORD, record.pk), officer, record.organisation_id, data)


@transaction.atomic
def describe(
    *, record_id: int, item_id: int, officer: Officer, place: int | None, sheets: int | None, note: str
) -> RecordItem:
    """Say on how many sheets a document stands, at which place, and a word about it.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    record = _worked_on(record_id, officer)
    carrying.require_open(record)
    items = list(record.items.order_by("place", "id"))
    item = next((each for each in items if each.pk == item_id), None)
    if item is None:
        raise carrying.no_such_record()
    if sheets is not None and not 0 < sheets <= MOST_SHEETS:
        raise Missing({"sheets": _("Write the number of sheets with digits.")})
    item.sheets, item.note = sheets, note.strip()[:500]
    item.save(update_fields=["sheets", "note"])
    if place is not None:
        items.remove(item)
        items.insert(min(max(place, 1), len(items) + 1) - 1, item)
        for number, each in enumerate(items, start=1):
            each.place = number
        RecordItem.objects.bulk_update(items, ["place"])
    return item


# its end


def standing_against(record: Record) -> list[tuple[Against, tuple[int, ...]]]:
    """What stands against closing it, as it is now. Two queries and one for each kind of what is in it."""
    items = list(record.items.order_by("place", "id"))
    ids: dict[str, list[int]] = {}
    for item in items:
        ids.setdefault(item.subject_type, []).append(item.subject_id)
    facts = {kind: SUBJECTS[kind].facts(found) for kind, found in ids.items() if kind in SUBJECTS}
    return rules.against_closing([_as_rule(n, each, facts) for n, each in enumerate(items, start=1)], record.years)


def _as_rule(number: int, item: RecordItem, facts: dict[str, dict[int, Facts]]) -> rules.Item:
    fact = facts.get(item.subject_type, {}).get(item.subject_id)
    mark = Mark.read(item.code)
    same = f"{mark.compared} {rules.known(item.issuer)} {item.dated}" if mark and item.dated else ""
    described = bool(item.title and item.dated)
    return rules.Item(number, same, bool(fact and fact.is_finished), described, item.sheets)


@transaction.atomic
def close(*, record_id: int, officer: Officer, ended_on: date | None = None) -> Record:
    """Close a record: from now on nothing is added, taken out or changed, and the time for which it is kept runs.

    Raises NoSuchRecord, NotYours, NotPossible, NotReady, Missing.
    """
    record = _worked_on(record_id, officer)
    if record.stage != Stage.OPEN:
        return record
    carrying.require_open(record)
    ended = ended_on or clock.today()
    if not record.started_on <= ended <= clock.today():
        raise Missing({"ended": _("It ended between the day on which it began and today.")})
    if against := standing_against(record):
        raise NotReady(against)
    items = list(record.items.all())
    record.stage, record.closed_at, record.ended_on = Stage.CLOSED, clock.now(), ended
    record.documents = len(items)
    record.sheets = sum(item.sheets or 0 for item in items)
    record.due_on, record.over_on = rules.due_on(ended, record.years), rules.over_on(ended, record.years)
    record.save(update_fields=list(_ENDING))
    data = {"documents": record.documents, "sheets": record.sheets, "ended": ended.isoformat()}
    put_down(events.CLOSED, (RECORD, record.pk), officer, record.organisation_id, data)
    return record


_ENDING = ("stage", "closed_at", "ended_on", "documents", "sheets", "due_on", "over_on", "keeping", "keep_until")


@transaction.atomic
def reopen(*, record_id: int, officer: Officer, reason: str) -> Record:
    """The head of the agency opens a closed record again. What the archive has stays closed.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    record = _led(record_id, officer)
    reason = carrying.require_words(reason)
    if record.stage == Stage.OPEN:
        return record
    carrying.require_not_frozen(record)
    if record.stage != Stage.CLOSED or queries.is_on_its_way(record.pk):
        raise NotPossible(_("The archive has the record, or it is on a list: it stays closed."))
    record.stage, record.closed_at, record.ended_on = Stage.OPEN, None, None
    record.documents = record.sheets = record.due_on = record.over_on = record.keep_until = None
    record.keeping = Record.Keeping.NONE
    record.save(update_fields=list(_ENDING))
    carrying.take_off((RECORD, record.pk), officer, "reopened", part=carrying.HAND_OVER_PART)
    carrying.take_off((RECORD, record.pk), officer, "reopened", part=carrying.KEEPING_PART)
    put_down(events.REOPENED, (RECORD, record.pk), officer, record.organisation_id, {"reason": reason})
    return record


@transaction.atomic
def freeze(*, record_id: int, officer: Officer, reason: str) -> Record:
    """The law wants it as it is, for a trial or an inspection: until it is released nothing in it changes and it is not
    destroyed. Raises NoSuchRecord, NotYours, NotPossible, Missing."""
    record = _led(record_id, officer)
    if record.stage == Stage.DESTROYED:
        raise NotPossible(_("The record is destroyed."))
    record.frozen_for = carrying.require_words(reason)[:500]
    record.save(update_fields=["frozen_for"])
    put_down(events.FROZEN, (RECORD, record.pk), officer, record.organisation_id, {"reason": record.frozen_for})
    return record


@transaction.atomic
def thaw(*, record_id: int, officer: Officer, reason: str) -> Record:
    """Raises NoSuchRecord, NotYours, Missing."""
    record = _led(record_id, officer)
    reason = carrying.require_words(reason)
    if record.frozen_for:
        record.frozen_for = ""
        record.save(update_fields=["frozen_for"])
        put_down(events.THAWED, (RECORD, record.pk), officer, record.organisation_id, {"reason": reason})
    return record


def _worked_on(record_id: int, officer: Officer) -> Record:
    record = seen(record_id, officer)
    if not records_policy.works_on(officer, record):
        raise not_yours()
    return record


def _led(record_id: int, officer: Officer) -> Record:
    record = seen(record_id, officer)
    if not records_policy.leads(officer, tree()[record.organisation_id]):
        raise not_yours()
    return record


def seen(record_id: int, officer: Officer) -> Record:
    """A record that somebody may see, locked. Raises NoSuchRecord."""
    if not queries.visible_to(officer).filter(pk=record_id).exists():
        raise carrying.no_such_record()
    return carrying.lock(record_id)
