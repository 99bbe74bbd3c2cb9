"""What every page knows of what its reader was told."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lienthong.identity.policy import actor_in
from lienthong.notifications.queries import MOST_COUNTED, unread_count


@dataclass(frozen=True, slots=True)
class Unread:
    number: int

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        return str(self.number) if self.number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def of_notifications(request: HttpRequest) -> dict[str, Any]:
    """`unread_notifications`: how many the person has not read, asked for only by pages that show it."""
    return {"unread_notifications": SimpleLazyObject(lambda: _unread(request))}


def _unread(request: HttpRequest) -> Unread:
    person = actor_in(request)
    return Unread(unread_count(person.account_id) if person else 0)
