"""Bringing a file in, saying what its columns are, having it looked through, entered, stopped, taken back."""

import uuid
from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files import serving, storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.receiving import Source
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.sheets import reading
from lienthong.foundation.sheets.cells import Cell
from lienthong.foundation.sheets.writing import HEADING, XlsxWriter
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries
from lienthong.registers.definition import RegisterBody
from lienthong.registers.importing import columns, undoing
from lienthong.registers.importing.columns import FROM, LOOKED_AT, Target
from lienthong.registers.importing.models import Import, ImportMapping
from lienthong.registers.importing.running import rights_of
from lienthong.registers.rules import begin
from lienthong.registers.services.writing import keeper_for, require_no_approval

CHECK_JOB, ENTER_JOB, UNDO_JOB = "registers.check_import", "registers.enter_import", "registers.undo_import"
QUEUE = "registers"
TAKEN = Policy(kinds=reading.KINDS, max_bytes=100 * 1024 * 1024)
KEPT = timedelta(days=60)
"""How long a file is kept after it came, and what is known of its rows."""
SHOWN = 5
"""Rows that are shown beside the headings."""

Status = Import.Status


class NoSuchImport(NotFound):
    code = "registers.no_such_import"


class GoneOn(Conflict):
    """It is no longer at the step at which this can be done."""

    code = "registers.import_gone_on"


class NothingInIt(DomainError):
    code = "registers.nothing_in_it"


class WrongMapping(DomainError):
    code = "registers.wrong_mapping"


@transaction.atomic
def bring(
    *, register: str, source: bytes | Source, name: str, officer: Officer, organisation_id: int | None = None
) -> Import:
    """Take a file in, with a proposal of what its columns are. Raises NotAllowed, NotKeeper, ApprovalNeeded,
    FileRefused, Unreadable and NothingInIt."""
    body = queries.register(register)
    rights = access.require(officer, body, to="write")
    require_no_approval(body, "enter")
    keeper = keeper_for(body, rights, officer, organisation_id)
    stored = files.store(source, name=name, policy=TAKEN, actor=officer)
    found = Import(
        register=register,
        account_id=officer.account_id,
        post_id=officer.acting.id,
        organisation_id=keeper,
        file=stored,
        name=stored.name,
        sha256=stored.sha256,
        format=stored.format,
        valid_from=clock.today(),
        created_at=clock.now(),
    )
    _look(found, body, targets_for(found, body, officer))
    found.save()
    return found


def targets_for(found: Import, body: RegisterBody, officer: Officer) -> dict[str, Target]:
    """What the columns may fill."""
    rights = access.require(officer, body, to="write")
    return columns.targets(body.leaves, body.section_labels, rights.fields_at(found.organisation_id))


def _look(found: Import, body: RegisterBody, known: Mapping[str, Target], *, heading_row: int | None = None) -> None:
    """Find the headings, and what they mean."""
    first = first_rows(found)
    if not first:
        raise NothingInIt(
            _("There is nothing in this spreadsheet."), way_out=_("Send one with headings and at least one row.")
        )
    found.heading_row = heading_row or columns.heading_row(first, known)
    found.headings = columns.headings_of(dict(first).get(found.heading_row, []))
    remembered = ImportMapping.objects.filter(register=body.key, headings=columns.digest(found.headings)).first()
    if remembered:
        found.mapping = {place: name for place, name in remembered.mapping.items() if name in known}
    else:
        found.mapping = {str(place): name for place, name in columns.proposed(found.headings, known).items()}


def first_rows(found: Import, most: int = LOOKED_AT + SHOWN) -> list[tuple[int, list[Cell]]]:
    """The first rows of the sheet. Raises Unreadable."""
    assert found.file
    with storage.open_content(found.file.sha256) as content:
        return list(islice(reading.rows(content, found.format, found.sheet), most))


def sheets_of(found: Import) -> list[str]:
    assert found.file
    with storage.open_content(found.file.sha256) as content:
        return reading.sheets(content, found.format)


