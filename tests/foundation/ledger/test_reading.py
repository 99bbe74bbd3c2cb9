"""The timeline of a thing, and what an auditor finds."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from lienthong.foundation import clock, ledger
from lienthong.foundation.ledger import queries
from lienthong.foundation.ledger.kinds import all_kinds
from tests.foundation.ledger.helpers import Officer, happened

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 23, 30, tzinfo=clock.ZONE)


@pytest.fixture
def history() -> list[int]:
    """Six entries, an hour apart across midnight in Vietnam, of two things, kinds, people and agencies."""
    numbers = []
    for hour in range(6):
        with clock.at(START + timedelta(hours=hour)), transaction.atomic():
            number = ledger.record(
                "tests.happened" if hour < 4 else "tests.happened_again",
                subject=("thing", hour % 2),
                actor=Officer(account_id=hour % 3),
                organisation_id=hour // 3,
                data={"hour": hour},
            )
        numbers.append(number)
    return numbers


def hours(page: queries.Page) -> list[int]:
    return [entry.data["hour"] for entry in page.entries]


def test_a_timeline_is_of_one_thing_and_ends_with_the_newest(history: list[int]):
    assert [entry.data["hour"] for entry in queries.timeline(("thing", 0))] == [0, 2, 4]
    assert queries.timeline(("other thing", 0)) == []


def test_a_timeline_can_be_continued_and_is_bounded(history: list[int]):
    assert [entry.data["hour"] for entry in queries.timeline(("thing", 0), since=history[0])] == [2, 4]
    assert [entry.data["hour"] for entry in queries.timeline(("thing", 0), limit=2)] == [2, 4]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [5, 4, 3, 2, 1, 0]),
        ({"kind": "tests.happened_again"}, [5, 4]),
        ({"subject": ("thing", 1)}, [5, 3, 1]),
        ({"account_id": 2}, [5, 2]),
        ({"organisation_ids": [0]}, [2, 1, 0]),
        ({"organisation_ids": []}, []),
        ({"first_day": date(2026, 3, 2)}, [5, 4, 3, 2, 1]),
        ({"last_day": date(2026, 3, 1)}, [0]),
        ({"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 1)}, []),
        ({"first_day": date.min, "last_day": date.max}, [5, 4, 3, 2, 1, 0]),
        ({"kind": "tests.happened", "account_id": 0, "organisation_ids": {0, 1}}, [3, 0]),
        ({"kind": "' OR 1=1 --"}, []),
    ],
)
def test_an_auditor_finds_what_fits_all_he_asked_for(history: list[int], asked: dict[str, Any], found: list[int]):
    assert hours(queries.search(**asked)) == found


def test_pages_go_on_where_the_last_one_ended_whatever_is_added(history: list[int]):
    page = queries.search(size=4)
    assert hours(page) == [5, 4, 3, 2]
    happened(hour=9)
    rest = queries.search(size=4, before=page.next)
    assert hours(rest) == [1, 0]
    assert rest.next is None
    assert queries.search(size=7).next is None


def test_an_entry_that_is_not_there_is_said_so():
    with pytest.raises(LookupError, match="no entry"):
        queries.entry(10**12)


def test_kinds_can_be_chosen_by_their_words():
    assert "Something happened" in [str(kind.label) for kind in all_kinds()]
