"""A folder of declarations to publish, and kinds of our own in place of the house's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from lienthong.foundation.definitions import queries, services
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.registry import replaced
from tests.foundation.definitions import lending


@pytest.fixture(autouse=True)
def lending_kinds() -> Iterator[None]:
    """Only the kinds of these tests are known, nothing is remembered from before, and messages are in English."""
    queries.forget()
    lending.materialised.clear()
    with replaced(lending.ARCHIVE, lending.LOAN_TERMS), translation.override("en"):
        yield
    queries.forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The empty folder of a province."""
    folder = tmp_path / "dak_nong"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(folder: Path) -> Callable[..., list[Definition]]:
    """Write files (by name, without .yaml) into the folder and publish it."""

    def publish(**files: str) -> list[Definition]:
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        plan = services.plan([folder])
        assert plan.ok, list(plan.describe())
        return services.apply(plan)

    return publish