def import_of(*, register: str, key: uuid.UUID, officer: Officer, lock: bool = False) -> Import:
    """The one gate to an import: only to one's own, while one may write in the register. Raises NoSuchImport and
    NotAllowed."""
    access.require(officer, queries.register(register), to="write")
    imports = Import.objects.select_for_update(of=("self",)) if lock else Import.objects
    found = imports.select_related("file").filter(key=key, register=register, account_id=officer.account_id).first()
    if found is None:
        raise NoSuchImport(_("There is no such import, or it is not yours."))
    return found


def imports_of(*, register: str, officer: Officer, most: int = 20) -> list[Import]:
    """One's own, the last first."""
    return list(Import.objects.filter(register=register, account_id=officer.account_id).order_by("-id")[:most])


@transaction.atomic
def look_again(*, register: str, key: uuid.UUID, officer: Officer, sheet: str, heading_row: int) -> Import:
    """The headings are elsewhere: in another sheet, in another row."""
    found = _at(import_of(register=register, key=key, officer=officer, lock=True), Status.MAPPING)
    body = queries.register(register)
    other = sheet != found.sheet
    found.sheet = sheet if sheet in sheets_of(found) else ""
    _look(found, body, targets_for(found, body, officer), heading_row=None if other else max(1, heading_row))
    found.save()
    return found


@transaction.atomic
def check(
    *, register: str, key: uuid.UUID, officer: Officer, mapping: Mapping[int, str], existing: str, valid_from: date
) -> Import:
    """Have the file looked through with its columns read so. Raises WrongMapping, WrongDay, NotScannedYet, GoneOn, and
    ApprovalNeeded where it would change entries and changes need somebody else's approval."""
    found = import_of(register=register, key=key, officer=officer, lock=True)
    if found.status == Status.CHECKING:  # a click that was sent twice
        return found
    _at(found, Status.MAPPING)
    assert found.file
    serving.require_harmless(found.file)
    known = targets_for(found, queries.register(register), officer)
    found.mapping = {str(place): name for place, name in _sound(mapping, known, found).items()}
    found.existing = existing if existing in Import.Existing.values else Import.Existing.SKIP
    rights_of(found, officer)
    found.valid_from = begin(valid_from, today=clock.today()).valid_from
    found.status, found.stop_asked_at, found.problem = Status.CHECKING, None, ""
    found.save()
    ImportMapping.objects.update_or_create(
        register=register,
        headings=columns.digest(found.headings),
        defaults={"mapping": found.mapping, "used_at": clock.now()},
    )
    defer_named(CHECK_JOB, [{"importing": found.pk}], queue=QUEUE)
    return found


def _sound(mapping: Mapping[int, str], known: Mapping[str, Target], found: Import) -> dict[int, str]:
    kept = {
        place: name for place, name in sorted(mapping.items()) if name in known and 0 <= place < len(found.headings)
    }
    if not any(name != FROM for name in kept.values()):
        raise WrongMapping(_("No column is chosen."), way_out=_("Say for at least one column what it fills."))
    names = list(kept.values())
    twice = next((known[name] for name in names if names.count(name) > 1 and not known[name].several), None)
    if twice:
        raise WrongMapping(_("Two columns fill “%(label)s”."), way_out=_("Leave one of them out."), label=twice.label)
    return kept


@transaction.atomic
def choose_again(*, register: str, key: uuid.UUID, officer: Officer) -> Import:
    """Back to the columns. Nothing was entered yet."""
    found = import_of(register=register, key=key, officer=officer, lock=True)
    if found.status == Status.STOPPED and not found.started_at:
        found.status = Status.CHECKED
    _at(found, Status.CHECKED).status = Status.MAPPING
    found.save(update_fields=["status"])
    return found


@transaction.atomic
def start(*, register: str, key: uuid.UUID, officer: Officer) -> Import:
    """Enter what is right; also to go on after a stop. Raises GoneOn."""
    found = import_of(register=register, key=key, officer=officer, lock=True)
    if found.status == Status.RUNNING:  # a click that was sent twice
        return found
    if not (found.status == Status.STOPPED and found.started_at):
        _at(found, Status.CHECKED)
        found.lines.all().delete()
        found.passed = found.position = found.entered = found.changed = found.skipped = found.same = found.wrong = 0
        found.started_at = clock.now()
    found.status, found.stop_asked_at, found.finished_at, found.problem = Status.RUNNING, None, None, ""
    found.save()
    defer_named(ENTER_JOB, [{"importing": found.pk}], queue=QUEUE)
    return found


