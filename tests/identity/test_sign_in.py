"""Coming in with a name and a password, and not by guessing."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from lienthong.foundation import clock
from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.organisations.models import Posting
from lienthong.identity import services
from lienthong.identity.actors import Citizen, Officer
from lienthong.identity.models import Account, Guesses
from lienthong.identity.queries import actor_of
from lienthong.settings import base
from tests import cast
from tests.identity.conftest import SignIn
from tests.identity.roles import signed_in

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def who(browser: Client) -> str:
    """The user name of who is signed in; "" for nobody."""
    number = browser.session.get("_auth_user_id")
    return Account.objects.get(pk=number).username if number else ""


@pytest.mark.parametrize("name", ["an.nguyen", "AN.NGUYEN", "0905412768", "+84 905 412 768", "an.nguyen@thu.example"])
def test_people_sign_in_with_user_name_telephone_or_email(sign_in: SignIn, name: str) -> None:
    assert who(sign_in(name)) == cast.AN


def test_officers_go_to_their_desk_and_citizens_to_their_dossiers(sign_in: SignIn) -> None:
    assert sign_in(cast.CLERK).answer["Location"] == reverse("workspace:inbox")  # type: ignore[attr-defined]
    assert sign_in(cast.AN).answer["Location"] == reverse("portal:mine")  # type: ignore[attr-defined]


def test_who_wanted_to_go_somewhere_gets_there(sign_in: SignIn) -> None:
    address = "/tai-khoan/thong-tin/?x=1"
    sent_away = Client().get(address)
    assert sent_away["Location"] == "/tai-khoan/dang-nhap/?next=/tai-khoan/thong-tin/%3Fx%3D1"
    assert sign_in(cast.AN, next=address).answer["Location"] == address  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://localhost/",
        "http://testserver.evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "///evil.example",
        "\t//evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(sign_in: SignIn, elsewhere: str) -> None:
    home = reverse("portal:mine")
    assert sign_in(cast.AN, next=elsewhere).answer["Location"] == home  # type: ignore[attr-defined]
    again = signed_in(cast.AN).get(reverse("account_login"), {"next": elsewhere})
    assert again["Location"] == home
    leaving = signed_in(cast.AN).post(reverse("account_logout"), {"next": elsewhere})
    assert leaving["Location"] == "/"
    switching = signed_in(cast.TWO_AGENCIES)
    post = Posting.objects.filter(account__username=cast.TWO_AGENCIES).values_list("post_id", flat=True)[0]
    answer = switching.post(reverse("identity:posts"), {"post": post, "next": elsewhere})
    assert answer["Location"] == reverse("identity:home")


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(sign_in: SignIn) -> None:
    wrong = [
        sign_in(cast.AN, "sai"),
        sign_in("khong.ai", "sai"),
        sign_in("khong.ai@thu.example", "sai"),
        sign_in("0999999999", "sai"),
    ]
    said = {tuple(browser.answer.context["form"].non_field_errors()) for browser in wrong}  # type: ignore[attr-defined]
    assert said == {("Tên đăng nhập hoặc mật khẩu không đúng.",)}
    assert not any(map(who, wrong))


def test_what_was_typed_stays_but_not_the_password(sign_in: SignIn) -> None:
    page = sign_in("lan.motcua", "Sai-mật-khẩu").answer.content.decode()  # type: ignore[attr-defined]
    assert 'value="lan.motcua"' in page and "Sai-mật-khẩu" not in page


@pytest.mark.parametrize("name", [cast.CLERK, "khong.ai"])
def test_after_five_wrong_guesses_even_the_right_password_waits(sign_in: SignIn, name: str) -> None:
    for _guess in range(5):
        sign_in(name, "sai")
    browser = sign_in(name)
    assert not who(browser)
    said = browser.answer.context["form"].non_field_errors()[0]  # type: ignore[attr-defined]
    assert "thử lại sau 08:31 (còn 1 phút)" in said and "đặt mật khẩu mới" in said


def test_the_door_opens_again_when_it_said_it_would(sign_in: SignIn) -> None:
    for _guess in range(5):
        sign_in(cast.CLERK, "sai")
    with clock.at(cast.MONDAY + MINUTE - timedelta(seconds=1)):
        assert not who(sign_in(cast.CLERK))
    with clock.at(cast.MONDAY + MINUTE):
        assert who(sign_in(cast.CLERK)) == cast.CLERK
        assert who(sign_in(cast.CLERK, "sai")) == ""
        assert who(sign_in(cast.CLERK)) == cast.CLERK


def test_two_names_that_close_together_would_tell_that_they_are_of_one_account(sign_in: SignIn) -> None:
    for _guess in range(5):
        sign_in("an.nguyen", "sai")
    assert not who(sign_in("an.nguyen"))
    assert who(sign_in("0905412768")) == cast.AN


def test_one_address_cannot_try_one_password_on_everybody(sign_in: SignIn) -> None:
    for number in range(60):
        services.account_with(name=f"nguoi.{number}", password="mot-mat-khau-pho-bien", address="127.0.0.1")
    browser = sign_in(cast.CLERK)
    assert not who(browser)
    assert who(sign_in(cast.CLERK, browser=Client(REMOTE_ADDR="203.0.113.9"))) == cast.CLERK


def test_signing_in_oneself_does_not_wash_away_the_guesses_of_an_address(sign_in: SignIn) -> None:
    for number in range(59):
        services.account_with(name=f"nguoi.{number}", password="sai", address="127.0.0.1")
    assert who(sign_in(cast.AN)) == cast.AN
    assert Guesses.objects.get(key="address:127.0.0.1").count == 59


def test_an_account_that_is_guessed_at_is_in_the_ledger_once(sign_in: SignIn) -> None:
    for _guess in range(9):
        sign_in(cast.CLERK, "sai")
        sign_in("khong.ai", "sai")
    entries = Entry.objects.filter(kind="identity.guessed_at")
    assert [entry.subject_id for entry in entries] == [cast.account(cast.CLERK).pk]


def test_who_gets_it_right_at_the_last_try_is_in_and_not_in_the_ledger(sign_in: SignIn) -> None:
    for _guess in range(4):
        sign_in(cast.CLERK, "sai")
    assert who(sign_in(cast.CLERK)) == cast.CLERK
    assert who(sign_in(cast.CLERK)) == cast.CLERK
    assert not Entry.objects.filter(kind="identity.guessed_at").exists()


def test_a_limit_counts_before_the_password_is_looked_at() -> None:
    """Guesses sent all at once cannot slip through together: the fifth already closes, whatever it was."""
    for _guess in range(5):
        services.account_with(name=cast.CLERK, password="sai", address="203.0.113.1")
    with pytest.raises(services.TooManyGuesses) as refused:
        services.account_with(name=cast.CLERK, password=cast.PASSWORD, address="203.0.113.2")
    assert refused.value.until == cast.MONDAY + MINUTE


@pytest.mark.parametrize("login", ["", " ", "a" * 255, "\x00", "%", "'; DROP TABLE--", "\ud800", "🐃" * 50])
def test_odd_names_are_refused_and_break_nothing(login: str) -> None:
    try:
        answer = Client().post(reverse("account_login"), {"login": login, "password": "x" * 201})
    except UnicodeEncodeError:
        return  # a browser cannot send it
    assert answer.status_code == 200 and answer.context["form"].errors


def test_a_session_from_before_signing_in_is_worth_nothing_afterwards(sign_in: SignIn) -> None:
    browser = Client()
    browser.get(reverse("account_login"))
    session = browser.session
    session["planted"] = "yes"
    session.save()
    browser.cookies["sessionid"] = session.session_key
    sign_in(cast.AN, browser=browser)
    assert browser.session.session_key != session.session_key
    victim = Client()
    victim.cookies["sessionid"] = session.session_key
    assert not who(victim)


def test_a_forged_form_from_another_site_signs_nobody_in() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": cast.AN, "password": cast.PASSWORD})
    assert answer.status_code == 403 and not who(strict)


def test_signing_out_takes_a_press_of_a_button() -> None:
    browser = signed_in(cast.AN)
    assert browser.get(reverse("account_logout")).status_code == 200
    assert who(browser) == cast.AN
    browser.post(reverse("account_logout"))
    assert not who(browser)


def test_a_device_is_forgotten_with_the_browser_unless_asked_to_stay(sign_in: SignIn) -> None:
    assert sign_in(cast.AN).session.get_expire_at_browser_close()
    assert not sign_in(cast.AN, remember="on").session.get_expire_at_browser_close()


def test_passwords_are_hashed_with_argon2_outside_tests(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert identify_hasher(make_password("mot-hai-ba-bon")).algorithm == "argon2"


# who somebody is, is decided at every request


def test_a_closed_account_is_out_at_once_and_told_so_only_with_the_right_password(sign_in: SignIn) -> None:
    browser = signed_in(cast.HANDLER)
    administrator = cast.actor("quantri")
    assert isinstance(administrator, Officer)
    services.deactivate(actor=administrator, account_id=cast.account(cast.HANDLER).pk)
    assert browser.get(reverse("identity:account")).status_code == 302
    assert sign_in(cast.HANDLER).answer.context["form"].non_field_errors()  # type: ignore[attr-defined]


def test_who_was_closed_with_the_password_kept_is_told_only_with_it(sign_in: SignIn) -> None:
    Account.objects.filter(username=cast.AN).update(is_active=False)
    assert sign_in(cast.AN).answer["Location"] == reverse("account_inactive")  # type: ignore[attr-defined]
    assert sign_in(cast.AN, "sai").answer.status_code == 200  # type: ignore[attr-defined]


def test_a_person_whose_post_ended_yesterday_is_no_officer_today() -> None:
    yesterday = cast.MONDAY.date() - timedelta(days=1)
    browser = signed_in(cast.HANDLER)
    Posting.objects.filter(account__username=cast.HANDLER).update(valid_to=yesterday + timedelta(days=1))
    assert isinstance(cast.actor(cast.HANDLER), Officer)
    assert browser.get(reverse("workspace:inbox")).status_code == 200
    Posting.objects.filter(account__username=cast.HANDLER).update(valid_to=yesterday)
    assert isinstance(cast.actor(cast.HANDLER), Citizen)
    assert browser.get(reverse("workspace:inbox")).status_code == 403


def test_who_somebody_is_costs_one_query_with_one_post_and_with_thirty(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = cast.account(cast.CLERK)
    actor_of(account)
    with django_assert_num_queries(1):
        assert len(actor_of(account).posts) == 1  # type: ignore[union-attr]
    free = Posting.objects.exclude(account=account).values_list("post_id", flat=True)[:29]
    first_day = date(2024, 1, 1)
    Posting.objects.bulk_create(Posting(account=account, post_id=post, valid_from=first_day) for post in free)
    with django_assert_num_queries(1):
        officer = actor_of(account)
    assert isinstance(officer, Officer) and len(officer.posts) > 20
