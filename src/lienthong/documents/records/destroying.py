"""Records whose time is over: put on one list by the archivist, approved by the head of the agency, destroyed in one
job. What they were called, what was in them and by whose decision they went is kept (NĐ 30/2020 App. VI)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import Disposal, DisposedRecord, Record, RecordItem
from lienthong.documents.records import carrying, events
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import DISPOSAL, RECORD, Missing, NotPossible, not_yours, put_down
from lienthong.documents.records.packages import services as packages
from lienthong.documents.records.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.work.subjects import SUBJECTS

JOB, QUEUE = "documents.destroy_records", "documents"
SAID_AT_ONCE = 200
"""Documents in one entry of the ledger, which has an end."""
State = Disposal.State


@transaction.atomic
def propose(*, agency_id: int, record_ids: Sequence[int], reason: str, officer: Officer, key: UUID) -> Disposal:
    """The archivist proposes to destroy records whose time is over. The same key proposes once.

    Raises NotYours, NotPossible, Missing.
    """
    agency = tree().nodes.get(agency_id)
    if agency is None or not records_policy.archives(officer, agency):
        raise not_yours()
    if earlier := Disposal.objects.filter(key=key, organisation_id=agency.id).first():
        return earlier
    if not reason.strip():
        raise Missing({"reason": _("Say why.")})
    wanted = Record.objects.select_for_update(of=("self",)).filter(pk__in=record_ids, organisation_id=agency.id)
    records = list(wanted.order_by("pk"))
    if not records or len(records) < len(set(record_ids)):
        raise Missing({"records": _("Choose records whose time is over.")})
    if not all(_is_over(record) for record in records):
        raise NotPossible(_("The time of one of the records is not over, or it is frozen."))
    made = Disposal(key=key, organisation_id=agency.id, reason=reason.strip()[:1000], proposed_at=clock.now())
    made.proposed_by_id = officer.account_id
    try:
        with transaction.atomic():
            made.save()
            DisposedRecord.objects.bulk_create(DisposedRecord(disposal=made, record=record) for record in records)
    except IntegrityError as error:
        raise NotPossible(_("One of the records stands on a list already.")) from error
    task = _now("Approve the list of records to be destroyed")
    carrying.lay_with_leader((DISPOSAL, made.pk), agency, task=task, title=made.reason)
    data = {"records": [record.pk for record in records], "reason": made.reason}
    put_down(events.DISPOSAL_PROPOSED, (DISPOSAL, made.pk), officer, agency.id, data)
    return made


def _is_over(record: Record) -> bool:
    ended = record.stage in (Stage.CLOSED, Stage.HANDED_OVER) and not record.frozen_for
    return ended and record.over_on is not None and record.over_on < clock.today()


@transaction.atomic
def approve(*, disposal_id: int, officer: Officer) -> Disposal:
    """The head of the agency approves the list; a job carries it out. Approved twice it is done once.

    Raises NoSuchRecord, NotYours, NotPossible.
    """
    found = _led(disposal_id, officer)
    if found.state in (State.APPROVED, State.DONE):
        return found
    _decide(found, State.APPROVED, officer, "")
    defer_named(JOB, [{"disposal": found.pk}], queue=QUEUE)
    return found


@transaction.atomic
def refuse(*, disposal_id: int, officer: Officer, words: str) -> Disposal:
    """Raises NoSuchRecord, NotYours, NotPossible, Missing."""
    found = _led(disposal_id, officer)
    _decide(found, State.REFUSED, officer, carrying.require_words(words))
    found.lines.update(counts=False)
    return found


def _led(disposal_id: int, officer: Officer) -> Disposal:
    found = Disposal.objects.select_for_update(of=("self",)).filter(pk=disposal_id).first()
    if found is None or not _sees(officer, found):
        raise carrying.no_such_record()
    if not records_policy.leads(officer, tree()[found.organisation_id]):
        raise not_yours()
    return found


def _sees(officer: Officer, found: Disposal) -> bool:
    agency = tree()[found.organisation_id]
    return records_policy.leads(officer, agency) or records_policy.archives(officer, agency)


def seen(disposal_id: int, officer: Officer) -> Disposal:
    """Raises NoSuchRecord."""
    found = Disposal.objects.select_related("proposed_by", "decided_by").filter(pk=disposal_id).first()
    if found is None or not _sees(officer, found):
        raise carrying.no_such_record()
    return found


def _decide(found: Disposal, state: str, officer: Officer, words: str) -> None:
    if found.state != State.PROPOSED:
        raise NotPossible(_("It was decided about this list already."))
    found.state, found.words, found.decided_at, found.decided_by_id = state, words, clock.now(), officer.account_id
    found.save(update_fields=["state", "words", "decided_at", "decided_by"])
    carrying.take_off((DISPOSAL, found.pk), officer, state)
    put_down(
        events.DISPOSAL_DECIDED,
        (DISPOSAL, found.pk),
        officer,
        found.organisation_id,
        {"state": str(state), "words": words},
    )


def carry_out(disposal_id: int) -> int:
    """Destroy what is on an approved list, a record a transaction, and close the list. May run twice or be cut short:
    each record goes once. What was frozen meanwhile stays. Says how many went."""
    gone = 0
    lines = DisposedRecord.objects.filter(disposal_id=disposal_id, disposal__state=State.APPROVED, counts=True)
    for line_id in list(lines.order_by("pk").values_list("pk", flat=True)):
        gone += _destroy(line_id)
    _finish(disposal_id)
    return gone


@transaction.atomic
def _destroy(line_id: int) -> bool:
    line = DisposedRecord.objects.select_related("disposal").get(pk=line_id)
    record = carrying.lock(line.record_id)
    if record.stage == Stage.DESTROYED:
        return False
    if not _is_over(record):
        DisposedRecord.objects.filter(pk=line_id).update(counts=False)
        return False
    record.stage, record.destroyed_at = Stage.DESTROYED, clock.now()
    record.save(update_fields=["stage", "destroyed_at"])
    packages.let_go_of(record)
    went = [_erased(item) for item in _only_here(record)]
    by = {"disposal": line.disposal_id, "decided_by": line.disposal.decided_by_id}
    for start in range(0, len(went) or 1, SAID_AT_ONCE):
        data = {**by, "documents": went[start : start + SAID_AT_ONCE]}
        put_down(events.DESTROYED, (RECORD, record.pk), None, record.organisation_id, data)
    return True


def _only_here(record: Record) -> list[RecordItem]:
    """What no other record holds that is still there."""
    elsewhere = RecordItem.objects.filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"))
    others = elsewhere.exclude(record=record).exclude(record__stage=Stage.DESTROYED)
    return list(record.items.filter(~Exists(others), subject_type__in=list(SUBJECTS)).order_by("place", "id"))


def _erased(item: RecordItem) -> dict[str, Any]:
    went = SUBJECTS[item.subject_type].erase(item.subject_id)
    return {"subject": [item.subject_type, item.subject_id], "files": [each["file"] for each in went]}


@transaction.atomic
def _finish(disposal_id: int) -> None:
    found = Disposal.objects.select_for_update(of=("self",)).filter(pk=disposal_id, state=State.APPROVED).first()
    if found is None:
        return
    found.state, found.done_at = State.DONE, clock.now()
    found.save(update_fields=["state", "done_at"])
    data = {"records": list(found.lines.filter(counts=True).order_by("pk").values_list("record_id", flat=True))}
    put_down(events.DISPOSAL_DONE, (DISPOSAL, found.pk), None, found.organisation_id, data)
