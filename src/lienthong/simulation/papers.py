"""Making papers for a share of the simulated dossiers only: for volumes, where papers would cost more than the rest.

The papers are made by jobs that follow the ledger. Those of the dossiers that are left out are cancelled, with
Procrastinate's own function and in the transaction that enqueued them, so no worker ever sees them.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.ledger.services import DELIVER_JOB
from lienthong.simulation.chance import dice
from lienthong.simulation.scenario import Scenario

_KEYS = "SELECT id, draft_key FROM cases_dossier WHERE id = ANY(%s)"
_CANCEL = """
    SELECT procrastinate_cancel_job_v1(job.id, false, true)
      FROM procrastinate_jobs job
     WHERE job.status = 'todo' AND job.task_name = %s AND (job.args->>'entry')::bigint IN (
           SELECT id FROM ledger_entry
            WHERE subject_type = 'dossier' AND subject_id = ANY(%s) AND at >= %s AND at < %s)"""


def leave_out(dossiers: Collection[int], scenario: Scenario, day: date) -> None:
    """Cancel the jobs that the day enqueued for dossiers that get no papers."""
    if scenario.papers >= 1 or not dossiers:
        return
    start = clock.day_start(day)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [list(dossiers)])
        out = [id for id, key in cursor.fetchall() if dice("papers", key).random() >= scenario.papers]
        cursor.execute(_CANCEL, [DELIVER_JOB, out, start, start + timedelta(days=1)])
