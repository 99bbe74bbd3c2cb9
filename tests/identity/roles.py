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
    "archivist": "thoa.luutru",
    "province-administrator": "quantri",
    "auditor": "kiemsoat",
}
"""A person of the cast for every role; a stranger has no account. Who is the document clerk of the city follows its
directives and keeps its calendar too, by the roles of the same post."""

OFFICERS = frozenset(PEOPLE) - {"stranger", "citizen"}
SIGNED_IN = OFFICERS | {"citizen"}


def signed_in(username: str | None, **headers: Any) -> Client:
    """A browser in which the person is signed in already; None for a stranger's."""
    client = Client(**headers)
    if username is not None:
        client.force_login(Account.objects.get(username=username))
    return client


class Everybody:
    """One browser for each of them, to ask for several things."""

    def __init__(self, among: Iterable[str] = PEOPLE) -> None:
        self.browsers = {role: signed_in(PEOPLE[role]) for role in among}

    def answers(self, address: str, *, method: str = "get", **sent: Any) -> dict[str, HttpResponseBase]:
        """What each of them gets, by role."""
        return {role: getattr(browser, method)(address, **sent) for role, browser in self.browsers.items()}

    def let_in(self, address: str, *, method: str = "get", **sent: Any) -> set[str]:
        """The roles that get the thing itself."""
        return {role for role, answer in self.answers(address, method=method, **sent).items() if is_let_in(answer)}


def is_let_in(answer: HttpResponseBase) -> bool:
    """Whether the answer is the thing itself, neither a refusal nor the way to the sign-in page."""
    sent_away = answer.status_code == 302 and answer["Location"].startswith("/tai-khoan/dang-nhap/")
    return answer.status_code < 400 and not sent_away


def who_may(address: str, *, method: str = "get", **sent: Any) -> set[str]:
    """The roles that are let in."""
    return Everybody().let_in(address, method=method, **sent)
