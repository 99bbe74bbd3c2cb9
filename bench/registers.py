"""A register of a million entries: entering beside the bare INSERT, lists as an officer with thirty posts, the past,
statistics beside a bare count of the table.

The entries are made in the database, spread over the agencies that keep the register; every tenth has been changed
once, so that it has a past.
"""

import os
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import perf_counter, sleep
from typing import Any

from django.db import connection

from bench import Row, world
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.registers import access, queries, services
from lienthong.registers.access import Rights
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import AsOf, Filters
from lienthong.registers.statistics.counting import counted
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.offered import offered
from tests.registers.conftest import DECLARED, KEY, permit, publish

MANY = int(os.environ.get("LT_BENCH_ENTRIES", "1000000"))
TURNS, ASKED = 200, 60
COUNTED = 12
LIST_GOAL, WAIT_GOAL, STATISTIC_GOAL = 15.0, 100.0, 300.0
WORDS = ("nguyen van", "tran thi", "le hoang", "hung vuong", "15/gpxd", "0999")

_FILL = """
    INSERT INTO register_giay_phep_thu (organisation_id, valid_from, recorded_at, revision, origin, search,
        so, ngay_cap, ten, dia_chi_unit, dia_chi_detail, dien_tich, so_tang, loai)
    SELECT (%(keepers)s::bigint[])[1 + n %% cardinality(%(keepers)s::bigint[])], day, day, 1, '',
           lt_fold(n || '/GPXD ' || name), n || '/GPXD', day, name, '24611', n %% 300 || ' Hùng Vương',
           60 + n %% 400, 1 + n %% 9, ARRAY['moi']
      FROM (SELECT n, %(today)s::date - (n %% 3650)::int AS day,
                   (%(families)s::text[])[1 + n %% 7] || ' ' || (%(middles)s::text[])[1 + n / 7 %% 5] || ' '
                   || (%(given)s::text[])[1 + n / 35 %% 11] AS name
              FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) made"""
_CHANGED = """
    UPDATE register_giay_phep_thu SET so_tang = so_tang + 1, revision = 2, valid_from = valid_from + 1,
           recorded_at = recorded_at + interval '1 day' WHERE mod(id, 10) = 0 AND revision = 1"""

_BARE = """
    INSERT INTO register_giay_phep_thu (organisation_id, valid_from, recorded_at, revision, origin, search, so,
           ngay_cap, ten, dia_chi_unit, dia_chi_detail, dien_tich, so_tang, loai)
    SELECT organisation_id, valid_from, recorded_at, 1, '', search, 'B' || so, ngay_cap, ten, dia_chi_unit,
           dia_chi_detail, dien_tich, so_tang, loai FROM register_giay_phep_thu WHERE id = %s"""


def run() -> list[Row]:
    publish(DECLARED)
    body, officer = queries.register(KEY), world.officer(world.THIRTY)
    filled = fill(MANY)
    rights = access.rights_of(officer, body, to="read")
    by = {"officer": officer, "organisation_id": access.keepers(body, access.rights_of(officer, body, to="write"))[0]}
    then = AsOf(clock.today() - timedelta(days=400), clock.now())
    rows: list[Row] = [("entries made by one INSERT … SELECT, with indexes", filled, "/s", None)]
    ours, bare = _entering(by)
    rows += [("entry through the service, call to commit", ours, "ms", bare * 3)]
    asked: dict[str, Callable[[int], Filters]] = {
        "newest": lambda n: Filters(),
        "exact": lambda n: Filters(among={"so_tang": [1 + n % 9]}),
        "words without accents": lambda n: Filters(text=WORDS[n % len(WORDS)]),
    }
    for name, filters in asked.items():
        present = p95(lambda n, f=filters: queries.page(body, rights, f(n), size=100))  # type: ignore[misc]
        past = p95(lambda n, f=filters: queries.page(body, rights, f(n), as_of=then, size=100))  # type: ignore[misc]
        rows.append((f"list of 100, {name}: p95", present, "ms", LIST_GOAL))
        rows.append(("   the same as of another day, goal ≤ 2 ×", past, "ms", 2 * present))
    rows += _statistics(body, rights)
    rows.append(("longest wait of a writer while a field is added", _widening(by), "ms", WAIT_GOAL))
    return rows


