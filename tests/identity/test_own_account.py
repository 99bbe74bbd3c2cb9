"""What people see and change of their own account."""

import re
from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.organisations.models import Posting
from lienthong.identity import services
from lienthong.identity.models import Account
from lienthong.identity.policy import ACTING_POST
from lienthong.identity.queries import applicant_facts
from tests import cast
from tests.identity.conftest import SignIn
from tests.identity.roles import signed_in
from tests.identity.test_sign_in import who

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "trăng vàng trên đồi chè"


# details


def details(**said: str) -> dict[str, str]:
    return {
        "full_name": "Nguyễn Văn An",
        "phone": "0905412768",
        "person_id": "067085004127",
        "born": "1985-03-14",
        "gender": "1",
        "address.province": "67",
        "address.unit": "24617",
        "address.detail": "Số 42, tổ dân phố 3",
        **said,
    }


def test_the_page_shows_everything_that_is_kept_of_the_person() -> None:
    page = signed_in(cast.AN).get(reverse("identity:account")).content.decode()
    for shown in (
        "Nguyễn Văn An",
        "0905412768",
        "067085004127",
        "14/03/1985",
        "Nam",
        "Phường Nghĩa Trung",
        "đã xác nhận",
    ):
        assert shown in page


def test_changed_details_are_what_forms_begin_with() -> None:
    browser = signed_in(cast.AN)
    sent = details(full_name="Nguyễn Văn  Ân", **{"address.unit": "24612", "address.detail": "Số 8, Hùng Vương"})
    assert browser.post(reverse("identity:profile"), sent)["Location"] == reverse("identity:account")
    facts = applicant_facts(cast.account(cast.AN).pk)
    assert facts["name"] == "Nguyễn Văn Ân"
    assert facts["address"] == "Số 8, Hùng Vương, Phường Nghĩa Thành, Thành phố Gia Nghĩa, Tỉnh Đắk Nông"


def test_the_ledger_says_which_details_were_changed_and_not_to_what() -> None:
    signed_in(cast.AN).post(reverse("identity:profile"), details(phone="0911222333", gender=""))
    entry = Entry.objects.get(kind="identity.profile_changed")
    assert entry.data == {"changed": ["gender", "phone"]}


def test_sending_the_same_details_changes_nothing() -> None:
    signed_in(cast.AN).post(reverse("identity:profile"), details())
    assert not Entry.objects.filter(kind="identity.profile_changed").exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""),
        ("full_name", "1234"),
        ("phone", "12"),
        ("person_id", "067"),
        ("born", "31/02/2000"),
        ("born", "2030-01-01"),
        ("gender", "9"),
        ("address.unit", "99999"),
        ("address.detail", ""),
    ],
)
def test_wrong_details_are_told_beside_them_and_change_nothing(field: str, typed: str) -> None:
    before = applicant_facts(cast.account(cast.AN).pk)
    answer = signed_in(cast.AN).post(reverse("identity:profile"), details(**{field: typed}))
    assert answer.status_code == 422
    assert any(path.startswith(field.split(".")[0]) for path in answer.context["form"].cleaned.errors)
    assert applicant_facts(cast.account(cast.AN).pk) == before


def test_details_may_be_left_empty() -> None:
    empty = {name: "" for name in details() if name not in ("full_name", "phone", "address.province")}
    assert signed_in(cast.AN).post(reverse("identity:profile"), details(**empty)).status_code == 302
    assert applicant_facts(cast.account(cast.AN).pk)["address"] == ""


def test_an_officer_cannot_take_another_name() -> None:
    browser = signed_in(cast.CLERK)
    assert b'name="full_name"' not in browser.get(reverse("identity:profile")).content
    sent = {"phone": "", "full_name": "Chủ tịch UBND tỉnh"}
    browser.post(reverse("identity:profile"), sent)
    assert cast.account(cast.CLERK).full_name == "Phạm Thị Lan"


def test_only_the_address_list_is_sent_again_when_it_depends_on_a_choice() -> None:
    answer = signed_in(cast.AN).post(
        reverse("identity:profile"), details(_action="refresh:address.province"), headers={"hx-request": "true"}
    )
    assert answer.status_code == 200 and b"<html" not in answer.content


