"""A million rows into a register from a file: looked through and entered, beside bare COPY of the same rows.

The register has the indexes that its lists ask for; bare COPY fills the same table. Memory is the most that
this process had above what it begins with.
"""

import os
import resource
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter
from typing import IO

from django.db import connection, transaction

from bench import Row, world
from lienthong.foundation import clock
from lienthong.foundation.sheets.writing import XlsxWriter
from lienthong.registers import access, queries
from lienthong.registers.importing import running, services
from lienthong.registers.importing.judging import Judge, Terms, own_columns, request_of
from lienthong.registers.importing.models import Import
from tests.registers.conftest import DECLARED, KEY, publish

MANY = int(os.environ.get("LT_BENCH_ENTRIES", "1000000"))
HEADINGS = ("Số giấy phép", "Ngày cấp", "Họ và tên", "Xã, phường", "Số nhà, đường", "Diện tích sàn", "Số tầng", "Loại")
GOAL = 0.25  # of the rows of bare COPY in a second


def run() -> list[Row]:
    publish(DECLARED)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    officer = world.officer(world.THIRTY)
    body = queries.register(KEY)
    keeper = access.keepers(body, access.rights_of(officer, body, to="write"))[0]
    with tempfile.TemporaryFile() as file:
        _spreadsheet(file, MANY)
        file.seek(0)
        with transaction.atomic():
            found = services.bring(register=KEY, source=file, name="nhap.xlsx", officer=officer, organisation_id=keeper)
    bare = MANY / _bare(found)
    mapping = {int(place): name for place, name in found.mapping.items()}
    services.check(
        register=KEY, key=found.key, officer=officer, mapping=mapping, existing="skip", valid_from=clock.today()
    )
    looked = MANY / _seconds(lambda: running.check(found.pk))
    services.start(register=KEY, key=found.key, officer=officer)
    entered = MANY / _seconds(lambda: running.enter(found.pk))
    found.refresh_from_db()
    assert found.entered == MANY, (found.entered, found.wrong, found.problem)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        ("rows looked through, from XLSX", looked, "/s", None),
        ("rows entered with validation, from XLSX; goal", entered, "/s", bare * GOAL),
        ("   bare COPY of the same rows", bare, "/s", None),
        ("   share of bare COPY", 100 * entered / bare, "%", 100 * GOAL),
        ("memory at most, above the beginning", memory, "MB", None),
    ]


def _spreadsheet(target: IO[bytes], many: int) -> None:
    writer = XlsxWriter(target, sheet="Giấy phép", widths=[14] * len(HEADINGS))
    writer.row(HEADINGS)
    first = date(2015, 1, 1)
    for n in range(many):
        day = first + timedelta(days=n % 3650)
        writer.row(
            [f"{n}/GPXD", day, f"Nguyễn Văn {n % 977}", "Phường Nghĩa Đức, Gia Nghĩa", f"{n % 300} Hùng Vương",
             60.5 + n % 400, 1 + n % 9, "Xây mới"]
        )  # fmt: skip
    writer.close()


def _bare(found: Import) -> float:
    """Seconds that COPY takes for the rows as they stand in the table, made ready before and rolled back afterwards."""
    Import.objects.filter(pk=found.pk).update(status=Import.Status.RUNNING)
    found.refresh_from_db()
    terms = running.terms_of(found)
    judge, own, seconds = Judge(terms), {"organisation_id": terms.keeper, "revision": 1}, 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        for rows in running._chunks(running.rows_below(found)):
            verdicts = judge.judge(rows)
            made = [
                {**own, **columns, "request": request_of(found.key, verdict.number)}
                for verdict, columns in zip(verdicts, own_columns(terms, verdicts), strict=True)
            ]
            began = perf_counter()
            with cursor.copy(f"COPY {_table(terms)} ({', '.join(made[0])}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(list(row.values()))
            seconds += perf_counter() - began
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_table(terms)}")
    Import.objects.filter(pk=found.pk).update(status=Import.Status.MAPPING)
    found.refresh_from_db()
    return seconds


def _table(terms: Terms) -> str:
    return terms.body.layout.table


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
