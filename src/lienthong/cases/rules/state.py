"""Where a dossier stands, what a transition makes of it, and the time rules it stands under. Plain values."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import IntEnum
from typing import Literal

from lienthong.foundation.calendars.rules import Limit


class Status(IntEnum):
    """The ten statuses of the National Portal (`domain` table of dossier statuses, Quyết định 31/2021/QĐ-TTg)."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    FINANCIAL = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10

    @property
    def ended(self) -> bool:
        return self in {Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED}


UNDER_WAY = frozenset({Status.RECEIVED, Status.PROCESSING, Status.SUPPLEMENT, Status.FINANCIAL})
"""Received and not settled yet: there is a date that may be missed."""


class Form(IntEnum):
    """The prescribed papers that a transition issues, by their numbers in TT 03/2025/TT-VPCP, which names them all."""

    RECEIPT = 1
    SUPPLEMENT_REQUEST = 2
    REFUSAL = 3
    APOLOGY = 4
    STOP = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """The time rules of one dossier: those of its procedure, and where it is silent those of the rule set."""

    limit: Limit
    reception_limit: Limit
    supplement: Literal["pause", "restart"]
    supplement_times: int
    supplement_limit: Limit | None = None
    supplement_within: Limit | None = None
    apologies: int = 1
    apology_before: Limit | None = None
    next_day_after: time | None = None
    """On paper: what is received later than this is moved on the next morning (NĐ 61/2018/NĐ-CP art. 18.2-3)."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that is being done. `id` is the row's; a step just opened has none yet."""

    key: str
    opened: datetime
    due: datetime | None
    post: int | None = None
    waiting: bool = False
    id: int | None = None

    def late_at(self, moment: datetime) -> bool:
        return self.due is not None and not self.waiting and moment > self.due


@dataclass(frozen=True, slots=True)
class State:
    """Where a dossier stands. Moments are aware; `due` is unknown until the dossier is received."""

    status: Status
    open: tuple[OpenStep, ...] = ()
    received: datetime | None = None
    due: datetime | None = None
    paused: datetime | None = None
    finished: datetime | None = None
    supplements: int = 0
    apologies: int = 0
    drafted: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()

    def step(self, key: str) -> OpenStep | None:
        return next((step for step in self.open if step.key == key), None)


@dataclass(frozen=True, slots=True)
class Opened:
    step: OpenStep


@dataclass(frozen=True, slots=True)
class Closed:
    step: OpenStep
    late: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A step that goes on, with another due moment or waiting for the applicant."""

    step: OpenStep


@dataclass(frozen=True, slots=True)
class Received:
    """The dossier gets its code and its due date."""

    due: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    form: Form


@dataclass(frozen=True, slots=True)
class Drafted:
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """These results get their numbers and are signed."""

    results: tuple[str, ...]


Effect = Opened | Closed | Kept | Received | Issued | Drafted | Approved


@dataclass(frozen=True, slots=True)
class Transition:
    state: State
    effects: tuple[Effect, ...] = field(default=())
