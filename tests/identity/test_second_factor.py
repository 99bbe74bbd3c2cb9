"""The second step: codes of an app, recovery codes, security keys."""

import json
import time
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django import Settings

from lienthong.identity import services
from lienthong.identity.actors import Officer
from tests import cast
from tests.identity.conftest import SignIn
from tests.identity.roles import signed_in
from tests.identity.soft_key import SoftKey
from tests.identity.test_sign_in import who

pytestmark = pytest.mark.django_db

SECURE: Any = {"HTTP_HOST": "localhost", "secure": True}
ORIGIN = "https://localhost"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows, now or some half minutes away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def reauthenticated(username: str) -> Client:
    """A browser in which the person has just shown once more that it is them."""
    browser = signed_in(username)
    browser.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD}, **SECURE)
    return browser


def enrol(username: str = cast.AN) -> str:
    """Set up an authenticator app; returns its secret."""
    browser = reauthenticated(username)
    page = browser.get(reverse("mfa_activate_totp"), **SECURE)
    secret = page.context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, **SECURE)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return str(secret)


def second(browser: Client, code: str) -> Any:
    return browser.post(reverse("mfa_authenticate"), {"code": code})


# the app


def test_setting_up_asks_again_for_the_password_and_shows_a_picture_and_the_key() -> None:
    browser = signed_in(cast.AN)
    sent_away = browser.get(reverse("mfa_activate_totp"))
    assert sent_away["Location"].startswith(reverse("account_reauthenticate"))
    page = reauthenticated(cast.AN).get(reverse("mfa_activate_totp"), **SECURE)
    shown = page.content.decode()
    secret = page.context["form"].secret
    assert "<svg" in shown and "style=" not in shown
    assert " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) in shown


def test_a_wrong_code_sets_nothing_up() -> None:
    browser = reauthenticated(cast.AN)
    browser.get(reverse("mfa_activate_totp"), **SECURE)
    answer = browser.post(reverse("mfa_activate_totp"), {"code": "000000"}, **SECURE)
    assert answer.context["form"].errors["code"] == ["Mã không đúng hoặc đã hết hạn. Hãy đợi mã mới rồi nhập lại."]
    assert not Authenticator.objects.exists()


def test_the_secret_is_not_readable_in_the_database() -> None:
    secret = enrol()
    stored = json.dumps([row.data for row in Authenticator.objects.all()])
    assert secret not in stored


def test_the_password_alone_no_longer_opens(sign_in: SignIn) -> None:
    secret = enrol()
    browser = sign_in(cast.AN, next="/thu-tuc/")
    assert browser.answer["Location"] == reverse("mfa_authenticate")  # type: ignore[attr-defined]
    assert not who(browser)
    assert browser.get(reverse("identity:account")).status_code == 302
    assert second(browser, code_of(secret, steps=1))["Location"] == "/thu-tuc/"
    assert who(browser) == cast.AN


def test_the_second_step_has_no_page_without_the_first() -> None:
    enrol()
    assert Client().get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")


def test_a_code_works_once(sign_in: SignIn) -> None:
    secret = enrol()
    code = code_of(secret, steps=1)
    second(sign_in(cast.AN), code)
    cache.clear()  # what the library remembers for half a minute only
    cache.add(f"identity.code:{Authenticator.objects.get(type='totp').pk}:{code}", 1)
    watcher = sign_in(cast.AN)
    assert second(watcher, code).context["form"].errors["code"]
    assert not who(watcher)


def test_a_code_of_long_ago_does_not_work(sign_in: SignIn) -> None:
    secret = enrol()
    browser = sign_in(cast.AN)
    assert second(browser, code_of(secret, steps=-3)).status_code == 200
    assert not who(browser)


def test_codes_cannot_be_guessed(sign_in: SignIn) -> None:
    secret = enrol()
    browser = sign_in(cast.AN)
    for number in range(5):
        second(browser, f"{number:06}")
    assert "quá nhiều lần" in second(browser, code_of(secret, steps=1)).context["form"].errors["code"][0]
    assert not who(browser)


