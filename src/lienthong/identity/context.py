"""What every page knows of the person at it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lienthong.identity.policy import actor_in


def of_person(request: HttpRequest) -> dict[str, Any]:
    """`person`: the signed-in officer or citizen, or None."""
    return {"person": SimpleLazyObject(lambda: actor_in(request))}
