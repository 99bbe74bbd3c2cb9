"""Who is reached how, and how a text is cut to fit: laws that hold for any text and any choice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.notifications import rules
from lienthong.notifications.rules import Contact, Way
from tests import cast

WAYS = [Way("email", "email", True), Way("sms", "mobile", True), Way("zalo", "mobile", False)]


def test_vietnamese_becomes_the_letters_that_an_sms_carries():
    said = "Hồ sơ đã được tiếp nhận – hẹn trả “24/03”… Đắk Nông"
    assert rules.plain(said) == 'Ho so da duoc tiep nhan - hen tra "24/03"... Dak Nong'


@given(st.text())
def test_a_plain_text_is_ascii(text: str):
    assert rules.plain(text).isascii()


@given(st.text(), st.booleans(), st.integers(min_value=10, max_value=300))
def test_a_short_text_is_one_line_that_fits(text: str, marks: bool, most: int):
    short = rules.short(text, marks=marks, most=most)
    assert len(short) <= most
    assert "\n" not in short and short == " ".join(short.split())


def test_what_must_be_cut_is_cut_between_words():
    assert rules.short("Hồ sơ đã được tiếp nhận", marks=True, most=14) == "Hồ sơ đã..."


@given(st.booleans(), st.booleans())
def test_who_turned_a_channel_off_or_on_gets_what_was_chosen(email: bool, zalo: bool):
    choices = {"dossiers/email": email, "dossiers/zalo": zalo}
    contact = Contact("an@thu.example", "0905412768")
    ways = [key for key, _address in rules.chosen(WAYS, contact, "dossiers", choices)]
    assert ways == [*(["email"] if email else []), "sms", *(["zalo"] if zalo else [])]


@pytest.mark.parametrize("phone", ["", "02613543210", "0261354321", "84905412768", "0905 412 768"])
def test_nothing_is_sent_to_what_is_no_mobile_number(phone: str):
    assert rules.chosen(WAYS, Contact("", phone), "dossiers", {}) == []


def test_the_contact_of_the_matter_goes_before_that_of_the_account():
    account = Contact("nha@thu.example", "0905000001")
    assert Contact("", "0905000002").over(account) == Contact("nha@thu.example", "0905000002")


def test_a_gateway_that_is_down_for_a_day_loses_nothing():
    assert not rules.given_up(cast.MONDAY, cast.MONDAY + timedelta(days=2, hours=23))
    assert rules.given_up(cast.MONDAY, cast.MONDAY + timedelta(days=3))
