"""How Django finds the account behind a session, and behind a name with a password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from lienthong.foundation import clock, rows
from lienthong.foundation.fields.context import Context
from lienthong.identity.models import Account
from lienthong.identity.queries import accounts_called
from lienthong.identity.rules import sign_in_name
from lienthong.identity.services.sign_in import right_one


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """By user name, telephone number or e-mail. Without a limit on guesses: the sign-in page goes through
    `services.account_with`, which has one. A closed account is never authenticated, and its sessions count no more."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        name = credentials.get("username") or credentials.get("email")
        password = credentials.get("password")
        if not isinstance(name, str) or not isinstance(password, str):
            return None
        found = right_one(accounts_called(sign_in_name(name, Context(at=clock.today()))), password)
        return found if found is not None and found.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        found = rows.fetch(Account, "id = %s", user_id)
        return found[0] if found and found[0].is_active else None
