"""Anybody with the code and the end of the phone number sees the progress, and nothing about the person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from lienthong.foundation import clock
from lienthong.portal.views import tracking
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.portal.conftest import page

pytestmark = pytest.mark.django_db

DIGITS = dossiers.HOUSE["owner"]["phone"][-4:]


def text(answer) -> str:
    return answer.content.decode()


def look(client: Client, code: str, digits: str = DIGITS, address: str = "192.0.2.7"):
    return client.post(page("track"), {"code": code, "phone_end": digits}, REMOTE_ADDR=address)


@pytest.fixture
def few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three tries for each address, so that a test need not make thirty."""
    monkeypatch.setattr(tracking, "OF_ADDRESS", replace(tracking.OF_ADDRESS, times=3))


def test_the_code_of_the_qr_code_is_filled_in_already(client: Client):
    assert 'value="000.00.31.H16-250303-0001"' in text(client.get("/tra-cuu/?code=000.00.31.H16-250303-0001"))


@pytest.mark.parametrize("written", ["{code}", " {code} ", "{tracking}"])
def test_progress_status_due_date_and_agency_are_shown(client: Client, written: str):
    dossier = dossiers.received()
    answer = look(client, written.format(code=dossier.code.lower(), tracking=dossier.tracking))
    assert answer.status_code == 200
    for said in ("Được tiếp nhận", "18/03/2025", "Ủy ban nhân dân thành phố Gia Nghĩa", "Thẩm định"):
        assert said in text(answer)


def test_nothing_about_the_person_is_shown(client: Client):
    shown = text(look(client, dossiers.received().code))
    for secret in ("Nguyễn Văn An", "067085004127", "0905412768", "0905 412 768", "Trần Hưng Đạo", "an.nguyen"):
        assert secret not in shown, secret


def test_an_unknown_code_and_wrong_digits_get_the_same_answer(client: Client):
    code = dossiers.received().code
    wrong, unknown = look(client, code, "0000"), look(client, code[:-1] + "9", "0000")
    assert wrong.status_code == unknown.status_code == 404

    def without_what_was_typed(answer) -> str:
        shown = text(answer)
        return shown[shown.index("<main") : shown.index("</main>")].split('name="csrfmiddlewaretoken"')[0]

    assert without_what_was_typed(wrong) == without_what_was_typed(unknown)


@pytest.mark.parametrize("digits", ["", "12", "12345", "abcd", "١٢٣٤"])
def test_the_digits_have_to_be_four(client: Client, digits: str):
    answer = look(client, "X", digits)
    assert answer.status_code == 422 and 'href="#id_phone_end"' in text(answer)


def test_guessing_the_digits_of_a_code_is_slowed_down_wherever_it_comes_from(client: Client):
    code = dossiers.received().code
    answers = [look(client, code, f"{n:04}", address=f"192.0.2.{n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert look(client, code, DIGITS, address="198.51.100.1").status_code == 429
    assert "Retry-After" in answers[-1]
    with clock.at(cast.MONDAY + timedelta(hours=1)):
        assert look(client, code).status_code == 200


def test_guessing_codes_from_one_address_is_slowed_down(client: Client, few_tries: None):
    assert [look(client, f"H16-{n:04}").status_code for n in range(4)] == [404, 404, 404, 429]
    assert look(client, dossiers.received().code, address="198.51.100.2").status_code == 200


def test_one_household_of_ipv6_is_one_address(client: Client, few_tries: None):
    for n in range(3):
        look(client, f"H16-{n}", address=f"2001:db8:1:2::{n:x}")
    assert look(client, "H16-x", address="2001:db8:1:2:ffff::1").status_code == 429
    assert look(client, "H16-x", address="2001:db8:1:3::1").status_code == 404


def test_hostile_codes_find_nothing(client: Client):
    for code in ("' OR 1=1 --", "\0", "%", "<script>", "x" * 60):
        answer = look(client, code, address="203.0.113.9")
        assert answer.status_code in (404, 422) and "<script>" not in text(answer).split("<main")[1]


def test_tracking_makes_a_fixed_number_of_queries(client: Client):
    dossier = dossiers.in_hand()
    assert queries_of(lambda: look(client, dossier.code)) == 8
