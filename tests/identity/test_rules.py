"""Names people sign in with, and how long guessing is paused."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.clock import ZONE
from lienthong.foundation.fields.context import Context
from lienthong.identity import rules
from lienthong.identity.rules import WITH_A_NAME, Count, Patience, after_a_guess, given_back

TODAY = Context(at=date(2025, 3, 3))
NOON = datetime(2025, 3, 3, 12, tzinfo=ZONE)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize("typed", ["0905412768", "+84 905 412 768", "84905412768", " 0905.412.768 ", "(090) 541-2768"])
def test_a_telephone_number_is_one_name_however_it_is_typed(typed: str) -> None:
    assert rules.sign_in_name(typed, TODAY) == "0905412768"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Lan.MotCua", "lan.motcua"), (" an.nguyen ", "an.nguyen"), ("An@Thu.example", "an@thu.example"), ("123", "123")],
)
def test_other_names_are_small_and_without_blanks(typed: str, name: str) -> None:
    assert rules.sign_in_name(typed, TODAY) == name


@pytest.mark.parametrize(
    "name", ["lan.motcua", "abc", "a1", "x" * 51, "an_nguyen-2", "1an", "an..b", "an.", "Án", "0905412768", "a@b"]
)
def test_a_user_name_begins_with_a_letter_and_is_never_a_telephone_number(name: str) -> None:
    assert bool(rules.USERNAME.fullmatch(name)) is (name in {"lan.motcua", "abc", "an_nguyen-2"})


def test_people_are_sorted_by_their_given_name() -> None:
    people = ["Nguyễn Văn Ánh", "Đỗ Minh Đạt", "H'Linh Bkrông", "Trần Thị An", "Lê An"]
    in_order = ["Lê An", "Trần Thị An", "Nguyễn Văn Ánh", "H'Linh Bkrông", "Đỗ Minh Đạt"]
    assert sorted(people, key=rules.name_key) == in_order


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Y Tuân Niê", True),
        ("H'Linh", True),
        ("An", True),
        ("A", False),
        ("123", False),
        ("", False),
        (" An", False),
        ("x" * 151, False),
    ],
)
def test_a_name_has_letters(text: str, is_one: bool) -> None:
    assert rules.is_full_name(text) is is_one


def test_five_wrong_guesses_close_the_door_for_a_minute_then_twice_as_long_each_time() -> None:
    count, waits, now = Count(), [], NOON
    for _guess in range(12):
        count = after_a_guess(count, now=now, patience=WITH_A_NAME)
        wait = count.closed_until - now if count.closed_until else timedelta()
        waits.append(wait // MINUTE)
        now = max(now + SECOND, count.closed_until or now)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15, 15]


def test_trying_at_a_closed_door_does_not_keep_it_closed_longer() -> None:
    closed = Count(5, NOON, NOON + MINUTE)
    assert after_a_guess(closed, now=NOON + 59 * SECOND, patience=WITH_A_NAME) == closed
    assert after_a_guess(closed, now=NOON + MINUTE, patience=WITH_A_NAME).guesses == 6


def test_an_hour_without_a_guess_begins_anew() -> None:
    count = Count(9, NOON, NOON + 15 * MINUTE)
    assert after_a_guess(count, now=NOON + HOUR, patience=WITH_A_NAME).guesses == 1
    assert after_a_guess(count, now=NOON + HOUR - SECOND, patience=WITH_A_NAME).guesses == 10


moments = st.integers(0, 7200).map(lambda seconds: NOON + timedelta(seconds=seconds))


@given(st.lists(st.integers(0, 600), max_size=60))
@settings(max_examples=100)
def test_however_it_is_tried_few_guesses_are_looked_at_in_an_hour(pauses: list[int]) -> None:
    count, now, looked_at = Count(), NOON, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not count.is_closed(now):
            looked_at.append(now)
        count = after_a_guess(count, now=now, patience=WITH_A_NAME)
    for first in looked_at:
        assert sum(first <= moment < first + HOUR for moment in looked_at) <= 4 + 9


@given(st.integers(1, 200), st.integers(1, 100), moments)
@settings(max_examples=100)
def test_a_guess_that_was_right_is_given_back_to_the_address_and_no_more(
    guesses: int, free: int, now: datetime
) -> None:
    patience = Patience(free)
    before = Count(guesses, NOON - MINUTE)
    after = given_back(after_a_guess(before, now=now, patience=patience), patience=patience)
    if now < NOON + HOUR - MINUTE:
        assert after.guesses == guesses
        assert after.is_closed(now) is (guesses >= free)


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("::1", "::")],
)
def test_a_household_of_ipv6_is_one_address(address: str, network: str) -> None:
    assert rules.network_of(address) == network


WINDOWS, CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1"


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (f"{WINDOWS} {CHROME} Safari/537.36", ("Chrome", "Windows")),
        (f"{WINDOWS} {CHROME} Safari/537.36 Edg/120.0", ("Edge", "Windows")),
        (f"{WINDOWS} coc_coc_browser/100 {CHROME} Safari/537.36", ("Cốc Cốc", "Windows")),
        (f"{IPHONE} Version/17.0 Mobile Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", ("Firefox", "Linux")),
        ("curl/8", ("", "")),
        ("", ("", "")),
    ],
)
def test_devices_have_names_that_people_know(said: str, device: tuple[str, str]) -> None:
    assert rules.device_of(said) == device
