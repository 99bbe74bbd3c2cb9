"""What every page of the portal needs: the frame's marks, and who may go on."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from lienthong.foundation import clock

Place = Literal["home", "procedures", "mine", "tracking", "verifying", "issued", ""]


def page(
    request: HttpRequest, template: str, place: Place = "", *, status: int = 200, private: bool = False, **shown: Any
) -> HttpResponse:
    """A page of the portal. `place` is the entry of the navigation it belongs to; a private one is kept by nobody."""
    answer = render(
        request, f"portal/{template}.html", {"here": {place: True}, "today": clock.today(), **shown}, status=status
    )
    if private:
        add_never_cache_headers(answer)
    return answer
