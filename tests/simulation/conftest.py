"""Small simulated provinces."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from lienthong.cases.models import Dossier, StepVisit
from lienthong.simulation import engine
from lienthong.simulation.scenario import Scenario

START = date(2025, 3, 3)


def scenario(**other) -> Scenario:
    return Scenario(**{"seed": 7, "start": START, "days": 20, "dossiers": 60, "papers": 0.0, **other})


def history() -> list[tuple]:
    """What happened to every dossier, without what the services throw at random and without the numbers of rows."""
    visits = StepVisit.objects.filter(dossier__draft_key__isnull=False)
    visits = visits.order_by("dossier__draft_key", "opened_at", "step")
    steps = visits.values_list(
        "dossier__draft_key", "step", "organisation__key", "post__key", "opened_at", "done_at", "action", "note", "late"
    )
    dossiers = Dossier.objects.order_by("draft_key")
    return [*dossiers.values_list("draft_key", "code", "status", "applicant_name", "data", "due_at"), *steps]


def told_twice(run: Scenario, folder: Path, story: Callable[[], list[tuple]]) -> tuple[list[tuple], list[tuple]]:
    """What is told of a run and of the same run once more."""

    def told(name: str) -> list[tuple]:
        with transaction.atomic():
            engine.run(run, folder / name)
            found = story()
            transaction.set_rollback(True)
        return found

    return told("first"), told("second")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run"
