"""How records go to the archive of the agency: kept back with agreement, given, received or given back, and the warning
before it is due (NĐ 30/2020 art. 30, App. VI)."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.models import HandedRecord, HandOver, Record
from lienthong.documents.records import carrying, events, queries, rules
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import (
    HAND_OVER,
    HAND_OVER_PART,
    KEEPING_PART,
    RECORD,
    Missing,
    NotPossible,
    not_yours,
    put_down,
)
from lienthong.documents.records.keeping import seen
from lienthong.documents.records.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.work.models import WorkItem

PIECE = 500
END_OF_DAY = time(17)


# kept back


@transaction.atomic
def ask_to_keep(*, record_id: int, officer: Officer, until: date | None, reason: str) -> Record:
    """Ask the archive to let the unit keep a closed record until a day, at most two years longer.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    record = seen(record_id, officer)
    if not records_policy.works_on(officer, record):
        raise not_yours()
    reason = carrying.require_words(reason)
    if record.stage != Stage.CLOSED or record.due_on is None or queries.is_on_its_way(record.pk):
        raise NotPossible(_("The archive does not wait for this record."))
    if record.keeping == Record.Keeping.ASKED:
        return record
    first_due = rules.due_on(record.ended_on, record.years) if record.ended_on else record.due_on
    if until is None or not record.due_on < until <= rules.kept_back_at_most(first_due or record.due_on):
        raise Missing({"until": _("At most two years after the day on which it is due.")})
    agency, desk = _desk(record.organisation_id)
    record.keeping, record.keep_until = Record.Keeping.ASKED, until
    record.save(update_fields=["keeping", "keep_until"])
    carrying.lay_with(
        (RECORD, record.pk),
        part=KEEPING_PART,
        task=_now("Say whether the unit may keep the record longer"),
        title=carrying.shared_title(record),
        code=carrying.code_of(record),
        organisation_id=desk,
        role=records_policy.ARCHIVIST,
    )
    data = {"until": until.isoformat(), "reason": reason}
    put_down(events.KEPT_BACK, (RECORD, record.pk), officer, agency.id, data)
    return record


def why_kept(record: Record) -> str:
    """The reason for which a unit asks to keep it, as it stands on record."""
    asked = (entry for entry in reversed(timeline((RECORD, record.pk))) if entry.kind == events.KEPT_BACK.key)
    return next((str(entry.data.get("reason", "")) for entry in asked), "")


@transaction.atomic
def answer_keeping(*, record_id: int, officer: Officer, agreed: bool, words: str = "") -> Record:
    """The archive agrees that the unit keeps it, or does not, then with words; also of a record whose title is not for
    the archivist to see.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    asking = queries.asking_archives(records_policy.archived_by(officer)).filter(pk=record_id)
    record = carrying.lock(record_id) if asking.exists() else seen(record_id, officer)
    if not records_policy.archives(officer, tree()[record.organisation_id]):
        raise not_yours()
    if record.keeping != Record.Keeping.ASKED:
        raise NotPossible(_("Nobody asks to keep the record longer."))
    if not agreed:
        words = carrying.require_words(words)
    record.keeping = Record.Keeping.AGREED if agreed else Record.Keeping.NONE
    record.due_on = record.keep_until if agreed else record.due_on
    record.keep_until = record.keep_until if agreed else None
    record.save(update_fields=["keeping", "keep_until", "due_on"])
    subject = (RECORD, record.pk)
    carrying.take_off(subject, officer, "agreed" if agreed else "refused", part=KEEPING_PART)
    if agreed:
        carrying.take_off(subject, officer, "kept-back", part=HAND_OVER_PART)
    event = events.AGREED if agreed else events.NOT_AGREED
    put_down(event, subject, officer, record.organisation_id, {"words": words.strip()})
    return record


def _desk(agency_id: int) -> tuple[Node, int]:
    """The agency and where its archivists sit. Raises NotPossible."""
    agency = tree()[agency_id]
    desk = records_policy.archive_desk(agency)
    if desk is None:
        raise NotPossible(
            _("%(agency)s has no archivist."),
            way_out=_("The administrator can give a post the role of archivist."),
            agency=agency.name,
        )
    return agency, desk


# given and received


@transaction.atomic
def give(*, unit_id: int, record_ids: Sequence[int], officer: Officer, key: UUID) -> HandOver:
    """A unit gives closed records to the archive of its agency. The same key gives once.

    Raises NotYours, NotPossible, Missing.
    """
    unit = tree().nodes.get(unit_id)
    if unit is None:
        raise not_yours()
    agency, desk = _desk(records_policy.agency_of(unit).id)
    if earlier := HandOver.objects.filter(key=key, given_by_id=officer.account_id).first():
        return earlier
    wanted = queries.visible_to(officer).filter(pk__in=record_ids, unit_id=unit.id).values_list("pk", flat=True)
    records = list(Record.objects.select_for_update(of=("self",)).filter(pk__in=sorted(wanted)).order_by("pk"))
    if not records or len(records) < len(set(record_ids)):
        raise Missing({"records": _("Choose closed records of the unit.")})
    if not all(records_policy.works_on(officer, record) for record in records):
        raise not_yours()
    if any(record.stage != Stage.CLOSED or record.due_on is None for record in records):
        raise NotPossible(_("Only closed records that are kept five years or longer go to the archive."))
    now = clock.now()
    number = take(f"documents:{agency.key}:record-hand-overs", period="year", at=now)
    year = clock.local(now).year
    given = HandOver(key=key, organisation_id=agency.id, unit_id=unit.id, year=year, number=number, given_at=now)
    given.given_by_id = officer.account_id
    try:
        with transaction.atomic():
            given.save()
            HandedRecord.objects.bulk_create(HandedRecord(hand_over=given, record=record) for record in records)
    except IntegrityError as error:
        raise NotPossible(_("One of the records has been given already.")) from error
    carrying.lay_with(
        (HAND_OVER, given.pk),
        task=_now("Receive records into the archive"),
        title=unit.name,
        code=f"{number}/{year}",
        organisation_id=desk,
        role=records_policy.ARCHIVIST,
    )
    for record in records:
        subject = (RECORD, record.pk)
        carrying.take_off(subject, officer, "given", part=HAND_OVER_PART)
        carrying.take_off(subject, officer, "given", part=KEEPING_PART)
        put_down(events.GIVEN, subject, officer, agency.id, {"hand_over": given.pk})
    return given


@transaction.atomic
def receive(*, hand_over_id: int, officer: Officer) -> HandOver:
    """The archivist confirms: from now on the archive has them. Done twice it is done once.

    Raises NoSuchRecord, NotYours, NotPossible.
    """
    given, records = _given(hand_over_id, officer)
    if given.state == HandOver.State.RECEIVED:
        return given
    _decide(given, HandOver.State.RECEIVED, officer)
    for record in records:
        record.stage = Stage.HANDED_OVER
        record.save(update_fields=["stage"])
        put_down(events.RECEIVED, (RECORD, record.pk), officer, given.organisation_id, {"hand_over": given.pk})
    return given


@transaction.atomic
def refuse(*, hand_over_id: int, officer: Officer, words: str) -> HandOver:
    """The archivist gives them back, with words; they lie with whoever makes them again.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    given, records = _given(hand_over_id, officer)
    given.words = carrying.require_words(words)
    _decide(given, HandOver.State.REFUSED, officer)
    given.lines.update(counts=False)
    for record in records:
        data = {"hand_over": given.pk, "words": given.words}
        put_down(events.REFUSED, (RECORD, record.pk), officer, given.organisation_id, data)
        _lay_with_maker(record)
    return given


