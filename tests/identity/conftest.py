"""An ordinary Monday, and hands to sign in with."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Type name and password on the sign-in page, in a new browser or the one given."""

    def sign_in(name: str, password: str = cast.PASSWORD, *, browser: Client | None = None, **more: str) -> Client:
        browser = browser or Client()
        browser.answer = browser.post(reverse("account_login"), {"login": name, "password": password, **more})  # type: ignore[attr-defined]
        return browser

    return sign_in
