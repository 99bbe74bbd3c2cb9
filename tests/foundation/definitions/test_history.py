"""What the history shows, what is exported, and the reference made out of the shapes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lienthong.foundation import clock
from lienthong.foundation.definitions import history, reference, services, yaml
from lienthong.foundation.definitions.models import Definition
from tests.foundation.definitions import lending
from tests.foundation.definitions.lending import ARCHIVE, CENTRAL, LOAN_TERMS, TERMS

pytestmark = pytest.mark.django_db

Publish = Callable[..., list[Definition]]

MONDAY = datetime(2025, 3, 3, 8, tzinfo=clock.ZONE)


@pytest.fixture
def published(publish: Publish) -> None:
    with clock.at(MONDAY):
        publish(central=CENTRAL, terms=TERMS)
    with clock.at(MONDAY + timedelta(1)):
        publish(terms=TERMS.replace("days: 10", "days: 5"))


def test_the_overview_counts_what_is_in_force(published: None, django_assert_num_queries):
    LOAN_TERMS.all()
    with django_assert_num_queries(1):
        history.kinds_overview()
    assert [(each.kind.key, each.in_force, each.last_published) for each in history.kinds_overview()] == [
        ("archive", 1, MONDAY),
        ("loan-terms", 1, MONDAY + timedelta(1)),
    ]


def test_a_list_goes_on_after_its_last_key(publish: Publish):
    publish(many="---\n".join(CENTRAL.replace("kho-trung-tam", f"kho-{number}") for number in range(5)))
    services.retire(ARCHIVE, "kho-3", reason="x")
    first = history.listed(ARCHIVE, limit=3)
    with clock.at(clock.now() + timedelta(1)):
        rest = history.listed(ARCHIVE, after=first[-1].key)
    assert [(each.key, each.in_force) for each in (*first, *rest)] == [
        ("kho-0", True),
        ("kho-1", True),
        ("kho-2", True),
        ("kho-3", False),
        ("kho-4", True),
    ]
    assert first[0].name == "Kho lưu trữ trung tâm"


def test_every_version_says_what_it_changed(published: None, django_assert_num_queries):
    services.retire(LOAN_TERMS, "muon-ho-so", reason="Đã thay thế")
    LOAN_TERMS.all()
    with django_assert_num_queries(1):
        newer, older = history.versions(LOAN_TERMS, "muon-ho-so")
    assert [str(difference) for difference in newer.differences] == ["~ steps[dang-ky].days: 10 → 5"]
    assert (newer.version, newer.published_at, newer.last_day) == (2, MONDAY + timedelta(1), clock.today())
    assert (newer.file, newer.retired_because, newer.author) == ("dak_nong/terms.yaml", "Đã thay thế", None)
    assert (older.version, older.differences) == (1, ())
    assert history.versions(LOAN_TERMS, "none") == ()


def test_an_exported_declaration_publishes_as_the_same(published: None, publish: Publish, folder: Path):
    for row in lending.rows().order_by("kind", "key", "-version").distinct("kind", "key"):
        text = history.export(row)
        (folder / f"{row.file}").write_text(text, encoding="utf-8")
        assert "#" not in text
        assert yaml.read(text).value == {"kind": row.kind, **row.body}
    assert services.plan([folder]).is_empty
    assert text.startswith(
        "kind: loan-terms\nkey: muon-ho-so\nname: Mượn hồ sơ trong cơ quan\neffective_from: 2021-01-01\n"
    )


def test_the_reference_describes_every_field_of_every_kind():
    page = reference.markdown()
    assert "## archive\n\nA place where records are kept.\n" in page
    for row in (
        "| `key` | key, cap-phep-xay-dung | yes | Name of this declaration in others; never changes |",
        "| `effective_to` | day, 2021-01-31 |  | Last day in force; empty: no end is known |",
        "| `sources` | list of [citation](#body-citation) |  | Where the facts are from |",
        "| `archive` | key, cap-phep-xay-dung | yes | Where the records are lent from |",
        "| `renewals` | whole number | else `0` |  |",
        "| `role` | `clerk`, `leader`, `archivist` | yes |  |",
        "| `days` | whole number (from 1 to 90) | else `1` | Working days |",
        "| `delivery` | [by post](#loan-terms-by-post) or [by hand](#loan-terms-by-hand) |  |  |",
        "| `labelled` | names, each with text |  |  |",
        "| `metres` | number (more than 0) | yes | Length of the shelf, metres |",
    ):
        assert row in page.splitlines()


def test_the_json_schema_is_of_the_whole_document():
    schema = reference.json_schema(ARCHIVE)
    assert schema["properties"]["kind"] == {"const": "archive"}
    assert schema["required"][:3] == ["kind", "key", "name"]
