"""What is recorded, and what is refused."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation import clock, ledger
from lienthong.foundation.ledger import queries, rules
from tests.foundation.ledger.helpers import Officer, happened

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=clock.ZONE)


class Colour(StrEnum):
    RED = "red"


def stored(**data: Any) -> Any:
    return queries.entry(happened(**data)).data


@pytest.fixture
def listeners() -> list[str]:
    """Five subscribers to the first kind, none to the second."""
    names = [f"listener {number}" for number in range(5)]
    for name in names:
        ledger.subscribe("tests.happened", name=name)(lambda entry: None)
    return names


@pytest.mark.django_db
def test_an_entry_says_what_happened_to_what_who_did_it_where_and_when():
    with clock.at(NOON), transaction.atomic():
        number = ledger.record(
            "tests.happened", subject=("thing", 12), actor=Officer(), organisation_id=5, data={"code": "H16-1"}
        )
    assert queries.entry(number) == ledger.EntryView(
        id=number,
        at=NOON,
        kind="tests.happened",
        subject=("thing", 12),
        account_id=7,
        post_id=70,
        organisation_id=5,
        data={"code": "H16-1"},
    )
    assert queries.entry(number).label == "Something happened"


@pytest.mark.django_db
def test_the_system_acts_without_a_name():
    with transaction.atomic():
        number = ledger.record("tests.happened", subject=("thing", 1), actor=None, organisation_id=None, data={})
    entry = queries.entry(number)
    assert (entry.account_id, entry.post_id, entry.organisation_id) == (None, None, None)


@pytest.mark.usefixtures("committed")
def test_nothing_is_recorded_apart_from_the_change_it_tells_of():
    with pytest.raises(transaction.TransactionManagementError):
        ledger.record("tests.happened", subject=("thing", 1), actor=None, organisation_id=None, data={})
    assert queries.timeline(("thing", 1)) == []


@pytest.mark.usefixtures("committed")
def test_what_is_undone_leaves_neither_entry_nor_job(listeners: list[str]):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.record("tests.happened", subject=("thing", 1), actor=None, organisation_id=None, data={})
        raise ZeroDivisionError
    assert queries.timeline(("thing", 1)) == []
    assert waiting_calls() == []


@pytest.mark.django_db
def test_a_kind_that_no_room_made_known_is_refused():
    with pytest.raises(LookupError, match="never_heard_of"), transaction.atomic():
        ledger.record("tests.never_heard_of", subject=("thing", 1), actor=None, organisation_id=None, data={})


@pytest.mark.parametrize("key", ["happened", "Tests.happened", "tests.", "tests.a b", "tests." + "x" * 60])
def test_a_kind_is_named_after_its_room(key: str):
    with pytest.raises(ValueError, match="no key of an event"):
        ledger.event(key, "x")


def test_a_kind_has_one_meaning():
    assert ledger.event("tests.happened", "Something happened").key == "tests.happened"
    with pytest.raises(ValueError, match="two meanings"):
        ledger.event("tests.happened", "Something else")


@pytest.mark.django_db
def test_data_is_kept_exactly():
    assert stored(
        day=date(2026, 3, 2),
        moment=NOON,
        fee=Decimal("75000.10"),
        colour=Colour.RED,
        uuid=UUID(int=1),
        nested={"codes": ("a", None, True, 2**80)},
        text="Đắk Nông 🏛",
    ) == {
        "day": "2026-03-02",
        "moment": "2026-03-02T05:00:00.123456+00:00",
        "fee": "75000.10",
        "colour": "red",
        "uuid": "00000000-0000-0000-0000-000000000001",
        "nested": {"codes": ["a", None, True, 2**80]},
        "text": "Đắk Nông 🏛",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        0.1,
        object(),
        b"bytes",
        {1: "one"},
        {"a", "b"},
        Decimal("NaN"),
        gettext_lazy("a text in one language only"),
        datetime(2026, 3, 2, 12),  # noqa: DTZ001 - naive on purpose
        "\0",
        "\ud800",
        {"\0": 1},
        "x" * 70_000,
    ],
)
def test_data_without_an_exact_lasting_form_is_refused(value: Any):
    with pytest.raises((TypeError, ValueError)):
        happened(value=value)
    assert queries.timeline(("thing", 1)) == []


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | texts
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(st.dictionaries(texts, values, max_size=4))
def test_what_is_read_is_what_was_recorded(data: dict[str, Any]):
    number = happened(data=data)
    assert queries.entry(number).data == rules.plain({"data": data})


@pytest.mark.django_db
def test_recording_is_one_statement_and_one_more_however_many_listen(
    listeners: list[str], django_assert_num_queries: Any
):
    who = {"subject": ("thing", 1), "actor": None, "organisation_id": None, "data": {}}
    with transaction.atomic():
        with django_assert_num_queries(2):
            number = ledger.record("tests.happened", **who)
        with django_assert_num_queries(1):
            ledger.record("tests.happened_again", **who)
    assert waiting_calls() == [(number, name) for name in listeners]


def waiting_calls() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'ledger.deliver' ORDER BY id")
        return [(args["entry"], args["subscriber"]) for args in (json.loads(row) for (row,) in cursor.fetchall())]
