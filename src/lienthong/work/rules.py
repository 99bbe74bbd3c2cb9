"""What all that is to be done has in common, whatever it is about, as pure values."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict


class Part(StrEnum):
    """What somebody has to do with what was given to several."""

    LEAD = "lead"
    COOPERATE = "co-operate"
    KNOW = "know"


class Decision(StrEnum):
    """What became of a request for more time. It lapses when the task ends before anybody decided."""

    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class AskedAlready(Conflict):
    """More time was asked for and is not decided yet."""

    code = "work.more_time_asked_already"


class DecidedAlready(Conflict):
    code = "work.more_time_decided_already"


def check_none_pending(pending: bool) -> None:
    """Nobody asks twice before it is decided. Raises AskedAlready."""
    if pending:
        raise AskedAlready(_("A new day was asked for already and is not decided yet."))


def check_not_decided(decided: bool, *, way_out: str | Promise) -> None:
    """Who comes after it was decided, or after it lapsed, decides nothing. Raises DecidedAlready."""
    if decided:
        raise DecidedAlready(_("This was decided already, or the task has ended."), way_out=way_out)