def _given(hand_over_id: int, officer: Officer) -> tuple[HandOver, list[Record]]:
    given = HandOver.objects.select_for_update(of=("self",)).filter(pk=hand_over_id).first()
    if given is None or not queries.hand_overs_seen_by(officer).filter(pk=hand_over_id).exists():
        raise carrying.no_such_record()
    if not records_policy.archives(officer, tree()[given.organisation_id]):
        raise not_yours()
    if given.given_by_id == officer.account_id:
        raise NotPossible(_("Two people confirm a hand-over: whoever gave the records does not receive them."))
    on = HandedRecord.objects.filter(hand_over=given, record_id=OuterRef("pk"))
    return given, list(Record.objects.select_for_update(of=("self",)).filter(Exists(on)).order_by("pk"))


def _decide(given: HandOver, state: str, officer: Officer) -> None:
    if given.state != HandOver.State.GIVEN:
        raise NotPossible(_("It was decided about this hand-over already."))
    given.state, given.decided_at, given.decided_by_id = state, clock.now(), officer.account_id
    given.save(update_fields=["state", "decided_at", "decided_by", "words"])
    carrying.take_off((HAND_OVER, given.pk), officer, state)


# the warning


def warn() -> int:
    """Lay with whoever makes it each closed record that is due at the archive within thirty days, once. What is done
    stays done when it is cut short. Says how many are new."""
    new = 0
    while many := _warn_some():
        new += many
    return new


@transaction.atomic
def _warn_some() -> int:
    """The morning's e-mail reminds of the item on the day it is due, as of everything else."""
    lies = WorkItem.objects.filter(is_open=True, subject_type=RECORD, subject_id=OuterRef("pk"), part_id=HAND_OVER_PART)
    given = HandedRecord.objects.filter(record_id=OuterRef("pk"), counts=True)
    wanted = Record.objects.filter(
        ~Exists(lies), ~Exists(given), stage=Stage.CLOSED, due_on__lte=clock.today() + rules.WARNED
    )
    found = list(wanted.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:PIECE])
    with translation.override(settings.LANGUAGE_CODE):
        for record in found:
            _lay_with_maker(record)
    return len(found)


def _lay_with_maker(record: Record) -> None:
    """The post that makes it; where there is none any more, the heads of its unit."""
    post = tree().posts.get(record.maker_id)
    there = post if post and post.in_force(clock.today()) else None
    carrying.lay_with(
        (RECORD, record.pk),
        part=HAND_OVER_PART,
        task=_now("Give the record to the archive"),
        title=record.title if there else carrying.shared_title(record),
        code=carrying.code_of(record),
        organisation_id=there.organisation_id if there else record.unit_id,
        role=min(there.roles, default="") if there else policy.HEAD,
        post_id=there.id if there else None,
        due_at=datetime.combine(record.due_on or clock.today(), END_OF_DAY, clock.ZONE),
    )
