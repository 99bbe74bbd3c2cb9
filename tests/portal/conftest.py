"""What tests of the public pages share: a working Monday, people at their browsers, applications under way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lienthong.cases import services
from lienthong.cases.models import Draft
from lienthong.foundation.organisations.queries import tree
from tests import cast
from tests.cases import dossiers


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture
def an(db: None) -> Client:
    """The browser of Nguyễn Văn An, signed in."""
    return browser_of(cast.AN)


@pytest.fixture
def bich(db: None) -> Client:
    return browser_of(cast.BICH)


def browser_of(username: str) -> Client:
    client = Client()
    client.force_login(cast.account(username))
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"portal:{name}", args=args)


def begun(username: str = cast.AN) -> Draft:
    """An application for a house that has just been begun."""
    return services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(username))


def gia_nghia() -> int:
    node = tree().by_key(dossiers.GIA_NGHIA)
    assert node
    return node.id


def filled_in(username: str = cast.AN, **changes: Any) -> Draft:
    """An application with agency and form complete, and no papers yet."""
    draft = begun(username)
    return services.save_draft(
        key=draft.key, applicant=cast.actor(username), raw=dossiers.house(**changes), competent_id=gia_nghia()
    )


def complete(username: str = cast.AN) -> Draft:
    """An application that only has to be handed in."""
    draft = filled_in(username)
    for component in ("giay-to-dat", "ban-ve"):
        file = dossiers.stored(username, name=f"{component}.jpg")
        services.attach(key=draft.key, applicant=cast.actor(username), component=component, file=file)
    return services.save_draft(key=draft.key, applicant=cast.actor(username), returned=services.Return())


def a_photo(name: str = "giay-to.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, cast.photo(), "image/jpeg")
