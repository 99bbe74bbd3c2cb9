"""Taking a register of documents along as a file: made at once where it is short, else by the worker. On record."""

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.definition import kind_names
from lienthong.documents.models import Book, BookFile
from lienthong.documents.notifying import BOOK_READY
from lienthong.documents.papers import books as papers
from lienthong.documents.queries.books import Filters
from lienthong.documents.queries.registers import SOURCES
from lienthong.documents.queries.settlement import Period
from lienthong.documents.rules.following import Progress
from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.rendering import render
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.notifications.services import Recipient, notify

MAKE_JOB, QUEUE = "documents.make_book", "documents"
AT_ONCE = 300
"""So many lines are written while somebody waits; more are a job."""
MOST_LINES = {BookFile.Format.XLSX: 200_000, BookFile.Format.PDF: 1_500}
"""Of a spreadsheet some minutes of writing; of a paper some 150 pages."""
KEPT = timedelta(days=7)
BOOK_FILE = "document-book-file"


class NoSuchBook(NotFound):
    code = "documents.no_such_book"


class BookTooLong(DomainError):
    code = "documents.book_too_long"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A register that somebody opens: which, whose, which lines."""

    book: Book
    agency: Node
    filters: Filters


def opened(officer: Officer, wanted: Wanted) -> Wanted:
    """The one gate to a register: the whole of an agency to its clerks and to who sees its documents; what was handed
    to a unit also to the unit's heads. Raises NoSuchBook."""
    unit, whole = wanted.filters.unit, wanted.agency in policy.followed_by(officer)
    if unit is None:
        may = whole
    else:
        may = unit in policy.units_of(wanted.agency) and (whole or unit in policy.units_followed_by(officer))
    if may:
        return replace(wanted, filters=replace(wanted.filters, readers=officer.post_ids))
    raise NoSuchBook(_("There is no such register, or it is not for you to see."))


@transaction.atomic
def ask_for_book(*, wanted: Wanted, format_key: str, officer: Officer, key: UUID) -> BookFile:
    """Have a register made into a file. The same key asks once. Raises NoSuchBook, BookTooLong."""
    wanted = opened(officer, wanted)
    if BookFile.objects.filter(key=key).exists():
        return book_file(key=key, officer=officer)
    if format_key not in BookFile.Format.values:
        raise NoSuchBook(_("The register cannot be written in this form."))
    chosen, filters = BookFile.Format(format_key), wanted.filters
    source = SOURCES[wanted.book]
    if source.longer_than(wanted.agency, filters, MOST_LINES[chosen]):
        raise BookTooLong(
            _("One file holds %(most)s documents at most."),
            way_out=_("Choose a shorter period."),
            most=MOST_LINES[chosen],
        )
    found, made = BookFile.objects.get_or_create(
        key=key,
        defaults={
            "account_id": officer.account_id,
            "post_id": officer.acting.id,
            "book": wanted.book,
            "format": chosen,
            "agency_id": wanted.agency.id,
            "unit_id": filters.unit.id if filters.unit else None,
            "first": filters.period.first,
            "last": filters.period.last,
            "progress": filters.progress or "",
            "asked_at": clock.now(),
        },
    )
    if made:
        _record(found, officer)
        if source.longer_than(wanted.agency, filters, AT_ONCE):
            defer_named(MAKE_JOB, [{"book_file": found.pk}], queue=QUEUE)
        else:
            _make(found, officer, tell=False)
    return found


def _record(found: BookFile, officer: Officer) -> None:
    ledger.record(
        events.BOOK_TAKEN,
        subject=(BOOK_FILE, found.pk),
        actor=officer,
        organisation_id=found.agency_id,
        data={
            "book": found.book,
            "how": found.format,
            "from": found.first,
            "to": found.last,
        },
    )


@transaction.atomic
def make_book(book_file_id: int) -> None:
    """What the worker does. Called twice it makes one file."""
    found = BookFile.objects.select_for_update().filter(pk=book_file_id, made_at=None, stopped_at=None).first()
    if found is None:
        return
    account = Account.objects.filter(pk=found.account_id, is_active=True).first()
    officer = actor_of(account, acting_post_id=found.post_id) if account else None
    try:
        if not isinstance(officer, Officer):
            raise NoSuchBook(_("Whoever asked for this holds no post any more."))
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            _make(found, officer, tell=True)
    except DomainError as refused:
        found.stopped_at, found.problem = clock.now(), refused.in_full
        found.save(update_fields=["stopped_at", "problem"])


def _make(found: BookFile, officer: Officer, *, tell: bool) -> None:
    wanted = opened(officer, wanted_by(found))
    form = papers.FORMS[wanted.book]
    with tempfile.TemporaryFile() as target:
        found.lines = _write(target, wanted, found, officer)
        target.seek(0)
        name = f"{form.title.capitalize()} {found.first:%Y%m%d}-{found.last:%Y%m%d}.{found.format}"
        found.file = files.keep(target, name=name, format_key=found.format)
    found.made_at = clock.now()
    found.save(update_fields=["lines", "file", "made_at"])
    if tell:
        notify(
            kind=BOOK_READY,
            to=Recipient(found.account_id),
            subject=(BOOK_FILE, found.pk),
            key=str(found.key),
            context={"book": form.title.capitalize(), "until": kept_until(found)},
            link=reverse("documents:book_file", args=[found.key]),
        )


def _write(target: IO[bytes], wanted: Wanted, found: BookFile, officer: Officer) -> int:
    lines, kinds, now = SOURCES[wanted.book].whole(wanted.agency, wanted.filters), kind_names(), clock.now()
    if found.format == BookFile.Format.XLSX:
        return papers.write_sheet(
            target, lines, book=wanted.book, agency=wanted.agency, filters=wanted.filters, kinds=kinds
        )
    shape = papers.printed(
        lines,
        book=wanted.book,
        agency=wanted.agency,
        filters=wanted.filters,
        kinds=kinds,
        printed_by=officer.name,
        at=now,
    )
    target.write(render("documents/book", shape.as_data(), at=now))
    return len(shape.rows)


def wanted_by(found: BookFile) -> Wanted:
    nodes = tree().nodes
    return Wanted(
        Book(found.book),
        nodes[found.agency_id],
        Filters(
            Period(found.first, found.last),
            nodes[found.unit_id] if found.unit_id else None,
            Progress(found.progress) if found.progress else None,
        ),
    )


def kept_until(found: BookFile) -> datetime:
    return (found.made_at or found.asked_at) + KEPT


def book_file(*, key: UUID, officer: Officer) -> BookFile:
    """Only one's own, while one may see the register. Raises NoSuchBook."""
    found = BookFile.objects.select_related("file").filter(key=key, account_id=officer.account_id).first()
    if found is None:
        raise NoSuchBook(_("There is no such file any more, or it is not yours."))
    opened(officer, wanted_by(found))
    return found


def content_of(*, key: UUID, officer: Officer) -> StoredFile:
    """Raises NoSuchBook while it is not made."""
    found = book_file(key=key, officer=officer)
    if found.file is None:
        raise NoSuchBook(_("The file is not made yet."))
    return found.file


@transaction.atomic
def forget_books() -> int:
    """Files whose days are over. Returns how many there were."""
    old = list(BookFile.objects.select_for_update(skip_locked=True).filter(asked_at__lt=clock.now() - KEPT)[:1000])
    BookFile.objects.filter(pk__in=[each.pk for each in old]).delete()
    files.discard([each.file_id for each in old if each.file_id])
    return len(old)
