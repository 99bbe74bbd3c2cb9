"""Sixty people at once, citizens and officers, who read before the next click: how long an answer takes.

Half of the officers hold thirty posts. Two processes of four threads answer, as `lt serve` runs them. The goals are the
server's own time; beside it stands the whole answer as the browser gets it, with waiting for a free thread and what
sixty browsers cost on the same cores. Every write is a real one: applications from the first page to the reference,
acceptances at the counter.
"""

import os
import random
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from http.client import HTTPConnection
from queue import Empty, SimpleQueue
from time import perf_counter, sleep
from typing import NamedTuple
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.db import connection

from bench import Row, timed, world
from bench.http import serving, session
from lienthong.cases.models import Dossier, StepVisit
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.models import Account
from tests import cast
from tests.cases import dossiers

MANY = int(os.environ.get("LT_BENCH_DOSSIERS", "200000"))
CITIZENS, OFFICERS = 40, 20
SECONDS, WARM_UP = 90.0, 15.0
PAGES = 10
THINKS = (1.5, 6.0)
"""Seconds between an answer and the next click."""
SEARCH = "search of procedures"
SHARES = {
    "read": {50: 20.0, 95: 60.0, 99: 120.0},
    "write": {50: 40.0, 95: 100.0, 99: 200.0},
    SEARCH: {95: 20.0},
}
"""The goals, in milliseconds: half of the answers, 95 and 99 of a hundred."""
QUERIES = ("giay phep xay dung", "khai sinh", "ho kinh doanh", "thanh lap cong ty", "dang ky")

Visit = Iterator[None]


