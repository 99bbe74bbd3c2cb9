"""What somebody reads personal data of a register for: said once, kept for a working day, put on record each time."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock

KEPT = timedelta(hours=8)
LONGEST = 300
"""Letters of a purpose."""

_SESSION = "register_purposes"

KINDS: dict[str, str | Promise] = {
    "ho-so": _("Handling a dossier"),
    "cap-nhat": _("Keeping the register up to date"),
    "kiem-tra": _("Inspection"),
    "cung-cap": _("Answering a lawful request"),
    "khac": _("Something else"),
}
NEED_WORDS = frozenset({"ho-so", "kiem-tra", "cung-cap", "khac"})
"""Purposes that do not say enough by themselves: which dossier, whose request."""


def stated(request: HttpRequest, register: str) -> str:
    """What was said for this register within the last hours; "" for nothing."""
    found = request.session.get(_SESSION, {}).get(register)
    if not found or datetime.fromisoformat(found["at"]) < clock.now() - KEPT:
        return ""
    return str(found["purpose"])


def state(request: HttpRequest, register: str, purpose: str) -> None:
    known = request.session.get(_SESSION, {})
    request.session[_SESSION] = {**known, register: {"purpose": purpose, "at": clock.now().isoformat()}}
