"""What tests of messages share: a working Monday, an empty mailbox, files in a folder of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from tests import cast


@pytest.fixture(autouse=True)
def monday(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MESSAGES_ROOT = tmp_path / "messages"
    settings.ORIGIN = "https://dichvucong.daknong.example"
    with cast.on_monday(), translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def no_gateway_is_paused(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()
