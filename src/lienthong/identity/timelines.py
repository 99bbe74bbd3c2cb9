"""What happened to something, with who did it by name, as pages tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from lienthong.foundation.ledger.entries import Subject
from lienthong.foundation.ledger.queries import timeline
from lienthong.identity.models import Account

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Happening:
    """`who` is empty where no person did it."""

    what: str | Promise
    at: datetime
    who: str
    data: Mapping[str, Any]

    @property
    def words(self) -> str:
        """What was said with it."""
        return self.data.get("reason") or self.data.get("words") or ""

    @property
    def version(self) -> int | None:
        """Of which version of the thing this is told."""
        return self.data.get("number") or self.data.get("version")


def happenings(subject: Subject) -> list[Happening]:
    """The newest first. Who may read them is for the room that shows them to decide. Two queries."""
    entries = timeline(subject, limit=SHOWN)
    ids = {entry.account_id for entry in entries if entry.account_id}
    names = dict(Account.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    return [
        Happening(entry.label, entry.at, names.get(entry.account_id or 0, ""), entry.data)
        for entry in reversed(entries)
    ]
