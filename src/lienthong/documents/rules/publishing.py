"""What may be public, and whether it is in force."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Force(StrEnum):
    COMING = "coming"
    IN_FORCE = "in-force"
    ENDED = "ended"


def force_of(*, effective_from: date, expires_on: date | None, ended_on: date | None, today: date) -> Force:
    """`ended_on`: from which day another document has replaced or cancelled it."""
    if (ended_on and ended_on <= today) or (expires_on and expires_on < today):
        return Force.ENDED
    return Force.COMING if today < effective_from else Force.IN_FORCE


@dataclass(frozen=True, slots=True)
class Publishable:
    """What of an issued document decides whether it may be public. `limited`: in its circulation, or to posts by
    name."""

    declared: bool
    limited: bool
    recalled: bool
    has_pdf: bool


def why_not(document: Publishable) -> str | Promise | None:
    """Why a document cannot be published; None when it can."""
    if document.limited:
        return _("Its circulation is limited: it is never public.")
    if document.recalled:
        return _("It was recalled.")
    if not document.declared:
        return _("Documents of this type are not among those that are published.")
    if not document.has_pdf:
        return _("It has no PDF that could be published.")
    return None


def wrong_with_force(*, dated: date, effective_from: date, expires_on: date | None) -> dict[str, str | Promise]:
    errors: dict[str, str | Promise] = {}
    if effective_from < dated:
        errors["effective"] = _("It cannot be in force before the day it is dated.")
    if expires_on and expires_on < effective_from:
        errors["expires"] = _("It ends before it is in force.")
    return errors