def test_turning_the_app_off_asks_for_the_password_first() -> None:
    enrol()
    browser = signed_in(cast.AN)
    assert browser.post(reverse("mfa_deactivate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(type="totp").exists()
    reauthenticated(cast.AN).post(reverse("mfa_deactivate_totp"), **SECURE)
    assert not Authenticator.objects.exists()


# recovery codes


def recovery_codes(username: str = cast.AN) -> list[str]:
    page = reauthenticated(username).get(reverse("mfa_view_recovery_codes"), **SECURE)
    return list(page.context["unused_codes"])


def test_a_recovery_code_lets_in_once_when_the_telephone_is_lost(sign_in: SignIn) -> None:
    enrol()
    codes = recovery_codes()
    assert len(set(codes)) == 10
    browser = sign_in(cast.AN)
    second(browser, codes[3])
    assert who(browser) == cast.AN
    assert codes[3] not in recovery_codes() and len(recovery_codes()) == 9
    again = sign_in(cast.AN)
    second(again, codes[3])
    assert not who(again)


def test_new_recovery_codes_make_the_old_ones_worthless(sign_in: SignIn) -> None:
    enrol()
    old = recovery_codes()
    reauthenticated(cast.AN).post(reverse("mfa_generate_recovery_codes"), **SECURE)
    assert not set(old) & set(recovery_codes())


def test_recovery_codes_are_saved_as_a_text_file() -> None:
    enrol()
    answer = reauthenticated(cast.AN).get(reverse("mfa_download_recovery_codes"), **SECURE)
    assert answer["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "Mã dự phòng, an.nguyen" and set(recovery_codes()) <= set(lines)


# security keys


def options_of(answer: Any) -> dict[str, Any]:
    """What the page asks the device, as its script reads it."""
    (form,) = html.fromstring(answer.content.decode()).xpath("//form[@data-security-key][@data-options]")
    options: dict[str, Any] = json.loads(unescape(form.get("data-options")))
    return options


def add_key(username: str = cast.AN, *, alone: bool = False, **traits: Any) -> SoftKey:
    key = SoftKey(ORIGIN, **traits)
    browser = reauthenticated(username)
    options = options_of(browser.get(reverse("mfa_add_webauthn"), **SECURE))
    sent = {"name": "Máy cơ quan", "credential": key.create(options)} | ({"passwordless": "on"} if alone else {})
    answer = browser.post(reverse("mfa_add_webauthn"), sent, **SECURE)
    assert answer.status_code == 302, answer.context["form"].errors
    return key


def test_a_key_is_the_second_step() -> None:
    key = add_key()
    browser = Client()
    browser.post(reverse("account_login"), {"login": cast.AN, "password": cast.PASSWORD}, **SECURE)
    assert not who(browser)
    options = options_of(browser.get(reverse("mfa_authenticate"), **SECURE))
    browser.post(reverse("mfa_authenticate"), {"credential": key.get(options)}, **SECURE)
    assert who(browser) == cast.AN


def test_a_key_of_somebody_else_is_no_second_step() -> None:
    add_key()
    strange = add_key(cast.BICH)
    browser = Client()
    browser.post(reverse("account_login"), {"login": cast.AN, "password": cast.PASSWORD}, **SECURE)
    options = options_of(browser.get(reverse("mfa_authenticate"), **SECURE))
    browser.post(reverse("mfa_authenticate"), {"credential": strange.get(options)}, **SECURE)
    assert not who(browser)


def sign_in_by(key: SoftKey, **sent: str) -> Client:
    browser = Client()
    asked = browser.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}, **SECURE).json()
    sent = {"credential": key.get(asked["request_options"]), **sent}
    browser.answer = browser.post(reverse("mfa_login_webauthn"), sent, **SECURE)  # type: ignore[attr-defined]
    return browser


def test_a_key_alone_opens_and_leads_on() -> None:
    browser = sign_in_by(add_key(alone=True), next="/thu-tuc/")
    assert who(browser) == cast.AN
    assert browser.answer["Location"] == "/thu-tuc/"  # type: ignore[attr-defined]
    assert sign_in_by(add_key(cast.BICH, alone=True), next="//evil.example").answer["Location"] == reverse(
        "portal:mine"
    )  # type: ignore[attr-defined]


def test_a_key_that_did_not_ask_who_holds_it_never_opens_alone() -> None:
    key = add_key(verifies=False)
    assert not who(sign_in_by(key))


def test_an_answer_from_another_site_is_worth_nothing() -> None:
    key = add_key(alone=True)
    key.origin = "https://localhost.evil.example"
    assert not who(sign_in_by(key))


def test_an_answer_cannot_be_played_again() -> None:
    key = add_key(alone=True)
    browser = Client()
    asked = browser.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}, **SECURE).json()
    answer = key.get(asked["request_options"])
    browser.post(reverse("mfa_login_webauthn"), {"credential": answer}, **SECURE)
    assert who(browser) == cast.AN
    thief = Client()
    thief.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}, **SECURE)
    thief.post(reverse("mfa_login_webauthn"), {"credential": answer}, **SECURE)
    assert not who(thief)


