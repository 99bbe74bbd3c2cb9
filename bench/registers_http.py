"""A register over HTTP, in the shapes in which its peers were measured: JSON, 2 server processes, 8 connections.

The asking officer holds thirty posts and has no more rights than an ordinary one. Beside each figure stands what is to
be reached: half as much again as Directus did on such a machine with 100,000 rows, ten times as much for words.
"""

import json
import os
from urllib.parse import urlencode

from bench import Row, world
from bench.http import load, serving
from bench.registers import WORDS, fill
from lienthong.foundation.organisations.queries import tree
from lienthong.registers import access, queries
from tests.registers.conftest import DECLARED, KEY, permit, publish

MANY = int(os.environ.get("LT_BENCH_ENTRIES", "100000"))
CREATE_GOAL, GET_GOAL, EXACT_GOAL, WORDS_GOAL, SORTED_GOAL = 1.5 * 256, 1.5 * 431, 1.5 * 286, 10 * 37, 1.5 * 89

ENTRIES = f"/api/v1/registers/{KEY}/entries"

Request = tuple[str, str, str | None]


def run() -> list[Row]:
    publish(DECLARED)
    body, officer = queries.register(KEY), world.officer(world.THIRTY)
    fill(MANY)
    keeper = tree()[access.keepers(body, access.rights_of(officer, body, to="write"))[0]].key
    ids = [entry.id for entry in queries.page(body, access.rights_of(officer, body, to="read"), size=500)]
    with serving() as port:
        return [
            ("entries there", MANY, "", None),
            ("create", load(port, world.THIRTY, lambda n: _create(n, keeper)), "/s", CREATE_GOAL),
            ("get", load(port, world.THIRTY, lambda n: _get(ids[n % len(ids)])), "/s", GET_GOAL),
            ("list of 100, exact", load(port, world.THIRTY, lambda n: _exact(1 + n % 9)), "/s", EXACT_GOAL),
            (
                "list of 100, words without accents",
                load(port, world.THIRTY, lambda n: _list(search=WORDS[n % len(WORDS)])),
                "/s",
                WORDS_GOAL,
            ),
            ("list of 100, sorted", load(port, world.THIRTY, lambda n: _list(sort="-ngay_cap")), "/s", SORTED_GOAL),
        ]


def _create(number: int, keeper: str) -> Request:
    return "POST", ENTRIES, json.dumps({"values": permit(so=f"H{number}/GPXD"), "agency": keeper})


def _get(entry_id: int) -> Request:
    return "GET", f"{ENTRIES}/{entry_id}", None


def _exact(number: int) -> Request:
    return _list(**{"so_tang.from": number, "so_tang.to": number})


def _list(**asked: object) -> Request:
    return "GET", f"{ENTRIES}?{urlencode({'limit': 100, **asked})}", None
