"""Storing files, and what happens to them afterwards. The only code that writes the tables of files.

Who may store or see a file is for the room it belongs to: files have no addresses of their own.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import IO, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.files import clamav, extraction, formats, rules, scanning, storage  # noqa: F401 - a scanner
from lienthong.foundation.files.errors import Infected
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import FileText, Rendition, Scan, StoredFile
from lienthong.foundation.files.receiving import Source, receive
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger.deferring import BEHIND_ALL_ELSE, defer_named

QUEUE = "files"

Row = TypeVar("Row", bound=Model)

AT_ONCE = 200
"""How many that wait are forgotten in one transaction."""

LARGEST_MADE = 64 * 1024**3
"""Bytes of what the house makes: more than a person can have handed in."""

READABLE_SCANS = (Scan.CLEAN, Scan.NOT_SCANNED)
SCAN_JOB = "files.scan"
READ_JOB = "files.read"

FOUND_INFECTED = ledger.event("files.found_infected", _("A virus was found in a file that was stored before"))


def store(source: bytes | Source, *, name: str, policy: Policy, actor: ledger.Actor | None) -> StoredFile:
    """Take a file in, in the caller's transaction: nothing of it remains visible when that is rolled back.

    The content is on the disk for good before the row is written, so a committed row never lacks its content. The name
    is cleaned and gets the ending of what the content really is.

    Raises FileRefused (TooLarge, Empty, WrongKind, NameLies, Damaged, Unsafe, Locked, Infected, NoRoom), and
    TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a file is stored only within the transaction that uses it")
    with storage.told_when_full(), receive(source, policy.max_bytes) as received:
        format_ = formats.examine(received.draft, received.size, policy)
        name = rules.true_name(rules.clean_name(name), format_)
        verdict = _scanned(received.draft)
        if verdict.scan == Scan.INFECTED:
            raise Infected(
                _("The virus scanner found %(infection)s in this file."),
                way_out=_("Check your device for viruses, then attach a clean copy."),
                infection=verdict.infection,
            )
        storage.hold(received.sha256)
        storage.put(received.draft, storage.content_name(received.sha256), received.size)
    stored = StoredFile(
        sha256=received.sha256,
        size=received.size,
        format=format_.key,
        name=name,
        stored_at=clock.now(),
        account_id=actor.account_id if actor else None,
        post_id=actor.post_id if actor else None,
        scan=verdict.scan,
        scanned_at=clock.now() if verdict.scan == Scan.CLEAN else None,
    )
    rows.insert([stored])
    if verdict.scan == Scan.PENDING:
        _defer(SCAN_JOB, stored)
    elif format_.key in extraction.READABLE:
        _defer(READ_JOB, stored)
    return stored


def keep(source: bytes | Source, *, name: str, format_key: str) -> StoredFile:
    """Keep what the house itself has made, in the caller's transaction as `store`. It is neither examined nor scanned:
    what it is made of was when it came.

    Raises Empty, and TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a file is stored only within the transaction that uses it")
    with receive(source, LARGEST_MADE) as received:
        storage.hold(received.sha256)
        storage.put(received.draft, storage.content_name(received.sha256), received.size)
    return StoredFile.objects.create(
        sha256=received.sha256,
        size=received.size,
        format=BY_KEY[format_key].key,
        name=rules.clean_name(name),
        stored_at=clock.now(),
        scan=Scan.NOT_SCANNED,
    )


def discard(file_ids: Sequence[int]) -> None:
    """Forget files that nothing uses any more. The sweep removes their contents when no other file has them; what was
    made of a content goes with the last file that has it."""
    gone = StoredFile.objects.filter(id__in=file_ids)
    made = list(Rendition.objects.filter(of__in=gone.values("sha256")))
    gone.delete()
    if made:
        _discard_renditions(made)


def _discard_renditions(made: Sequence[Rendition]) -> None:
    held = set(StoredFile.objects.filter(sha256__in=[each.of for each in made]).values_list("sha256", flat=True))
    over = [each for each in made if each.of not in held]
    Rendition.objects.filter(pk__in=[each.pk for each in over]).delete()
    StoredFile.objects.filter(pk__in=[each.file_id for each in over if each.file_id]).delete()


def discard_unless_held(file_ids: Iterable[int]) -> list[int]:
    """Forget files, in the caller's transaction, but for those that something else has. Says which went."""
    return [file_id for file_id in file_ids if _went(file_id)]


def _went(file_id: int) -> bool:
    try:
        with transaction.atomic():
            discard([file_id])
    except (ProtectedError, IntegrityError):  # another room holds it
        return False
    return True


def forget_waiting(waiting: QuerySet[Row], let_go: Callable[[list[Row]], object], *, before: datetime) -> int:
    """Let go of rows with a `file` that was stored before a moment and that nothing has used since, some hundred in a
    transaction, past those that somebody holds just now. Says how many there were."""
    total, old = 0, waiting.filter(file__stored_at__lt=before).order_by("pk")
    while True:
        with transaction.atomic():
            if not (some := list(old.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])):
                return total
            let_go(some)
        total += len(some)


def scan_again(file_id: int) -> Scan | None:
    """Ask the scanner about a file that waits for it. Says what is known now; None when the file is gone.

    Raises ScannerUnavailable.
    """
    stored = StoredFile.objects.filter(id=file_id).first()
    if stored is None or stored.scan != Scan.PENDING:
        return Scan(stored.scan) if stored else None
    with storage.open_content(stored.sha256) as content:
        verdict = scanning.present().scan(content)
    with transaction.atomic():
        waiting = StoredFile.objects.select_for_update().filter(id=file_id, scan=Scan.PENDING).first()
        if waiting is None:
            return verdict.scan
        waiting.scan, waiting.infection, waiting.scanned_at = verdict.scan, verdict.infection, clock.now()
        waiting.save(update_fields=["scan", "infection", "scanned_at"])
        if verdict.scan == Scan.INFECTED:
            data = {"infection": verdict.infection}
            ledger.record(FOUND_INFECTED, subject=("file", file_id), actor=None, organisation_id=None, data=data)
        elif waiting.format in extraction.READABLE:
            _defer(READ_JOB, waiting)
    return verdict.scan


def read_words(file_id: int) -> None:
    """Keep the words of a file for searching. Does nothing when they are kept, or when the file is gone or infected."""
    stored = StoredFile.objects.filter(id=file_id, text=None, scan__in=READABLE_SCANS).first()
    if stored is None:
        return
    with storage.open_content(stored.sha256) as content:
        reading, text = extraction.read(content, stored.format)
    with transaction.atomic():
        if StoredFile.objects.select_for_update().filter(id=file_id).first():
            FileText.objects.get_or_create(
                file_id=file_id, defaults={"reading": reading, "text": text, "read_at": clock.now()}
            )


def _scanned(content: IO[bytes]) -> scanning.Verdict:
    try:
        return scanning.present().scan(content)
    except scanning.ScannerUnavailable:
        return scanning.Verdict(Scan.PENDING)


def _defer(job: str, stored: StoredFile) -> None:
    defer_named(job, [{"file": stored.id}], queue=QUEUE, priority=BEHIND_ALL_ELSE)
