"""The two jobs of an import, in chunks that are a transaction each: looking the file through, and entering it.

A worker that is killed leaves the chunks it has finished. Looking through begins again, for nothing was written;
entering goes on after the last row that is done with. One worker at a time is at an import: the others leave it to that
one.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed
from lienthong.foundation.fields.entries import choosable_by
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.files import storage
from lienthong.foundation.sheets import reading
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.registers import access, events, holding, queries, searching
from lienthong.registers.access import Rights
from lienthong.registers.importing import report
from lienthong.registers.importing.columns import targets
from lienthong.registers.importing.judging import Judge, Row, Terms, Verdict, own_columns, request_of
from lienthong.registers.importing.models import Import, ImportRow
from lienthong.registers.services.writing import require_no_approval

CHUNK = 2_000
MOST_ROWS = 1_000_000
LOCK = 0x1A0E
COUNTED = {"new": "entered", "changed": "changed", "skipped": "skipped", "same": "same", "wrong": "wrong"}
"""Which count a row goes into."""

logger = logging.getLogger(__name__)
Status = Import.Status


class NoOfficerAnyMore(Conflict):
    code = "registers.no_officer_any_more"


class TooManyRows(DomainError):
    code = "registers.too_many_rows"


def check(import_id: int) -> None:
    """Look the file through from its beginning; nothing is entered."""
    with _alone(import_id) as alone:
        if alone and (found := _begun_again(import_id)):
            _guarded(found, Status.CHECKED, lambda: _checked(found))


def enter(import_id: int) -> None:
    """Enter what is left of the file."""
    with _alone(import_id) as alone:
        found = Import.objects.filter(pk=import_id, status=Status.RUNNING).first() if alone else None
        if found:
            _guarded(found, Status.DONE, lambda: _entered(found))


def rights_of(found: Import, officer: Officer) -> Rights:
    """What the officer may write today for the agency that keeps the entries. Raises NotAllowed, and ApprovalNeeded
    where what the file does needs somebody else's approval."""
    body = queries.register(found.register)
    require_no_approval(body, "enter")
    if found.existing == Import.Existing.CHANGE:
        require_no_approval(body, "change")
    rights = access.require(officer, body, to="write")
    if not rights.fields_at(found.organisation_id):
        raise NotAllowed(_("Your posts do not include this in the register “%(register)s”."), register=found.register)
    return rights


def terms_of(found: Import) -> Terms:
    """With the rights that the officer has now. Raises NoOfficerAnyMore and NotAllowed."""
    body = queries.register(found.register)
    officer = officer_of(found)
    rights = rights_of(found, officer)
    known = targets(body.leaves, body.section_labels, rights.fields_at(found.organisation_id))
    mapping = {int(place): known[name] for place, name in found.mapping.items() if name in known}
    changing = found.existing == Import.Existing.CHANGE
    return Terms(body, rights, found.organisation_id, mapping, found.valid_from, changing, found.origin)


def rows_below(found: Import, *, after: int = 0) -> Iterator[Row]:
    """The rows of the file below its headings, and below a row that was reached. Raises Unreadable, ContentMissing."""
    assert found.file
    with storage.open_content(found.file.sha256) as content:
        for number, cells in reading.rows(content, found.format, found.sheet):
            if number > max(found.heading_row, after):
                yield number, cells


# looking through


def _begun_again(import_id: int) -> Import | None:
    with transaction.atomic():
        found = Import.objects.select_for_update().filter(pk=import_id, status=Status.CHECKING).first()
        if found:
            found.lines.all().delete()
            for name in ("passed", "position", *COUNTED.values()):
                setattr(found, name, 0)
            found.rows = None
            found.save()
    return found


def _checked(found: Import) -> None:
    judge, officer = Judge(terms_of(found)), officer_of(found)
    for rows in _chunks(rows_below(found)):
        judge.choose_from(choosable_by(officer))
        if not _look_at(found, judge.judge(rows)):
            return
    Import.objects.filter(pk=found.pk).update(rows=F("passed"))


