"""How papers write days, moments and numbers."""

from datetime import UTC, date, datetime

import pytest

from lienthong.foundation.papers.wording import (
    day_in_words,
    moment_in_words,
    moment_of_signing,
    number_and_symbol,
    place_and_day,
)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2019, 6, 29), "ngày 29 tháng 6 năm 2019"),
        (date(2025, 2, 10), "ngày 10 tháng 02 năm 2025"),
        (date(2025, 3, 9), "ngày 09 tháng 3 năm 2025"),
        (date(2025, 12, 31), "ngày 31 tháng 12 năm 2025"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_leading_zero(day, words):
    assert day_in_words(day) == words


def test_the_place_stands_before_the_day_with_a_comma():
    assert place_and_day("Gia Nghĩa", date(2025, 3, 5)) == "Gia Nghĩa, ngày 05 tháng 3 năm 2025"
    assert place_and_day("", date(2025, 3, 5)) == "Ngày 05 tháng 3 năm 2025"


def test_moments_are_told_by_the_clock_of_vietnam():
    moment = datetime(2025, 12, 31, 18, 5, 9, tzinfo=UTC)
    assert moment_in_words(moment) == "01 giờ 05 phút, ngày 01 tháng 01 năm 2026"
    assert moment_of_signing(moment) == "01/01/2026 01:05:09 +07:00"


@pytest.mark.parametrize(
    ("number", "symbol", "line"),
    [
        (5, "QĐ-UBND", "Số: 05/QĐ-UBND"),
        ("7", "HDHS", "Số: 07/HDHS"),
        (123, "QĐ-UBND", "Số: 123/QĐ-UBND"),
        ("", "QĐ-UBND", "Số:         /QĐ-UBND"),
        (12, "", "Số: 12"),
        ("", "", ""),
    ],
)
def test_the_number_has_two_figures_and_a_slash_before_the_symbol(number, symbol, line):
    assert number_and_symbol(number, symbol) == line
