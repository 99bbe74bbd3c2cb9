"""Asking for packages of records, making them, giving them out, letting go of them. The only code that writes them."""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import HandOver, Package, Record
from lienthong.documents.records import carrying, events, queries
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import NotPossible, not_yours, put_down
from lienthong.documents.records.packages import gathering, reading, renditions, writing
from lienthong.documents.records.packages.contents import Content, PackedFile
from lienthong.documents.records.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.renditions import Busy
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.work.subjects import SUBJECTS

JOB, QUEUE = "documents.make_package", "documents"
PACKAGE = "record-package"
"""Packages are subjects of their own: to make one is nothing that happened to the record, which a package tells."""
KEPT = timedelta(days=30)
AGAIN_IN = timedelta(seconds=30)
"""When another package has its turn to convert files: until then this one leaves the worker to others."""
TOLD_EVERY = 20
"""Files after which the page is told how far it is."""
PIECE = 500


class NoSuchPackage(NotFound):
    code = "documents.no_such_package"


@transaction.atomic
def ask(*, record_id: int, officer: Officer, key: UUID) -> Package:
    """Have the package of a record made that the archive has. The same key asks once, and so does everybody while one
    is being made. Raises NoSuchRecord, NotYours, NotPossible."""
    if not queries.visible_to(officer).filter(pk=record_id).exists():
        raise carrying.no_such_record()
    return _ask(carrying.lock(record_id), officer, key, hand_over=None)


@transaction.atomic
def ask_for_all(*, hand_over_id: int, officer: Officer, key: UUID) -> list[Package]:
    """Those of all records of a hand-over that was received. Raises NoSuchRecord, NotYours, NotPossible."""
    given = queries.hand_overs_seen_by(officer).filter(pk=hand_over_id).first()
    if given is None:
        raise carrying.no_such_record()
    if given.state != HandOver.State.RECEIVED:
        raise NotPossible(_("Only what the archive has received goes into packages."))
    ids = given.lines.filter(counts=True).values_list("record_id", flat=True)
    records = Record.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).exclude(stage=Stage.DESTROYED)
    return [_ask(record, officer, key, hand_over=given) for record in records.order_by("pk")]


def _ask(record: Record, officer: Officer, key: UUID, *, hand_over: HandOver | None) -> Package:
    if not records_policy.archives(officer, tree()[record.organisation_id]):
        raise not_yours()
    if record.stage != Stage.HANDED_OVER:
        raise NotPossible(_("Only what the archive has received goes into packages."))
    _require_open(record, officer)
    own = uuid5(key, str(record.pk))
    earlier = record.packages.filter(key=own).first() or record.packages.filter(made_at=None, stopped_at=None).first()
    if earlier:
        return earlier
    made = Package.objects.create(
        key=own,
        record=record,
        hand_over=hand_over,
        organisation_id=record.organisation_id,
        asked_by_id=officer.account_id,
        post_id=officer.acting.id,
        asked_at=clock.now(),
    )
    defer_named(JOB, [{"package": made.pk}], queue=QUEUE)
    data = {"record": record.pk}
    put_down(events.PACKAGE_ASKED, (PACKAGE, made.pk), officer, record.organisation_id, data)
    return made


def _require_open(record: Record, officer: Officer) -> None:
    """A package holds all of a record: whoever has it sees all of it. Raises NotPossible."""
    ids: dict[str, list[int]] = {}
    for kind, pk in record.items.filter(subject_type__in=list(SUBJECTS)).values_list("subject_type", "subject_id"):
        ids.setdefault(kind, []).append(pk)
    for kind, found in ids.items():
        limited = SUBJECTS[kind].limited(found)
        if limited and not limited <= SUBJECTS[kind].seen_by(officer, limited):
            raise NotPossible(
                _("A document in the record is limited to posts by name, and yours is not among them."),
                way_out=_("Ask the leader of the agency to name your post, or to open the document to all."),
            )


# making


def make(package_id: int) -> None:
    """Make a package, unless it is made. May run twice or be cut short: what a dying process leaves is nothing."""
    found = Package.objects.select_related("record").filter(pk=package_id, made_at=None, stopped_at=None).first()
    if found is None:
        return
    with tempfile.TemporaryFile() as target, translation.override("vi"):
        try:
            content = _with_renditions(found, gathering.content_of(found))
            _write(found, content, target)
            _keep(found.pk, content, target)
        except Busy:
            later = clock.now() + AGAIN_IN
            defer_named(JOB, [{"package": found.pk}], queue=QUEUE, not_before=later)
        except writing.Altered as altered:
            _stop(found.pk, str(_("A file is not what it was when it was stored: %s")) % altered)
        except DomainError as refused:
            _stop(found.pk, refused.in_full)


