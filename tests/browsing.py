"""What every test in a real browser needs: Chromium, and the site served from this process with its static files."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.views import serve
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections
from django.http import HttpRequest, HttpResponseBase
from django.test.utils import CaptureQueriesContext

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


def queries_of(ask: Callable[[], Any]) -> int:
    """How many queries a page makes: the fewest of three times, for some are made only every few seconds."""
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as captured:
            ask()
        counts.append(len(captured))
    return min(counts)
