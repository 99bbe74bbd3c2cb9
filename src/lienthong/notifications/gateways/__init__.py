"""Gateways: what carries a message out of the house. Plug-ins.

A gateway is a class that derives from `Gateway` and is given to `register` when Django starts. What may be set up is
its `Options`; a province declares them with the channel that uses it. Every gateway must pass the contract in
`tests/notifications/gateway_contract.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from lienthong.foundation.definitions.registry import Shape
from lienthong.notifications.rules import Reaches


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to one address. `id` is the same at every try, and of no other message.

    `text` is what the channel carries: the whole or the short text, with or without marks. `link` is absolute or empty.
    `data` is what the message was worded from, for gateways that have templates of their own.
    """

    id: str
    channel: str
    to: str
    recipient: str
    kind: str
    title: str
    text: str
    link: str
    language: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """That the gateway has taken a message, how it calls it, and whether it knows already that it arrived."""

    reference: str = ""
    delivered: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says later of a message it took. `failed` says why, for whoever looks after the system."""

    reference: str
    delivered: bool
    failed: str = ""


class Unavailable(Exception):
    """The gateway takes no messages at all now: it is left alone for a while. The text is for administrators."""


class NotTaken(Exception):
    """The gateway did not take this message now, and may later. The text is for administrators."""


class Refused(Exception):
    """The gateway will never take this message, as when there is no such number. The text is for administrators."""


class Gateway(ABC):
    """`knows_repeats`: the same message (by its id) sent twice reaches the person once."""

    key: ClassVar[str]
    reaches: ClassVar[tuple[Reaches, ...]]
    Options: ClassVar[type[Shape]] = Shape
    knows_repeats: bool = False

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def send(self, message: Outgoing) -> Taken:
        """Raises Refused, Unavailable; NotTaken or anything else when this message may go better later."""

    def report(self, headers: Mapping[str, str], said: Mapping[str, Any]) -> Report | None:
        """What a call of the gateway to us reports; None when it reports nothing or cannot prove that it is it."""
        return None

    def lacks(self) -> str:
        """What this installation must have for it and has not; empty when nothing is missing."""
        return ""


_known: dict[str, type[Gateway]] = {}


def register(gateway: type[Gateway]) -> type[Gateway]:
    if _known.setdefault(gateway.key, gateway) is not gateway:
        raise ValueError(f"there is a gateway {gateway.key!r} already")
    return gateway


def find(key: str) -> type[Gateway] | None:
    return _known.get(key)


def keys() -> list[str]:
    return sorted(_known)
