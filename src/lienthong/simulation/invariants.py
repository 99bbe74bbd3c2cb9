"""What must hold of all dossiers, and of all entries of registers, at any time, however they came about. Each looks for
offenders; none should be found.

For a full look over everything, and by `lt doctor` for the newest within a bounded time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import OperationalError, connection, transaction
from django.db.models import ForeignObjectRel
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Dossier
from lienthong.foundation.files import upkeep
from lienthong.foundation.files.models import FileText, StoredFile
from lienthong.simulation import pauses
from lienthong.simulation.registers import promises

MOST_SHOWN = 20
NEWEST_ENTRIES = 200
ENDED = "(3, 7, 8, 10)"

Offenders = list[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """`promise` says in a sentence what holds. `find` gives offenders among the dossiers from an id on; those about
    registers look at some of the newest entries of each when that is not the first one."""

    name: str
    promise: str | Promise
    find: Callable[[int], Offenders]


@dataclass(frozen=True, slots=True)
class Verdict:
    invariant: Invariant
    offenders: Offenders


def look(*, newest: int | None = None, within: timedelta | None = None) -> list[Verdict]:
    """The verdict of every invariant, over everything or only the newest dossiers.

    Raises TookTooLong when a question takes longer than `within`.
    """
    since = _since(newest)
    with _bounded(within):
        return [Verdict(invariant, invariant.find(since)) for invariant in INVARIANTS]


class TookTooLong(RuntimeError):
    """The database did not answer in the time that was given."""


@contextmanager
def _bounded(within: timedelta | None) -> Iterator[None]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if within:
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)", [str(int(within.total_seconds() * 1000))]
                )
            yield
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        raise TookTooLong(str(error)) from error


def _since(newest: int | None) -> int:
    """The id of the oldest dossier that is looked at."""
    if newest is None:
        return 0
    return Dossier.objects.order_by("-id").values_list("id", flat=True)[newest - 1 : newest].first() or 0


def _asking(question: str) -> Callable[[int], Offenders]:
    """Offenders by a query whose first column says which, among the dossiers from %(since)s on."""

    def find(since: int) -> Offenders:
        with connection.cursor() as cursor:
            cursor.execute(f"{question} LIMIT {MOST_SHOWN}", {"since": since})
            return [str(row[0]) for row in cursor.fetchall()]

    return find


_WITHOUT_OWNER = f"""
    SELECT 'dossier ' || d.id || ' has no open step' FROM cases_dossier d
     WHERE d.id >= %(since)s AND d.status NOT IN {ENDED} AND NOT EXISTS (
           SELECT FROM cases_stepvisit v
            WHERE v.dossier_id = d.id AND v.opened_at >= d.submitted_at AND v.done_at IS NULL)"""  # noqa: S608

_OPEN_AFTER_END = f"""
    SELECT 'dossier ' || d.id || ' is at its end and has the open step ' || v.step
      FROM cases_dossier d JOIN cases_stepvisit v ON v.dossier_id = d.id AND v.opened_at >= d.submitted_at
     WHERE d.id >= %(since)s AND d.status IN {ENDED} AND v.done_at IS NULL"""  # noqa: S608

_ITEMS = """
    SELECT CASE WHEN v.id IS NULL THEN 'work item ' || i.id || ' belongs to no open step'
                WHEN i.id IS NULL THEN 'the open step ' || v.id || ' of dossier ' || v.dossier_id || ' has no work item'
                ELSE 'work item ' || i.id || ' is not as its step ' || v.id END
      FROM (SELECT v.* FROM cases_stepvisit v JOIN cases_dossier d ON d.id = v.dossier_id
             WHERE v.dossier_id >= %(since)s AND v.opened_at >= d.submitted_at AND v.done_at IS NULL) v
      FULL JOIN (SELECT * FROM work_workitem
                  WHERE is_open AND subject_type = 'dossier' AND subject_id >= %(since)s) i
        ON i.part_id = v.id AND i.subject_id = v.dossier_id
     WHERE v.id IS NULL OR i.id IS NULL OR i.organisation_id <> v.organisation_id
        OR i.post_id IS DISTINCT FROM v.post_id OR i.waiting <> v.waiting"""

_TWO_ITEMS = """
    SELECT 'step ' || part_id || ' has ' || count(*) || ' work items' FROM work_workitem
     WHERE is_open AND subject_type = 'dossier' AND subject_id >= %(since)s
     GROUP BY subject_id, part_id HAVING count(*) > 1"""

_CODES = """
    SELECT 'code ' || code || ' was given ' || count(*) || ' times' FROM cases_dossier
     WHERE code IN (SELECT code FROM cases_dossier WHERE id >= %(since)s) GROUP BY code HAVING count(*) > 1"""

_CODE_OF_ITS_DAY = """
    SELECT 'dossier ' || id || ' has the code ' || coalesce(code, '–') FROM cases_dossier
     WHERE id >= %(since)s AND CASE WHEN received_at IS NULL THEN false ELSE
           coalesce(substring(code from '-([0-9]{6})-[0-9]{4,}$'), '999999')
           > to_char(received_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYMMDD') END"""

_BOOKS = """
    SELECT 'the book of ' || told.code || ' is at ' || coalesce(book.last, 0)
      FROM (SELECT code, substring(code from '^(.*)-[0-9]{6}-[0-9]+$') AS agency,
                   to_date(substring(code from '-([0-9]{6})-[0-9]+$'), 'YYMMDD') AS day,
                   substring(code from '[0-9]+$')::int AS number
              FROM cases_dossier WHERE id >= %(since)s AND code ~ '-[0-9]{6}-[0-9]{4,9}$') told
      LEFT JOIN numbering_numberbook book
        ON book.key = 'dossiers of ' || told.agency AND book.period = to_char(told.day, 'YYYY-MM-DD')
     WHERE told.number > coalesce(book.last, 0)"""

_PAUSED_WITHOUT_WAITING = """
    SELECT 'dossier ' || d.id || CASE WHEN d.paused_at IS NULL THEN ' waits and is not paused'
                                      ELSE ' is paused and nothing waits' END
      FROM cases_dossier d
     WHERE d.id >= %(since)s AND (d.paused_at IS NOT NULL) <> EXISTS (
           SELECT FROM cases_stepvisit v
            WHERE v.dossier_id = d.id AND v.opened_at >= d.submitted_at AND v.waiting AND v.done_at IS NULL)"""

_STEPS = """
    SELECT 'dossier ' || d.id || ' is in status ' || d.status || ', which its dates or steps do not agree with'
      FROM cases_dossier d JOIN definitions_definition p ON p.id = d.procedure_id
      LEFT JOIN LATERAL (
           SELECT bool_or(s.step->>'kind' = 'return') AS returning, bool_or(s.step->>'kind' = 'reception') AS receiving
             FROM cases_stepvisit v, jsonb_array_elements(p.body->'process'->'steps') s(step)
            WHERE v.dossier_id = d.id AND v.opened_at >= d.submitted_at AND v.done_at IS NULL
              AND s.step->>'key' = v.step) open ON true
     WHERE d.id >= %(since)s AND NOT CASE d.status
           WHEN 1 THEN d.received_at IS NULL AND d.finished_at IS NULL AND open.receiving
           WHEN 2 THEN d.received_at IS NOT NULL AND d.finished_at IS NULL
           WHEN 3 THEN d.received_at IS NULL AND d.finished_at IS NOT NULL
           WHEN 4 THEN d.received_at IS NOT NULL AND d.finished_at IS NULL
           WHEN 5 THEN d.paused_at IS NOT NULL AND d.supplements > 0
           WHEN 6 THEN d.paused_at IS NOT NULL
           WHEN 7 THEN d.finished_at IS NOT NULL
           WHEN 8 THEN d.finished_at IS NOT NULL
           WHEN 9 THEN d.finished_at IS NOT NULL AND open.returning
           WHEN 10 THEN d.finished_at IS NOT NULL AND d.returned_at >= d.finished_at
           ELSE true END"""

_LEDGER = """
    SELECT 'dossier ' || d.id || ' is in status ' || d.status || ', by the ledger in ' || coalesce(last.status, '–')
      FROM cases_dossier d
      LEFT JOIN LATERAL (
           SELECT e.data->>'status' AS status FROM ledger_entry e
            WHERE e.subject_type = 'dossier' AND e.subject_id = d.id AND e.at >= d.submitted_at
              AND e.data->'status' IS NOT NULL
            ORDER BY e.at DESC, e.id DESC LIMIT 1) last ON true
     WHERE d.id >= %(since)s AND last.status IS DISTINCT FROM d.status::text"""

_ORDER = """
    SELECT 'the step ' || v.step || ' of dossier ' || v.dossier_id || ' was done before it began'
      FROM cases_stepvisit v JOIN cases_dossier d ON d.id = v.dossier_id
     WHERE d.id >= %(since)s AND v.opened_at >= d.submitted_at
       AND (v.done_at < v.opened_at OR (v.late AND (v.due_at IS NULL OR v.done_at <= v.due_at)))"""

_FILES = """
    WITH lone AS MATERIALIZED (
         SELECT f.id, f.account_id, f.stored_at FROM files_storedfile f
          WHERE f.stored_at >= coalesce(
                (SELECT submitted_at FROM cases_dossier WHERE id >= %(since)s ORDER BY id LIMIT 1), '-infinity')
            AND {held_by_none}),
    looked_at AS MATERIALIZED (
         SELECT id FROM cases_dossier WHERE id >= %(since)s
          UNION
         SELECT e.subject_id FROM lone JOIN ledger_entry e ON e.account_id = lone.account_id
          WHERE e.subject_type = 'dossier' AND e.at >= lone.stored_at),
    attached AS MATERIALIZED (
         SELECT DISTINCT jsonb_path_query(held.data, '$.** ? (exists(@.id) && exists(@.size)).id') #>> '{{}}' AS id
           FROM (SELECT d.data FROM cases_dossier d JOIN looked_at USING (id)
                 UNION ALL SELECT data FROM cases_draft
                 UNION ALL SELECT v.answers FROM cases_stepvisit v JOIN looked_at l ON l.id = v.dossier_id
                            WHERE v.answers <> '{{}}'
                 UNION ALL SELECT p.data FROM cases_paper p JOIN looked_at l ON l.id = p.dossier_id) held
          WHERE EXISTS (SELECT FROM lone))
    SELECT 'file ' || lone.id || ' belongs to nothing'
      FROM lone LEFT JOIN attached ON attached.id = lone.id::text WHERE attached.id IS NULL"""
"""An older dossier may have got a new file: then whoever stored it did something with the dossier afterwards."""

_EXTENSIONS = """
    SELECT 'the new date ' || x.id || ' of dossier ' || x.dossier_id || CASE
             WHEN x.decided_at IS NOT NULL THEN ' is decided and lies with somebody still'
             WHEN i.id IS NULL THEN ' lies with nobody'
             ELSE ' was asked for and the dossier is not under way' END
      FROM cases_extension x JOIN cases_dossier d ON d.id = x.dossier_id
      LEFT JOIN work_workitem i ON i.is_open AND i.subject_type = 'extension' AND i.subject_id = x.id
     WHERE x.dossier_id >= %(since)s AND CASE WHEN x.decided_at IS NOT NULL THEN i.id IS NOT NULL
           ELSE i.id IS NULL OR d.status NOT IN (2, 4, 5, 6) END"""


def _clocks_that_ran(since: int) -> Offenders:
    """Dossiers that are due earlier than their pauses allow, by counting again what the ledger says."""
    found = islice(pauses.due_too_early(since), MOST_SHOWN)
    return [
        f"dossier {dossier} is due before {least:%d/%m/%Y %H:%M}, so its clock ran while it was paused"
        for dossier, least in found
    ]


def _lost_contents(since: int) -> Offenders:
    """Files whose content is missing or another than was stored."""
    report = upkeep.check(sample=0.05, newest=None if since == 0 else 500)
    return [f"the content of file {file} is missing" for file in report.missing][:MOST_SHOWN] + [
        f"the content of file {file} was changed" for file in report.altered
    ][:MOST_SHOWN]


def _of_entries(question: Callable[[int | None, int], Offenders]) -> Callable[[int], Offenders]:
    """A question about the entries of registers."""
    return lambda since: question(NEWEST_ENTRIES if since else None, MOST_SHOWN)


def _files_of_nobody(since: int) -> Offenders:
    """Files that no row points to and no data of dossiers names. Whichever room points to files is asked."""
    pointing = sorted(
        (relation.related_model._meta.db_table, relation.field.column)
        for relation in StoredFile._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not FileText
    )
    none = (f"NOT EXISTS (SELECT FROM {table} held WHERE held.{column} = f.id)" for table, column in pointing)
    return _asking(_FILES.format(held_by_none=" AND ".join(none)))(since)


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("owner", _("Every dossier has an open step or an end."), _asking(_WITHOUT_OWNER)),
    Invariant("end", _("What is at its end has no open step."), _asking(_OPEN_AFTER_END)),
    Invariant("items", _("Every open step has its work item, and there is no other."), _asking(_ITEMS)),
    Invariant("one-item", _("No step has two work items."), _asking(_TWO_ITEMS)),
    Invariant("codes", _("Every code was given once."), _asking(_CODES)),
    Invariant("days", _("What was received has a code, of a day until its reception."), _asking(_CODE_OF_ITS_DAY)),
    Invariant("books", _("No code is ahead of its number book."), _asking(_BOOKS)),
    Invariant("waiting", _("A dossier is paused exactly while a step waits."), _asking(_PAUSED_WITHOUT_WAITING)),
    Invariant("pauses", _("No clock ran while a dossier was paused."), _clocks_that_ran),
    Invariant("steps", _("Statuses agree with steps and dates."), _asking(_STEPS)),
    Invariant("ledger", _("Statuses are those of the ledger."), _asking(_LEDGER)),
    Invariant("order", _("Nothing was done before it began, nor is late that was in time."), _asking(_ORDER)),
    Invariant(
        "extensions",
        _("A new date that was asked for lies with who decides until it is decided."),
        _asking(_EXTENSIONS),
    ),
    Invariant("contents", _("Every file has its content."), _lost_contents),
    Invariant("files", _("Every file belongs to something."), _files_of_nobody),
    Invariant(
        "keepers",
        _("Every entry is kept by an agency that keeps its register, or did."),
        _of_entries(promises.kept_by_keepers),
    ),
    Invariant(
        "references",
        _("What entries point to is there, and in force where it must be."),
        _of_entries(promises.references_hold),
    ),
    Invariant(
        "history",
        _("The states of an entry follow each other without gaps."),
        _of_entries(promises.history_without_gaps),
    ),
    Invariant(
        "entries", _("Every entry is once in the ledger as entered, and as ended."), _of_entries(promises.in_the_ledger)
    ),
    Invariant(
        "proposals",
        _("No proposed change is both decided and open; an open one lies with somebody."),
        _of_entries(promises.decided_or_open),
    ),
)
