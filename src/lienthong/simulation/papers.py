"""Making papers for a share of the simulated dossiers only: for volumes, where papers would cost more than the rest.

The papers are made by jobs that follow the ledger, and what is handed in is read for searching by jobs. Those of the
dossiers that are left out are cancelled, with Procrastinate's own function and in the transaction that enqueued them,
so no worker ever sees them.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.files.services import READ_JOB
from lienthong.foundation.ledger.services import DELIVER_JOB
from lienthong.simulation.chance import dice
from lienthong.simulation.scenario import Scenario

_KEYS = "SELECT id, draft_key FROM cases_dossier WHERE id = ANY(%s)"
_NEWEST_JOB = "SELECT coalesce(max(id), 0) FROM procrastinate_jobs"
_CANCEL = """
    SELECT procrastinate_cancel_job_v1(job.id, false, true)
      FROM procrastinate_jobs job
     WHERE job.id > %(since)s AND job.status = 'todo' AND (
           job.task_name = %(deliver)s AND (job.args->>'entry')::bigint IN (
               SELECT id FROM ledger_entry WHERE subject_type = 'dossier' AND subject_id = ANY(%(out)s)
                  AND at >= %(start)s AND at < %(end)s)
        OR job.task_name = %(read)s AND (job.args->>'file')::bigint IN (
               SELECT file_id FROM cases_component WHERE dossier_id = ANY(%(out)s)))"""


def newest_job() -> int:
    """Every job that is enqueued from now on has a higher id: ids are given in order, and none is given back."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_JOB)
        newest: int = cursor.fetchone()[0]
    return newest


def gets_papers(scenario: Scenario, key: object) -> bool:
    """Whether papers are made for the dossier with a key."""
    return scenario.papers >= 1 or dice("papers", key).random() < scenario.papers


def leave_out(dossiers: Collection[int], scenario: Scenario, day: date, *, since: int) -> None:
    """Cancel the jobs that the day enqueued for dossiers that get no papers; `since` is the newest job before it."""
    if scenario.papers >= 1 or not dossiers:
        return
    start = clock.day_start(day)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [list(dossiers)])
        out = [id for id, key in cursor.fetchall() if not gets_papers(scenario, key)]
        cursor.execute(
            _CANCEL,
            {
                "since": since,
                "deliver": DELIVER_JOB,
                "read": READ_JOB,
                "out": out,
                "start": start,
                "end": start + timedelta(days=1),
            },
        )
