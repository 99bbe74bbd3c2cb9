"""A transition of a dossier, from the service call to the commit, beside the same SQL sent bare over psycopg.

Also: what a transition costs with few and with many dossiers there and with partitions of many more years, and dossiers
taken through all their steps by two processes.
"""

import multiprocessing
import os
from time import perf_counter

import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import Row, world
from lienthong.cases import services
from lienthong.foundation import clock, partitions
from lienthong.identity.actors import Officer
from lienthong.simulation import engine
from tests import cast
from tests.cases import dossiers

COUNT = 150
MANY = int(os.environ.get("LT_BENCH_DOSSIERS", "200000"))
FEW = 10_000
OLDER_YEARS = 10
SECONDS = 15.0


def run() -> list[Row]:
    ours, statements, bare = _transition()
    rows: list[Row] = [
        ("transition (assign): service call to commit", ours * 1000, "ms", bare * 1000),
        ("   ratio to the bare SQL, goal ≤ 2.5", ours / bare, "×", 2.5),
        ("   statements, goal ≤ 10", statements, "", 10),
    ]
    world.grow(FEW)
    few, few_a_second = _transition()[0], _through_all_steps()
    world.grow(MANY)
    many, many_a_second = _transition()[0], _through_all_steps()
    for table in engine.CUT_BY_YEAR:
        partitions.ensure_years(table, since=clock.today().year - world.YEARS - OLDER_YEARS)
    older = _transition()[0]
    return [
        *rows,
        (f"transition with {FEW:,} dossiers there", few * 1000, "ms", None),
        (f"   with {MANY:,}, goal ± 15 %", many * 1000, "ms", few * 1000),
        (f"   and with partitions of {OLDER_YEARS} more years", older * 1000, "ms", many * 1000),
        (f"dossiers through all 9 steps, 2 processes, {FEW:,} there", few_a_second, "/s", None),
        (f"   {MANY:,} there", many_a_second, "/s", few_a_second),
    ]


def _transition() -> tuple[float, int, float]:
    """Seconds of ours, how many statements, seconds of the same statements bare; medians of turns taken in between, so
    that a noisy machine disturbs both alike."""
    head, handler = world.officer(cast.HEAD), world.officer(cast.HANDLER).acting.id
    ours, bare, statements = [], [], 0
    with clock.at(cast.MONDAY), psycopg.connect(_conninfo(), autocommit=False) as other:
        for _ in range(COUNT):
            dossier, visit = _waiting()
            began = perf_counter()
            _assign(dossier, visit, head, handler)
            ours.append(perf_counter() - began)
            captured = _captured(head, handler)
            bare.append(_bare(other, captured))
            statements = len(captured)
    return sorted(ours)[COUNT // 2], statements, sorted(bare)[COUNT // 2]


def _waiting() -> tuple[int, int]:
    """A dossier and its visit that wait to be assigned."""
    dossier = dossiers.received()
    return dossier.pk, dossiers.visit(dossier, "phan-cong").pk


def _assign(dossier_id: int, visit_id: int, head: Officer, handler: int) -> None:
    services.act(dossier_id=dossier_id, visit_id=visit_id, action="phan-cong", officer=head, post_id=handler)


def _captured(head: Officer, handler: int) -> list[str]:
    """The statements of a transition. It is another one, so that watching does not slow what is measured."""
    dossier, visit = _waiting()
    with CaptureQueriesContext(connection) as queries:
        _assign(dossier, visit, head, handler)
    return [query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]


def _bare(other: psycopg.Connection, statements: list[str]) -> float:
    """Seconds of the statements sent once more over a bare connection, in one transaction that is committed."""
    began = perf_counter()
    with other.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.encode())
        other.commit()
    return perf_counter() - began


def _conninfo() -> str:
    database = settings.DATABASES["default"]
    parts = {
        "dbname": connection.settings_dict["NAME"],
        "user": database["USER"],
        "host": database["HOST"],
        "port": database["PORT"],
        "password": database["PASSWORD"],
    }
    return psycopg.conninfo.make_conninfo(**{name: value for name, value in parts.items() if value})


def _through_all_steps() -> float:
    connection.close()
    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        return sum(pool.map(_worker, range(2)))


def _worker(number: int) -> float:
    done, began = 0, perf_counter()
    with clock.at(cast.MONDAY):
        while perf_counter() - began < SECONDS:
            world.returned()
            done += 1
    return done / (perf_counter() - began)
