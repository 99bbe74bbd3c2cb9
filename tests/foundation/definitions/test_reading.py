"""What counts on a day, what stays pinned, and what reading costs."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from pydantic import ValidationError

from lienthong.foundation.definitions import queries, registry, services
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.definitions.registry import Body, Kind, register, replaced
from tests.foundation.definitions.lending import ARCHIVE, CENTRAL, LOAN_TERMS, TERMS

pytestmark = pytest.mark.django_db

Publish = Callable[..., list[Definition]]


def central(first_day: str, last_day: str = "", name: str = "Kho") -> str:
    end = f"effective_to: {last_day}\n" if last_day else ""
    return f"kind: archive\nkey: kho\nname: {name}\neffective_from: {first_day}\n{end}"


def test_the_day_chooses_the_version(publish: Publish):
    publish(kho=central("2021-01-01"))
    publish(kho=central("2025-07-01"))
    assert [
        ARCHIVE.current("kho", at=day).version for day in (date(2021, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    ] == [1, 1, 2]
    assert [each.version for each in ARCHIVE.all(at=date(2025, 6, 30))] == [1]
    assert ARCHIVE.all(at=date(2020, 12, 31)) == ()


def test_a_correction_of_the_past_replaces_what_was_published_before_it(publish: Publish):
    publish(kho=central("2025-07-01"))
    publish(kho=central("2021-01-01"))
    assert ARCHIVE.current("kho", at=date(2025, 8, 1)).version == 2


def test_after_the_end_of_the_newest_version_an_older_one_does_not_come_back(publish: Publish):
    publish(kho=central("2021-01-01"))
    publish(kho=central("2022-01-01", "2025-06-30"))
    assert ARCHIVE.current("kho", at=date(2025, 6, 30)).version == 2
    with pytest.raises(DefinitionNotFound, match="The archive “kho” is not in force on 01/07/2025"):
        ARCHIVE.current("kho", at=date(2025, 7, 1))


def test_what_was_never_declared_is_said(publish: Publish):
    publish(kho=central("2021-01-01"))
    with pytest.raises(DefinitionNotFound, match="There is no archive “khoo”"):
        ARCHIVE.current("khoo")


def test_a_pinned_version_survives_newer_ones(publish: Publish):
    (first,) = publish(kho=central("2021-01-01", name="Kho một"))
    publish(kho=central("2021-01-01", name="Kho hai"))
    queries.forget()
    assert ARCHIVE.pinned(first.pk).name == "Kho một"
    assert ARCHIVE.edition(first.pk).version == 1
    assert ARCHIVE.current("kho").name == "Kho hai"
    assert [each.version for each in ARCHIVE.history("kho")] == [2, 1]
    assert ARCHIVE.history("khoo") == ()


def test_a_version_of_another_kind_is_not_found(publish: Publish):
    (archive, terms) = publish(central=CENTRAL, terms=TERMS)
    for wrong in (terms.pk, 0, archive.pk + 10**9):
        with pytest.raises(DefinitionNotFound):
            ARCHIVE.pinned(wrong)


def test_a_body_never_changes_in_memory(publish: Publish):
    publish(central=CENTRAL)
    with pytest.raises(ValidationError):
        ARCHIVE.current("kho-trung-tam").body.name = "x"


def test_reading_again_asks_the_database_nothing(publish: Publish, django_assert_num_queries):
    (row, _terms) = publish(central=CENTRAL, terms=TERMS)
    ARCHIVE.all(), LOAN_TERMS.all()
    with django_assert_num_queries(0):
        ARCHIVE.current("kho-trung-tam")
        ARCHIVE.pinned(row.pk)
        ARCHIVE.all(at=date(2025, 1, 1))
        LOAN_TERMS.history("muon-ho-so")


def test_many_bodies_are_read_at_once(publish: Publish, django_assert_num_queries):
    publish(many="---\n".join(CENTRAL.replace("kho-trung-tam", f"kho-{number}") for number in range(30)))
    queries.forget()
    with django_assert_num_queries(3):  # the stamp, the shelf, the bodies
        assert len(ARCHIVE.all()) == 30


def test_what_is_rolled_back_was_never_published(publish: Publish, folder):
    publish(kho=central("2021-01-01"))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(kho=central("2021-01-01", name="Khác"))
        assert ARCHIVE.current("kho").name == "Khác"
        raise ZeroDivisionError
    assert ARCHIVE.current("kho").name == "Kho"
    (folder / "kho.yaml").write_text(central("2021-01-01", name="Khác"), encoding="utf-8")
    assert services.plan([folder]).changes[0].version == 2


def test_a_kind_is_registered_once_and_comes_after_what_is_known():
    with pytest.raises(ImproperlyConfigured, match="registered twice"):
        register(Kind("archive", Body, title="another"))
    with (
        replaced(Kind("a", Body, title="a", after=("b",))),
        pytest.raises(ImproperlyConfigured, match="unknown kinds: b"),
    ):
        registry.in_order()
    circle = (Kind("a", Body, title="a", after=("b",)), Kind("b", Body, title="b", after=("a",)))
    with replaced(*circle), pytest.raises(ImproperlyConfigured, match="circle"):
        registry.in_order()
    assert [kind.key for kind in registry.in_order()] == ["archive", "loan-terms"]
