"""The yearly list of records: drafted by the clerk and the units, approved by the head of the agency at the start of
the year; what comes up later is added with a reason (NĐ 30/2020 art. 28)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.models import Record, RecordLine, RecordList
from lienthong.documents.records import carrying, events, rules
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import Missing, NotPossible, not_yours
from lienthong.documents.records.rules import Line
from lienthong.foundation import clock
from lienthong.foundation.ledger import EventKind
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer

State = RecordList.State
FIRST_YEAR, LAST_YEAR = 1945, 2200
REVISION_PART = 1
"""The part of a list that lies with the clerks after it was given back."""


@transaction.atomic
def begin(*, agency_id: int, year: int, officer: Officer) -> RecordList:
    """The list of an agency for a year, drafted from now on where there was none. Raises NotYours, Missing."""
    agency = tree().nodes.get(agency_id)
    if agency is None or not records_policy.units_led(officer, agency):
        raise not_yours()
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Missing({"year": _("Write the year with four digits.")})
    found, _made = RecordList.objects.get_or_create(organisation_id=agency.id, year=year)
    return found


@transaction.atomic
def save_line(
    *, list_id: int, officer: Officer, key: UUID, line: Line, line_id: int | None = None, reason: str = ""
) -> RecordLine:
    """Write a line, new or changed. After the approval only new ones, with a reason. The same key writes once.

    Raises NoSuchRecord, NotYours, NotPossible, Missing.
    """
    found, agency = _lock(list_id)
    if earlier := RecordLine.objects.filter(key=key, list=found).first() if line_id is None else None:
        return earlier
    _require_unit(officer, agency, line.unit_id)
    added = found.state == State.APPROVED
    if found.state == State.SUBMITTED or (added and line_id is not None):
        raise _settled(found)
    _require_complete(line, agency, reason, added=added)
    row = _line_of(found, line_id) if line_id is not None else RecordLine(list=found, key=key)
    if row.pk:
        _require_unit(officer, agency, row.unit_id)
    row.notation, row.title, row.retention, row.note = line.notation, line.title.strip(), line.retention, line.note
    row.unit_id, row.post_id = line.unit_id, line.post_id
    row.reason = reason.strip()[:500] if added else row.reason
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Missing({"notation": _("The list has this notation already.")}) from error
    event = events.LIST_ADDED if added else events.LIST_CHANGED
    _record(event, found, officer, {"notation": row.notation, "reason": row.reason})
    return row


@transaction.atomic
def remove_line(*, list_id: int, line_id: int, officer: Officer) -> None:
    """Take a line off a draft. Raises NoSuchRecord, NotYours, NotPossible."""
    found, agency = _lock(list_id)
    row = _line_of(found, line_id)
    _require_unit(officer, agency, row.unit_id)
    if found.state != State.DRAFT or Record.objects.filter(line=row).exists():
        raise _settled(found)
    row.delete()
    _record(events.LIST_CHANGED, found, officer, {"removed": row.notation})


@transaction.atomic
def add_lines(*, list_id: int, lines: Sequence[Line], officer: Officer) -> int:
    """Add lines that were pasted to a draft; those whose notation is there already are left out, so that pasting twice
    does no harm. Says how many are new. Raises NoSuchRecord, NotYours, NotPossible, Missing."""
    found, agency = _lock(list_id)
    if found.state != State.DRAFT:
        raise _settled(found)
    allowed = {unit.id for unit in records_policy.units_led(officer, agency)}
    if not all(line.unit_id in allowed for line in lines):
        raise not_yours()
    for line in lines:
        _require_complete(line, agency, "", added=False)
    return _add(found, lines, officer)


@transaction.atomic
def copy_year_before(*, list_id: int, officer: Officer) -> int:
    """Take over the lines of the year before that are not there yet, of the units for which the officer drafts. Says
    how many. Raises NoSuchRecord, NotYours, NotPossible."""
    found, agency = _lock(list_id)
    if found.state != State.DRAFT:
        raise _settled(found)
    today, agencies = clock.today(), tree()
    allowed = [unit.id for unit in records_policy.units_led(officer, agency)]
    if not allowed:
        raise not_yours()
    before = RecordLine.objects.filter(
        list__organisation_id=agency.id, list__year=found.year - 1, unit_id__in=allowed
    ).order_by("id")
    lines = [
        Line(row.notation, row.title, row.retention, row.unit_id, _still(row.post_id), row.note)
        for row in before
        if agencies[row.unit_id].in_force(today)
    ]
    return _add(found, lines, officer)


def _still(post_id: int | None) -> int | None:
    post = tree().posts.get(post_id or 0)
    return post.id if post and post.in_force(clock.today()) else None


def _add(found: RecordList, lines: Sequence[Line], officer: Officer) -> int:
    there = set(found.lines.values_list("notation", flat=True))
    new = [line for line in lines if line.notation not in there]
    RecordLine.objects.bulk_create(
        RecordLine(
            list=found,
            notation=line.notation,
            title=line.title,
            retention=line.retention,
            unit_id=line.unit_id,
            post_id=line.post_id,
            note=line.note,
        )
        for line in new
    )
    if new:
        _record(events.LIST_CHANGED, found, officer, {"added": len(new)})
    return len(new)


@transaction.atomic
def submit(*, list_id: int, officer: Officer) -> RecordList:
    """Lay the draft before the head of the agency. Raises NoSuchRecord, NotYours, NotPossible."""
    found, agency = _lock(list_id)
    if not (records_policy.is_clerk(officer, agency) or records_policy.leads(officer, agency)):
        raise not_yours()
    if found.state == State.SUBMITTED:
        return found
    if found.state != State.DRAFT:
        raise _settled(found)
    if not found.lines.exists():
        raise NotPossible(_("The list is empty."), way_out=_("Add the first records, or copy those of last year."))
    _move(found, State.SUBMITTED)
    carrying.take_off((carrying.RECORD_LIST, found.pk), officer, "submitted", part=REVISION_PART)
    task = _now("Approve the list of records")
    subject = (carrying.RECORD_LIST, found.pk)
    carrying.lay_with_leader(subject, agency, task=task, title=_titled(found))
    _record(events.LIST_SUBMITTED, found, officer, {"lines": found.lines.count()})
    return found


@transaction.atomic
def approve(*, list_id: int, officer: Officer) -> RecordList:
    """The head of the agency approves the list. Raises NoSuchRecord, NotYours, NotPossible."""
    found, agency = _lock(list_id)
    if not records_policy.leads(officer, agency):
        raise not_yours()
    if found.state == State.APPROVED:
        return found
    if found.state != State.SUBMITTED:
        raise NotPossible(_("The list has not been submitted yet."))
    found.approved_at, found.approved_by_id, found.words = clock.now(), officer.account_id, ""
    _move(found, State.APPROVED)
    carrying.take_off((carrying.RECORD_LIST, found.pk), officer, "approved")
    _record(events.LIST_APPROVED, found, officer, {"lines": found.lines.count()})
    return found


@transaction.atomic
def give_back(*, list_id: int, officer: Officer, words: str) -> RecordList:
    """The head of the agency wants it otherwise. Raises NoSuchRecord, NotYours, NotPossible, Missing."""
    found, agency = _lock(list_id)
    if not records_policy.leads(officer, agency):
        raise not_yours()
    if found.state != State.SUBMITTED:
        raise NotPossible(_("The list does not wait for approval."))
    found.words = carrying.require_words(words)
    _move(found, State.DRAFT)
    carrying.take_off((carrying.RECORD_LIST, found.pk), officer, "returned")
    _lay_with_clerks(found, agency)
    _record(events.LIST_RETURNED, found, officer, {"words": found.words})
    return found


def _lay_with_clerks(found: RecordList, agency: Node) -> None:
    """Where the agency has no clerk, whoever drafts it sees the words on the page of the list."""
    if desk := records_policy.clerks_desk(agency):
        carrying.lay_with(
            (carrying.RECORD_LIST, found.pk),
            part=REVISION_PART,
            task=_now("Revise the list of records"),
            title=_titled(found),
            code="",
            organisation_id=desk,
            role=policy.CLERK,
        )


def _titled(found: RecordList) -> str:
    return _now("List of records of %(year)s") % {"year": found.year}


def _move(found: RecordList, state: str) -> None:
    found.state = state
    found.submitted_at = clock.now() if state == State.SUBMITTED else found.submitted_at
    found.save(update_fields=["state", "submitted_at", "approved_at", "approved_by", "words"])


def _lock(list_id: int) -> tuple[RecordList, Node]:
    found = RecordList.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
    if found is None:
        raise carrying.no_such_record()
    return found, tree()[found.organisation_id]


def _line_of(found: RecordList, line_id: int) -> RecordLine:
    row = found.lines.filter(pk=line_id).first()
    if row is None:
        raise carrying.no_such_record()
    return row


def _require_unit(officer: Officer, agency: Node, unit_id: int) -> None:
    if unit_id not in {unit.id for unit in records_policy.units_led(officer, agency)}:
        raise not_yours()


def _require_complete(line: Line, agency: Node, reason: str, *, added: bool) -> None:
    errors: dict[str, object] = {}
    if not rules.is_notation(line.notation):
        errors["notation"] = _("Write it as 01.TCCB: at most 20 letters, digits, dots, hyphens.")
    if not line.title.strip():
        errors["title"] = _("Say what the record is about.")
    if line.retention not in carrying.retention_names():
        errors["retention"] = _("Choose how long it is kept.")
    post = tree().posts.get(line.post_id) if line.post_id else None
    if line.post_id and (post is None or post.organisation_id != line.unit_id):
        errors["maker"] = _("There is no such post any more.")
    if added and not reason.strip():
        errors["reason"] = _("The list is approved: say why this record is added.")
    if errors:
        raise Missing(errors)


def _settled(found: RecordList) -> NotPossible:
    if found.state == State.SUBMITTED:
        return NotPossible(_("The list waits for approval and does not change meanwhile."))
    return NotPossible(_("The list is approved. A record may be added with a reason; the others stay as they are."))


def _record(event: EventKind, found: RecordList, officer: Officer, data: dict[str, object]) -> None:
    carrying.put_down(event, (carrying.RECORD_LIST, found.pk), officer, found.organisation_id, data)