@transaction.atomic
def _look_at(found: Import, verdicts: Sequence[Verdict]) -> bool:
    """Put down what would become of some rows. False when it was stopped, or there are too many."""
    now = Import.objects.select_for_update().get(pk=found.pk)
    if now.status != Status.CHECKING or now.stop_asked_at:
        _finish(now, Status.STOPPED)
        return False
    if now.passed + len(verdicts) > MOST_ROWS:
        raise TooManyRows(
            _("The file has more than %(most)s rows."), way_out=_("Cut it into parts."), most=f"{MOST_ROWS:,}"
        )
    _count(now, verdicts)
    return True


# entering


def _entered(found: Import) -> None:
    judge = Judge(terms_of(found))
    for rows in _chunks(rows_below(found, after=found.position)):
        if not _enter(judge, found.pk, rows):
            return


def _enter(judge: Judge, import_id: int, rows: Sequence[Row]) -> bool:
    """Enter some rows in one transaction. Should somebody enter the same things in the same moment, what they entered
    is found on the next try. False when it was stopped."""
    for last in (False, False, True):
        try:
            with transaction.atomic():
                return _enter_once(judge, import_id, rows, singly=last)
        except (IntegrityError, DataError, NotAccepted):
            if last:
                raise
    raise AssertionError("the last try returns or raises")


def _enter_once(judge: Judge, import_id: int, rows: Sequence[Row], *, singly: bool) -> bool:
    found = Import.objects.select_for_update().get(pk=import_id)
    if found.status != Status.RUNNING or found.stop_asked_at:
        _finish(found, Status.STOPPED)
        return False
    left = [row for row in rows if row[0] > found.position]
    if not left:
        return True
    officer = officer_of(found)
    judge.go_on(rights_of(found, officer))
    judge.choose_from(choosable_by(officer))
    verdicts = judge.judge(left, lock=True)
    if singly:
        for verdict in verdicts:
            _write_one(found, judge.terms, verdict)
    else:
        _write(found, judge.terms, verdicts)
    _count(found, verdicts)
    _record(found, judge.terms, verdicts, officer)
    return True


def _write(found: Import, terms: Terms, verdicts: Sequence[Verdict]) -> None:
    written = [verdict for verdict in verdicts if verdict.outcome in ("new", "changed")]
    holding.lock({held for verdict in written for held in verdict.holds})
    _copy(found, terms, [verdict for verdict in verdicts if verdict.outcome == "new"])
    _change(terms, [verdict for verdict in verdicts if verdict.outcome == "changed"])


def _write_one(found: Import, terms: Terms, verdict: Verdict) -> None:
    """A row by itself; what the table refuses is said of it."""
    try:
        with transaction.atomic():
            _write(found, terms, [verdict])
    except (IntegrityError, DataError, NotAccepted) as error:
        logger.info("row %s of import %s was refused by its table: %s", verdict.number, found.pk, error)
        verdict.outcome = "wrong"
        why = _("The register refuses this row: it contradicts another entry.")
        verdict.problems = [(".".join(terms.body.leaves[terms.body.title[0]].path), None, "", why)]


def _copy(found: Import, terms: Terms, verdicts: Sequence[Verdict]) -> None:
    """As `services.enter` writes them, all at once."""
    if not verdicts:
        return
    own = {"organisation_id": terms.keeper, "revision": 1}
    made = [
        {**own, **columns, "request": request_of(found.key, verdict.number)}
        for verdict, columns in zip(verdicts, own_columns(terms, verdicts), strict=True)
    ]
    names = list(made[0])
    with connection.cursor() as cursor:
        statement = f"COPY {terms.body.layout.table} ({', '.join(names)}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in made:
                copy.write_row([row[name] for name in names])


