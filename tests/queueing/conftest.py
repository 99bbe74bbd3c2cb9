"""What tests of the queue share: a working Monday morning, the clerks of two shops, people at the door."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.queueing import services
from lienthong.queueing.models import Call, Door, Ticket
from lienthong.queueing.queries.places import shop
from tests import cast

SHOP = "gia-nghia"
LAN, TRANG = cast.CLERK, cast.TWO_AGENCIES


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


def key_of(purpose: str, shop_key: str = SHOP) -> str:
    """The secret in the address of a shop's kiosk or poster."""
    return Door.objects.get(organisation_id=shop(shop_key).node.id, purpose=purpose).key


def take(letter: str = "A", *, priority: str = "", purpose: str = "kiosk", shop_key: str = SHOP) -> Ticket:
    key = key_of(purpose, shop_key)
    return services.take(door=key, purpose=purpose, letter=letter, priority=priority, request=uuid4())


def seated(username: str = LAN, desk: int = 1, shop_key: str = SHOP) -> Any:
    """The clerk, sitting there."""
    officer = cast.actor(username)
    services.sit_down(officer=officer, shop_key=shop_key, desk=desk)
    return officer


def served(officer: Any) -> Call:
    """Call who is next, and begin."""
    call = services.call_next(officer=officer)
    assert call
    return services.start(officer=officer, call=call.pk)


def now_is(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


def browser_of(username: str) -> Client:
    client = Client()
    client.force_login(cast.account(username))
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"queueing:{name}", args=args)


def text(answer: Any) -> str:
    return answer.content.decode()


def at(hour: int, minute: int = 0, *, day: int = 3) -> Any:
    """Hold the clock at that hour of a day of March 2025; the 3rd is a Monday."""
    return clock.at(cast.MONDAY.replace(day=day, hour=hour, minute=minute))
