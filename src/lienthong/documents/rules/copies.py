"""Copies on paper that are handed to the post, and the kept copy that somebody asks to use."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_ENVELOPES = 999
MOST_POSTINGS = 500
"""So many lines are put down at once."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What is put down of the copies for one recipient."""

    sending_id: int
    posted_on: date
    envelopes: int = 1
    signed_for: str = ""
    remark: str = ""


def wrong_with_posting(posted: Posted, *, issued_on: date, today: date) -> str | Promise | None:
    if posted.posted_on > today:
        return _("The day of hand-over has not come.")
    if posted.posted_on < issued_on:
        return _("It was handed over before it was issued.")
    if not 1 <= posted.envelopes <= MOST_ENVELOPES:
        return _("Write the number of envelopes with digits, at least 1.")
    return None


class Stage(StrEnum):
    """Where the use of a kept copy stands."""

    ASKED = "asked"
    REFUSED = "refused"
    PERMITTED = "permitted"
    HANDED = "handed"
    RETURNED = "returned"


def stage_of(*, permitted: bool | None, handed_on: date | None, returned_on: date | None) -> Stage:
    if returned_on:
        return Stage.RETURNED
    if handed_on:
        return Stage.HANDED
    if permitted is None:
        return Stage.ASKED
    return Stage.PERMITTED if permitted else Stage.REFUSED