# password and e-mail


def change_password(browser: Client, **said: str) -> None:
    sent = {"oldpassword": cast.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, **said}
    browser.answer = browser.post(reverse("account_change_password"), sent)  # type: ignore[attr-defined]


def test_a_new_password_ends_the_sessions_on_other_devices(sign_in: SignIn) -> None:
    here, elsewhere = sign_in(cast.AN), sign_in(cast.AN)
    change_password(here)
    assert who(here) == cast.AN
    assert here.get(reverse("identity:account")).status_code == 200
    assert elsewhere.get(reverse("identity:account")).status_code == 302
    assert not who(sign_in(cast.AN)) and who(sign_in(cast.AN, NEW_PASSWORD)) == cast.AN


@pytest.mark.parametrize(
    "said", [{"oldpassword": "sai"}, {"password1": "ngắn", "password2": "ngắn"}, {"password2": "khác hẳn mật khẩu"}]
)
def test_a_password_is_not_changed_by_mistake(said: dict[str, str]) -> None:
    before = cast.account(cast.AN).password
    browser = signed_in(cast.AN)
    change_password(browser, **said)
    errors = browser.answer.context["form"].errors  # type: ignore[attr-defined]
    assert set(errors) & set(said) and cast.account(cast.AN).password == before


def test_an_email_address_counts_when_its_owner_has_opened_the_link(
    sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    browser = sign_in(cast.AN)
    browser.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})
    browser.post(reverse("account_email"), {"action_add": "1", "email": "moi@thu.example"})
    assert cast.account(cast.AN).email == "an.nguyen@thu.example"
    (address,) = re.findall(r"http://testserver(\S+/xac-nhan/\S+)", mail.outbox[-1].body)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(address)
    assert cast.account(cast.AN).email == "moi@thu.example"
    assert who(sign_in("moi@thu.example")) == cast.AN and not who(sign_in("an.nguyen@thu.example"))


def test_adding_an_address_of_somebody_else_tells_nothing() -> None:
    said = []
    for address in ("bich.tran@thu.example", "khong.ai@thu.example"):
        browser = signed_in(cast.AN)
        browser.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})
        answer = browser.post(reverse("account_email"), {"action_add": "1", "email": address}, follow=True)
        said.append(answer.content.decode().replace(address, "…"))
    assert re.sub(r'value="\w{64}"', "", said[0]) == re.sub(r'value="\w{64}"', "", said[1])


# forgotten passwords


def ask(address: str) -> str:
    """The page somebody sees who asks for a new password."""
    answer = Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
    return re.sub(r'value="\w{64}"', "", answer.content.decode())


def test_asking_for_a_new_password_does_not_tell_who_has_an_account() -> None:
    assert ask("an.nguyen@thu.example") == ask("khong.ai@thu.example")
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {
        "an.nguyen@thu.example": "Đặt mật khẩu mới",
        "khong.ai@thu.example": "Không có tài khoản nào với địa chỉ này",
    }


def link_in_the_mail() -> str:
    (address,) = re.findall(r"http://testserver(/tai-khoan/mat-khau/quen/\S+)", mail.outbox[-1].body)
    return str(address)


def test_a_link_sets_a_password_once(sign_in: SignIn) -> None:
    elsewhere = signed_in(cast.AN)
    ask("an.nguyen@thu.example")
    link, browser = link_in_the_mail(), Client()
    form = browser.get(link)
    assert form.status_code == 302 and "set-password" in form["Location"], "the key must not leak in a referrer"
    sent = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert browser.post(form["Location"], sent)["Location"] == reverse("account_reset_password_from_key_done")
    assert not who(browser) and not who(sign_in(cast.AN))
    assert who(sign_in(cast.AN, NEW_PASSWORD)) == cast.AN
    assert elsewhere.get(reverse("identity:account")).status_code == 302
    assert "không còn dùng được" in Client().get(link).content.decode()


def test_a_closed_account_gets_no_link() -> None:
    Account.objects.filter(username=cast.AN).update(is_active=False)
    ask("an.nguyen@thu.example")
    assert mail.outbox[-1].subject == "Không có tài khoản nào với địa chỉ này"


