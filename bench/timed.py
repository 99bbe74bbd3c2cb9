"""The application with a header on each answer that says how long it took, without waiting for a free thread."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from lienthong.settings.wsgi import application as answer

HEADER = "Server-Timing"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    began = perf_counter()

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, (HEADER, f"app;dur={(perf_counter() - began) * 1000:.2f}")], *more)

    return answer(environ, start)
