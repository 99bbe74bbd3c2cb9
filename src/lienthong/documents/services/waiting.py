"""Files put into the form before it is sent: kept, so that nobody chooses them again; read when the clerk wants it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.models import Arrival, Issue, WaitingFile
from lienthong.documents.services.secrecy import refuse_secrets
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files import extraction, recognition, storage
from lienthong.foundation.files import services as files
from lienthong.foundation.files.errors import FileRefused, RefusedFile
from lienthong.foundation.files.formats import messages, pdf
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import Reading
from lienthong.foundation.files.receiving import Source
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.files.serving import require_harmless
from lienthong.identity.actors import Officer
from lienthong.settings.environment import environment
from lienthong.signing import examinations

MOST_FILES = 50
WAITS = timedelta(hours=24)
"""So long a file waits for its form to be sent."""
READ_OF_IT = 60_000
"""Letters that are kept of what was read: the first pages and the signature below them."""

NO_PROGRAM = "no-program"
"""It is a scan, and this machine has nothing that reads scans."""

_LIMIT = environment.upload_limit_mb * 1024 * 1024
_KINDS = ("pdf", "image", "docx")
ATTACHED = Policy(kinds=_KINDS, max_bytes=_LIMIT)
"""What a document consists of; also what is taken out of a message."""
ACCEPTED = Policy(kinds=(*_KINDS, "eml"), max_bytes=_LIMIT)


class TooManyFiles(DomainError):
    code = "documents.too_many_files"


class NoFile(NotFound):
    code = "documents.no_file"


class NotAClerk(NotAllowed):
    code = "documents.not_a_clerk"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with a document."""

    name: str
    content: bytes | Source


def put(*, form: UUID, uploads: Sequence[Upload], officer: Officer, taken: Policy = ACCEPTED) -> list[RefusedFile]:
    """Keep files for a form that takes such ones; what is attached to an e-mail message as files of their own before
    the message itself. One that is refused does not lose the others. The same content twice is one file, and what comes
    after the form was sent is not kept.

    Raises NotAClerk.
    """
    if not policy.agencies_of(officer):
        raise NotAClerk(_("You do not register documents of an agency."))
    if Arrival.objects.filter(key=form).exists() or Issue.objects.filter(key=form).exists():
        return []
    refused = []
    for upload in uploads:
        try:
            with transaction.atomic():
                refused += _put(form, upload, officer, taken)
        except (FileRefused, TooManyFiles) as error:
            refused.append(RefusedFile(upload.name, error))
    return refused


def _put(form: UUID, upload: Upload, officer: Officer, taken: Policy) -> list[RefusedFile]:
    stored = files.store(upload.content, name=upload.name, policy=taken, actor=officer)
    examinations.ask_about([stored])
    refused: list[RefusedFile] = []
    waiting = WaitingFile(form=form, account_id=officer.account_id, file=stored, sha256=stored.sha256)
    if stored.format == "eml":
        with storage.open_content(stored.sha256) as content:
            message = messages.read(content)
        for each in message.attachments:
            try:
                with transaction.atomic():
                    kept = files.store(each.content, name=each.name, policy=ATTACHED, actor=officer)
                    examinations.ask_about([kept])
                    _hold(WaitingFile(form=form, account_id=officer.account_id, file=kept, sha256=kept.sha256))
            except FileRefused as error:
                refused.append(RefusedFile(each.name, error))
        waiting.text, waiting.how = message.text[:READ_OF_IT], Reading.READ
        waiting.mail = {
            "from": message.sender[:200],
            "address": message.address[:200],
            "subject": message.subject[:500],
            "sent": message.sent_at.isoformat() if message.sent_at else "",
        }
    _hold(waiting)
    return refused


def _hold(waiting: WaitingFile) -> None:
    """Raises TooManyFiles."""
    own = WaitingFile.objects.filter(form=waiting.form, account_id=waiting.account_id)
    if own.count() >= MOST_FILES:
        raise TooManyFiles(
            _("A document may have at most %(most)s files."), way_out=_("Put its pages into one PDF."), most=MOST_FILES
        )
    try:
        with transaction.atomic():
            waiting.save(force_insert=True)
    except IntegrityError:  # the same content is there already
        files.discard([waiting.file_id])


def of_form(*, form: UUID, officer: Officer) -> list[WaitingFile]:
    """The files that wait in a form of the officer's, in their order: the document first, messages last."""
    own = WaitingFile.objects.filter(form=form, account_id=officer.account_id)
    found = list(own.select_related("file").order_by("id"))
    return sorted(found, key=lambda each: each.file.format == "eml")


def one(*, form: UUID, waiting_id: int, officer: Officer) -> WaitingFile:
    """Raises NoFile."""
    found = next((each for each in of_form(form=form, officer=officer) if each.pk == waiting_id), None)
    if found is None:
        raise NoFile(_("This file does not wait in the form any more."))
    return found


@transaction.atomic
def take_out(*, form: UUID, waiting_id: int, officer: Officer) -> None:
    """Does nothing when it is not there any more."""
    own = WaitingFile.objects.filter(form=form, account_id=officer.account_id, pk=waiting_id)
    _forget(list(own.select_for_update()))


def read_first(*, form: UUID, officer: Officer) -> WaitingFile:
    """Read the words of the first file that waits in a form. What was read once is not read again.

    Raises NoFile, Infected, NotScannedYet, Busy.
    """
    waiting = next(iter(of_form(form=form, officer=officer)), None)
    if waiting is None:
        raise NoFile(_("Choose the file of the document first."))
    if waiting.how:
        return waiting
    require_harmless(waiting.file)
    with storage.open_content(waiting.file.sha256) as content:
        waiting.how, text = _words(content, waiting.file.format)
        waiting.pages = pdf.count(content) if waiting.file.format == "pdf" else None
    waiting.text = text[:READ_OF_IT]
    WaitingFile.objects.filter(pk=waiting.pk).update(how=waiting.how, text=waiting.text, pages=waiting.pages)
    return waiting


def _words(content: IO[bytes], format_key: str) -> tuple[str, str]:
    how, text = Reading.NO_TEXT, ""
    if format_key in extraction.READABLE:
        how, text = extraction.read(content, format_key)
    if how != Reading.NO_TEXT or not (format_key == "pdf" or BY_KEY[format_key].kind == "image"):
        return how, text
    if not recognition.programs().reads(format_key):
        return NO_PROGRAM, ""
    return recognition.read(content, format_key)


def handed_over(form: UUID, officer: Officer) -> list[tuple[int, bool]]:
    """The files that waited in a form, for the document that was registered with it, in the caller's transaction: each
    with whether it is a message that others came with. Raises Secret."""
    own = WaitingFile.objects.filter(form=form, account_id=officer.account_id)
    rows = list(own.select_related("file").select_for_update(of=("self",)).order_by("id"))
    rows.sort(key=lambda each: each.file.format == "eml")
    refuse_secrets(texts=[each.text for each in rows if not each.mail])
    WaitingFile.objects.filter(pk__in=[each.pk for each in rows]).delete()
    return [(each.file_id, each.file.format == "eml" and place > 0) for place, each in enumerate(rows)]


def forget_old() -> int:
    """Forget files whose form was not sent for a day. Says how many there were."""
    return files.forget_waiting(WaitingFile.objects.all(), _forget, before=clock.now() - WAITS)


def _forget(rows: Sequence[WaitingFile]) -> None:
    WaitingFile.objects.filter(pk__in=[each.pk for each in rows]).delete()
    files.discard([each.file_id for each in rows])
