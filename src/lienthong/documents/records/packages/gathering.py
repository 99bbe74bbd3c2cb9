"""What goes into the package of a record, read from the house as it is now."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import HandedRecord, HandOver, Package, Record, RecordItem
from lienthong.documents.records import carrying
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.packages.contents import (
    Agent,
    Content,
    Event,
    Organisation,
    PackedDocument,
    PackedFile,
    archive_code,
    data_path,
)
from lienthong.documents.records.rules import Stage
from lienthong.foundation.files import pdfa, storage
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import require_harmless
from lienthong.foundation.ledger.entries import EntryView, Subject
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.models import Account
from lienthong.work.subjects import SUBJECTS

MOST_ENTRIES = 10_000
"""Of one subject: more than a record has documents."""
SYSTEM = Agent("system", "Hệ thống Liên Thông", "software")


def content_of(package: Package) -> Content:
    """Raises NotPossible for a record that is destroyed; Infected, NotScannedYet, ContentMissing for a file of it."""
    record = package.record
    if record.stage != Stage.HANDED_OVER or record.ended_on is None:
        raise carrying.NotPossible(_("Only what the archive has received goes into packages."))
    agency = records_policy.agency_of(tree()[record.organisation_id])
    documents = tuple(
        _document(number, item) for number, item in enumerate(record.items.order_by("place", "id"), start=1)
    )
    entries = _entries(record)
    names = dict(Account.objects.filter(pk__in=_accounts(entries)).values_list("pk", "full_name"))
    return Content(
        record_key=record.key,
        code=carrying.code_of(record),
        title=record.title,
        retention=carrying.retention_names().get(record.retention, record.retention),
        rights=str(Record.Rights(record.rights).label),
        description=record.description,
        started_on=record.started_on,
        ended_on=record.ended_on,
        sheets=record.sheets or 0,
        creator=Organisation(agency.name, agency.identifier),
        archive=Organisation(f"Lưu trữ {agency.name}", agency.identifier),
        archive_code=_archive_code(record, agency.identifier),
        documents=documents,
        events=tuple(_event(place, entry, names) for place, entry in entries),
        agents=(SYSTEM, *(Agent(_key(pk), name, "person") for pk, name in sorted(names.items()))),
        software=Agent("software", "Liên Thông", "software", _version()),
    )


def _version() -> str:
    try:
        return version("lienthong")
    except PackageNotFoundError:
        return "0"


def _archive_code(record: Record, identifier: str) -> str:
    """By the hand-over on which the archive received it, and its place there."""
    line = HandedRecord.objects.filter(record=record, counts=True, hand_over__state=HandOver.State.RECEIVED)
    found = line.select_related("hand_over").first()
    if found is None:
        return ""
    before = found.hand_over.lines.filter(record_id__lte=record.pk).count()
    return archive_code(
        identifier, identifier, year=found.hand_over.year, submission=found.hand_over.number, ordinal=before
    )


# what is in it


def _document(number: int, item: RecordItem) -> PackedDocument:
    kind = SUBJECTS.get(item.subject_type)
    files = kind.files(item.subject_id) if kind else ()
    return PackedDocument(
        place=number,
        kind=item.kind,
        code=item.code,
        title=item.title,
        issuer=item.issuer,
        dated=item.dated,
        sheets=item.sheets,
        note=item.note,
        files=tuple(_file(number, place, stored) for place, stored in enumerate(files, start=1)),
    )


def _file(document: int, number: int, stored: StoredFile) -> PackedFile:
    require_harmless(stored)
    known = BY_KEY[stored.format]
    return PackedFile(
        path=data_path(document, number, known.endings[0]),
        name=stored.name,
        media_type=known.media_type,
        size=stored.size,
        sha256=stored.sha256,
        stored_at=stored.stored_at,
        claim=_claim(stored),
    )


def _claim(stored: StoredFile) -> str:
    if stored.format != "pdf":
        return ""
    with storage.open_content(stored.sha256) as content:
        return pdfa.claim(content)


# what happened


def _entries(record: Record) -> list[tuple[int | None, EntryView]]:
    """Of the record and of what is in it, as they happened, each with the place of what it is about."""
    about: list[tuple[int | None, Subject]] = [(None, (carrying.RECORD, record.pk))]
    items = record.items.order_by("place", "id").values_list("subject_type", "subject_id")
    about += list(enumerate(items, start=1))
    found = [(place, entry) for place, subject in about for entry in timeline(subject, limit=MOST_ENTRIES)]
    return sorted(found, key=lambda each: each[1].id)


def _accounts(entries: Iterable[tuple[int | None, EntryView]]) -> set[int]:
    return {entry.account_id for _place, entry in entries if entry.account_id}


def _event(place: int | None, entry: EntryView, names: dict[int, str]) -> Event:
    by = _key(entry.account_id) if entry.account_id in names else SYSTEM.key
    return Event(entry.id, entry.kind, str(entry.label), entry.at, by, place)


def _key(account_id: int | None) -> str:
    return f"account-{account_id}"
