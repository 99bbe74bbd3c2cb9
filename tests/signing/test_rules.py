"""For how long a certificate holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.signing import rules
from lienthong.signing.rules import Period, free_period

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = START + timedelta(hours=500)
hours = st.integers(0, 1000).map(lambda each: START + timedelta(hours=each))
periods = st.tuples(hours, st.integers(1, 200)).map(lambda each: Period(each[0], each[0] + timedelta(hours=each[1])))
around_now = st.tuples(st.integers(0, 400), st.integers(1, 400)).map(
    lambda each: Period(NOW - timedelta(hours=each[0]), NOW + timedelta(hours=each[1]))
)


def apart(some: list[Period]) -> list[Period]:
    """Those that neither hold NOW nor overlap an earlier one."""
    kept: list[Period] = []
    for period in some:
        if NOW not in period and all(period.end <= other.start or other.end <= period.start for other in kept):
            kept.append(period)
    return kept


@given(around_now, st.lists(periods, max_size=6).map(apart))
def test_a_free_period_holds_the_moment_touches_no_other_and_could_not_be_longer(wanted, taken):
    found = free_period(NOW, wanted=wanted, taken=taken)
    assert NOW in found and wanted.start <= found.start < found.end <= wanted.end
    assert all(found.end <= other.start or other.end <= found.start for other in taken)
    assert found.start == wanted.start or found.start in {other.end for other in taken}
    assert found.end == wanted.end or found.end in {other.start for other in taken}


def test_a_moment_that_is_taken_has_no_free_period():
    day = Period(START, START + timedelta(days=1))
    with pytest.raises(ValueError, match="no free period"):
        free_period(START, wanted=day, taken=[day])
    with pytest.raises(ValueError, match="no free period"):
        free_period(day.end, wanted=day, taken=[])


@given(st.integers(0, 40 * 365 * 24).map(lambda each: START + timedelta(hours=each)))
def test_authorities_are_valid_when_they_are_made_and_the_root_outlives_the_issuing_one(at):
    root, issuing = rules.root_period(at), rules.issuing_period(at)
    assert at in root and at in issuing
    assert root.start <= issuing.start and issuing.end <= root.end


def test_a_day_begins_at_midnight_in_vietnam():
    assert rules.day_of(datetime(2025, 3, 27, 18, 30, tzinfo=UTC)) == datetime(2025, 3, 27, 17, tzinfo=UTC)
