"""Figures, days and time limits read as Vietnamese papers write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.clock import ZONE
from lienthong.ui import formatting

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=ZONE)
zones = st.sampled_from([UTC, ZONE])
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=zones)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0\u00a0đ"),
        (75_000, "75.000\u00a0đ"),
        (1_500_000, "1.500.000\u00a0đ"),
        (Decimal("1500.50"), "1.500,5\u00a0đ"),
        (-987_650, "\u2212987.650\u00a0đ"),
        (10**15, "1.000.000.000.000.000\u00a0đ"),
    ],
)
def test_money_has_dots_between_thousands_and_the_sign_of_the_dong(amount: int | Decimal, text: str) -> None:
    assert formatting.money(amount) == text


@given(st.decimals(-(10**18), 10**18, places=3))
@settings(max_examples=60)
def test_a_figure_says_exactly_its_value(value: Decimal) -> None:
    text = formatting.figure(value)
    assert Decimal(text.replace(".", "").replace(",", ".").replace("\u2212", "-")) == value


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("inf")])
def test_what_is_not_a_figure_is_refused(value: Decimal | float) -> None:
    with pytest.raises(ValueError, match="not a figure"):
        formatting.figure(value)


def test_a_file_size_is_told_in_the_largest_fitting_unit() -> None:
    sizes = [0, 812, 2_457, 2_457_600, 20 * 1024**2, 3 * 1024**3]
    assert [formatting.size(size).replace("\u00a0", " ") for size in sizes] == [
        "0 B",
        "812 B",
        "2,4 KB",
        "2,3 MB",
        "20 MB",
        "3 GB",
    ]


def test_a_day_is_the_day_in_vietnam_whatever_the_zone_it_was_kept_in() -> None:
    evening_in_london = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    assert formatting.day(evening_in_london) == "05/03/2026"
    assert formatting.moment(evening_in_london) == "05/03/2026 03:00"
    assert formatting.day(date(2026, 12, 1)) == "01/12/2026"


def test_a_moment_without_a_zone_is_refused_because_nobody_knows_when_it_is() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        formatting.moment(datetime(2026, 3, 5, 9, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("limit", "tone", "word"),
    [
        (NOW + timedelta(days=12), "ok", "12 days left"),
        (NOW + timedelta(days=2), "soon", "2 days left"),
        (NOW + timedelta(hours=20), "soon", "Tomorrow"),
        (NOW + timedelta(hours=3), "soon", "Today at 12:30"),
        (NOW - timedelta(minutes=5), "late", "Late by 5 minutes"),
        (NOW - timedelta(hours=3), "late", "Late by 3 hours"),
        (NOW - timedelta(days=2, hours=5), "late", "Late by 2 days"),
        (None, "neutral", "No time limit"),
    ],
)
def test_a_time_limit_says_how_near_it_is(limit: datetime | None, tone: str, word: str) -> None:
    said = formatting.due(limit, now=NOW)
    assert (said.tone, said.word) == (tone, word)


def test_tomorrow_is_the_next_date_even_when_it_is_two_hours_away() -> None:
    late_evening = datetime(2026, 3, 5, 23, 0, tzinfo=ZONE)
    assert formatting.due(late_evening + timedelta(hours=2), now=late_evening).word == "Tomorrow"


def test_what_is_done_no_longer_counts_and_says_whether_it_was_in_time() -> None:
    limit = NOW - timedelta(days=5)
    assert formatting.due(limit, now=NOW, done=limit).word == "Done on time"
    assert formatting.due(limit, now=NOW, done=limit + timedelta(days=3)).word == "Done 3 days late"


def test_a_stopped_clock_is_never_late() -> None:
    assert formatting.due(NOW - timedelta(days=9), now=NOW, paused=True).tone == "neutral"


@given(moments, moments)
@settings(max_examples=80)
def test_a_limit_is_red_exactly_when_it_has_passed_and_always_has_a_word_and_an_icon(
    limit: datetime, now: datetime
) -> None:
    said = formatting.due(limit, now=now)
    assert (said.tone == "late") == (now > limit)
    assert said.word and said.icon and said.date


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
@settings(max_examples=50)
def test_a_trend_stays_inside_its_frame(values: list[float]) -> None:
    path, x, y = formatting.sparkline(values)
    if len(values) < 2:
        assert (path, x, y) == ("", "", "")
        return
    points = [tuple(map(float, point.split(","))) for point in path.lstrip("M").split(" L")]
    assert len(points) == len(values)
    assert all(0 <= px <= 100 and 0 <= py <= 28 for px, py in points)
