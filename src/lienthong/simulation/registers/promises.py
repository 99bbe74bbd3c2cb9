"""What must hold of the entries of all registers, however they came about: questions to the database for offenders.

The tables have no names that could stand in a question: it is put together for the registers of the day, each a part of
it. With `newest`, only so many of the last entries of each register are looked at.
"""

from collections.abc import Callable, Iterator

from django.db import connection

from lienthong.foundation.organisations.models import Organisation
from lienthong.registers import events
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.layout import table_of

Offenders = list[str]
Part = Callable[[RegisterBody, str], Iterator[str]]
"""The questions about one register; an entry `e` is looked at on a condition. Each gives a text for an offender."""

AT_ONCE = 60
"""Registers that stand in one question."""


def kept_by_keepers(newest: int | None, most: int) -> Offenders:
    """Agencies that kept it under an earlier version of the register count; those that were merged or abolished too."""
    return _asked(_kept_elsewhere, newest, most)


def references_hold(newest: int | None, most: int) -> Offenders:
    return _asked(_lost_references, newest, most)


def history_without_gaps(newest: int | None, most: int) -> Offenders:
    return _asked(_gaps, newest, most)


def in_the_ledger(newest: int | None, most: int) -> Offenders:
    return _asked(_unrecorded, newest, most)


_PROPOSALS = """
    SELECT 'proposal ' || p.id || CASE
             WHEN p.state NOT IN ('waiting', 'returned') THEN ' is over and lies with somebody still'
             WHEN lies.turns IS NULL THEN ' is to be decided and lies with nobody'
             WHEN p.state = 'waiting' AND p.decided_by_id IS NOT NULL THEN ' is decided and waits still'
             ELSE ' lies with somebody as it was sent before' END
      FROM registers_proposal p
      LEFT JOIN LATERAL (
           SELECT array_agg(DISTINCT i.part_id) AS turns FROM work_workitem i
            WHERE i.is_open AND i.subject_type = 'register-proposal' AND i.subject_id = p.id) lies ON TRUE
     WHERE p.id > %(after)s AND p.state <> 'draft' AND CASE
           WHEN p.state IN ('waiting', 'returned') THEN lies.turns IS DISTINCT FROM ARRAY[p.turn::bigint]
                OR (p.state = 'waiting' AND p.decided_by_id IS NOT NULL)
           ELSE lies.turns IS NOT NULL END
     LIMIT %(most)s"""


def decided_or_open(newest: int | None, most: int) -> Offenders:
    """No proposal is both decided and open; as long as it is open it lies with somebody, as it was sent last."""
    after = 0
    with connection.cursor() as cursor:
        if newest is not None:
            cursor.execute("SELECT coalesce(max(id), 0) - %s FROM registers_proposal", [newest])
            after = cursor.fetchone()[0]
        cursor.execute(_PROPOSALS, {"after": after, "most": most})
        return [str(row[0]) for row in cursor.fetchall()]


def _asked(part: Part, newest: int | None, most: int) -> Offenders:
    found: Offenders = []
    bodies = [published.body for published in REGISTER.all()]
    for first in range(0, len(bodies), AT_ONCE):
        questions = [
            f"({question} LIMIT {most})"
            for body in bodies[first : first + AT_ONCE]
            for question in part(body, _newest(body, newest))
        ]
        with connection.cursor() as cursor:
            if questions:
                cursor.execute(f"{' UNION ALL '.join(questions)} LIMIT {most}")
                found += [str(row[0]) for row in cursor.fetchall()]
    return found[:most]


def _newest(body: RegisterBody, newest: int | None) -> str:
    if newest is None:
        return "TRUE"
    return f"e.id > (SELECT coalesce(max(id), 0) FROM {body.layout.table}) - {int(newest)}"


def _named(body: RegisterBody, what: str) -> str:
    return f"SELECT 'entry ' || e.id || ' of {body.key} {what}'"


def _kept_elsewhere(body: RegisterBody, looked_at: str) -> Iterator[str]:
    functions = {key for published in REGISTER.history(body.key) for key in published.body.keepers} | set(body.keepers)
    keepers = Organisation.objects.filter(functions__overlap=sorted(functions)).values_list("id", flat=True)
    ids = ", ".join(map(str, sorted(keepers))) or "0"
    yield (
        f"{_named(body, 'is kept by an agency that does not keep the register')} FROM {body.layout.table} e"
        f" WHERE {looked_at} AND e.organisation_id NOT IN ({ids})"
    )


def _lost_references(body: RegisterBody, looked_at: str) -> Iterator[str]:
    """What is pointed to is there; what must stay in force while it is pointed to is so."""
    for key, field in body.references.items():
        column, other = body.layout.first(key), table_of(field.register_key)
        ended = " OR (e.valid_until IS NULL AND o.valid_until IS NOT NULL)" if field.restrict else ""
        yield (
            f"{_named(body, f'points to what is not there ({key})')} FROM {body.layout.table} e"
            f" LEFT JOIN {other} o ON o.id = e.{column}"
            f" WHERE {looked_at} AND e.{column} IS NOT NULL AND (o.id IS NULL{ended})"
        )


def _gaps(body: RegisterBody, looked_at: str) -> Iterator[str]:
    """Of what we believe today of an entry, each state begins when the one before it ends."""
    table, past = body.layout.table, body.layout.past
    states = (
        f"SELECT e.id, s.valid_from, s.valid_until FROM {table} e"
        f" JOIN LATERAL (SELECT e.valid_from, e.valid_until UNION ALL SELECT p.valid_from, p.valid_until FROM {past} p"
        f" WHERE p.entry_id = e.id AND p.recorded_until IS NULL) s ON TRUE WHERE {looked_at} AND e.revision > 1"
    )
    following = "lead(valid_from) OVER (PARTITION BY id ORDER BY valid_from, valid_until NULLS LAST)"
    yield (
        f"{_named(body, 'has states that overlap or leave a gap')}"
        f" FROM (SELECT id, valid_until, {following} AS next FROM ({states}) s) e"
        " WHERE e.next IS NOT NULL AND e.valid_until IS DISTINCT FROM e.next"
    )


def _unrecorded(body: RegisterBody, looked_at: str) -> Iterator[str]:
    """Entered once; ended once, when it is no more. What came from a file is on record as a whole."""
    subject = f"x.subject_type = 'register.{body.key}' AND x.subject_id = e.id"

    def times(kind: str) -> str:
        return f"(SELECT count(*) FROM ledger_entry x WHERE {subject} AND x.kind = '{kind}')"

    yield (
        f"{_named(body, 'is not once in the ledger as entered, and as ended')} FROM {body.layout.table} e"
        f" WHERE {looked_at} AND e.origin NOT LIKE 'import:%'"
        f" AND ({times(events.ENTERED.key)} <> 1 OR {times(events.ENDED.key)} <> (e.valid_until IS NOT NULL)::int)"
    )