def _statistics(body: RegisterBody, rights: Rights) -> list[Row]:
    """Each statistic as its page counts it: the usual ones, and one of two dimensions with a sum."""
    area = Statistic(
        key="dien-tich", name="Diện tích theo địa bàn và năm", by=("dia_chi", "ngay_cap"), measure="sum", of="dien_tich"
    )
    rows: list[Row] = [("statistics: the bare count(*) of the table, p95", p95(_bare_count, COUNTED), "ms", None)]
    for each in (*offered(body, rights, context()), area):
        ours = p95(lambda n, s=each: counted(body, rights, s, Filters(), context=context()), COUNTED)  # type: ignore[misc]
        rows.append((f"   {' × '.join(each.by)}: p95", ours, "ms", STATISTIC_GOAL))
    then = AsOf(clock.today() - timedelta(days=400), clock.now())
    past = p95(lambda n: counted(body, rights, area, Filters(), context=context(), as_of=then), COUNTED)
    rows.append(("   the last one as of another day", past, "ms", None))
    return rows


def _bare_count(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_giay_phep_thu WHERE valid_until IS NULL")
        cursor.fetchone()


def fill(many: int) -> float:
    """So many entries into the empty register; how many a second."""
    keepers = [node.id for node in tree().with_function("urban-management", clock.today())]
    names = {
        "families": ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng"],
        "middles": ["Văn", "Thị", "Hoàng", "Minh", "Ngọc"],
        "given": ["An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khoa", "Lan", "Minh", "Phúc", "Quỳnh"],
    }
    began = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {**names, "keepers": keepers, "today": clock.today(), "first": 1, "last": many})
        seconds = perf_counter() - began
        cursor.execute(_CHANGED)
        cursor.execute("VACUUM (ANALYZE)")
    return many / seconds


def _entering(by: Mapping[str, Any]) -> tuple[float, float]:
    """Milliseconds of ours and of the bare statement, medians of turns in between."""
    ours, bare = [], []
    with connection.cursor() as cursor:
        for number in range(TURNS):
            began = perf_counter()
            entry = services.enter(register=KEY, raw=permit(so=f"N{number}/GPXD"), **by)
            ours.append(perf_counter() - began)
            began = perf_counter()
            cursor.execute(_BARE, [entry.id])
            bare.append(perf_counter() - began)
    return sorted(ours)[TURNS // 2] * 1000, sorted(bare)[TURNS // 2] * 1000


def p95(ask: Callable[[int], object], asked: int = ASKED) -> float:
    times = []
    order = list(range(asked))
    random.Random(1).shuffle(order)
    for number in order:
        began = perf_counter()
        ask(number)
        times.append((perf_counter() - began) * 1000)
    return sorted(times)[int(asked * 0.95)]


def _widening(by: Mapping[str, Any]) -> float:
    """The longest that anybody waited to enter something, in milliseconds."""
    began, over = threading.Event(), threading.Event()

    def write() -> float:
        longest, number = 0.0, 0
        try:
            while not over.is_set():
                asked = perf_counter()
                services.enter(register=KEY, raw=permit(so=f"W{number}/GPXD"), **by)
                longest = max(longest, perf_counter() - asked) if began.is_set() else 0.0
                number += 1
        finally:
            connection.close()
        return longest

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        sleep(1)
        began.set()
        wider = DECLARED.replace("identity:", "  - {key: chieu_cao, type: decimal, label: Chiều cao}\nidentity:", 1)
        publish(wider.replace("filters: [dia_chi", "filters: [chieu_cao, dia_chi"))
        over.set()
        return writer.result() * 1000
