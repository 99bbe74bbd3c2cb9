"""What every test in a real browser needs: the site served from this process with its static files, windows in which
somebody is signed in, what axe finds, and a worker that signs meanwhile."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.views import serve
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections
from django.http import HttpRequest, HttpResponseBase
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, BrowserContext, Page

from lienthong.cases.models import Dossier
from tests import cast
from tests.cases import dossiers

Visit = Callable[..., Page]

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "images"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@contextmanager
def served(*, host: str = "127.0.0.1") -> Iterator[str]:
    """The address at which this process serves the site, with the settings and the database of the test."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, connections_override={})
    server.set_app(_WithStaticFiles(_Closing()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


class _WithStaticFiles(StaticFilesHandler):
    def serve(self, request: HttpRequest) -> HttpResponseBase:
        return serve(request, self.file_path(request.path), insecure=True)


class _Closing(WSGIHandler):
    """Gives its database connection back after each answer: the database is dropped after the test."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        answer = super().__call__(environ, start_response)
        if hasattr(answer, "_resource_closers"):
            answer._resource_closers.append(connections.close_all)
        else:  # a file, which needs the database no more
            connections.close_all()
        return answer


@contextmanager
def windows(browser: Browser, site: str, *, script: str = "") -> Iterator[Visit]:
    """Opens windows: `open(path, username, viewport=PHONE, java_script_enabled=False)`; without a name as a stranger.

    No script may complain in any of them. `script` runs before those of the pages.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(path: str, username: str = "", **options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="vi-VN", **{"viewport": DESK, **options})
        contexts.append(context)
        if username:
            session = cast.client_of(username).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        if script:
            context.add_init_script(script)
        window = context.new_page()
        window.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        window.on("pageerror", lambda error: complaints.append(str(error)))
        window.goto(path)
        return window

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == [], complaints


_POINTING_NOWHERE = """
[...document.querySelectorAll("[aria-describedby]")]
  .filter((each) => {
    const ids = each.getAttribute("aria-describedby").trim().split(/\\s+/);
    return ids.some((id) => !document.getElementById(id));
  })
  .map((each) => each.outerHTML.slice(0, 150))
"""
"""Controls described by what is not on the page, of which axe says nothing."""


def faults(window: Page) -> list[str]:
    """What axe finds on the page, what is described by nothing, and whether it is wider than the screen. A click has
    ended when the next page begins to come: it is looked at once it is there."""
    window.wait_for_load_state()
    found = Axe().run(window, options={"resultTypes": ["violations"]}).response["violations"]
    wider = window.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [
        *(f"{window.url} {fault['id']}: {node['html'][:150]}" for fault in found for node in fault["nodes"]),
        *(f"{window.url} described by nothing: {node}" for node in window.evaluate(_POINTING_NOWHERE)),
        *([f"{window.url} is wider than the screen"] if wider else []),
    ]


def picture(window: Page, name: str) -> None:
    """For the documentation, where it is asked for: LT_TEST_PICTURES=1."""
    if os.environ.get("LT_TEST_PICTURES"):
        window.screenshot(path=PICTURES / f"{name}.png")


def sign_meanwhile(dossier: Dossier) -> None:
    """What a worker does after an approval, in a thread and over a connection of its own."""

    def sign() -> None:
        with cast.on_monday():
            dossiers.sign(dossier)
        connection.close()

    worker = threading.Thread(target=sign)
    worker.start()
    worker.join()


def queries_of(ask: Callable[[], Any]) -> int:
    """How many queries a page makes: the fewest of three times, for some are made only every few seconds."""
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as captured:
            ask()
        counts.append(len(captured))
    return min(counts)
