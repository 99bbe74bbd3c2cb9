"""Pages at the server, with years of dossiers there, for an officer with thirty posts and for the public."""

import os
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Row, world
from lienthong.cases.models import Dossier
from lienthong.identity.models import Account
from lienthong.work.models import WorkItem

WARM_UP, TIMES = 5, 60
GOAL = 60.0
Ask = Callable[[int], HttpResponseBase]
"""A page, the how-manyth time it is asked for."""
MANY = int(os.environ.get("LT_BENCH_DOSSIERS", "200000"))


def run() -> list[Row]:
    world.grow(MANY)
    officer, public = signed_in(world.THIRTY), Client(SERVER_NAME="localhost")
    some = list(Dossier.objects.exclude(code=None).order_by("-id")[100 : 102 + WARM_UP + TIMES])
    one = some[0]
    dossiers, inbox = reverse("workspace:dossiers"), reverse("workspace:inbox")
    pages: dict[str, Ask] = {
        "inbox": lambda _: officer.get(inbox),
        "inbox, late only": lambda _: officer.get(inbox + "?han=qua-han"),
        "list of dossiers": lambda _: officer.get(dossiers),
        "list, searched by words": lambda _: officer.get(dossiers + "?tim=tran+hung+dao"),
        "searched by code, to the dossier": lambda _: officer.get(f"{dossiers}?tim={one.code}", follow=True),
        "dossier": lambda turn: officer.get(reverse("workspace:dossier", args=[some[turn].pk])),
        "home page": lambda _: public.get(reverse("portal:home")),
        "procedure search": lambda _: public.get(reverse("portal:catalogue") + "?q=giay+phep+xay+dung"),
        "tracking": lambda turn: _tracked(public, some[turn], turn),
    }
    open_items = WorkItem.objects.filter(is_open=True).count()
    rows: list[Row] = [("dossiers there", Dossier.objects.count(), "", None), ("open work items", open_items, "", None)]
    for name, ask in pages.items():
        median, slow, queries = measure(ask)
        rows.append((f"{name}: median ({queries} queries)", median, "ms", None))
        rows.append((f"{name}: p95", slow, "ms", GOAL))
    return rows


def signed_in(username: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def _tracked(public: Client, dossier: Dossier, turn: int) -> HttpResponseBase:
    """Each time another dossier by another visitor, for nobody may ask so often."""
    asked = {"code": dossier.code, "phone_end": dossier.applicant_phone[-4:]}
    return public.post(reverse("portal:track"), asked, REMOTE_ADDR=f"10.0.{turn}.1")


def measure(ask: Ask) -> tuple[float, float, int]:
    """Median and 95th percentile in milliseconds, and the number of queries."""
    for turn in range(WARM_UP):
        _well(ask(turn))
    times = []
    for turn in range(WARM_UP, WARM_UP + TIMES):
        began = perf_counter()
        _well(ask(turn))
        times.append((perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        _well(ask(WARM_UP + TIMES))
    ordered = sorted(times)
    return ordered[TIMES // 2], ordered[int(TIMES * 0.95)], len(captured)


def _well(answer: HttpResponseBase) -> None:
    assert answer.status_code == 200, (answer.status_code, getattr(answer, "content", b"")[:500])
