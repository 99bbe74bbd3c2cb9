"""Whose account it is: a clerk compares the person, the card and the account; by a code that shows whose it is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.queries import timeline
from lienthong.identity.models import Account, Person
from lienthong.identity.services import PersonFacts, confirming, save_profile
from tests import cast
from tests.identity import roles

pytestmark = pytest.mark.django_db

AN_ID = "067085004127"


def code(username: str = cast.AN) -> str:
    return confirming.make_code(actor=cast.actor(username)).code or ""


def confirmed(username: str = cast.AN) -> Person:
    told = code(username)
    number = Person.objects.get(account__username=username).person_id
    return confirming.confirm(officer=cast.actor(cast.CLERK), code=told, number=number)


def kinds(username: str = cast.AN) -> list[str]:
    return [entry.kind for entry in timeline(("account", cast.account(username).pk))]


def test_a_clerk_confirms_once_by_code_and_card():
    told = code()
    assert confirming.account_with(AN_ID) is None
    for _twice in range(2):
        person = confirming.confirm(officer=cast.actor(cast.CLERK), code=told, number=AN_ID, name="NGUYỄN VĂN AN")
        assert person.confirmed_at == cast.MONDAY and person.confirmed_by == cast.account(cast.CLERK)
    assert confirming.account_with(AN_ID) == cast.account(cast.AN).pk
    assert kinds().count("identity.number_confirmed") == 1


def test_a_code_is_good_for_a_quarter_of_an_hour_and_then_there_is_another():
    told = code()
    assert code() == told, "asked again it is the same"
    with clock.at(cast.MONDAY + timedelta(minutes=16)):
        with pytest.raises(confirming.NoSuchCode):
            confirming.confirm(officer=cast.actor(cast.CLERK), code=told, number=AN_ID)
        assert code() != told
    assert not Person.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize(("number", "name"), [("067085004128", ""), (AN_ID, "Trần Thị Bích"), ("", "")])
def test_what_does_not_agree_with_the_card_is_not_confirmed(number: str, name: str):
    told = code()
    for use_case in (confirming.look, confirming.confirm):
        with pytest.raises(confirming.NotThisPerson):
            use_case(officer=cast.actor(cast.CLERK), code=told, number=number, name=name)
    assert confirming.account_with(AN_ID) is None


def test_only_who_compares_cards_confirms_and_nobody_the_own_number():
    told = code()
    for username in (cast.HANDLER, cast.HEAD, "quantri", "kiemsoat"):
        with pytest.raises(NotAllowed):
            confirming.confirm(officer=cast.actor(username), code=told, number=AN_ID)
    clerk = cast.actor(cast.CLERK)
    save_profile(actor=clerk, facts=PersonFacts(person_id="067185001234"))
    with pytest.raises(NotAllowed):
        confirming.confirm(officer=clerk, code=code(cast.CLERK), number="067185001234")


def test_of_two_accounts_with_one_number_one_is_confirmed():
    confirmed()
    Person.objects.filter(account__username=cast.BICH).update(person_id=AN_ID)
    told = code(cast.BICH)
    with pytest.raises(confirming.NumberConfirmed):
        confirming.confirm(officer=cast.actor(cast.CLERK), code=told, number=AN_ID)
    with pytest.raises(IntegrityError):
        Person.objects.filter(account__username=cast.BICH).update(
            confirmed_at=cast.MONDAY, confirmed_by=cast.account(cast.CLERK), confirmed_post_id=1
        )


def test_the_confirmation_of_a_closed_account_goes_over_to_the_new_one():
    confirmed()
    Account.objects.filter(username=cast.AN).update(is_active=False)
    assert confirming.account_with(AN_ID) is None
    Person.objects.filter(account__username=cast.BICH).update(person_id=AN_ID)
    confirming.confirm(officer=cast.actor(cast.CLERK), code=code(cast.BICH), number=AN_ID)
    assert confirming.account_with(AN_ID) == cast.account(cast.BICH).pk


def test_another_number_has_to_be_confirmed_anew():
    confirmed()
    save_profile(actor=cast.actor(cast.AN), facts=PersonFacts(person_id="067085004135"))
    assert Person.objects.get(account__username=cast.AN).confirmed_at is None
    assert confirming.account_with(AN_ID) is None and confirming.account_with("067085004135") is None


def test_who_has_said_no_number_is_led_to_say_it():
    Person.objects.filter(account__username=cast.AN).update(person_id="")
    with pytest.raises(confirming.NumberMissing):
        code()
    assert "/thong-tin/" in roles.signed_in(cast.AN).get(reverse("identity:confirm_number")).content.decode()


def test_the_page_gives_a_code_and_later_says_that_it_is_confirmed():
    browser, address = roles.signed_in(cast.AN), reverse("identity:confirm_number")
    shown = browser.get(address).content.decode()
    assert "Lấy mã" in shown
    shown = browser.post(address, follow=True).content.decode()
    told = Person.objects.get(account__username=cast.AN).code
    assert told and told in shown and "08:45" in shown
    confirming.confirm(officer=cast.actor(cast.CLERK), code=told, number=AN_ID)
    shown = browser.get(address).content.decode()
    assert "đã được xác nhận" in shown and told not in shown
    assert "đã xác nhận" in browser.get(reverse("identity:account")).content.decode()
    assert "no-store" in browser.get(address)["Cache-Control"]
