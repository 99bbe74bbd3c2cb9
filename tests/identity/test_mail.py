"""The messages that people get about their account."""

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core import mail
from django.test import RequestFactory
from django.utils import translation

from lienthong import identity
from tests import cast

pytestmark = pytest.mark.django_db

TEMPLATES = Path(str(identity.__file__)).parent / "templates"
MESSAGES = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt") for path in TEMPLATES.glob("*/email/*_subject.txt")
)
FACTS = {
    "activate_url": "https://cong.example/xac-nhan",
    "password_reset_url": "https://cong.example/mat-khau",
    "signup_url": "https://cong.example/dang-ky",
    "username": "an.nguyen",
    "from_email": "cu@thu.example",
    "to_email": "moi@thu.example",
    "deleted_email": "cu@thu.example",
    "timestamp": cast.MONDAY,
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537",
}

LINKS = {
    "email_confirmation": ["activate_url"],
    "email_confirmation_signup": ["activate_url"],
    "password_reset_key": ["password_reset_url"],
    "account_already_exists": ["password_reset_url"],
    "unknown_account": ["signup_url"],
}
"""The messages that lead somewhere."""


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("prefix", MESSAGES)
def test_every_message_is_complete(prefix: str, language: str) -> None:
    with translation.override(language), request_context(RequestFactory().get("/")):
        get_adapter().send_mail(prefix, "an@thu.example", {**FACTS, "user": cast.account(cast.AN)})
    (message,) = mail.outbox
    assert message.subject and "\n" not in message.subject and "{" not in message.subject + message.body
    assert message.body.endswith("Cổng dịch vụ công tỉnh Đắk Nông")
    for name in ("activate_url", "password_reset_url", "signup_url"):
        if name in LINKS.get(prefix.rpartition("/")[2], ()):
            assert FACTS[name] in message.body
    if "203.0.113.7" in message.body:  # a change of the account, with when and where from
        assert "03/03/2025 08:30" in message.body and "Chrome" in message.body
    else:
        assert prefix.rpartition("/")[2] in LINKS


def test_messages_are_in_the_readers_language() -> None:
    said = set()
    for language in ("vi", "en"):
        with translation.override(language), request_context(RequestFactory().get("/")):
            get_adapter().send_mail("account/email/password_changed", "an@thu.example", FACTS)
        said.add((mail.outbox[-1].subject, mail.outbox[-1].body.splitlines()[0]))
    assert said == {
        ("Mật khẩu của bạn đã đổi", "Mật khẩu tài khoản của bạn đã đổi."),
        ("Your password was changed", "The password of your account was changed."),
    }