def test_a_mail_server_that_is_down_is_said_to_everybody_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object, **kwargs: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    for address in ("an.nguyen@thu.example", "khong.ai@thu.example"):
        answer = Client().post(reverse("account_reset_password"), {"email": address})
        assert answer.status_code == 503 and "Chưa gửi được thư." in answer.content.decode()
    browser = signed_in(cast.AN)
    change_password(browser)
    assert browser.answer.status_code == 302, "what is done is done, whether or not the person can be told"  # type: ignore[attr-defined]


def test_links_cannot_be_asked_for_without_end() -> None:
    for _time in range(5):
        ask("an.nguyen@thu.example")
    assert Client().post(reverse("account_reset_password"), {"email": "an.nguyen@thu.example"}).status_code == 429


# devices


def test_people_see_their_devices_and_sign_the_others_out(sign_in: SignIn) -> None:
    phone = sign_in(cast.AN, browser=Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU) Version/17 Safari/604"))
    office = sign_in(cast.AN, browser=Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537"))
    page = office.get(reverse("usersessions_list")).content.decode()
    assert "Safari trên iPhone" in page and "Chrome trên Windows" in page and page.count("thiết bị này") == 1
    office.post(reverse("usersessions_list"))
    assert who(office) == cast.AN
    assert phone.get(reverse("identity:account")).status_code == 302


# posts


def held(username: str) -> list[int]:
    rows = Posting.objects.filter(account__username=username).order_by("valid_from", "pk")
    return list(rows.values_list("post_id", flat=True))


def switch(browser: Client, post: object, **more: str) -> None:
    browser.answer = browser.post(reverse("identity:posts"), {"post": post, **more})  # type: ignore[attr-defined]


def test_an_officer_switches_between_posts_and_goes_back_to_the_page() -> None:
    browser = signed_in(cast.TWO_AGENCIES)
    first, second = held(cast.TWO_AGENCIES)
    assert browser.get(reverse("identity:account")).context["person"].acting.id == first
    switch(browser, second, next="/ban-lam-viec/")
    assert browser.answer["Location"] == "/ban-lam-viec/"  # type: ignore[attr-defined]
    assert browser.get(reverse("identity:account")).context["person"].acting.id == second


@pytest.mark.parametrize("post", ["", "x", "-1", "99999999999999999999", "1.234"])
def test_only_posts_that_are_held_can_be_chosen(post: str) -> None:
    browser = signed_in(cast.TWO_AGENCIES)
    for wrong in (post, held(cast.CLERK)[0]):
        switch(browser, wrong)
        assert browser.answer.status_code == 404  # type: ignore[attr-defined]
        assert ACTING_POST not in browser.session


def test_a_post_that_was_chosen_and_is_no_longer_held_is_forgotten() -> None:
    browser = signed_in(cast.TWO_AGENCIES)
    first, second = held(cast.TWO_AGENCIES)
    switch(browser, second)
    Posting.objects.filter(post_id=second, account__username=cast.TWO_AGENCIES).update(valid_to=date(2025, 3, 2))
    assert browser.get(reverse("identity:account")).context["person"].acting.id == first


def test_of_many_posts_the_wanted_one_is_found_by_words_without_marks() -> None:
    account = cast.account(cast.CLERK)
    others = Posting.objects.exclude(account=account).values_list("post_id", flat=True)[:15]
    for post in others:
        services.officers.appoint(account_id=account.pk, post_id=post, valid_from=cast.MONDAY.date())
    browser = signed_in(cast.CLERK)
    assert b'name="q"' in browser.get(reverse("workspace:inbox")).content
    page = browser.get(reverse("identity:posts"), {"q": "quan ly do thi"})
    found = page.context["found"]
    assert 0 < len(found) < 16 and all("Quản lý đô thị" in post.organisation.name for post in found)
    assert not browser.get(reverse("identity:posts"), {"q": "không có đâu"}).context["found"]


def test_the_desk_shows_numbers_of_posts_as_they_are_sent() -> None:
    """1234 is not written 1.234 where a form sends it."""
    browser = signed_in(cast.TWO_AGENCIES)
    page = browser.get(reverse("identity:posts")).content.decode()
    for post in held(cast.TWO_AGENCIES):
        assert f'value="{post}"' in page
