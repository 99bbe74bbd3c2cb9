"""The house as a whole: every address is public by name or refuses a stranger; every subscriber may be called twice."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import get_converters

from lienthong.foundation.definitions.registry import in_order
from lienthong.foundation.ledger import subscriptions
from lienthong.foundation.organisations.definition import ROLE
from tests import cast

pytestmark = pytest.mark.django_db

PUBLIC = {
    # the public face
    "portal:home",
    "portal:catalogue",
    "portal:procedure",
    "portal:track",
    "portal:verify_start",
    "portal:verify",
    "portal:verify_original",
    "portal:examine",
    "portal:root_certificate",
    "portal:accessibility",
    "portal:issued_documents",
    "portal:issued_document",
    "portal:issued_file",
    "portal:robots",
    "portal:health",
    # what forms ask while somebody types, of what is public
    "choosing:for_anybody",
    # code lists, with their API
    "code_lists:overview",
    "code_lists:listing",
    "code_lists:item",
    "code_lists:editions",
    "code_lists:convert",
    "code_lists:download",
    "api:code_lists",
    "api:code_list",
    "api:code_list_items",
    "api:code_list_item",
    "api:code_list_conversion",
    # the queue at the door
    "queueing:places",
    "queueing:place",
    "queueing:kiosk",
    "queueing:kiosk_ticket",
    "queueing:phone",
    "queueing:ticket",
    "queueing:give_back",
    "queueing:screen",
    # the working calendar
    "meetings:public",
    "meetings:public_week",
    "meetings:public_feed",
    "meetings:own_feed",
    # the look
    "ui:gallery",
    "ui:desk_gallery",
    "ui:theme",
    "ui:language",
    # coming in
    "identity:home",
    "identity:terms",
    "account_login",
    "account_signup",
    "account_logout",
    "account_inactive",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # the description of the API
    "api:api-root",
    "api:openapi-json",
    "api:openapi-view",
    # open data with places
    "features:landing",
    "features:conformance",
    "features:collections",
    "features:collection",
    "features:items",
    "features:item",
    "features:api-root",
    "features:openapi-json",
    # open data
    "open_data:listing",
    "open_data:terms",
    "open_data:catalogue",
    "open_data:catalogue_as",
    "open_data:one",
    "open_data:file",
    "open_data:present",
    "open_data:schema",
    "open-data-api:data-sets",
    "open-data-api:data-set",
    "open-data-api:rows",
    "open-data-api:api-root",
    "open-data-api:openapi-json",
    # the description of the shapes of GovStack
    "govstack:api-root",
    "govstack:openapi-json",
}
"""Addresses that anybody may ask for."""

SAMPLES = {"int": 1, "slug": "x", "str": "x", "uuid": uuid.UUID(int=1), "path": "x"}


def addresses() -> Iterator[tuple[str, URLPattern, str]]:
    yield from _walk(get_resolver(), "", ())


def _walk(
    resolver: URLResolver, namespace: str, above: tuple[URLResolver, ...]
) -> Iterator[tuple[str, URLPattern, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, (*above, entry))
        else:
            name = f"{namespace}{entry.name or entry.pattern}"
            yield name, entry, _address(name, entry, above)


def _address(name: str, entry: URLPattern, above: tuple[URLResolver, ...]) -> str:
    kinds = {type(converter): kind for kind, converter in get_converters().items()}
    converters = {key: value for part in (*above, entry) for key, value in part.pattern.converters.items()}
    given = {key: SAMPLES[kinds[type(value)]] for key, value in converters.items()}
    if "(?P<" in str(entry.pattern):
        given = dict.fromkeys(entry.pattern.regex.groupindex, "x")  # type: ignore[union-attr]
    return reverse(name, kwargs=given)


ADDRESSES = [pytest.param(name, address, id=name) for name, _entry, address in addresses()]


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_is_public_by_name_or_refuses_a_stranger(name, address, method):
    answer = getattr(Client(), method)(address)
    if name in PUBLIC:
        assert answer.status_code < 500
        return
    if answer.status_code == 302:
        assert answer["Location"].startswith("/tai-khoan/dang-nhap/"), answer["Location"]
    else:
        assert answer.status_code in {401, 403, 404, 405}, answer.status_code


def test_what_is_public_by_name_exists():
    assert {name for name, _entry, _address in addresses()} >= PUBLIC


def test_every_subscription_is_to_an_event_that_some_room_makes_known():
    assert subscriptions.kinds_nobody_knows() == []


def test_every_permission_of_a_role_is_asked_for_somewhere():
    """A permission that nothing asks for promises what the house does not do."""
    source = Path(__file__).resolve().parents[1] / "src" / "lienthong"
    code = "".join(path.read_text() for path in source.rglob("*.py")) + "".join(
        path.read_text() for path in source.rglob("*.html")
    )
    granted = {permission for role in ROLE.all() for permission in role.body.permissions}
    assert sorted(permission for permission in granted if f'"{permission}"' not in code) == sorted(NOT_YET)


NOT_YET = {"definitions.publish", "organisations.manage"}
"""Of rooms that are still to come: the web editor, reorganisation."""


def test_every_kind_of_declaration_is_published_for_the_cast():
    with cast.on_monday():
        assert [kind.key for kind in in_order() if not kind.all()] == []


def test_no_test_empties_the_database_under_the_others():
    """Tests that flush the database leave nothing behind: the cast would be gone. Use the fixture `committed`."""
    tests = Path(__file__).resolve().parent
    words = ("transaction=" + "True", "live_" + "server", "transactional" + "_db")
    guilty = [path.name for path in tests.rglob("*.py") if any(word in path.read_text() for word in words)]
    assert guilty == []
