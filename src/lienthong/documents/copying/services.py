"""Making official copies: the number, the seal and the line of the register come together or not at all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.copying import papers, queries
from lienthong.documents.copying.papers import NotCopied
from lienthong.documents.copying.rules import (
    CopyWanted,
    Form,
    Original,
    Way,
    pages_read,
    pages_written,
    refused,
    wrong_with,
)
from lienthong.documents.definition import book_for
from lienthong.documents.models import Arrival, Circulation, Issue, OfficialCopy
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.sending import number_written
from lienthong.documents.services.carrying import DOCUMENT, no_such_document
from lienthong.documents.services.issuing import READ as ISSUE_READ
from lienthong.documents.services.reading import READ as DOCUMENT_READ
from lienthong.documents.services.reading import NoSuchFile
from lienthong.documents.services.registering import NoBook, NotComplete, clerk_of
from lienthong.documents.services.secrecy import refuse_secrets
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import FileText, StoredFile
from lienthong.foundation.ledger.entries import Subject
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.signing import examinations

COPY = "official-copy"
"""The type of subject under which records know official copies."""


def refusal_of(line: Arrival | Issue) -> NotCopied | None:
    """Why the document may not be copied; None where it may be."""
    document = line.document
    if isinstance(line, Arrival):
        is_entered, is_recalled = line.number is not None, line.status in {Status.RECALLED, Status.REFUSED}
    else:
        is_entered, is_recalled = True, line.recalled_at is not None
    why = refused(
        Original(
            is_entered=is_entered,
            is_recalled=is_recalled,
            is_limited=line.limited,
            is_reserved=document.circulation == Circulation.RETURN,
        )
    )
    return NotCopied(why[0], way_out=why[1]) if why else None


@transaction.atomic
def make_copy(*, subject: Subject, wanted: CopyWanted, officer: Officer, key: UUID) -> OfficialCopy:
    """Make an official copy of a document that came in or went out, with the next number of the agency's book of
    copies. An electronic one is sealed in the same transaction: there is no number without a file, nor a file without a
    number. The same key makes one copy. The original is never changed.

    Raises NoSuchDocument, NotTheClerk, NotCopied, NotComplete, Secret, NoBook, Infected, NotScannedYet, and what
    signing raises.
    """
    line = queries.line_of(subject, officer, lock=True)
    agency, _post = clerk_of(line.organisation_id, officer)
    if already := _made(agency, key):
        return already
    if not_copied := refusal_of(line):
        raise not_copied
    refuse_secrets(symbol=line.document.symbol, abstract=line.document.abstract)
    original = _original(line, wanted)
    _require_complete(wanted, agency, original)
    prepared = _prepared(original, wanted) if original else None
    try:
        with transaction.atomic():
            made = _entered(line, agency, wanted, original, prepared, officer, key, clock.now())
    except IntegrityError:
        if already := _made(agency, key):
            return already
        raise
    if made.file:
        examinations.ask_about([made.file])
    data = {"copy": made.pk, "code": made.code, "sha256": made.digest, "pages": made.pages}
    _record(events.COPIED, subject, agency.id, officer, data)
    return made


def _made(agency: Node, key: UUID) -> OfficialCopy | None:
    return OfficialCopy.objects.filter(key=key, organisation_id=agency.id).first()


def _original(line: Arrival | Issue, wanted: CopyWanted) -> StoredFile | None:
    if wanted.way is not Way.ELECTRONIC:
        return None
    return next((each.file for each in queries.pdf_files(line) if each.place == wanted.place), None)


def _require_complete(wanted: CopyWanted, agency: Node, original: StoredFile | None) -> None:
    if original:
        papers.require_sound(original)
    errors = wrong_with(
        wanted,
        permitters={post.id for post in policy.presented_to(agency)},
        files={wanted.place} if original and wanted.place is not None else (),
        page_count=papers.page_count(original) if original else None,
    )
    if (
        "form" not in errors
        and original
        and wanted.form is not Form.COPY_OF_COPY
        and queries.is_a_copy(original.sha256)
    ):
        errors["form"] = _("This file is itself an official copy: what is made of it is a copy of a copy (SAO LỤC).")
    if errors:
        raise NotComplete(dict(errors))


def _prepared(original: StoredFile, wanted: CopyWanted) -> bytes:
    refuse_secrets(texts=FileText.objects.filter(file=original).values_list("text", flat=True))
    return papers.ready(original, pages=_pages(wanted))


def _pages(wanted: CopyWanted) -> tuple[int, ...]:
    return pages_read(wanted.pages) or () if wanted.form is Form.EXTRACT else ()


@dataclass(frozen=True, slots=True)
class _Permission:
    post_id: int
    words: str


def _permission(wanted: CopyWanted) -> _Permission:
    assert wanted.permitter is not None
    post = tree().posts[wanted.permitter]
    names = ", ".join(name for _id, name in holders_of([post.id]).get(post.id, []))
    return _Permission(post.id, ", ".join(filter(None, (names, post.title)))[:200])


def _entered(
    line: Arrival | Issue,
    agency: Node,
    wanted: CopyWanted,
    original: StoredFile | None,
    prepared: bytes | None,
    officer: Officer,
    key: UUID,
    now: datetime,
) -> OfficialCopy:
    """The copy under its number. The book's lock is the last one that is taken, and it is held until the commit: all
    that does not need the number was done before."""
    form, symbol = wanted.form, wanted.symbol
    assert form and symbol
    permission, pages = _permission(wanted), _pages(wanted)
    book = book_for("copies", agency, form)
    if book is None:
        raise NoBook(
            _("%(agency)s has no book of official copies."),
            way_out=_("The administrator can declare one."),
            agency=agency.name,
        )
    made = OfficialCopy(
        key=key,
        organisation_id=agency.id,
        arrival=line if isinstance(line, Arrival) else None,
        issue=line if isinstance(line, Issue) else None,
        form=form,
        way=wanted.way,
        book=book.key,
        year=clock.local(now).year,
        number=take(book.numbers(agency), period="year", at=now),
        symbol=symbol,
        pages=pages_written(pages) if pages else "",
        recipients="\n".join(wanted.recipients),
        copies=wanted.copies or 0 if wanted.way is Way.PAPER else 0,
        permitter_id=permission.post_id,
        permitted_by=permission.words,
        remark=wanted.remark.strip()[:500],
        made_at=now,
        made_by_id=officer.account_id,
        original_digest=original.sha256 if original else "",
    )
    if original and prepared is not None:
        made.file = _sealed(made, original, prepared, agency, form)
        made.digest = made.file.sha256
    rows.insert([made])
    return made


def _sealed(made: OfficialCopy, original: StoredFile, prepared: bytes, agency: Node, form: Form) -> StoredFile:
    code = str(Mark(number_written(made.number), made.symbol))
    content = papers.sealed(prepared, agency=agency, form=form, pages=made.pages, code=code, at=made.made_at)
    name = f"{code.replace('/', '-')} {original.name.rpartition('.')[0][:120]}.pdf"
    return files.keep(content, name=name, format_key="pdf")


@transaction.atomic
def read_copy(*, copy_id: int, officer: Officer) -> OfficialCopy:
    """On record, as the reading of the document that was copied. Raises NoSuchDocument."""
    found = _seen(copy_id, officer)
    _put_reading_on_record(found, officer, {})
    return found


@transaction.atomic
def read_copy_file(*, copy_id: int, officer: Officer) -> StoredFile:
    """Of a document that its sender has not recalled. On record. Raises NoSuchDocument, NoSuchFile."""
    found = _seen(copy_id, officer)
    if found.file is None or is_closed(found):
        raise NoSuchFile(_("The document has no such file."))
    _put_reading_on_record(found, officer, {"file": found.file.pk})
    return found.file


def is_closed(copy: OfficialCopy) -> bool:
    """Its document was recalled by whoever sent it: its files cannot be opened any more (NĐ 30/2020 art. 18)."""
    return copy.arrival is not None and copy.arrival.status == Status.RECALLED


def _seen(copy_id: int, officer: Officer) -> OfficialCopy:
    found = queries.one(officer, copy_id)
    if found is None:
        raise no_such_document()
    return found


def _put_reading_on_record(copy: OfficialCopy, officer: Officer, data: dict[str, object]) -> None:
    kind, pk = queries.subject_of(copy.line)
    reading = (DOCUMENT_READ if kind == DOCUMENT else ISSUE_READ, pk)
    _record(events.SEEN, reading, officer.acting.organisation.id, officer, data)


def _record(
    event: ledger.EventKind, subject: Subject, organisation_id: int, officer: Officer, data: dict[str, object]
) -> None:
    said = {name: value for name, value in data.items() if value}
    ledger.record(event, subject=subject, actor=officer, organisation_id=organisation_id, data=said)
