"""How a page goes on when a service refuses what it was asked for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lienthong.foundation.errors import DomainError, NotAllowed, NotFound

Described = Callable[[DomainError], Mapping[str, Any]]
"""What a template is told of a refusal."""


@contextmanager
def refused_into(context: dict[str, Any], described: Described) -> Iterator[None]:
    """What a service refuses goes into the context of the page that asked. What is not there or not allowed has pages
    of its own."""
    try:
        yield
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        context |= described(refused)


def shown(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page, with the status that says whether something is wrong on it."""
    wrong = context["errors"] or context["refused"]
    return render(request, template, context, status=422 if wrong else 200)
