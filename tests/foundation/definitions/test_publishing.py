"""Planning shows what publishing would do; publishing does just that, once, for ever."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.definitions import services
from lienthong.foundation.definitions.models import Definition, Retirement
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.ledger.queries import timeline
from tests.foundation.definitions import lending
from tests.foundation.definitions.lending import ARCHIVE, CENTRAL, LOAN_TERMS, TERMS

pytestmark = pytest.mark.django_db

Publish = Callable[..., list[Definition]]


@dataclass(frozen=True)
class Officer:
    account_id: int | None
    post_id: int | None = None


def test_a_plan_shows_new_things_after_what_they_refer_to_and_writes_nothing(folder: Path):
    (folder / "a.yaml").write_text(TERMS + "---\n" + CENTRAL, encoding="utf-8")
    plan = services.plan([folder])
    assert [(change.kind.key, change.version, change.line) for change in plan.additions] == [
        ("archive", 1, 14),
        ("loan-terms", 1, 1),
    ]
    assert list(plan.describe()) == [
        "+ archive kho-trung-tam “Kho lưu trữ trung tâm” (a.yaml:14)",
        "+ loan terms muon-ho-so “Mượn hồ sơ trong cơ quan” (a.yaml:1)",
        "2 new, 0 changed, 0 unchanged; problems: 0.",
    ]
    assert plan.ok
    assert not plan.is_empty
    assert not lending.rows().exists()


def test_what_is_published_keeps_where_it_came_from(publish: Publish):
    with clock.at(datetime(2025, 3, 1, 8, tzinfo=clock.ZONE)):
        published, _terms = publish(central="# about\n---\n" + CENTRAL, terms=TERMS)
    published.refresh_from_db()
    assert (published.kind, published.key, published.version) == ("archive", "kho-trung-tam", 1)
    assert (published.folder, published.file, published.source) == ("dak_nong", "central.yaml", CENTRAL)
    assert published.body["shelves"][0] == {"code": "A1", "metres": 2.5}
    assert "kind" not in published.body
    assert published.effective_from == date(2021, 1, 1)
    assert published.published_at == datetime(2025, 3, 1, 8, tzinfo=clock.ZONE)


def test_publishing_again_publishes_nothing(publish: Publish):
    publish(central=CENTRAL, terms=TERMS)
    assert publish() == []
    assert lending.rows().count() == 2


def test_comments_order_of_fields_and_the_place_of_a_file_change_nothing(publish: Publish, folder: Path):
    publish(central=CENTRAL)
    (folder / "central.yaml").unlink()
    lines = CENTRAL.splitlines()
    assert publish(elsewhere="\n".join(["# moved", lines[2].partition("#")[0], lines[1], lines[0], *lines[3:]])) == []


def test_a_change_is_planned_with_what_differs_and_what_follows(publish: Publish, folder: Path):
    publish(central=CENTRAL, terms=TERMS)
    (folder / "terms.yaml").write_text(TERMS.replace("renewals: 1", "renewals: 3").replace("days: 10", "days: 5"))
    plan = services.plan([folder])
    assert list(plan.describe()) == [
        "~ loan terms muon-ho-so “Mượn hồ sơ trong cơ quan” (terms.yaml:1) 1 → 2",
        "    ~ renewals: 1 → 3",
        "    ~ steps[dang-ky].days: 10 → 5",
        "    → open loans keep 1 renewals",
        "0 new, 1 changed, 1 unchanged; problems: 0.",
    ]
    (row,) = services.apply(plan)
    assert (row.version, LOAN_TERMS.pinned(row.pk).renewals) == (2, 3)


def test_following_things_are_made_in_the_order_of_references(publish: Publish):
    publish(a=TERMS, b=CENTRAL)
    assert lending.materialised == [("archive", "kho-trung-tam", 1), ("loan-terms", "muon-ho-so", 1)]


def test_a_plan_with_problems_publishes_nothing(folder: Path):
    (folder / "a.yaml").write_text(CENTRAL, encoding="utf-8")
    (folder / "b.yaml").write_text(TERMS.replace("days: 10", "days: x"), encoding="utf-8")
    plan = services.plan([folder])
    with pytest.raises(services.Unsound, match=r"have 1 problems; the first: b\.yaml:10 steps\[0\]\.days"):
        services.apply(plan)
    assert not lending.rows().exists()
    assert next(plan.describe()).startswith("! b.yaml:10 ")


def test_when_making_what_follows_fails_nothing_is_published(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "a.yaml").write_text(CENTRAL, encoding="utf-8")
    plan = services.plan([folder])

    def fails(row: Definition, body: object) -> None:
        assert ARCHIVE.current("kho-trung-tam").id == row.pk
        raise ZeroDivisionError

    monkeypatch.setitem(ARCHIVE.__dict__, "materialise", fails)
    with pytest.raises(ZeroDivisionError):
        services.apply(plan)
    assert not lending.rows().exists()
    with pytest.raises(DefinitionNotFound):
        ARCHIVE.current("kho-trung-tam")


def test_what_is_no_longer_declared_is_shown_and_stays_in_force(publish: Publish, folder: Path, tmp_path: Path):
    publish(central=CENTRAL, terms=TERMS)
    (folder / "terms.yaml").unlink()
    other = tmp_path / "dak_lak"
    other.mkdir()
    assert services.plan([other]).missing == ()
    plan = services.plan([folder, other])
    assert [gone.key for gone in plan.missing] == ["muon-ho-so"]
    assert "? loan terms muon-ho-so “Mượn hồ sơ trong cơ quan” is no longer declared" in next(plan.describe())
    assert services.apply(plan) == []
    assert LOAN_TERMS.current("muon-ho-so").version == 1


def test_what_moved_to_another_folder_is_not_missed(publish: Publish, folder: Path):
    publish(central=CENTRAL)
    library = folder.with_name("library")
    library.mkdir()
    shutil.move(folder / "central.yaml", library)
    assert services.plan([folder, library]).missing == ()


def test_a_reference_may_lead_to_what_another_folder_published(publish: Publish, folder: Path):
    publish(central=CENTRAL)
    (folder / "central.yaml").unlink()
    assert len(publish(terms=TERMS)) == 1


def test_author_approver_and_note_stay_with_the_version(folder: Path):
    accounts = [_account("an"), _account("binh")]
    (folder / "a.yaml").write_text(CENTRAL, encoding="utf-8")
    author, approver = (Officer(account.pk, 70 + number) for number, account in enumerate(accounts))
    (row,) = services.apply(services.plan([folder]), author=author, approver=approver, note="theo QĐ 1/2025")
    row.refresh_from_db()
    assert (row.author, row.approver, row.note) == (*accounts, "theo QĐ 1/2025")


def test_publishing_and_retiring_are_in_the_ledger(publish: Publish):
    (row,) = publish(central=CENTRAL)
    officer = _account("an").pk
    services.retire(ARCHIVE, row.key, reason="Đã sáp nhập", author=Officer(officer))
    entries = timeline(("definition", row.pk))
    assert [(entry.kind, entry.account_id) for entry in entries] == [
        ("definitions.published", None),
        ("definitions.retired", officer),
    ]
    assert entries[0].data["checksum"] == row.checksum
    assert entries[1].data["reason"] == "Đã sáp nhập"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE definitions_definition SET body = '{}'",
        "UPDATE definitions_definition SET effective_to = '2030-01-01'",
        "DELETE FROM definitions_definition",
        "UPDATE definitions_retirement SET last_day = '2030-01-01'",
        "DELETE FROM definitions_retirement",
    ],
)
def test_what_is_published_never_changes(publish: Publish, statement: str):
    publish(central=CENTRAL)
    services.retire(ARCHIVE, "kho-trung-tam", reason="x")
    refused = pytest.raises(DatabaseError, match="what was published never changes")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_version_number_is_given_once(publish: Publish):
    (row,) = publish(central=CENTRAL)
    row.pk = None
    with pytest.raises(DatabaseError, match="definition_version_once"), transaction.atomic():
        row.save(force_insert=True)


def test_a_retired_thing_is_in_force_to_its_last_day_and_what_runs_on_it_goes_on(publish: Publish):
    (row,) = publish(central=CENTRAL)
    today = clock.today()
    services.retire(ARCHIVE, "kho-trung-tam", reason="Đã sáp nhập", last_day=today + timedelta(3))
    assert ARCHIVE.current("kho-trung-tam", at=today + timedelta(3)).id == row.pk
    with pytest.raises(DefinitionNotFound, match="The archive “kho-trung-tam” is not in force on"):
        ARCHIVE.current("kho-trung-tam", at=today + timedelta(4))
    assert ARCHIVE.all(at=today + timedelta(4)) == ()
    assert ARCHIVE.pinned(row.pk).name == "Kho lưu trữ trung tâm"


def test_retiring_again_does_nothing_and_another_day_is_refused(publish: Publish):
    publish(central=CENTRAL)
    first = services.retire(ARCHIVE, "kho-trung-tam", reason="x")
    assert services.retire(ARCHIVE, "kho-trung-tam", reason="y") == first
    with pytest.raises(services.AlreadyEnded, match=rf"has an end already: {clock.today():%d/%m/%Y}"):
        services.retire(ARCHIVE, "kho-trung-tam", reason="z", last_day=clock.today() + timedelta(1))
    assert Retirement.objects.count() == 1


def test_nothing_is_retired_in_the_past_or_that_was_never_published(publish: Publish):
    publish(central=CENTRAL)
    with pytest.raises(services.InThePast):
        services.retire(ARCHIVE, "kho-trung-tam", reason="x", last_day=clock.today() - timedelta(1))
    with pytest.raises(DefinitionNotFound, match="There is no archive “kho”"):
        services.retire(ARCHIVE, "kho", reason="x")
    assert not Retirement.objects.exists()


def test_what_others_refer_to_is_not_retired(publish: Publish):
    publish(central=CENTRAL, terms=TERMS)
    with pytest.raises(services.StillUsed, match="still used: loan terms muon-ho-so: there is no archive"):
        services.retire(ARCHIVE, "kho-trung-tam", reason="x")
    services.retire(LOAN_TERMS, "muon-ho-so", reason="x", last_day=clock.today())
    with clock.at(clock.now() + timedelta(1)):
        services.retire(ARCHIVE, "kho-trung-tam", reason="x")


def test_a_retired_thing_comes_back_only_by_a_changed_declaration(publish: Publish, folder: Path):
    publish(central=CENTRAL)
    services.retire(ARCHIVE, "kho-trung-tam", reason="x")
    with clock.at(clock.now() + timedelta(1)):
        plan = services.plan([folder])
        assert plan.is_empty
        assert [gone.key for gone in plan.retired] == ["kho-trung-tam"]
        (row,) = publish(central=CENTRAL.replace("metres: 3", "metres: 4"))
        assert ARCHIVE.current("kho-trung-tam").id == row.pk


def test_a_published_body_that_no_longer_fits_is_mended_by_publishing(publish: Publish, folder: Path):
    (row,) = publish(central=CENTRAL)
    broken = {**row.body, "gone": 1}
    Definition.objects.create(
        kind="archive", key="cu", version=1, body=broken | {"key": "cu"}, checksum="0" * 64,
        effective_from=date(2021, 1, 1), published_at=clock.now(), source="",
    )  # fmt: skip
    services.queries.forget()
    with pytest.raises(services.queries.Misfit, match=r"archive cu version 1 .* no longer fits ArchiveBody"):
        ARCHIVE.current("cu")
    publish(cu=CENTRAL.replace("kho-trung-tam", "cu"))
    assert ARCHIVE.current("cu").version == 2


def _account(username: str) -> Any:
    fields = {"full_name": username, "created_at": clock.now()} if hasattr(get_user_model(), "full_name") else {}
    return get_user_model().objects.create(username=username, **fields)
