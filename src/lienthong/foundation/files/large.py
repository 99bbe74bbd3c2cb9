"""Pages to which larger files are brought than what is attached elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponseBase]


class _Cut(TemporaryFileUploadHandler):
    """Keeps no more of a file than it takes to see that it is too large."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.most_bytes = most_bytes

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start <= self.most_bytes:
            super().receive_data_chunk(raw_data, start)
        return None


def takes_large_files(most_bytes: Callable[[], int]) -> Callable[[View], View]:
    """For a view, outermost: how files are received has to be said before anything of the request is read, so the form
    is checked against forgery only afterwards. The view itself refuses what is larger than `most_bytes`."""

    def decorated(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.upload_handlers = [_Cut(request, most_bytes())]
            return protected(request, *args, **kwargs)

        return wrapped

    return decorated