@transaction.atomic
def stop(*, register: str, key: uuid.UUID, officer: Officer) -> Import:
    """After the rows that are in hand. What was entered stays entered."""
    found = import_of(register=register, key=key, officer=officer, lock=True)
    if found.status in (Status.CHECKING, Status.RUNNING) and not found.stop_asked_at:
        found.stop_asked_at = clock.now()
        found.save(update_fields=["stop_asked_at"])
    return found


@transaction.atomic
def undo(*, register: str, key: uuid.UUID, officer: Officer) -> Import:
    """Take back what it entered and changed, as far as nobody touched it since. Raises GoneOn."""
    found = import_of(register=register, key=key, officer=officer, lock=True)
    if found.status == Status.UNDOING:
        return found
    rights_of(found, officer)
    if not can_be_undone(found):
        raise GoneOn(
            _("This import cannot be taken back any more."),
            way_out=_("End or correct its entries one by one."),
        )
    found.status, found.stop_asked_at = Status.UNDOING, None
    found.save(update_fields=["status", "stop_asked_at"])
    defer_named(UNDO_JOB, [{"importing": found.pk}], queue=QUEUE)
    return found


def can_be_undone(found: Import) -> bool:
    over = found.status in (Status.DONE, Status.STOPPED) and found.started_at is not None
    young = found.started_at is not None and clock.now() - found.started_at < undoing.WITHIN
    return over and young and bool(found.entered or found.changed)


def report_of(*, register: str, key: uuid.UUID, officer: Officer) -> StoredFile:
    """The file with what is wrong marked. Raises NoSuchImport where there is none."""
    found = import_of(register=register, key=key, officer=officer)
    if found.report is None:
        raise NoSuchImport(_("There is no such import, or it is not yours."))
    return found.report


def write_template(target: IO[bytes], *, register: str, officer: Officer) -> None:
    """An empty spreadsheet with the headings that are known without asking. Raises NotAllowed."""
    body = queries.register(register)
    rights = access.require(officer, body, to="write")
    keys = frozenset(rights.fields)
    known = columns.targets(body.leaves, body.section_labels, keys)
    fillable = [target_ for target_ in known.values() if target_.name != FROM]
    widths = [max(14, len(each.label) + 4) for each in fillable]
    with closing(XlsxWriter(target, sheet=body.name, widths=widths)) as writer:
        writer.row([f"{each.label} *" if each.required else each.label for each in fillable], style=HEADING)


def forget_old() -> int:
    """Let go of files whose days are over, with what is known of their rows. Says how many."""
    old = Import.objects.filter(created_at__lt=clock.now() - KEPT, file__isnull=False).values_list("pk", flat=True)
    return sum(_forget(each) for each in list(old))


@transaction.atomic
def _forget(import_id: int) -> bool:
    found = Import.objects.select_for_update().filter(pk=import_id, file__isnull=False).first()
    if found is None or found.status in (Status.CHECKING, Status.RUNNING, Status.UNDOING):
        return False
    ids = [each for each in (found.file_id, found.report_id) if each]
    found.file = found.report = None
    found.save(update_fields=["file", "report"])
    found.lines.all().delete()
    files.discard(ids)
    return True


def _at(found: Import, *steps: str) -> Import:
    if found.status not in steps:
        raise GoneOn(
            _("The import has gone on meanwhile: it is %(status)s."),
            way_out=_("Open the page again."),
            status=found.get_status_display(),
        )
    return found


def origin_named(origin: str) -> str:
    """What an entry came from, in words; empty for what is no import."""
    number = origin.removeprefix("import:")
    if number == origin or not number.isdecimal():
        return ""
    found = Import.objects.filter(pk=int(number)).first()
    return _now("From the file “%(name)s”") % {"name": found.name} if found else ""
