"""Who may open what: the same request from a stranger, a citizen and an officer of every role.

assert roles.who_may("/tai-khoan/can-bo/") == {"province-administrator"}
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from lienthong.identity.models import Account
from tests import cast

PEOPLE: dict[str, str | None] = {
    "stranger": None,
    "citizen": cast.AN,
    "one-stop-clerk": cast.CLERK,
    "case-handler": cast.HANDLER,
    "head-of-unit": cast.HEAD,
    "agency-leader": cast.LEADER,
    "document-clerk": "thu.vanthu",
    "province-administrator": "quantri",
    "auditor": "kiemsoat",
}
"""A person of the cast for every role; a stranger has no account."""

OFFICERS = frozenset(PEOPLE) - {"stranger", "citizen"}
SIGNED_IN = OFFICERS | {"citizen"}


def signed_in(username: str | None, **headers: Any) -> Client:
    """A browser in which the person is signed in already; None for a stranger's."""
    client = Client(**headers)
    if username is not None:
        client.force_login(Account.objects.get(username=username))
    return client


def answers(
    address: str, *, method: str = "get", among: Iterable[str] = PEOPLE, **sent: Any
) -> dict[str, HttpResponseBase]:
    """What each of them gets, by role."""
    return {role: getattr(signed_in(PEOPLE[role]), method)(address, **sent) for role in among}


def let_in(answer: HttpResponseBase) -> bool:
    """Whether the answer is the thing itself, neither a refusal nor the way to the sign-in page."""
    sent_away = answer.status_code == 302 and answer["Location"].startswith("/tai-khoan/dang-nhap/")
    return answer.status_code < 400 and not sent_away


def who_may(address: str, *, method: str = "get", **sent: Any) -> set[str]:
    """The roles that are let in."""
    return {role for role, answer in answers(address, method=method, **sent).items() if let_in(answer)}
