"""Dossiers over HTTP: opened and read through the JSON API by a signed-in clerk; 2 server processes, 8 connections."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib import import_module
from time import monotonic, perf_counter, sleep

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import _get_new_csrf_string

from bench import Row
from lienthong.cases.models import Dossier
from lienthong.identity.models import Account
from tests import cast
from tests.cases import dossiers

CONNECTIONS = 8
WARM_UP, SECONDS = 3.0, 8.0
OPEN_GOAL, READ_GOAL = 140.0, 400.0


def run() -> list[Row]:
    with serving() as port:
        opened = load(port, cast.CLERK, _open_request)
        ids = list(
            Dossier.objects.filter(competent__key=dossiers.GIA_NGHIA).order_by("-id").values_list("pk", flat=True)[:500]
        )
        read = load(port, cast.CLERK, lambda n: ("GET", f"/api/v1/dossiers/{ids[n % len(ids)]}", None))
    return [
        ("dossier opened with its first status, goal", opened, "/s", OPEN_GOAL),
        ("dossier read, goal", read, "/s", READ_GOAL),
    ]


def _open_request(_number: int) -> tuple[str, str, str | None]:
    body = {"procedure": dossiers.PERMIT, "competent": dossiers.GIA_NGHIA, "data": dossiers.HOUSE}
    return "POST", "/api/v1/dossiers", json.dumps(body)


@contextmanager
def serving(application: str = "lienthong.settings.wsgi:application") -> Iterator[int]:
    """Granian with two workers of four threads, as `lt serve` runs it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ws",
        application,
    ]
    server = subprocess.Popen(
        command,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = monotonic() + 30
        while monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def session(username: str) -> dict[str, str]:
    """Headers of somebody who is signed in, for requests with JSON."""
    account = Account.objects.get(username=username)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    secret = _get_new_csrf_string()
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={secret}",
        "X-CSRFToken": secret,
        "Content-Type": "application/json",
        "Host": "localhost",
    }


def load(port: int, username: str, request: Callable[[int], tuple[str, str, str | None]]) -> float:
    """Requests a second that were answered well, over all connections, after the server has warmed up. `request` gives
    method, path and body for a number."""
    done = [0] * CONNECTIONS
    headers = session(username)
    began = perf_counter() + WARM_UP
    end = began + SECONDS

    def client(number: int) -> None:
        http = HTTPConnection("127.0.0.1", port)
        turn = number
        while perf_counter() < end:
            method, path, body = request(turn)
            http.request(method, path, body, headers | {"Idempotency-Key": str(uuid.uuid4())})
            answer = http.getresponse()
            content = answer.read()
            assert answer.status in (200, 201), (answer.status, content[:500])
            done[number] += perf_counter() > began
            turn += CONNECTIONS

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (perf_counter() - began)