def _with_renditions(found: Package, content: Content) -> Content:
    """Make the PDF/A that is missing, outside of any transaction. A conversion takes long: each is told."""
    wanted = renditions.wanted(content)
    mine = Package.objects.filter(pk=found.pk)
    mine.update(files=len(content.files) + len(wanted), passed=0)

    def passed(number: int) -> None:
        mine.update(passed=number)

    renditions.make(wanted, passed=passed)
    return renditions.added(content)


def _write(found: Package, content: Content, target: IO[bytes]) -> None:
    """Write it and look it through as the archive that gets it would."""
    mine = Package.objects.filter(pk=found.pk)
    mine.update(files=len(content.files) + len(content.renditions), passed=0)

    def passed(number: int) -> None:
        if number % TOLD_EVERY == 0:
            mine.update(passed=number)

    writing.write(content, target, opened=_opened, passed=passed)
    size = target.tell()
    target.seek(0)
    report = reading.verify(target, size)
    if not report.is_sound:
        first = next(each for each in report.deviations if each.grave)
        raise NotPossible(
            _("The package does not meet the standard and is not given out: %(what)s"),
            what=f"{first.rule} {first.words} {first.where} {first.more}".strip(),
        )
    target.seek(0)


def _opened(file: PackedFile) -> IO[bytes]:
    return storage.open_content(file.sha256)


@transaction.atomic
def _keep(package_id: int, content: Content, target: IO[bytes]) -> None:
    record_id = Package.objects.values_list("record_id", flat=True).get(pk=package_id)
    record = carrying.lock(record_id)
    found = Package.objects.select_for_update(of=("self",)).get(pk=package_id)
    if found.is_over:  # somebody else was quicker
        return
    if record.stage != Stage.HANDED_OVER:
        raise NotPossible(_("Only what the archive has received goes into packages."))
    found.file = files.keep(target, name=f"{content.identifier}.zip", format_key="zip")
    found.identifier, found.made_at, found.passed = content.identifier, clock.now(), found.files
    found.with_pdfa = len(content.files) - len(content.lacking)
    found.without_pdfa = [{"name": file.name, "why": file.lacks} for file in content.lacking]
    found.save(update_fields=["file", "identifier", "made_at", "passed", "with_pdfa", "without_pdfa"])


def _stop(package_id: int, problem: str) -> None:
    waiting = Package.objects.filter(pk=package_id, made_at=None, stopped_at=None)
    waiting.update(stopped_at=clock.now(), problem=problem)


# giving out


def packages_for(
    officer: Officer, *, record_id: int | None = None, hand_over_id: int | None = None, most: int = 50
) -> list[Package]:
    """Those of the archives that somebody keeps, the latest first. One query."""
    found = Package.objects.filter(organisation_id__in=records_policy.archived_by(officer))
    if record_id is not None:
        found = found.filter(record_id=record_id)
    if hand_over_id is not None:
        found = found.filter(hand_over_id=hand_over_id)
    return list(found.select_related("record", "file", "asked_by").order_by("-pk")[:most])


@transaction.atomic
def take(*, key: UUID, officer: Officer) -> StoredFile:
    """The file of a package, for archivists of its agency. On record. Raises NoSuchPackage, NotPossible."""
    mine = Package.objects.filter(organisation_id__in=records_policy.archived_by(officer))
    found = mine.select_related("file", "record").filter(key=key).first()
    if found is None or found.file is None:
        raise NoSuchPackage(
            _("There is no such package, or its days are over."), way_out=_("The archivist can have it made again.")
        )
    _require_open(found.record, officer)
    data = {"record": found.record_id, "identifier": found.identifier, "sha256": found.file.sha256}
    put_down(events.PACKAGE_TAKEN, (PACKAGE, found.pk), officer, found.organisation_id, data)
    return found.file


def kept_until(found: Package) -> datetime | None:
    return found.made_at + KEPT if found.made_at and found.file_id else None


@transaction.atomic
def forget_old() -> int:
    """Let go of files whose days are over; that they were made stays. Says how many."""
    old = Package.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        file__isnull=False, made_at__lt=clock.now() - KEPT
    )
    return _let_go(list(old.order_by("pk")[:PIECE]))


def let_go_of(record: Record) -> None:
    """The files of the packages of a record that is being destroyed, in the caller's transaction."""
    _let_go(list(record.packages.select_for_update(of=("self",)).filter(file__isnull=False).order_by("pk")))


def _let_go(found: Sequence[Package]) -> int:
    ids = [each.file_id for each in found if each.file_id]
    Package.objects.filter(pk__in=[each.pk for each in found]).update(
        file=None, forgotten_at=clock.now(), with_pdfa=None, without_pdfa=[]
    )
    files.discard(ids)
    return len(ids)
