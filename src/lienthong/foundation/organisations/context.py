"""What every page knows of the province."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.definition import ProvinceBody
from lienthong.foundation.organisations.queries import province


def _province() -> ProvinceBody | None:
    try:
        return province()
    except NotFound:
        return None


def of_province(request: HttpRequest) -> dict[str, Any]:
    """`province`, read only by pages that show it; None before one was published."""
    return {"province": SimpleLazyObject(_province)}
