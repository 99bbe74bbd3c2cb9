"""A simulated province: dossiers a second through all their steps, and what a dossier costs.

Two processes on the real services, papers left to no worker, accounts and posts made before. Every fourth dossier is a
building permit or a household business, so a dossier has fewer steps on average than in `transitions`.
"""

import os
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from bench import Row
from lienthong.cases.models import Dossier, StepVisit
from lienthong.foundation import clock
from lienthong.simulation import engine, invariants
from lienthong.simulation.scenario import Scenario

DAYS = 30
DOSSIERS = int(os.environ.get("LT_BENCH_DOSSIERS", "200000")) // 60
PROCESSES = 2
GOAL = 40.0


def run() -> list[Row]:
    start = clock.today() - timedelta(days=DAYS)
    scenario = Scenario(seed=1, start=start, days=DAYS, dossiers=DOSSIERS, papers=0)
    simulated = Dossier.objects.filter(submitted_at__gte=clock.day_start(start))
    before = simulated.count(), StepVisit.objects.count()
    with TemporaryDirectory() as folder:
        seconds = engine.run(scenario, Path(folder), processes=PROCESSES)
    connection.ensure_connection()
    made, visits = simulated.count() - before[0], StepVisit.objects.count() - before[1]
    broken = [verdict for verdict in invariants.look(newest=made) if verdict.offenders]
    return [
        (f"dossiers, {DAYS} days, {PROCESSES} processes, {DOSSIERS:,} dossiers", made / seconds, "/s", GOAL),
        ("   steps of dossiers", visits / seconds, "/s", None),
        ("   seconds of a process for a dossier", PROCESSES * seconds / made * 1000, "ms", None),
        ("   promises broken", len(broken), "", 0),
        *((f"      {verdict.invariant.name}", len(verdict.offenders), "offenders", 0) for verdict in broken),
    ]