def run() -> list[Row]:
    world.grow(MANY)
    waiting, there = _to_be_accepted(), Dossier.objects.count()
    people: list[Person] = [Citizen(number) for number in range(CITIZENS)]
    people += [Clerk(world.THIRTY if number % 2 else cast.CLERK, waiting) for number in range(OFFICERS)]
    connection.close()
    with serving("bench.timed:application") as port:
        began = perf_counter()
        threads = [threading.Thread(target=person.be_busy, args=(port, began)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return _rows(people, Dossier.objects.count() - there)


def _rows(people: "list[Person]", handed_in: int) -> list[Row]:
    times: dict[str, list[Answer]] = defaultdict(list)
    for person in people:
        for answer in person.times:
            times[answer.kind].append(answer)
    rows: list[Row] = [
        ("dossiers there", Dossier.objects.count(), "", None),
        ("applications handed in meanwhile", handed_in, "", None),
        ("answers a second", sum(map(len, times.values())) / (SECONDS - WARM_UP), "/s", None),
    ]
    for kind, shares in SHARES.items():
        at_server, at_browser = _ordered(times[kind])
        for share, goal in shares.items():
            rows.append((f"{kind} at the server: p{share:g} of {len(at_server):,}", _at(at_server, share), "ms", goal))
            rows.append(("   the whole answer at the browser", _at(at_browser, share), "ms", None))
    rows += _slowest(answer for answers in times.values() for answer in answers)
    rows.append(("errors", sum(person.errors for person in people), "", 0))
    return rows


def _slowest(answers: "Iterable[Answer]") -> list[Row]:
    """The pages that took the most of the server's time, each with how long 95 of a hundred of its answers took."""
    pages: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        pages[answer.page].append(answer.server)
    most = sorted(pages, key=lambda page: -sum(pages[page]))[:PAGES]
    return [(f"{page}: p95 of {len(pages[page])}", _at(sorted(pages[page]), 95), "ms", None) for page in most]


def _ordered(answers: "list[Answer]") -> tuple[list[float], list[float]]:
    """Milliseconds at the server and at the browser, each from the shortest."""
    return sorted(answer.server for answer in answers), sorted(answer.browser for answer in answers)


def _at(ordered: list[float], share: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else 0.0


def _to_be_accepted() -> "SimpleQueue[tuple[int, int]]":
    """Open visits of the reception, which clerks accept, each once."""
    found: SimpleQueue[tuple[int, int]] = SimpleQueue()
    shop = tree().nearest("one-stop-district", tree()[_gia_nghia()], clock.today())
    visits = StepVisit.objects.filter(organisation_id=shop.id, step="tiep-nhan", done_at=None)
    for dossier, visit in visits.order_by("-id").values_list("dossier_id", "pk")[:2000]:
        found.put((dossier, visit))
    return found


@cache
def _gia_nghia() -> int:
    node = tree().by_key(dossiers.GIA_NGHIA)
    assert node
    return node.id


class Answer(NamedTuple):
    """What an answer took, in milliseconds."""

    kind: str
    page: str
    server: float
    browser: float


class Person:
    """Somebody at a browser: asks, reads, asks again."""

    def __init__(self, username: str, seed: object) -> None:
        self.headers = {name: value for name, value in session(username).items() if name != "Content-Type"}
        self.dice = random.Random(str(seed))
        self.times: list[Answer] = []
        self.errors = 0

    def be_busy(self, port: int, began: float) -> None:
        self.port, self.began = port, began
        self.http = HTTPConnection("127.0.0.1", port)
        sleep(self.dice.uniform(0, THINKS[1]))
        while perf_counter() < began + SECONDS:
            for _click in self.visit():
                sleep(self.dice.uniform(*THINKS))
                if perf_counter() > began + SECONDS:
                    break

    def visit(self) -> Visit:
        raise NotImplementedError

    def get(self, path: str, kind: str = "read") -> bytes:
        return self._ask(kind, "GET", path)[1]

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Where it leads."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("write", "POST", path, urlencode(fields).encode(), headers)[0]

    def upload(self, path: str, files: dict[str, bytes]) -> str:
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, content in files.items()
        ]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="_next"\r\n\r\n1\r\n--{edge}--\r\n'.encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._ask("write", "POST", path, b"".join(parts), headers)[0]

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> tuple[str, bytes]:
        asked = perf_counter()
        try:
            self.http.request(method, path, body, self.headers | (more or {}))
            answer = self.http.getresponse()
            content = answer.read()
        except OSError:
            self.errors += 1
            self.http = HTTPConnection("127.0.0.1", self.port)
            return "", b""
        if asked > self.began + WARM_UP:
            server = float(answer.headers[timed.HEADER].removeprefix("app;dur="))
            page = f"{method} {re.sub(r'[0-9A-HJ-NP-Z]{10}|[0-9a-f-]{36}|[0-9]+', '…', path.partition('?')[0])}"
            self.times.append(Answer(kind, page, server, (perf_counter() - asked) * 1000))
            self.errors += answer.status not in (200, 302)
        return answer.headers.get("Location", ""), content


class Citizen(Person):
    """Looks for a procedure, applies for it, looks after the own dossiers."""

    def __init__(self, number: int) -> None:
        username = f"nguoi-dan-{number}"
        if not Account.objects.filter(username=username).exists():
            Account.objects.create(
                username=username, full_name=f"Nguyễn Văn {number}", created_at=clock.now(), phone=f"09{number:08}"
            )
        super().__init__(username, number)

    def visit(self) -> Visit:
        yield from self._looks_round()
        if self.dice.random() < 0.4:
            yield from self._applies()
        self.get("/ho-so-cua-toi/")
        yield

    def _looks_round(self) -> Visit:
        self.get("/")
        yield
        for query in self.dice.sample(QUERIES, 2):
            self.get(f"/thu-tuc/?q={quote(query)}", SEARCH)
            yield
        self.get(f"/thu-tuc/{dossiers.PERMIT}/")
        yield

    def _applies(self) -> Visit:
        begin = f"/thu-tuc/{dossiers.PERMIT}/nop-ho-so/"
        self.get(begin)
        yield
        place = self.post(begin, {})
        draft = place.rsplit("/", 2)[0]
        for path, fields in self._pages():
            self.get(f"{draft}/{path}/")
            yield
            self.post(f"{draft}/{path}/", fields | {"_next": "1"})
        self.get(f"{draft}/giay-to/")
        yield
        self.upload(f"{draft}/giay-to/", {"tep.giay-to-dat": cast.photo(), "tep.ban-ve": cast.photo()})
        self.post(f"{draft}/nhan-ket-qua/", {"return_way": "counter", "_next": "1"})
        self.get(f"{draft}/kiem-tra/")
        yield
        handed_in = self.post(f"{draft}/kiem-tra/", {"cam-doan": "1"})
        if "ho-so-cua-toi" not in handed_in:
            self.errors += 1
            return
        self.get(handed_in)
        yield
        self.get(handed_in.removesuffix("da-nop/"))

    def _pages(self) -> Iterator[tuple[str, dict[str, str]]]:
        yield "noi-nop", {"competent": str(_gia_nghia())}
        for number, section in enumerate(dossiers.HOUSE, start=1):
            yield f"to-khai/{number}", dict(_flat(dossiers.HOUSE[section], section))


class Clerk(Person):
    """At the desk: what is to do, a dossier, the list, the register, an acceptance."""

    def __init__(self, username: str, waiting: "SimpleQueue[tuple[int, int]]") -> None:
        super().__init__(username, uuid4())
        self.waiting = waiting

    def visit(self) -> Visit:
        self.get("/ban-lam-viec/")
        yield
        try:
            dossier, visit = self.waiting.get_nowait()
        except Empty:
            return
        self.get(f"/ban-lam-viec/ho-so/{dossier}/")
        yield
        self.post(f"/ban-lam-viec/ho-so/{dossier}/buoc/{visit}/tiep-nhan/", {})
        self.get(f"/ban-lam-viec/ho-so/{dossier}/")
        yield
        also: list[str] = ["ho-so/", "ho-so/?tim=tran+hung+dao", "so-theo-doi/", "?han=qua-han"]
        self.get(f"/ban-lam-viec/{self.dice.choice(also)}")
        yield


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Answers as a form sends them: house.floors.0.kind."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{path}.{number}")
    else:
        yield path, str(value)
