"""Citizens make their own account."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from lienthong.foundation.ledger.models import Entry
from lienthong.identity.models import Account
from tests import cast
from tests.identity.roles import signed_in
from tests.identity.test_sign_in import who

pytestmark = pytest.mark.django_db

SAID = {
    "full_name": "Ngô Thị Hạnh",
    "phone": "+84 912 345 678",
    "password": "ba con gà mái vàng",
    "again": "ba con gà mái vàng",
    "terms": "on",
}


def sign_up(browser: Client | None = None, **said: str) -> Client:
    browser = browser or Client()
    browser.answer = browser.post(reverse("account_signup"), {**SAID, **said})  # type: ignore[attr-defined]
    return browser


def errors(**said: str) -> dict[str, list[str]]:
    before = Account.objects.count()
    answer = sign_up(**said).answer  # type: ignore[attr-defined]
    assert answer.status_code == 422 and Account.objects.count() == before
    return dict(answer.context["form"].errors)


def test_a_person_signs_up_is_signed_in_and_goes_on_where_they_were() -> None:
    browser = sign_up(next="/thu-tuc/", person_id="067 190 000 001")
    assert browser.answer["Location"] == "/thu-tuc/"  # type: ignore[attr-defined]
    account = Account.objects.get(username="0912345678")
    assert who(browser) == account.username
    assert (account.full_name, account.phone, account.managed) == ("Ngô Thị Hạnh", "0912345678", False)
    assert account.person.person_id == "067190000001"
    assert account.terms_accepted_at == account.created_at == cast.MONDAY


def test_signing_up_is_in_the_ledger_without_anything_personal() -> None:
    sign_up(person_id="067190000001", email="hanh@thu.example")
    entry = Entry.objects.get(kind="identity.signed_up")
    assert entry.account_id == entry.subject_id == Account.objects.get(username="0912345678").pk
    assert entry.data == {}


def test_nobody_is_sent_to_another_site_after_signing_up() -> None:
    assert sign_up(next="//evil.example/").answer["Location"] == reverse("portal:mine")  # type: ignore[attr-defined]


def test_an_email_address_is_proved_by_a_link() -> None:
    browser = sign_up(email="Hanh@Thu.Example")
    account = Account.objects.get(username="0912345678")
    assert account.email == "hanh@thu.example"
    assert not account.emailaddress_set.get().verified
    (message,) = mail.outbox
    assert message.to == ["hanh@thu.example"] and "Ngô Thị Hạnh" in message.body
    (address,) = re.findall(r"http://testserver(/tai-khoan/thu-dien-tu/xac-nhan/\S+)", message.body)
    assert browser.get(address).status_code == 200
    assert not account.emailaddress_set.get().verified
    browser.post(address)
    assert account.emailaddress_set.get().verified


def test_an_address_of_somebody_else_is_taken_without_a_word() -> None:
    """Or the page would tell strangers who has an account. It is worth nothing until it is proved."""
    sign_up(email="an.nguyen@thu.example")
    assert Account.objects.filter(email="an.nguyen@thu.example").count() == 2
    proved = Account.objects.filter(emailaddress__verified=True, emailaddress__email="an.nguyen@thu.example")
    assert [account.username for account in proved] == [cast.AN]


def test_a_number_of_somebody_else_is_taken_without_a_word() -> None:
    assert sign_up(person_id="067085004127").answer.status_code == 302  # type: ignore[attr-defined]


def test_a_telephone_number_has_one_account() -> None:
    sign_up()
    before = Account.objects.get(username="0912345678").password
    assert "Đã có tài khoản" in errors(phone="0912.345.678", full_name="Người khác")["phone"][0]
    assert Account.objects.get(username="0912345678").password == before


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""),
        ("full_name", "123"),
        ("full_name", "A" * 151),
        ("phone", ""),
        ("phone", "12345"),
        ("phone", "0112345678"),
        ("phone", "không có"),
        ("email", "hanh@"),
        ("person_id", "123456789"),
        ("person_id", "999999999999"),
        ("person_id", "067190abc001"),
        ("password", "ngắn"),
        ("password", "1234567890123"),
        ("password", "Ngô Thị Hạnh"),
        ("password", "0912345678"),
        ("password", "password123"),
        ("terms", ""),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(field: str, typed: str) -> None:
    said = {field: typed} | ({"again": typed} if field == "password" else {})
    found = errors(**said)
    assert field in found and all(found.values())
    page = sign_up(**said).answer.content.decode()  # type: ignore[attr-defined]
    kept = {**SAID, **said}
    for name in {"full_name", "phone"} - {field}:
        assert f'value="{kept[name]}"' in page
    assert SAID["password"] not in page


def test_the_two_passwords_must_be_the_same() -> None:
    assert errors(again="ba con gà mái trắng")["again"] == ["Mật khẩu này không giống mật khẩu ở trên."]


def test_errors_are_in_vietnamese() -> None:
    found = errors(full_name="", phone="", password="a", again="b", terms="", email="x")
    said = [message for messages in found.values() for message in messages]
    assert len(said) >= 6
    assert all(
        re.search("[ăâđêôơưàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹấầậẩẫắằặẳẵếềệểễốồộổỗớờợởỡứừựửữ]", text) for text in said
    )


@pytest.mark.parametrize("name", ["<script>alert(1)</script>An", "An\x00h", "An‮ Bình", "Á" * 10_000])
def test_hostile_names_do_no_harm(name: str) -> None:
    answer = sign_up(full_name=name).answer  # type: ignore[attr-defined]
    assert answer.status_code in (302, 422)
    page = signed_in("0912345678").get(reverse("identity:account")) if answer.status_code == 302 else answer
    assert "<script>alert" not in page.content.decode()


def test_who_is_signed_in_needs_no_other_account() -> None:
    browser = signed_in(cast.AN)
    assert browser.get(reverse("account_signup"))["Location"] == reverse("identity:home")
    assert sign_up(browser).answer["Location"] == reverse("identity:home")  # type: ignore[attr-defined]
