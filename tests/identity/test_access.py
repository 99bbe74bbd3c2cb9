"""Who may open which page of the room; and what is refused has no effect."""

from typing import Any

import pytest
from django.urls import reverse

from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.organisations.definition import ROLE
from lienthong.foundation.organisations.models import Post, Posting
from lienthong.identity.models import Account
from tests import cast
from tests.identity import roles

pytestmark = pytest.mark.django_db

ADMINISTRATORS = {"province-administrator"}

OF_ONES_OWN = [
    "identity:account",
    "identity:profile",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
]


def test_every_role_of_the_library_is_tried_by_somebody() -> None:
    officers = [cast.actor(roles.PEOPLE[role] or "") for role in roles.OFFICERS]
    held = {role for officer in officers for post in officer.posts for role in post.roles}
    assert {role.body.key for role in ROLE.all()} <= held


def test_ones_own_account_is_for_everybody_who_has_one() -> None:
    everybody = roles.Everybody()
    assert {name: everybody.let_in(reverse(name)) for name in OF_ONES_OWN} == dict.fromkeys(
        OF_ONES_OWN, roles.SIGNED_IN
    )


def test_posts_are_chosen_by_those_who_hold_some() -> None:
    assert roles.who_may(reverse("identity:posts")) == roles.OFFICERS


def test_everybody_who_is_signed_in_is_led_home() -> None:
    assert roles.who_may(reverse("identity:home")) == roles.SIGNED_IN


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password", "identity:terms"])
def test_coming_in_is_open_to_strangers(name: str) -> None:
    assert "stranger" in roles.who_may(reverse(name))


def of_officers() -> list[tuple[str, str]]:
    """Every page of the administrators, with the way it is asked for."""
    account = cast.account("nam.tckh")
    free = Post.objects.get(organisation__key="thanh-pho-gia-nghia", key="pho-chu-tich-2").pk
    own = Posting.objects.get(account=account).post_id
    one = [account.pk]
    return [
        ("get", reverse("identity:officers")),
        ("get", reverse("identity:choose_post")),
        ("get", reverse("identity:officer", args=one)),
        ("get", reverse("identity:correct_officer", args=one)),
        ("get", reverse("identity:create_officer", args=[free])),
        ("get", reverse("identity:give_post", args=[*one, free])),
        ("post", reverse("identity:correct_officer", args=one)),
        ("post", reverse("identity:create_officer", args=[free])),
        ("post", reverse("identity:give_post", args=[*one, free])),
        ("post", reverse("identity:end_post", args=[*one, own])),
        ("post", reverse("identity:password_link", args=one)),
        ("post", reverse("identity:remove_second_factors", args=one)),
        ("post", reverse("identity:deactivate", args=one)),
        ("post", reverse("identity:reactivate", args=one)),
    ]


SENT = {
    "full_name": "Nguyễn Thị Hoài",
    "username": "hoai.nguyen",
    "first_day": "2025-03-03",
    "last_day": "2025-03-03",
}


def test_officers_accounts_are_for_administrators_and_a_refusal_changes_nothing() -> None:
    def state() -> tuple[list[object], list[object], int]:
        accounts = Account.objects.order_by("pk").values_list("pk", "full_name", "password", "is_active")
        postings = Posting.objects.order_by("pk").values_list("pk", "valid_from", "valid_to")
        return list(accounts), list(postings), Entry.objects.count()

    before = state()
    others = roles.Everybody(set(roles.PEOPLE) - ADMINISTRATORS)
    for method, address in of_officers():
        assert others.let_in(address, method=method, **sent(method)) == set(), address
    assert state() == before
    administrators = roles.Everybody(ADMINISTRATORS)
    for method, address in of_officers():
        assert administrators.let_in(address, method=method, **sent(method)) == ADMINISTRATORS, address


def sent(method: str) -> dict[str, Any]:
    return {"data": SENT} if method == "post" else {}


@pytest.mark.parametrize("name", ["password_link", "deactivate", "reactivate", "remove_second_factors", "end_post"])
def test_nothing_is_changed_by_following_a_link(name: str) -> None:
    arguments = {"end_post": [1, 1]}.get(name, [1])
    assert roles.signed_in("quantri").get(reverse(f"identity:{name}", args=arguments)).status_code == 405


def test_pages_that_hold_secrets_are_kept_by_no_cache() -> None:
    for name in ("identity:account", "identity:profile", "account_login", "account_signup"):
        browser = roles.signed_in(cast.AN if name.startswith("identity") else None)
        assert "no-store" in browser.get(reverse(name))["Cache-Control"]


def test_no_page_of_the_room_has_scripts_or_styles_of_its_own_inside() -> None:
    browser = roles.signed_in("quantri")
    pages = [reverse(name) for name in OF_ONES_OWN] + [address for method, address in of_officers() if method == "get"]
    entrance = [roles.signed_in(None).get(reverse(name)) for name in ("account_login", "account_signup")]
    for page in [browser.get(address) for address in pages] + entrance:
        text = page.content.decode()
        assert " style=" not in text and "<style" not in text and "onclick=" not in text
        assert text.count("<script") == text.count("<script src=")


def test_who_sends_a_form_after_the_visit_ended_is_told_and_comes_back_to_the_form() -> None:
    form, sent_to = "https://testserver/tai-khoan/thong-tin/?tu=1", reverse("identity:profile")
    stranger = roles.signed_in(None)
    answer = stranger.post(sent_to, secure=True, headers={"referer": form}, follow=True)
    assert answer.redirect_chain == [("/tai-khoan/dang-nhap/?next=/tai-khoan/thong-tin/%3Ftu%3D1", 302)]
    assert "chưa được lưu" in answer.content.decode()


@pytest.mark.parametrize("page", ["", "https://elsewhere.example/form/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_by_signing_in(page: str) -> None:
    answer = roles.signed_in(None).post(reverse("identity:profile"), secure=True, headers={"referer": page})
    assert answer["Location"] == "/tai-khoan/dang-nhap/?next=" + reverse("identity:home")


def test_an_address_that_only_takes_forms_says_so() -> None:
    answer = roles.signed_in(None).get("/ui/theme")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "biểu mẫu" in answer.content.decode()


def test_a_refusal_leads_officers_back_to_their_desk_and_citizens_home() -> None:
    ways = [roles.signed_in(name).get("/khong-co/").content.decode() for name in (cast.HANDLER, None)]
    assert ['href="/ban-lam-viec/"' in page.partition("lt-buttons")[2] for page in ways] == [True, False]
