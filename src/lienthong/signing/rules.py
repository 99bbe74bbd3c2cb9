"""Who signs, and for how long a certificate holds: plain values, no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum

from lienthong.foundation import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A person who signs as the holder of a post. `organisation_identifier` is by QĐ 20/2020/QĐ-TTg ("H16.12")."""

    account_id: int
    post_id: int
    name: str
    position: str
    organisation: str
    organisation_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """An organisation that signs: its electronic seal."""

    organisation: str
    organisation_identifier: str


Signatory = Signer | Seal


class Verdict(StrEnum):
    """What the signatures of a file come to."""

    UNSIGNED = "unsigned"
    GENUINE = "genuine"
    UNKNOWN = "unknown"
    """Nothing was changed, but nobody whom this installation believes says whose signature it is."""
    BROKEN = "broken"
    """Changed after it was signed, or signed with a certificate that had been revoked."""
    UNREADABLE = "unreadable"


class Level(IntEnum):
    """How far a PAdES signature proves itself (ETSI EN 319 142-1).

    B by its certificate alone; T also its moment; LT also, by revocation lists inside the file, that the certificate
    held then; LTA all that beyond the life of these proofs.
    """

    B = 0
    T = 1
    LT = 2
    LTA = 3

    @property
    def title(self) -> str:
        return f"PAdES B-{self.name}"


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: `start` is the first moment, `end` the first that no longer belongs to it."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def free_period(at: datetime, *, wanted: Period, taken: Iterable[Period]) -> Period:
    """The part of `wanted` around `at` that touches none of `taken`. Neither may one of these hold `at`."""
    others = list(taken)
    if at not in wanted or any(at in other for other in others):
        raise ValueError("there is no free period around this moment")
    start = max([wanted.start, *(other.end for other in others if other.end <= at)])
    end = min([wanted.end, *(other.start for other in others if other.start > at)])
    return Period(start, end)


def day_of(moment: datetime) -> datetime:
    """Midnight in Vietnam of the moment's day."""
    return datetime.combine(clock.local(moment).date(), time(), clock.ZONE)


def years_from(start: datetime, years: int) -> Period:
    return Period(start, start + timedelta(days=365 * years + years // 4))


def root_period(at: datetime) -> Period:
    """30 years from the January five years back, so that demonstrations may sign in the recent past."""
    return years_from(datetime(clock.local(at).year - 5, 1, 1, tzinfo=clock.ZONE), 30)


def issuing_period(at: datetime) -> Period:
    return years_from(datetime(clock.local(at).year - 1, 1, 1, tzinfo=clock.ZONE), 10)


def within(inner: Period, outer: Period) -> Period:
    """What both hold; they must overlap."""
    return Period(max(inner.start, outer.start), min(inner.end, outer.end))
