"""Who acts, and an entry as other rooms see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lienthong.foundation.ledger import kinds

Subject = tuple[str, int]
"""What an entry is about: the word for its table, and its id there, e.g. ("dossier", 12)."""


class Actor(Protocol):
    """Somebody who acts: by an account, and as an officer also in a post."""

    @property
    def account_id(self) -> int | None: ...

    @property
    def post_id(self) -> int | None: ...


STANDING_IN = "standing_in"
"""Stands in the data of what somebody did in the post of another who is away."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """Something that happened. Nobody is named when the system itself acted."""

    id: int
    at: datetime
    kind: str
    subject: Subject
    account_id: int | None
    post_id: int | None
    organisation_id: int | None
    data: Mapping[str, Any]

    @property
    def stood_in(self) -> bool:
        """Whether it was done in the post of somebody who was away."""
        return self.data.get(STANDING_IN) is True

    @property
    def label(self) -> str:
        """What happened, in words for people."""
        return kinds.label(self.kind)
