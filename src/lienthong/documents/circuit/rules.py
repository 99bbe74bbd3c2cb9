"""The order of a circuit, who may sign what, and until when: plain values, no database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.rules.contents import Signer
from lienthong.documents.rules.journey import Desk
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.typed import one_line

MOST_TURNS = 12


class Part(StrEnum):
    CHECK = "check"
    SIGN = "sign"


class Outcome(StrEnum):
    OPEN = ""
    DONE = "done"
    RETURNED = "returned"
    LAPSED = "lapsed"


class NotTheSigner(DomainError):
    """The person who signs is not the one whose name stands below the document."""

    code = "documents.not_the_signer"


class NoCapacity(DomainError):
    """Somebody signs in another's place, and the document does not say so."""

    code = "documents.no_capacity"


class NotPresentable(DomainError):
    """`missing`: what still has to be written, by the field of the contents."""

    code = "documents.not_presentable"

    def __init__(
        self,
        message: str | Promise,
        *,
        way_out: str | Promise = "",
        missing: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, way_out=way_out)
        self.missing = dict(missing or {})


@dataclass(frozen=True, slots=True)
class Station:
    """A desk that has the draft before it. Stations of the same `place` have it at once."""

    place: int
    part: Part
    desk: Desk


@dataclass(frozen=True, slots=True)
class Turn:
    """A station as far as it has come; `is_open`: whether it is their turn now."""

    id: int
    station: Station
    is_open: bool = False
    outcome: Outcome = Outcome.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.outcome is Outcome.OPEN


# the order


def in_order(stations: Iterable[Station]) -> tuple[Station, ...]:
    """By place, the places counted from 1 without gaps; what was at once stays at once."""
    given = sorted(stations, key=lambda station: station.place)
    places = {place: number for number, place in enumerate(dict.fromkeys(each.place for each in given), start=1)}
    return tuple(replace(station, place=places[station.place]) for station in given)


def wrong_with(stations: Sequence[Station], *, signers: int) -> str | Promise:
    """What stands against this circuit; empty when nothing does. `signers`: how many names stand below the document;
    the second of a contract may sign elsewhere."""
    signing = [station for station in stations if station.part is Part.SIGN]
    if not signing:
        return _("Say who signs.")
    if len(stations) > MOST_TURNS:
        return _("At most twelve check and sign a document.")
    if len(signing) > signers:
        return _("One person signs this document; two sign only minutes, contracts and agreements.")
    if len({station.desk for station in stations}) < len(stations):
        return _("Everybody stands in the circuit once.")
    first = min(station.place for station in signing)
    if any(station.part is Part.CHECK and station.place >= first for station in stations):
        return _("Whoever checks does so before the first who signs.")
    return ""


def next_turns(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Those whose turn it becomes: of the first place where somebody is still waited for, as far as they do not have
    it yet."""
    waiting = [turn for turn in turns if turn.is_waiting]
    place = min((turn.station.place for turn in waiting), default=0)
    return tuple(turn for turn in waiting if turn.station.place == place and not turn.is_open)


def is_signed(turns: Iterable[Turn]) -> bool:
    """Whether nobody is waited for any more."""
    every = list(turns)
    return not any(turn.is_waiting for turn in every) and any(_has_signed(turn) for turn in every)


def _has_signed(turn: Turn) -> bool:
    return turn.station.part is Part.SIGN and turn.outcome is Outcome.DONE


# who signs


def same_name(one: str, other: str) -> bool:
    """However their letters are composed and spaced."""
    return _plain(one) == _plain(other) != ""


def _plain(name: str) -> str:
    return one_line(name).casefold()


def signs_as(signers: Sequence[Signer], name: str, *, standing_in: bool) -> int:
    """Which of a document's signers a person is, counted from 0. The document's text was presented as it stands, so
    that it says who signs and in whose place (App. I.II.7.b).

    Raises NotTheSigner, NoCapacity.
    """
    found = next((index for index, signer in enumerate(signers) if same_name(signer.name, name)), None)
    if found is None:
        raise NotTheSigner(
            _("The document names %(named)s as its signer, not %(name)s."),
            way_out=_("Return it, so that the signer and the capacity (KT., TL., TUQ.) are changed first."),
            named=" · ".join(signer.name for signer in signers) or "–",
            name=name,
        )
    if standing_in and not signers[found].powers:
        raise NoCapacity(
            _("You stand in for somebody, and the document does not say in whose place you sign."),
            way_out=_("Return it, so that “KT.”, “TL.” or “TUQ.” is written above your title."),
        )
    return found


def may_be_signed_by(signers: Sequence[Signer], names: Iterable[str]) -> bool:
    """Whether one of these people stands below the document."""
    return any(same_name(signer.name, name) for signer in signers for name in names)
