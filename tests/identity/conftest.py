"""An ordinary Monday, and hands to sign in with."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.test.client import Client as Browser
from django.urls import reverse

from lienthong.foundation.organisations.queries import forget_tree
from tests import cast

SIGN_IN = "/tai-khoan/dang-nhap/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


@pytest.fixture(autouse=True)
def own_tree() -> Iterator[None]:
    """What a test changed in the tree of agencies is rolled back, and not remembered."""
    yield
    forget_tree()


SignIn = Callable[..., "Browser"]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Type name and password on the sign-in page, in a new browser or the one given."""

    def sign_in(name: str, password: str = cast.PASSWORD, *, browser: Client | None = None, **more: str) -> Client:
        browser = browser or Client()
        browser.answer = browser.post(reverse("account_login"), {"login": name, "password": password, **more})  # type: ignore[attr-defined]
        return browser

    return sign_in
