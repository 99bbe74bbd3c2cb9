"""A day, code lists and files to fill in forms with; messages in Vietnamese, as people see them."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from lienthong.foundation.fields.context import Context
from lienthong.runtime import catalogues
from tests.foundation.fields import samples


@pytest.fixture(scope="session", autouse=True)
def compiled_messages() -> None:
    catalogues.compile_stale()


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


@pytest.fixture
def context() -> Context:
    return samples.CONTEXT