def test_a_closed_account_has_no_way_in_by_key() -> None:
    key = add_key(cast.HANDLER, alone=True)
    administrator = cast.actor("quantri")
    assert isinstance(administrator, Officer)
    services.deactivate(actor=administrator, account_id=cast.account(cast.HANDLER).pk)
    assert not who(sign_in_by(key))


@pytest.mark.parametrize(
    "nonsense",
    ["", "{}", "[]", "1", '"x"', "null", "{", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
     '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"///"}}'],
)  # fmt: skip
def test_nonsense_instead_of_an_answer_is_refused_calmly(nonsense: str) -> None:
    browser = Client()
    browser.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}, **SECURE)
    answer = browser.post(reverse("mfa_login_webauthn"), {"credential": nonsense}, **SECURE)
    assert answer.status_code == 302 and not who(browser)
    owner = reauthenticated(cast.AN)
    owner.get(reverse("mfa_add_webauthn"), **SECURE)
    answer = owner.post(reverse("mfa_add_webauthn"), {"credential": nonsense}, **SECURE)
    assert answer.status_code == 200 and answer.context["form"].errors


def test_a_key_is_renamed_and_removed_by_its_owner_alone() -> None:
    add_key()
    row = Authenticator.objects.get(type="webauthn")
    stranger = reauthenticated(cast.BICH)
    assert stranger.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": "x"}, **SECURE).status_code == 404
    assert stranger.post(reverse("mfa_remove_webauthn", args=[row.pk]), **SECURE).status_code == 404
    owner = reauthenticated(cast.AN)
    owner.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": "Máy ở nhà"}, **SECURE)
    assert "Máy ở nhà" in owner.get(reverse("mfa_list_webauthn"), **SECURE).content.decode()
    owner.post(reverse("mfa_remove_webauthn", args=[row.pk]), **SECURE)
    assert not Authenticator.objects.exists()


# where officers must have one


def test_officers_are_led_to_set_up_a_second_factor_where_they_need_one(settings: Settings) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    browser = signed_in(cast.CLERK)
    assert browser.get(reverse("workspace:inbox"))["Location"] == reverse("mfa_index")
    assert signed_in(cast.AN).get(reverse("portal:mine")).status_code == 200
    enrol(cast.CLERK)
    assert browser.get(reverse("workspace:inbox")).status_code == 200


def test_officers_keep_their_last_second_factor_where_they_need_one(settings: Settings) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    enrol(cast.CLERK)
    browser = reauthenticated(cast.CLERK)
    assert browser.post(reverse("mfa_deactivate_totp"), **SECURE).context["form"].errors
    assert Authenticator.objects.filter(type="totp").exists()
    add_key(cast.CLERK)
    key = Authenticator.objects.get(type="webauthn")
    browser.post(reverse("mfa_deactivate_totp"), **SECURE)
    assert not Authenticator.objects.filter(type="totp").exists()
    browser.post(reverse("mfa_remove_webauthn", args=[key.pk]), **SECURE)
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_citizens_may_always_turn_it_off(settings: Settings) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    enrol(cast.AN)
    reauthenticated(cast.AN).post(reverse("mfa_deactivate_totp"), **SECURE)
    assert not Authenticator.objects.exists()


def test_secrets_kept_under_a_lost_key_open_nothing(settings: Settings, sign_in: SignIn) -> None:
    secret = enrol()
    settings.SECRET_KEY = "another-secret-" + "1" * 40
    browser = sign_in(cast.AN)
    assert second(browser, code_of(secret, steps=1)).status_code == 200
    assert not who(browser)
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" + "0" * 40]
    second(browser, code_of(secret, steps=1))
    assert who(browser) == cast.AN