def _change(terms: Terms, verdicts: Sequence[Verdict]) -> None:
    """As `services.change` writes them. The entries are locked, and are as they were when they were compared."""
    for verdict, columns in zip(verdicts, own_columns(terms, verdicts), strict=True):
        assert verdict.revision
        row = {**columns, "revision": verdict.revision + 1}
        changes = ", ".join(f"{name} = %s" for name in row)
        statement = f"UPDATE {terms.body.layout.table} SET {changes} WHERE id = %s AND revision = %s"
        run(statement, [*row.values(), verdict.entry_id, verdict.revision]).close()
    searching.called_otherwise(terms.body, [verdict.entry_id for verdict in verdicts if verdict.entry_id])


def _record(found: Import, terms: Terms, verdicts: Sequence[Verdict], officer: Officer) -> None:
    """One entry in the ledger for the chunk: which rows of which file became which entries."""
    new = [verdict.number for verdict in verdicts if verdict.outcome == "new"]
    changed = [verdict for verdict in verdicts if verdict.outcome == "changed"]
    if not new and not changed:
        return
    ids: tuple[int | None, int | None] = (None, None)
    if new:
        statement = f"SELECT min(id), max(id) FROM {terms.body.layout.table} WHERE request BETWEEN %s AND %s"
        with run(statement, [request_of(found.key, new[0]), request_of(found.key, new[-1])]) as cursor:
            ids = cursor.fetchone()
    ledger.record(
        events.IMPORTED,
        subject=("register-import", found.pk),
        actor=officer,
        organisation_id=found.organisation_id,
        data={
            "register": found.register,
            "file": found.sha256,
            "rows": [verdicts[0].number, verdicts[-1].number],
            "entered": len(new),
            **({"entries": list(ids)} if new else {}),
            **({"changed": [verdict.entry_id for verdict in changed]} if changed else {}),
        },
    )


# for both


def _count(found: Import, verdicts: Sequence[Verdict]) -> None:
    """Put down how far it is, and what did not simply become an entry."""
    for outcome, number in Counter(verdict.outcome for verdict in verdicts).items():
        name = COUNTED[outcome]
        setattr(found, name, getattr(found, name) + number)
    found.passed += len(verdicts)
    found.position = verdicts[-1].number
    found.save(update_fields=["passed", "position", *COUNTED.values()])
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                importing=found,
                row=verdict.number,
                outcome=verdict.outcome,
                problems=[list(problem) for problem in verdict.problems],
                entry_id=verdict.entry_id,
                revision=verdict.revision,
            )
            for verdict in verdicts
            if verdict.outcome != "new"
        ]
    )


def _guarded(found: Import, end: str, work: Callable[[], None]) -> None:
    """Do the work in the language of people; what refuses it is kept as the reason why it stopped."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            work()
            draft = report.made_of(found, rows_below(found))
        except DatabaseError:
            raise  # the job is tried again
        except DomainError as refused:
            with transaction.atomic():
                now = Import.objects.select_for_update().get(pk=found.pk)
                now.problem = refused.in_full
                _finish(now, Status.STOPPED)
            return
        with draft, transaction.atomic():
            now = Import.objects.select_for_update().get(pk=found.pk)
            report.keep(now, draft)
            _finish(now, end)


def _finish(found: Import, status: str) -> None:
    if found.status in (Status.CHECKING, Status.RUNNING):
        found.status, found.finished_at = status, clock.now()
        found.save(update_fields=["status", "finished_at", "problem", "report"])


def officer_of(found: Import) -> Officer:
    """Who began it, with the posts held now."""
    account = Account.objects.filter(pk=found.account_id, is_active=True).first()
    actor = actor_of(account, acting_post_id=found.post_id) if account else None
    if not isinstance(actor, Officer):
        raise NoOfficerAnyMore(_("Whoever began this holds no post any more."))
    return actor


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@contextmanager
def _alone(import_id: int) -> Iterator[bool]:
    """Whether nobody else is at this import: a worker that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, import_id])
        alone: bool = cursor.fetchone()[0]
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, import_id])
