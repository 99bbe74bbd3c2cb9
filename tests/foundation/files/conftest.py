"""A store of its own for every test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction

from lienthong.foundation.files import services
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.files.storage import DurableStorage
from lienthong.settings.environment import environment

EVERYTHING = Policy(kinds=("pdf", "image", "docx", "xlsx", "dwg"), max_bytes=5_000_000)


@pytest.fixture(autouse=True)
def no_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "clamd_socket", "")


@pytest.fixture(params=["folder", "any other storage"])
def store(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Callable[..., StoredFile]:
    """Stores as a room does, in a transaction; into a folder, and through the plain interface of storages."""
    backend = {
        "folder": {
            "BACKEND": "lienthong.foundation.files.storage.DurableStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
        "any other storage": {"BACKEND": "tests.files_in_memory.FilesInMemory"},
    }[request.param]
    settings.STORAGES = settings.STORAGES | {"default": backend}
    return _store


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Only the folder, for tests that look into it."""
    location = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "lienthong.foundation.files.storage.DurableStorage",
            "OPTIONS": {"location": str(location)},
        }
    }
    assert isinstance(storages["default"], DurableStorage)
    return location


def _store(content: Any, name: str = "tệp.pdf", policy: Policy = EVERYTHING, actor: Any = None) -> StoredFile:
    with transaction.atomic():
        return services.store(content, name=name, policy=policy, actor=actor)
