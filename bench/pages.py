"""Pages at the server, at 200,000 dossiers, for an officer with thirty posts and for the public."""

import os
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Row, world
from lienthong.cases.models import Dossier
from lienthong.identity.models import Account
from lienthong.work.models import WorkItem

TIMES = 60
GOAL = 60.0
MANY = int(os.environ.get("LT_BENCH_DOSSIERS", "200000"))


def run() -> list[Row]:
    world.grow(MANY)
    officer, public = _signed_in(world.THIRTY), Client()
    someone = Dossier.objects.exclude(code=None).order_by("-id")[100]
    open_items = WorkItem.objects.filter(is_open=True).count()
    rows: list[Row] = [("dossiers there", Dossier.objects.count(), "", None), ("open work items", open_items, "", None)]
    pages = {
        "inbox": (officer, reverse("workspace:inbox"), {}),
        "inbox, late only": (officer, reverse("workspace:inbox") + "?han=qua-han", {}),
        "list of dossiers": (officer, reverse("workspace:dossiers"), {}),
        "list, searched by words": (officer, reverse("workspace:dossiers") + "?tim=tran+hung+dao", {}),
        "list, searched by code": (officer, reverse("workspace:dossiers") + f"?tim={someone.code}", {}),
        "dossier": (officer, reverse("workspace:dossier", args=[someone.pk]), {}),
        "home page": (public, reverse("portal:home"), {}),
        "procedure search": (public, reverse("portal:catalogue") + "?q=giay+phep+xay+dung", {}),
        "tracking": (
            public,
            reverse("portal:track"),
            {"code": someone.code, "phone_end": someone.applicant_phone[-4:]},
        ),
    }
    for name, (client, address, data) in pages.items():
        median, slow, queries = _measure(client, address, data)
        rows.append((f"{name}: median ({queries} queries)", median, "ms", None))
        rows.append((f"{name}: p95", slow, "ms", GOAL))
    return rows


def _signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _measure(client: Client, address: str, data: dict[str, str]) -> tuple[float, float, int]:
    def ask() -> None:
        answer = client.post(address, data) if data else client.get(address)
        assert answer.status_code in (200, 302), (address, answer.status_code)

    for _ in range(5):
        ask()
    times = []
    for _ in range(TIMES):
        began = perf_counter()
        ask()
        times.append((perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        ask()
    ordered = sorted(times)
    return ordered[TIMES // 2], ordered[int(TIMES * 0.95)], len(captured)
