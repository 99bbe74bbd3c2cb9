"""A ledger of its own for every test, with its key in a folder of its own."""

from collections import defaultdict
from pathlib import Path

import pytest

from lienthong.foundation.ledger import sealing, subscriptions
from lienthong.settings.environment import environment
from tests.foundation.ledger.helpers import tamper


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "home", tmp_path)
    sealing._observed.clear()
    return tmp_path / "keys"


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "_by_name", {})
    monkeypatch.setattr(subscriptions, "_by_kind", defaultdict(list))


@pytest.fixture(autouse=True)
def empty_ledger(request: pytest.FixtureRequest) -> None:
    """What the province's declarations have left there is in no test's way: an intruder with all rights removes it."""
    database = {"db", "committed"} & set(request.fixturenames)
    if database or request.node.get_closest_marker("django_db"):
        request.getfixturevalue(database.pop() if database else "_django_db_helper")
        for table in ("ledger_entry", "ledger_block", "ledger_key"):
            tamper(f"TRUNCATE {table}", table)
        tamper("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
