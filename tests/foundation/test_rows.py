"""Statements that are built once read and write the same as Django's own queries do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.cases.models import Dossier, Paper, StepVisit
from lienthong.foundation import clock, rows
from tests.cases import dossiers

pytestmark = pytest.mark.django_db


def same(one: Dossier, other: Dossier) -> bool:
    plain = [field.attname for field in Dossier._meta.concrete_fields if field.name != "search"]
    return all(getattr(one, name) == getattr(other, name) for name in plain)


def test_what_is_fetched_is_what_django_reads() -> None:
    dossier = dossiers.drafted()
    (found,) = rows.fetch(Dossier, "id = %s", dossier.pk)
    kept = Dossier.objects.get(pk=dossier.pk)
    assert same(found, kept) and found == kept
    assert found.data and isinstance(found.data, dict) and isinstance(found.drafted, list)
    assert "search" in found.get_deferred_fields()
    assert rows.fetch(Dossier, "id = -1") == []


def test_a_fetched_row_can_be_saved_and_deleted_like_any_other() -> None:
    (found,) = rows.fetch(Dossier, "id = %s", dossiers.submitted().pk)
    found.title = "Nhà ở của ông Bình"
    found.save()
    assert Dossier.objects.get(pk=found.pk).title == "Nhà ở của ông Bình"
    draft = Paper.objects.filter(dossier=dossiers.drafted()).get()
    (paper,) = rows.fetch(Paper, "id = %s", draft.pk)
    paper.delete()
    assert not Paper.objects.filter(pk=draft.pk).exists()


def test_several_rows_go_in_with_one_statement_and_get_their_ids_in_order() -> None:
    dossier, now = dossiers.submitted(), clock.now()
    visits = [
        StepVisit(
            dossier=dossier, step=f"buoc-{n}", organisation_id=dossier.competent_id, opened_at=now, answers={"n": n}
        )
        for n in range(3)
    ]
    with CaptureQueriesContext(connection) as queries:
        rows.insert(visits)
    assert len(queries) == 1
    assert [StepVisit.objects.get(pk=visit.pk).answers for visit in visits] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert not any(visit._state.adding for visit in visits)
    assert rows.insert([]) == []


def test_only_the_named_fields_are_changed_also_lists_that_are_empty() -> None:
    dossier = dossiers.drafted()
    assert dossier.drafted
    dossier.drafted, dossier.title = [], "không ghi"
    rows.change(dossier, "drafted")
    kept = Dossier.objects.get(pk=dossier.pk)
    assert kept.drafted == [] and kept.title != dossier.title


def test_a_row_is_changed_only_in_the_partition_that_was_named() -> None:
    visit = dossiers.visit(dossiers.received(), "phan-cong")
    visit.note = "một"
    rows.change(visit, "note", within=["opened_at"])
    assert StepVisit.objects.get(pk=visit.pk).note == "một"
    visit.note, visit.opened_at = "hai", visit.opened_at - timedelta(days=800)
    rows.change(visit, "note", within=["opened_at"])
    assert StepVisit.objects.get(pk=visit.pk).note == "một"
